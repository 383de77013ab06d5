"""Words, phrases, negation and emoji: what a reply says about the mood."""

from __future__ import annotations

import pytest

from sentiment import Label, Verdict
from tests.sentiment.conftest import Read

UNHAPPY = [
    "I want a refund", "It broke after a week", "still waiting for my parcel", "never arrived", "doesn't work",
    "You sent me the wrong size", "so disappointed", "this is a scam", "nobody answers my mails", "not happy",
    "I'm not satisfied with it", "won't buy here again", "The box was crushed and a cup is missing", "waste of money",
    "Ordered two, only one arrived", "I can't believe it doesn't work",
    "great, another broken zipper", "TERRIBLE", "terible quality", "soooo baaad", "😡", "👎🏽", ":(", ":thumbsdown:",
    "Die Schuhe sind kaputt angekommen", "gefällt mir nicht", "Wo bleibt mein Paket?", "Ich will mein Geld zurück",
    "No funciona y nadie responde", "quiero un reembolso", "mala calidad", "todavía no ha llegado",
    "Le colis n'est jamais arrivé", "pas content du tout", "je veux un remboursement", "ça ne marche plus",
]  # fmt: skip

UNSURE = ["No it broke", "it doesn't stop leaking"]
"""Complaints that the rules hear and the model doesn't: nobody may be thanked for them."""

HAPPY = [
    "love it", "works great", "no problems", "not bad at all", "it didn't break", "no complaints", "can't complain",
    "couldn't be happier", "never disappoints", "not only beautiful but also comfy", "I would recommend it",
    "gr8 service", "awsome!!", "exactly what I needed", "👍🏿", "😍", ":)", ":thumbsup:", "sooo goooood", "thx 👍",
    "you never fail to impress", "I can't believe how good it is",
    "Sehr zufrieden, danke!", "keine Probleme", "nicht schlecht", "todo perfecto", "no está mal", "me encanta",
    "j'adore", "pas mal", "aucun problème", "très contente",
]  # fmt: skip

PLAIN = [
    "ok", "k", "fine thanks", "yes", "It was ok", "order number 48213", "I bought it last week",
    "What are your opening hours?", "is it good for winter?", "what is your refund policy?", "hello", "vale",
    "d'accord",
]  # fmt: skip

UNREADABLE = [
    "", "   ", "\u200b\u200d", "asdkjh qwe", "QWxhZGRpbjpvcGVuIHNlc2FtZQ==", "👩‍🍳", "Продукт сломался", "とても良い",
    "il prodotto è rotto e non funziona", "o produto chegou quebrado", "Jestem bardzo niezadowolony z zakupu", "...",
]  # fmt: skip


@pytest.mark.parametrize("text", UNHAPPY)
def test_an_unhappy_reply_is_seen(read: Read, text: str) -> None:
    verdict = read(text)
    assert verdict.label in {Label.NEGATIVE, Label.MIXED}
    assert verdict.score < 0
    assert verdict.unhappy >= 0.6


@pytest.mark.parametrize("text", UNSURE)
def test_where_rules_and_model_disagree_nobody_is_sure(read: Read, text: str) -> None:
    verdict = read(text)
    assert verdict.label is Label.NEGATIVE or verdict.confidence < 0.55


@pytest.mark.parametrize(
    "text", ["how many more weeks do I have to wait?", "how much longer will it take", "how long must I wait"]
)
def test_who_asks_how_long_to_wait_is_never_surely_fine(read: Read, text: str) -> None:
    verdict = read(text)
    assert verdict.label is Label.NEGATIVE or verdict.confidence < 0.55


@pytest.mark.parametrize("text", ["great batteries, lasted an entire hour", "Top quality stuff, lasted a whole day"])
def test_praise_for_a_short_life_is_not_taken_for_praise(read: Read, text: str) -> None:
    assert read(text).label is not Label.POSITIVE


@pytest.mark.parametrize(
    "text", ["you ruined all other pillows for me", "now I need them in every colour", "these are dangerously good"]
)
def test_praise_that_plays_the_complaint_is_praise(read: Read, text: str) -> None:
    verdict = read(text)
    assert verdict.label is Label.POSITIVE
    assert verdict.unhappy <= 0.3


@pytest.mark.parametrize("text", HAPPY)
def test_a_happy_reply_is_seen(read: Read, text: str) -> None:
    verdict = read(text)
    assert verdict.label is Label.POSITIVE
    assert verdict.unhappy <= 0.35


@pytest.mark.parametrize("text", PLAIN)
def test_a_plain_reply_is_neutral_and_not_unsure(read: Read, text: str) -> None:
    verdict = read(text)
    assert verdict.label is Label.NEUTRAL
    assert abs(verdict.score) <= 0.2
    assert verdict.confidence >= 0.55


@pytest.mark.parametrize("text", UNREADABLE)
def test_what_cannot_be_read_is_unknown_and_never_fine(read: Read, text: str) -> None:
    verdict = read(text)
    assert verdict.label is Label.UNKNOWN
    assert (verdict.score, verdict.confidence) == (0.0, 0.0)


@pytest.mark.parametrize(
    "text", ["I demand a refund", "arrived broken", "it stopped working", "this is a scam", "never arrived"]
)
def test_a_strong_complaint_is_sure(read: Read, text: str) -> None:
    assert read(text).confidence >= 0.75


def test_a_weak_word_is_unsure(by_rules: Read) -> None:
    assert by_rules("The evening was interesting").confidence < 0.55


def test_two_clear_opinions_are_mixed(by_rules: Read) -> None:
    assert by_rules("lovely boots, awful delivery").label is Label.MIXED


@pytest.mark.parametrize(
    ("text", "good", "bad"),
    [
        ("lovely boots, awful delivery", "product", "delivery"),
        ("delivery was super fast but the shirt is way too small", "delivery", "size"),
        ("the staff were wonderful, the website is a nightmare", "service", "website"),
        ("great taste, far too expensive", "taste", "price"),
    ],
)
def test_each_topic_has_its_own_mood(read: Read, text: str, good: str, bad: str) -> None:
    moods = {each.topic: each.score for each in read(text).topics}
    assert moods[good] > 0 > moods[bad]


def test_what_comes_after_but_weighs_more(read: Read) -> None:
    assert read("slow delivery but the jacket is gorgeous").score > 0
    assert read("the jacket is gorgeous but it took forever").score < 0


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("the courier was great", "delivery"),
        ("the stitching is great", "quality"),
        ("it is too small", "size"),
        ("way too expensive", "price"),
        ("your staff is rude", "service"),
        ("love this jacket", "product"),
        ("the app keeps crashing", "website"),
        ("I want a refund", "returns"),
        ("the box was lovely", "packaging"),
        ("tastes awful", "taste"),
    ],
)
def test_topics_are_named_with_their_mood(read: Read, text: str, topic: str) -> None:
    moods = {each.topic: each.score for each in read(text).topics}
    assert topic in moods
    assert moods[topic] * read(text).score > 0


@pytest.mark.parametrize(
    ("text", "evidence"),
    [
        ("Désolée, LE ZIP EST CASSÉ !", ["CASSÉ"]),
        ("it is\u200b gooood 👍🏽", ["gooood", "👍🏽"]),
        ("👩‍🍳👩‍🍳 it broke", ["broke"]),
        ("see https://x.example/broken — perfect", ["perfect"]),
        ("ＢＲＯＫＥＮ", ["ＢＲＯＫＥＮ"]),
    ],
)
def test_evidence_points_into_the_original_text(read: Read, text: str, evidence: list[str]) -> None:
    assert [text[span.start : span.end] for span in read(text).evidence] == evidence


def test_textblob_speaks_for_words_no_phrase_explains(read: Read) -> None:
    text = "What an adventurous and masterful thing"
    verdict = read(text)
    assert verdict.label is Label.POSITIVE
    assert [text[span.start : span.end] for span in verdict.evidence] == ["adventurous", "masterful"]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("ok", None), ("stop", None), ("super", None), ("123", None), ("👍", None), ("", None),
        ("I like the boots", "en"), ("Ich mag die Stiefel nicht", "de"), ("Las botas son muy buenas", "es"),
        ("Les bottes sont très belles", "fr"), ("Gli stivali sono molto belli", "it"),
        ("As botas são muito boas", "pt"),
        ("De laarzen zijn heel goed", "nl"),
        ("とても良い", "ja"), ("非常好", "zh"), ("좋아요", "ko"), ("תודה רבה", "he"),
        ("Всё было очень хорошо", "ru"), ("Дуже дякую, все прийшло", None), ("Jestem bardzo zadowolony", None),
    ],
)  # fmt: skip
def test_the_language_is_told_or_admitted_not_to_be_known(read: Read, text: str, language: str | None) -> None:
    assert read(text).language == language


def test_every_evidence_of_a_complaint_is_negative(read: Read) -> None:
    verdict: Verdict = read("Broken, late and nobody answers")
    assert verdict.evidence
    assert all(span.weight < 0 for span in verdict.evidence)
