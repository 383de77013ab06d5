"""Which language a text is in, or an honest "can't tell".

By script where the script decides, else by stop words and by words that only one language's
lexicon knows. "ok" is in no language.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet

from sentiment.grams import Grams

_STOP_WORDS = {
    "en": """the and is it this that my i you was have has not with for but they he she we are were
        be been to of in on at from your our their what when where why how who which would could
        should will just so very really too had if or as an can do did does
        there here then than them me him her us some any all out up about after before again still
        only no more because got get been its n't never nothing one two""",
    "de": """der die das und ist ich nicht ein eine einen einem einer mein meine meinen meiner sie wir
        ihr es zu mit auf fur von den dem des im am war waren habe hat haben wurde noch auch aber sehr
        so wie was wo wann warum schon immer nur bei aus nach kein keine bin sind hatte mir mich dir
        dich uns euch sich werden wird kann konnen leider mehr alles nichts wieder ja nein bitte danke
        vom zum zur als oder wenn dass diese dieser dieses ihre fur seit fuer heute gestern""",
    "es": """el la los las un una unos unas y es no que en de del con por para mi mis su sus se lo le me
        te nos muy pero como esta este esto estos estas fue ha he han hay yo tu ya mas si son estoy
        estaba tengo tiene cuando donde porque todo todos nada nunca bien sin al les ser hasta desde
        quiero gracias hola pedido ayer hoy""",
    "fr": """le la les un une des et est je pas ne que en de du avec pour mon ma mes vous nous il elle
        ils elles ce cette ces dans sur au aux tres mais comme qui ai ete suis sont sans plus tout tous
        bien rien jamais toujours votre vos notre j c d l n qu s m se son sa ses on y a etait avoir
        fait faire quand ou pourquoi merci bonjour encore depuis aussi hier""",
    "it": """il lo la i gli le un una e che non di in con per mio mia miei sono ho ha hai molto ma come
        questo questa questi anche piu del della dei delle nel nella al alla si ci mi ti era stato stata
        tutto niente mai sempre bene grazie quando dove perche ancora ordine dopo essere ottimo prodotto
        arrivato sto voglio pacco ieri""",
    "pt": """o a os as um uma e que nao de do da dos das em no na com por para meu minha meus eu voce se
        muito mas como este esta isso foi tem ter tenho sao mais ja sem ainda quando onde porque tudo
        nada nunca bem obrigado obrigada ao pelo pela ele ela chegou produto pedido gostei otimo quero
        ontem estou""",
    "nl": """de het een en is ik niet van in op met voor mijn jullie wij zij dit dat deze maar ook heel
        erg nog wel geen heb heeft hebben was waren zijn wordt naar bij uit aan om als dan wat waar wanneer
        waarom hoe goed slecht bedankt graag altijd nooit alles niets te zeer ben je jij u uw""",
}
_FEWEST_FOR_SHARE = 4  # words; a shorter text may be decided by a single one
_LEAST_SHARE = 0.2  # of the words of a longer text must be known to be in the language
_INTERNATIONAL = (
    "stop start resume super perfect top mega service refund online app hello baby hotel cool email "
    "problem person agent bravo"
).split()  # understood everywhere, proof of nothing
_TWO_SHARED = 0.5  # evidence of two words that two languages share
_MARGIN = 1.35  # the winner's lead over the second

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_SCRIPTS = (
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("ko", re.compile(r"[\uac00-\ud7af\u1100-\u11ff]")),
    ("zh", re.compile(r"[\u4e00-\u9fff]")),
    ("th", re.compile(r"[\u0e00-\u0e7f]")),
    ("el", re.compile(r"[\u0370-\u03ff]")),
    ("he", re.compile(r"[\u0590-\u05ff]")),
    ("hi", re.compile(r"[\u0900-\u097f]")),
    ("bn", re.compile(r"[\u0980-\u09ff]")),
    ("ta", re.compile(r"[\u0b80-\u0bff]")),
    ("ka", re.compile(r"[\u10a0-\u10ff]")),
    ("hy", re.compile(r"[\u0530-\u058f]")),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
)
_PERSIAN_URDU = re.compile("[\u067e\u0686\u06af\u0679\u0688\u06d2\u06a9\u06cc]")
_UKRAINIAN = re.compile("[\u0456\u0457\u0454\u0491]")
_RUSSIAN = re.compile("[\u044b\u044d]")
_RUSSIAN_WORDS = frozenset("что это очень как мне спасибо где уже еще".split())


class LanguageReader:
    """Tells the language of folded text; made once, from the lexicons' vocabulary."""

    def __init__(self, vocabulary: Mapping[str, AbstractSet[str]], grams: Grams | None = None) -> None:
        """Take `vocabulary`: a word → the languages whose lexicon holds it; `grams` for what no word decides."""
        self._grams = grams
        holders: dict[str, set[str]] = {}
        for language, words in _STOP_WORDS.items():
            for word in words.split():
                holders.setdefault(word, set()).add(language)
        for word, languages in vocabulary.items():
            if len(word) > 3 and word not in holders:  # noqa: PLR2004 - short words are shared
                holders[word] = set(languages)
        for word in _INTERNATIONAL:
            holders.pop(word, None)
        self._holders = {
            word: tuple((language, 1.0 / len(langs) ** 2) for language in sorted(langs))
            for word, langs in holders.items()
        }

    def read(self, words: str, pieces: Sequence[str]) -> str | None:
        """Give the ISO 639-1 code of folded text `words`, cut into `pieces`; None = can't tell."""
        if not words.isascii():
            script = _by_script(words)
            if script != "latin":
                return script
        known = self._by_words(pieces)
        if known is not None or self._grams is None:
            return known
        return self._grams.read(words)

    def _by_words(self, pieces: Sequence[str]) -> str | None:
        evidence: dict[str, float] = {}
        hits: dict[str, int] = {}
        for piece in pieces:
            for language, weight in self._holders.get(piece, ()):
                evidence[language] = evidence.get(language, 0.0) + weight
                hits[language] = hits.get(language, 0) + 1
        if not evidence:
            return None
        best = max(evidence, key=evidence.__getitem__)
        most = evidence.pop(best)
        enough = most >= 1 or (hits[best] > 1 and most >= _TWO_SHARED)
        if not enough or most < _MARGIN * max(evidence.values(), default=0.0):
            return None
        length = sum(1 for piece in pieces if piece[0].isalpha())
        if length > _FEWEST_FOR_SHARE and hits[best] < _LEAST_SHARE * length:
            return None
        return best


def _by_script(words: str) -> str | None:
    """Give the code that a script decides, "latin", or None when the scripts don't decide."""
    counts = {code: len(pattern.findall(words)) for code, pattern in _SCRIPTS}
    code = max(counts, key=lambda each: counts[each])
    letters = sum(1 for char in words if char.isalpha())
    if counts[code] == 0 or 2 * sum(counts.values()) < letters:
        return "latin"
    if counts["ja"]:
        return "ja"
    if code == "ar" and _PERSIAN_URDU.search(words):
        return None
    if code == "ru":
        return _cyrillic(words)
    return code


def _cyrillic(words: str) -> str | None:
    if _UKRAINIAN.search(words):
        return "uk"
    if _RUSSIAN.search(words) or not _RUSSIAN_WORDS.isdisjoint(_WORD.findall(words)):
        return "ru"
    return None
