"""The scorer of the default install: explicit signals, then the language, the trained reader, the intents.

A rating, an emoji or a message known as a whole decides by itself. English words are read by
the model, with the lexicons and TextBlob as second opinions; other languages that the lexicons
know, by them. Without a usable model the lexicons and TextBlob read English too. What nobody
can read stays UNKNOWN.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from sentiment import many
from sentiment.fuse import Fusion, features, features_of_many, manner_of
from sentiment.intents import POLITE, GeneralQuestions, WholeMessages, asked, in_order, is_question
from sentiment.languages import LanguageReader
from sentiment.lexicon import BLOCKS, READABLE
from sentiment.lexicon.block import Block
from sentiment.negation import is_negated
from sentiment.phrases import BREAKS, Found, PhraseTree, Tokens, tokens
from sentiment.plain import Plain, plain
from sentiment.polarity import WordPolarity
from sentiment.ratings import Rating, find_ratings, tells_what_is_missing
from sentiment.reader import FOLDER, Floats, ModelDamaged, Reader, Reading
from sentiment.signs import find_signs
from sentiment.topics import Cue, find_topics
from sentiment.verdict import Evidence, Intent, Label, TopicMood, Verdict, unknown
from sentiment.weigh import RATED, Balance, Voice, balance

_LOG = logging.getLogger(__name__)
_NO_WORDS = 1.9  # pieces a word: an unplaced text so broken up is no English
_SHORT_REQUEST = 8  # words
_SHORT_TEXT, _REMEMBERED = 40, 2048  # characters; verdicts kept
_RULES = 3  # version of the rules: counts up when a lexicon or a rule changes

_FLIPPED_PRAISE = -0.8  # "not good" weighs this share of "good", the other way
_FLIPPED_COMPLAINT = -0.55  # "no problems" is praise, but weaker
_TEXTBLOB_SHARE = 0.75
_TEXTBLOB_LEAST = 0.08  # a mean below this says nothing
_SHORT = 3  # words; so short an unplaced text may be read as English
_MOST_EVIDENCE = 30
_GRAVE = 0.6  # complaints from which a good rating is no longer believed
_CLEAR_WORDS = 0.5  # words this clear may contradict a rating
_UNRATED_INTENT = 0.7  # confidence that a plain request is neutral
_FAINT = 0.3  # voices this faint add nothing to a message known as a whole ("ok thanks")
_WHOLE = 0.75  # confidence in such a message
_PLAIN = 0.6  # confidence that plain information or a question is neutral


@dataclass(frozen=True, slots=True)
class _Span:
    """A span of folded text and its weight."""

    start: int
    end: int
    weight: float


@dataclass(slots=True)
class _Page:
    """Everything read from one text before it is judged.

    `unwanted`: what is only asked about in general, whatever the model makes of it; `general`: nothing else is said.
    """

    plain: Plain
    tokens: Tokens
    language: str | None
    ratings: list[Rating]
    cues: list[Cue]
    voices: list[Voice]
    spans: list[_Span]
    intents: set[Intent]
    whole: Block | None
    unwanted: frozenset[Intent] = frozenset()
    general: bool = False
    textblob: float = 0.0
    reading: Reading | None = None


class CascadeScorer:
    """Rules, the trained reader, TextBlob; thread-safe; loads on `warm` or on the first `score`."""

    def __init__(self, model: Path | None = FOLDER) -> None:
        """Load nothing yet. `model` is the reader's folder; None leaves the rules and TextBlob alone."""
        self._model = model
        self._lock = threading.Lock()
        self._rules: Rules | None = None

    @property
    def name(self) -> str:
        """Who reads: `reader+rules+textblob`, or `rules+textblob` without a usable model."""
        return self._ready().scorer.partition("/")[0]

    @property
    def version(self) -> str:
        """The rules' version and, with a model, the model's."""
        return self._ready().scorer.partition("/")[2]

    def warm(self) -> None:
        """Load the model, build the phrase tree, import TextBlob (one to two seconds); harmless to repeat."""
        rules = self._ready()
        rules.polarity.warm()
        rules.judge("The first one is always the slowest, they say.")

    def score(self, texts: Sequence[str]) -> list[Verdict]:
        """Give one verdict per text, in order; never raises."""
        rules = self._ready()
        return [self._one(rules, text) for text in texts]

    def _ready(self) -> Rules:
        with self._lock:
            if self._rules is None:
                self._rules = Rules(_reader(self._model))
            return self._rules

    def _one(self, rules: Rules, text: str) -> Verdict:
        try:
            return rules.judge_short(text) if len(text) <= _SHORT_TEXT else rules.judge(text)
        except Exception:  # noqa: BLE001 - a verdict is promised for every text
            # The text itself is never logged.
            _LOG.exception("a text of %d characters could not be scored", len(text))
            return unknown(text, rules.scorer)


def _reader(folder: Path | None) -> Reader | None:
    """Load the model, or say in the log why the rules go on alone."""
    if folder is None:
        return None
    try:
        return Reader(folder)
    except ModelDamaged as problem:
        _LOG.warning("%s. Replies are read by rules and TextBlob until it is mended.", problem)
        return None


class Rules:
    """The lexicons and the model, made ready to read."""

    def __init__(self, reader: Reader | None) -> None:
        self._reader = reader
        # "ok", "thanks", "👍": most replies of a few words have been read before, word for word.
        self.judge_short = lru_cache(maxsize=_REMEMBERED)(self.judge)
        self.scorer = f"rules+textblob/{_RULES}"
        if reader is not None:
            self.scorer = f"reader+rules+textblob/{_RULES}.{reader.card.version}"
            self._fusion = Fusion(reader.card.settings)
            self._intent_names, self._topic_names = reader.card.intents, reader.card.topics
            self._least_intent: dict[str, float] = reader.card.settings["thresholds"]["intents"]
            self._least_topic = float(reader.card.settings["thresholds"]["topics"])
        self._many = self._opened_many(reader) if reader is not None else None
        self.polarity = WordPolarity()
        self._tree = PhraseTree(block for block in BLOCKS if not block.whole)
        self._whole = WholeMessages(block for block in BLOCKS if block.whole)
        self._general = GeneralQuestions()
        self._languages = LanguageReader(self._tree.vocabulary, reader.grams if reader else None)

    def _opened_many(self, reader: Reader) -> many.ManyTongues | None:
        """Open the extra `languages` where it is installed and the model has a head for it."""
        settings = reader.card.settings.get("many")
        if settings is None or reader.many is None:
            return None
        tongues = many.opened(reader.many)
        if tongues is not None:
            self._many_fusion = Fusion(settings)
            self._many_least = dict.fromkeys(self._least_intent, float(settings["thresholds"]["intents"]))
            self.scorer = self.scorer.replace("reader+", "reader+languages+", 1)
        return tongues

    def judge(self, text: str) -> Verdict:
        """Read one text and say what it means."""
        page = self._read(text)
        words = balance(page.voices)
        topics = find_topics(page.tokens, page.cues, _lexicons(page.language))
        page.reading = self._let_read(page)
        if page.reading is not None:
            words = self._join(page.reading, page, text)
            topics = self._topics_of(page.reading, topics)
        elif self._many is not None and _has_foreign_words(page):
            words = self._ask_many(self._many, text, page, words)
        if page.ratings:
            return self._rated(text, page, words, topics)
        if words is None:
            return unknown(
                text,
                self.scorer,
                intents=in_order(page.intents),
                topics=topics,
                language=page.language,
            )
        if _is_praise(words) and Intent.THANKS not in page.intents:
            page.intents.add(Intent.PRAISE)
        return Verdict(
            text=text,
            label=words.label,
            score=round(words.score, 4),
            unhappy=round(words.unhappy, 4),
            confidence=round(words.confidence, 4),
            rating=None,
            intents=in_order(page.intents),
            topics=topics,
            language=page.language,
            evidence=_evidence(page, words),
            scorer=self.scorer,
        )

    def reading(self, text: str) -> Reading | None:
        """Give what the model alone reads in `text`; None when it isn't asked. For training and calibration."""
        return self._let_read(self._read(text))

    def features(self, text: str) -> list[float] | None:
        """Give what is joined (`fuse.FEATURES`) for `text`; None when a rating decides or the model isn't asked."""
        page = self._read(text)
        reading = None if page.ratings else self._let_read(page)
        return features(reading, _by_rules(page), page.textblob, manner_of(text)) if reading else None

    def _let_read(self, page: _Page) -> Reading | None:
        """Let the model read what isn't a rating; None where it isn't asked or finds no words."""
        if self._reader is None or not _has_english_words(page):
            return None
        shown = page.plain.words
        for rating in page.ratings:
            shown = shown[: rating.start] + " " * (rating.end - rating.start) + shown[rating.end :]
        reading = self._reader.read(shown)
        return None if page.language is None and reading.split > _NO_WORDS else reading

    def _join(self, reading: Reading, page: _Page, text: str) -> Balance:
        """Join the model's reading with what the rules and TextBlob heard."""
        self._add_intents(page, reading.intents, self._least_intent)
        said = _by_rules(page)
        numbers = features(reading, said, page.textblob, manner_of(text))
        return self._fusion.opinion(numbers, said, page.textblob)

    def _ask_many(self, tongues: many.ManyTongues, text: str, page: _Page, words: Balance | None) -> Balance:
        """Let the multilingual encoder read a text in one of its languages, and join it with the lexicon's voices."""
        moods, intents = tongues.read(text)
        self._add_intents(page, intents, self._many_least)
        return self._many_fusion.opinion(features_of_many(moods, words), words)

    def _add_intents(self, page: _Page, logits: Floats, least: Mapping[str, float]) -> None:
        for name, logit in zip(self._intent_names, logits, strict=True):
            if name in least and logit >= least[name] and name not in page.unwanted:
                page.intents.add(Intent(name))

    def many_features(self, text: str, moods: Floats) -> list[float]:
        """Give what is joined for a text whose encoder logits are `moods`. For training."""
        return features_of_many(moods, balance(self._read(text).voices))

    def _topics_of(self, reading: Reading, found: tuple[TopicMood, ...]) -> tuple[TopicMood, ...]:
        """Add the topics that the model sees; each topic's mood is read where it is spoken of."""
        moods = {each.topic: each.score for each in found}
        for at, name in enumerate(self._topic_names):
            if reading.topics[at] >= self._least_topic or name in moods:
                own = reading.mood_about(at)
                moods[name] = round((moods[name] + own) / 2, 4) if moods.get(name) else own
        return tuple(TopicMood(name, mood) for name, mood in moods.items())

    def _rated(self, text: str, page: _Page, words: Balance | None, topics: tuple[TopicMood, ...]) -> Verdict:
        """Judge a text that holds a rating: the rating decides, contradictions are kept."""
        lowest = min(rating.stars for rating in page.ratings)
        score, unhappy, label = RATED[lowest]
        missing = label is Label.POSITIVE and _misses_little(page)
        contradiction = _contradicts(page.ratings, lowest, None if missing else words)
        if words is not None and not missing and abs(words.score) >= _CLEAR_WORDS:
            if label is Label.NEUTRAL:
                label, score, unhappy = words.label, round(words.score / 2, 4), words.unhappy
            elif words.score < 0:
                unhappy = max(unhappy, words.unhappy)
        if label is Label.POSITIVE and words is not None and _is_praise(words):
            page.intents.add(Intent.PRAISE)
        confidence = 0.99 if page.ratings[0].alone else 0.95
        return Verdict(
            text=text,
            label=label,
            score=score,
            unhappy=round(unhappy, 4),
            confidence=0.5 if contradiction else confidence,
            rating=lowest,
            intents=in_order(page.intents),
            topics=topics,
            language=page.language,
            evidence=_evidence(page, words),
            scorer=self.scorer,
            contradiction=contradiction,
        )

    def _read(self, text: str) -> _Page:
        folded = plain(text)
        cut = tokens(folded.words)
        page = _Page(
            plain=folded,
            tokens=cut,
            language=self._languages.read(folded.words, cut.words),
            ratings=find_ratings(folded.words),
            cues=[],
            voices=[],
            spans=[],
            intents=set(),
            whole=self._whole.find(cut),
        )
        self._read_phrases(page)
        _read_signs(page)
        _read_rest(page)
        return page

    def _read_phrases(self, page: _Page) -> None:
        found = self._tree.find(page.tokens, _lexicons(page.language))
        taken = {at for each in found for at in range(each.first, each.last + 1)}
        questions = asked(page.tokens)
        general = self._general.find(page.tokens, _lexicons(page.language))
        heard: set[Intent] = set()
        for each in found:
            if not general[each.first].isdisjoint(each.block.intents):
                heard.update(each.block.intents)
                continue
            weight = _weight(page.tokens, each, taken)
            if weight > 0 and questions[each.first]:
                weight = 0.0  # "is it good?" praises nothing
            flipped = weight * each.block.weight < 0
            if not flipped:
                page.intents.update(each.block.intents)
            cue = Cue(each.first, each.last, weight, each.block.topic)
            page.cues.append(cue)
            if weight:
                _hear(page, cue, sure=0.35 + 0.55 * abs(weight))
            elif not each.block.intents:
                page.voices.append(Voice(0.0, _PLAIN))
        _set_apart(page, frozenset().union(*general), heard)
        page.general = _is_general(page.tokens, general)
        if page.whole is None and _is_english(page):
            self._read_textblob(page, taken)

    def _read_textblob(self, page: _Page, taken: set[int]) -> None:
        """Let TextBlob speak, with one voice, for the words that no phrase explained."""
        seen = self.polarity.assess(page.tokens, taken)
        if not seen:
            return
        for each in seen:
            page.cues.append(Cue(each.first, each.last, round(each.polarity, 4)))
            page.spans.append(
                _Span(
                    page.tokens.starts[each.first],
                    page.tokens.ends[each.last],
                    max(-1.0, min(1.0, each.polarity)),
                )
            )
        mean = sum(each.polarity for each in seen) / len(seen)
        page.textblob = max(-1.0, min(1.0, mean))
        if abs(mean) < _TEXTBLOB_LEAST:
            page.voices.append(Voice(0.0, 0.3, textblob=True))
            return
        sure = min(0.75, 0.3 + 0.35 * abs(mean) + 0.05 * min(len(seen), 4))
        before = _before_but(page.tokens, seen[-1].last)
        page.voices.append(Voice(mean * _TEXTBLOB_SHARE, sure, before, textblob=True))


def _set_apart(page: _Page, general: frozenset[Intent], heard: set[Intent]) -> None:
    """Keep what is asked `general`ly apart from wishes, but for `heard` words of one who complains beside it."""
    if any(voice.weight < 0 for voice in page.voices):
        page.intents |= heard
    else:
        page.unwanted = general - page.intents


def _is_general(text: Tokens, general: Sequence[frozenset[Intent]]) -> bool:
    """Tell whether a short text is a question about the shop's rules, and nothing else."""
    said = [at for at, word in enumerate(text.words) if word not in BREAKS]
    asking = [at for at in said if general[at]]
    polite = all(general[at] or text.words[at] in POLITE for at in said)
    return bool(asking) and polite and len(asking) <= _SHORT_REQUEST and is_question(text)


def _by_rules(page: _Page) -> Balance | None:
    """Give what the rules alone make of it, without TextBlob."""
    return balance(voice for voice in page.voices if not voice.textblob)


def _lexicons(language: str | None) -> frozenset[str]:
    return READABLE if language is None else READABLE & {language}


def _is_english(page: _Page) -> bool:
    """Tell whether TextBlob may read the text: English, or too short to be placed."""
    if page.language is not None:
        return page.language == "en"
    words = sum(1 for word in page.tokens.words if word not in BREAKS)
    return words <= _SHORT and page.plain.words.isascii()


def _has_english_words(page: _Page) -> bool:
    """Tell whether the model may read the text: English, or unplaced and in plain Latin letters."""
    if page.whole is not None and all(abs(voice.weight) <= _FAINT for voice in page.voices):
        return False
    if page.language not in {"en", None} or _only_asks_for_a_person(page):
        return False
    if page.general and not any(voice.weight for voice in page.voices if not voice.textblob):
        return False  # no mood, and an answer is all that is wanted
    rated = [(rating.start, rating.end) for rating in page.ratings]
    return any(
        word[0].isascii() and word[0].isalpha() and not any(start <= at < end for start, end in rated)
        for word, at in zip(page.tokens.words, page.tokens.starts, strict=True)
    )


def _only_asks_for_a_person(page: _Page) -> bool:
    """Tell whether a short message wants a person and says nothing else: that is no mood."""
    said = [word for word in page.tokens.words if word not in BREAKS]
    return (
        Intent.PERSON in page.intents and len(said) <= _SHORT_REQUEST and all(not voice.weight for voice in page.voices)
    )


def _has_foreign_words(page: _Page) -> bool:
    """Tell whether the multilingual encoder may read the text."""
    if page.whole is not None or page.language not in many.LANGUAGES:
        return False
    return any(word[0].isalpha() for word in page.tokens.words)


def _weight(text: Tokens, found: Found, taken: set[int]) -> float:
    block = found.block
    if block.firm or not block.weight:
        return block.weight
    others = taken - set(range(found.first, found.last + 1))
    if not is_negated(text, found.first, found.last, block.language, others):
        return block.weight
    return block.weight * (_FLIPPED_PRAISE if block.weight > 0 else _FLIPPED_COMPLAINT)


def _before_but(text: Tokens, at: int) -> bool:
    return any(clause > text.clauses[at] for clause in text.contrast)


def _hear(page: _Page, cue: Cue, sure: float) -> None:
    before = _before_but(page.tokens, cue.last)
    page.voices.append(Voice(cue.weight, sure, before))
    start, end = page.tokens.starts[cue.first], page.tokens.ends[cue.last]
    page.spans.append(_Span(start, end, cue.weight))


def _read_signs(page: _Page) -> None:
    """Let emoji and emoticons speak; equal ones speak once."""
    weights: dict[float, None] = {}
    for start, end, weight in find_signs(page.plain.words):
        weights[weight] = None
        if weight:
            page.spans.append(_Span(start, end, weight))
    for weight in weights:
        page.voices.append(Voice(weight, 0.4 + 0.5 * abs(weight)))


def _read_rest(page: _Page) -> None:
    """Add what the message as a whole says: a bare "ok", a request, a question."""
    if page.whole is not None:
        page.intents.update(page.whole.intents)
        if all(abs(voice.weight) <= _FAINT for voice in page.voices):
            page.voices = [Voice(page.whole.weight, _WHOLE)]
    if is_question(page.tokens):
        page.intents.add(Intent.QUESTION)
    if page.voices or page.ratings:
        return
    if page.intents - {Intent.QUESTION}:
        page.voices.append(Voice(0.0, _UNRATED_INTENT))
    elif Intent.QUESTION in page.intents and page.language in READABLE:
        page.voices.append(Voice(0.0, _PLAIN))


def _is_praise(words: Balance) -> bool:
    return words.label is Label.POSITIVE and words.score >= 0.5 and words.confidence >= 0.6  # noqa: PLR2004


def _misses_little(page: _Page) -> bool:
    """Tell whether it is said why a rating isn't higher still, and the rules hear nothing grave in that."""
    by_rules = _by_rules(page)
    grave = by_rules is not None and by_rules.against >= _GRAVE
    return not grave and Intent.SAFETY not in page.intents and tells_what_is_missing(page.plain.words)


def _contradicts(ratings: Sequence[Rating], lowest: int, words: Balance | None) -> bool:
    """Tell whether two ratings, or the rating and the words, disagree."""
    if max(rating.stars for rating in ratings) - lowest >= 2:  # noqa: PLR2004
        return True
    if words is None:
        return False
    if lowest >= 4:  # noqa: PLR2004
        return words.against >= _CLEAR_WORDS and words.score <= -_CLEAR_WORDS / 2
    return lowest <= 2 and words.for_it >= _CLEAR_WORDS and words.score >= _CLEAR_WORDS / 2  # noqa: PLR2004


def _evidence(page: _Page, words: Balance | None) -> tuple[Evidence, ...]:
    """Give the spans that decided, in the original's offsets, by place.

    Ratings first, then what the rules heard; where the model decided, only rules that agree
    with it, and without any the words that moved the model most.
    """
    spans = [_Span(rating.start, rating.end, RATED[rating.stars][0]) for rating in page.ratings]
    heard = page.spans
    if page.reading is not None and words is not None and words.label is not Label.MIXED:
        side = 1.0 if words.score > 0 else -1.0
        heard = [span for span in page.spans if span.weight * side > 0]
        if not heard and words.label is not Label.NEUTRAL:
            heard = [_Span(*each) for each in page.reading.deciding(side, page.plain.words)]
    for span in sorted(heard, key=lambda each: -abs(each.weight)):
        if all(span.end <= each.start or span.start >= each.end for each in spans):
            spans.append(span)
        if len(spans) == _MOST_EVIDENCE:
            break
    shown: list[Evidence] = []
    for span in sorted(spans, key=lambda each: each.start):
        start, end = page.plain.span(span.start, span.end)
        if not shown or start >= shown[-1].end:  # several folded letters may stand for one original
            shown.append(Evidence(start, end, round(span.weight, 4)))
    return tuple(shown)
