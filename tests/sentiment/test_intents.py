"""What the writer wants, and what only sounds like it."""

from __future__ import annotations

import pytest

from sentiment import Intent, Label
from tests.sentiment.conftest import Read

WANTED = {
    Intent.PERSON: [
        "I want to speak to an agent", "talk to a person", "human please", "can someone call me?", "call me",
        "Could you call me back today",
        "get me a manager", "I don't want to talk to a bot", "real person please",
        "Ich möchte mit einem Mitarbeiter sprechen", "rufen Sie mich bitte an", "quiero hablar con una persona",
        "¿pueden llamarme?", "je veux parler à un conseiller", "rappelez-moi",
    ],
    Intent.STOP: [
        "stop", "STOP!", "Please stop.", "stop please", "unsubscribe", "opt out", "don't message me again",
        "stop sending me messages", "leave me alone", "remove me from your list", "how do I unsubscribe?",
        "Abmelden", "bitte keine Nachrichten mehr", "baja", "darme de baja", "no me escriban más",
        "arrêt", "désabonner", "arrêtez de m'écrire", "je veux me désabonner",
    ],
    Intent.RESUME: ["resume", "start again", "Subscribe", "you can message me again", "alta", "reprendre"],
    Intent.REFUND: ["I want a refund", "give me my money back", "Geld zurück!", "un reembolso", "remboursez-moi"],
    Intent.RETURN: ["how do I return it?", "I want to send it back", "Ich möchte umtauschen"],
    Intent.CANCEL: ["cancel my order", "Cancel", "I'd like to cancel", "stornieren", "quiero cancelar", "annuler"],
    Intent.WHERE_IS_ORDER: [
        "where is my order?", "where's my parcel", "when will it arrive", "it never arrived", "tracking number?",
        "Wo bleibt mein Paket", "dónde está mi pedido", "où est ma commande",
    ],
    Intent.QUESTION: ["do you have this in blue?", "what are your opening hours", "wie lange dauert das", "?"],
    Intent.THANKS: ["thanks!", "Thank you so much", "danke", "muchas gracias", "merci beaucoup", "thx 👍"],
    Intent.PRAISE: ["love it", "perfect", "sehr zufrieden", "5 stars, amazing boots"],
    Intent.GREETING: ["hi", "Hello!", "good morning", "guten Tag", "hola", "bonjour"],
    Intent.ACKNOWLEDGE: ["ok", "k", "yes", "fine thanks", "vale", "d'accord", "alles klar"],
    Intent.BUG: ["the app keeps crashing", "I can't log in", "the website doesn't load", "error message at checkout"],
    Intent.SAFETY: [
        "my skin turned red", "it gave me a rash", "I had an allergic reaction", "there was smoke", "it caught fire",
        "I got hurt", "my son cut his finger, we are in hospital", "bleeding", "I burned my hand", "electric shock",
        "I will contact my lawyer", "legal action", "I'm calling the police", "my father died", "funeral tomorrow",
        "Ausschlag bekommen", "ich gehe zum Anwalt", "me he quemado, quemadura grave", "llamaré a mi abogado",
        "je me suis blessé", "je vais porter plainte", "ma mère est décédée",
    ],
}  # fmt: skip

NOT_MEANT = [
    (Intent.STOP, "stop by the shop"), (Intent.STOP, "it doesn't stop leaking"), (Intent.STOP, "the bus stop was far"),
    (Intent.STOP, "it stopped working"), (Intent.STOP, "can't stop smiling"), (Intent.STOP, "la calidad es muy baja"),
    (Intent.PERSON, "a great gift for a person who has everything"), (Intent.PERSON, "the agent was rude"),
    (Intent.SAFETY, "I love the fire pit"), (Intent.SAFETY, "smoking hot deal"), (Intent.SAFETY, "the battery died"),
    (Intent.SAFETY, "it won't hurt to try"), (Intent.SAFETY, "they hurt my feet"),
    (Intent.REFUND, "what is your refund policy?"), (Intent.CANCEL, "noise cancelling is great"),
    (Intent.THANKS, "thanks for nothing"), (Intent.PRAISE, "thanks for nothing"), (Intent.PRAISE, "not great"),
    (Intent.QUESTION, "what a great purchase"), (Intent.QUESTION, "could be better"), (Intent.GREETING, "hi it broke"),
    (Intent.ACKNOWLEDGE, "ok but it broke"), (Intent.RESUME, "my phone will not start again"),
]  # fmt: skip


ABOUT_THE_RULES = [
    (Intent.REFUND, "What's your refund policy"), (Intent.REFUND, "do you do refunds?"),
    (Intent.REFUND, "Do you offer refunds on sale items?"), (Intent.REFUND, "how long do refunds take?"),
    (Intent.REFUND, "How long does a refund usually take"), (Intent.REFUND, "hi, how do refunds work?"),
    (Intent.REFUND, "is the deposit refundable?"), (Intent.REFUND, "where can I read about refunds"),
    (Intent.REFUND, "could you tell me your refund terms please"),
    (Intent.REFUND, "do you have a money back guarantee?"),
    (Intent.RETURN, "how do returns work"), (Intent.RETURN, "Who pays for return shipping?"),
    (Intent.RETURN, "is there a return policy?"), (Intent.RETURN, "do you take returns without the box"),
    (Intent.RETURN, "can things be returned?"), (Intent.CANCEL, "what is the cancellation policy"),
    (Intent.CANCEL, "can orders be cancelled?"),
]  # fmt: skip

A_REASON_TO_ASK = [
    (Intent.REFUND, "I want a refund, what is your refund policy?"), (Intent.REFUND, "can I get my money back?"),
    (Intent.REFUND, "what is your refund policy? I want my money back"), (Intent.REFUND, "how do I get a refund?"),
    (Intent.REFUND, "how long does my refund take?"), (Intent.REFUND, "do you do refunds? mine broke"),
    (Intent.REFUND, "still no refund, how do refunds work?"), (Intent.REFUND, "can I have a refund please"),
    (Intent.RETURN, "how do I return it? is there a return label?"), (Intent.RETURN, "can I return this jacket?"),
    (Intent.CANCEL, "what is the cancellation policy? please cancel my order"),
]  # fmt: skip


@pytest.mark.parametrize(("intent", "text"), ABOUT_THE_RULES)
def test_who_asks_for_the_shops_rules_wants_an_answer(read: Read, intent: Intent, text: str) -> None:
    verdict = read(text)
    assert intent not in verdict.intents
    assert Intent.QUESTION in verdict.intents
    assert verdict.label is not Label.NEGATIVE


@pytest.mark.parametrize(("intent", "text"), A_REASON_TO_ASK)
def test_who_has_a_reason_to_ask_is_heard(read: Read, intent: Intent, text: str) -> None:
    assert intent in read(text).intents


@pytest.mark.parametrize(("intent", "text"), [(intent, text) for intent, texts in WANTED.items() for text in texts])
def test_an_intent_is_seen(read: Read, intent: Intent, text: str) -> None:
    assert intent in read(text).intents


@pytest.mark.parametrize(("intent", "text"), NOT_MEANT)
def test_an_intent_is_not_imagined(read: Read, intent: Intent, text: str) -> None:
    assert intent not in read(text).intents


def test_the_most_urgent_intent_comes_first(read: Read) -> None:
    intents = read("I want a refund, my skin turned red. Can someone call me?").intents
    assert intents[:2] == (Intent.SAFETY, Intent.PERSON)
    assert Intent.REFUND in intents
