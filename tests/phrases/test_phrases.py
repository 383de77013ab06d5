"""Every language says all that English says, in its own letters, and asks nobody to say it again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import product

import pytest
from babel import Locale
from fluent.syntax import FluentParser, ast
from fluent.syntax.visitor import Visitor

from bot.phrases import FALLBACK, FOLDER, LANGUAGES, PhraseMissing, phrase

OTHERS = tuple(language for language in LANGUAGES if language != FALLBACK)
CATEGORIES = frozenset({"zero", "one", "two", "few", "many"})
LONGEST = 600
LONGEST_LABEL = 24
"""Two of them side by side still fit on a phone."""

COUNTED = frozenset(
    "answered answers asked asks count held hits hours late lines minutes n open opened orders others rated resolved "
    "unhappy waiting".split()
)
COUNTS = (0, 1, 2, 5)
SAMPLES = {
    "about": "delivery",
    "first": "(name)",
    "thing": "(item)",
    "whom": "those who complained about delivery in the last two days",
    "agent": "Mira",
    "before": "38 %",
    "amounts": "€10.00, €50.00",
    "budget": "€100.00",
    "campaign": "boots-care",
    "code": "GIFT-7KQF-M2XR-9WPD",
    "command": "/clam",
    "contact": "help@example.com",
    "csat": "83 % (n = 12)",
    "currency": "EUR",
    "customer": "17",
    "date": "20 February 2027",
    "day": "—",
    "desk": "Slack",
    "email": "ana@example.com",
    "identity": "telegram:11111111",
    "item": "2 × Socken",
    "largest": "€50.00",
    "left": "€80.00",
    "tongue": "Deutsch",
    "link": "https://bot.example.com/login/abc",
    "money": "€1,290.00",
    "now": "42 %",
    "most": "200",
    "mood": "−0.12 (n = 12)",
    "name": "Ana",
    "number": "17",
    "of": "15",
    "order": "#1001",
    "other": "USD",
    "owner": "Mira",
    "partner": "Cobbler & Sons",
    "period": "—",
    "phone": "+33 6 12 34 56 78",
    "place": "2",
    "places": "telegram:17, email:ana@example.com",
    "rank": "3",
    "rate": "40 % (n = 12)",
    "rating": "4.2 (n = 12)",
    "reasons": "unhappy, high value",
    "share": "20",
    "shop": "Boots & Co",
    "since": "12:04",
    "skill": "returns",
    "state": "here",
    "time": "09:00",
    "until": "30 Nov",
    "usual": "12 %",
    "topics": "delivery, quality",
    "urgency": "angry, waits 9 min",
    "value": "Top 20 %.",
    "wait": "9 min",
    "what": "Satisfied",
    "who": "@sam",
    "why": "the bot was blocked",
    "words": "The left zipper, not the right one.",
    "zone": "Europe/Paris",
}
LABELS = (
    "person",
    *(f"rate-{n}" for n in range(1, 6)),
    *("clear-yes", "clear-so", "clear-no", "well-yes", "well-no", "forget-yes", "forget-no"),
    *("desk-claim", "desk-resolve", "desk-handback"),
    *("desk-tap-neutral", "desk-tap-negative", "desk-tap-topic", "desk-tap-done"),
    *("memory-yes", "memory-no", "memory-start", "memory-stop", "help-good", "help-fair", "help-poor"),
)
DAYS = ("today", "tomorrow", *(f"day-{n}" for n in range(7)))

SAY_IT_AGAIN = re.compile(
    r"rephras|reword|other words|different words|differently|say (that|it) again|try again"
    r"|(did ?n.t|do ?n.t|not) (understand|get that|catch)"
    r"|umformulier|formulieren sie|anders (formulier|ausdrück|sag)|anderen worten"
    r"|noch (ein)?mal (sagen|schreiben|versuchen)|nicht verstanden|verstehe (ich )?(sie )?nicht"
    r"|reformul|otras palabras|otra manera|(no|te) (he )?(entend|entiend|comprend)|inténtalo"
    r"|autre(s)? (mots|façon)|autrement|pas (bien )?compris|comprends pas|réessay",
    re.IGNORECASE,
)
WRONG_ADDRESS = {
    "de": r"\b(du|dich|dir|dein\w*|euch|euer|eure\w*)\b",
    "es": r"\b(usted|ustedes|vosotr[oa]s|vuestr\w+)\b",
    "fr": r"\b(tu|te|toi|ton|ta|tes)\b",
}
SLIPS = {
    "de": r"[\"«»”'’]",
    "es": r"[\"“”„']",
    "fr": r"[^\u202f][?!;:»]|«[^\u202f]|[\"“”„']",
}
"""Signs that the language doesn't write so. French: a narrow space that never breaks before ? ! ; : and inside « »."""


# ---- reading the files


def text_of(language: str) -> str:
    return (FOLDER / f"{language}.ftl").read_text(encoding="utf-8")


class Parts(Visitor):
    """What one message is made of."""

    def __init__(self) -> None:
        self.variables: set[str] = set()
        self.blanks: set[str] = set()
        """The variables that have a variant for `none`."""
        self.answers: dict[str, set[str]] = {}
        """Plural categories and words that are chosen between, per variable."""

    def visit_VariableReference(self, node: ast.VariableReference) -> None:  # noqa: N802 - fluent.syntax finds it so
        self.variables.add(node.id.name)

    def visit_SelectExpression(self, node: ast.SelectExpression) -> None:  # noqa: N802 - fluent.syntax finds it so
        assert isinstance(node.selector, ast.VariableReference)
        name = node.selector.id.name
        keys = {variant.key.name for variant in node.variants if isinstance(variant.key, ast.Identifier)}
        self.answers.setdefault(name, set()).update(keys)
        if "none" in keys:
            self.blanks.add(name)
        self.generic_visit(node)


def parts_of(message: ast.Message) -> Parts:
    parts = Parts()
    parts.visit(message)
    return parts


def messages(text: str) -> list[ast.Message]:
    return [entry for entry in FluentParser().parse(text).body if isinstance(entry, ast.Message)]


@cache
def english() -> dict[str, Parts]:
    return {message.id.name: parts_of(message) for message in messages(text_of(FALLBACK))}


def faults(text: str, language: str) -> Iterator[str]:
    """All that keeps `text` from being English in another language."""
    body = FluentParser().parse(text).body
    yield from (f"can't be read: {entry.content!r}" for entry in body if isinstance(entry, ast.Junk))
    found = messages(text)
    names = Counter(message.id.name for message in found)
    yield from (f"{name}: is there twice" for name, times in names.items() if times > 1)
    yield from (f"{name}: is missing" for name in english() if name not in names)
    yield from (f"{name}: English doesn't know it" for name in names if name not in english())
    for message in found:
        if message.id.name in english():
            yield from faults_of(message, english()[message.id.name], language)


def faults_of(message: ast.Message, reference: Parts, language: str) -> Iterator[str]:
    name, parts = message.id.name, parts_of(message)
    if message.value is None:
        yield f"{name}: says nothing"
    if parts.variables != reference.variables:
        yield f"{name}: {sorted(parts.variables)} are not {sorted(reference.variables)}"
    if parts.blanks != reference.blanks:
        yield f"{name}: `none` for {sorted(parts.blanks)}, not for {sorted(reference.blanks)}"
    spoken = set(Locale.parse(language).plural_form.tags)
    for variable, keys in parts.answers.items():
        if keys & CATEGORIES - spoken:
            yield f"{name}: {language} has no plural {sorted(keys & CATEGORIES - spoken)}"
        if (reference.answers.get(variable, set()) | keys) & CATEGORIES and "one" not in keys:
            yield f"{name}: one of ${variable} isn't told from many"
        elif keys - CATEGORIES - {"other"} != reference.answers.get(variable, set()) - CATEGORIES - {"other"}:
            yield f"{name}: ${variable} chooses between other words"


# ---- saying them


def choices(variable: str) -> tuple[str | int, ...]:
    if variable in COUNTED:
        return COUNTS
    return ("yes", "no") if variable == "on" else ("", SAMPLES[variable])


def filled(variable: str) -> str | int:
    return choices(variable)[-1]


@cache
def said(language: str) -> list[tuple[str, str]]:
    """Each phrase with every mixture of blank and filled values and of counts."""
    return [
        (key, phrase(language, key, **dict(values)))
        for key, parts in english().items()
        for values in product(*([(name, value) for value in choices(name)] for name in sorted(parts.variables)))
    ]


def lines_of(language: str) -> list[str]:
    return [line for line in text_of(language).splitlines() if not line.startswith("#")]


# ---- the tests


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_the_keys_and_values_of_english(language: str) -> None:
    assert list(faults(text_of(language), language)) == []


@pytest.mark.parametrize(
    ("whole", "broken", "fault"),
    [
        ("clear-no = Nein", "", "clear-no: is missing"),
        ("clear-no = Nein", "clear-no = Nein\nclear-no = Nö", "clear-no: is there twice"),
        ("clear-no = Nein", "clear-no = Nein\nclear-never = Nie", "clear-never: English doesn't know it"),
        ("clear-no = Nein", "clear-no = { Nein", "clear-no: is missing"),
        ("E-Mail: { $email }", "E-Mail: { $mail }", "mydata-email: ['mail'] are not ['email']"),
        ("[none] noch frei", "[nobody] noch frei", "queue-line: `none` for [], not for ['owner']"),
        ("[one] 1", "[few] 1", "time-d: de has no plural ['few']"),
        ("[one] 1", "[1] 1", "time-d: one of $n isn't told from many"),
        ("[yes] Meine", "[ja] Meine", "mydata-questions: $on chooses between other words"),
    ],
)
def test_a_broken_file_is_noticed(whole: str, broken: str, fault: str) -> None:
    german = text_of("de")
    assert whole in german
    assert fault in list(faults(german.replace(whole, broken), "de"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_phrase_can_be_said_whatever_is_known(language: str) -> None:
    for key, text in said(language):
        assert text.strip() == text != "", key
        assert not re.search(r"[{}$]|  |\.\.", text), text
        assert len(text) <= LONGEST, key


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_not_known_leaves_no_trace(language: str) -> None:
    for key, parts in english().items():
        values = {name: "" if name in parts.blanks else filled(name) for name in parts.variables}
        assert not re.search(r"\bnone\b", phrase(language, key, **values)), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_known_is_said(language: str) -> None:
    for key, parts in english().items():
        values = {name: filled(name) for name in parts.variables - {"on"}}
        text = phrase(language, key, **values, **({"on": "yes"} if "on" in parts.variables else {}))
        assert all(str(value) in text for value in values.values()), text


@pytest.mark.parametrize("language", LANGUAGES)
def test_none_is_never_read_as_one(language: str) -> None:
    for key, parts in english().items():
        counted = [name for name, keys in parts.answers.items() if keys & CATEGORIES]
        for name in set(counted) - {"minutes", "hours"}:
            others = {other: filled(other) for other in parts.variables}
            assert phrase(language, key, **{**others, name: 0}) != phrase(language, key, **{**others, name: 1}), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_is_told_to_say_it_again(language: str) -> None:
    for key, text in said(language):
        assert not SAY_IT_AGAIN.search(text), (key, text)


@pytest.mark.parametrize(
    "text",
    [
        "Sorry, I didn't understand that. Could you rephrase?",
        "Das habe ich nicht verstanden.",
        "Bitte formulieren Sie das um.",
        "No te entiendo, dilo con otras palabras.",
        "Je n’ai pas compris, pouvez-vous reformuler\u202f?",
    ],
)
def test_being_told_to_say_it_again_is_noticed(text: str) -> None:
    assert SAY_IT_AGAIN.search(text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_rating_button_shows_its_number(language: str) -> None:
    for number in range(1, 6):
        assert re.findall(r"\d", phrase(language, f"rate-{number}")) == [str(number)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_labels_fit_on_buttons(language: str) -> None:
    assert [label for key in LABELS if len(label := phrase(language, key)) > LONGEST_LABEL] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_buttons_side_by_side_differ(language: str) -> None:
    assert len({phrase(language, f"clear-{answer}") for answer in ("yes", "so", "no")}) == 3
    assert phrase(language, "well-yes") != phrase(language, "well-no")
    assert phrase(language, "forget-yes") != phrase(language, "forget-no")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_promise_names_the_day(language: str) -> None:
    promises = {phrase(language, "promise-later", day=phrase(language, day), time="09:00") for day in DAYS}
    assert len(promises) == len(DAYS)
    assert all("09:00" in promise for promise in promises)


@pytest.mark.parametrize("language", OTHERS)
def test_people_are_addressed_in_one_way(language: str) -> None:
    found = re.compile(WRONG_ADDRESS[language], re.IGNORECASE)
    assert [line for line in lines_of(language) if found.search(line)] == []


@pytest.mark.parametrize("language", OTHERS)
def test_signs_are_those_of_the_language(language: str) -> None:
    assert [line for line in lines_of(language) if re.search(SLIPS[language], line)] == []


@pytest.mark.parametrize("language", OTHERS)
def test_signs_come_in_pairs(language: str) -> None:
    for key, text in said(language):
        for opening, closing in ("„“", "«»", *(("¿?", "¡!") if language == "es" else ())):
            assert text.count(opening) == text.count(closing), (key, text)


@pytest.mark.parametrize("language", OTHERS)
def test_an_items_name_stands_apart_in_quotes(language: str) -> None:
    quoted = re.compile(r"„\{ \$item }“|«\u202f?\{ \$item }\u202f?»")
    for line in lines_of(language):
        assert line.count("{ $item }") == len(quoted.findall(line)), line


def test_a_language_nobody_wrote_reads_english() -> None:
    assert phrase("nl", "clear-no") == phrase(FALLBACK, "clear-no")


def test_a_key_nobody_wrote_is_our_mistake() -> None:
    with pytest.raises(PhraseMissing):
        phrase("de", "no-such-key")


def test_a_value_left_out_is_our_mistake() -> None:
    with pytest.raises(PhraseMissing):
        phrase("de", "contact")


@pytest.mark.parametrize("length", [899, 901, 4096])
def test_what_people_wrote_may_be_long_and_is_said_whole(length: int) -> None:
    words = ("{ $name } " * length)[:length]
    assert words in phrase("en", "desk-edited", name="Ana", words=words)
    assert phrase("en", "desk-edited", name="\ue000words\ue000", words=words).startswith("\ue000words\ue000")


def test_words_of_any_length_find_their_place() -> None:
    long, other = "x" * 10_000, "\ue000words\ue001" * 500
    assert phrase("en", "desk-edited", name=other, words=long) == f"{other} changed the message to: {long}"
