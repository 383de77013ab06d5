"""The shop of the mock: Ana's zipper, Bo's skin, Chidi's thanks, Dora's wish for a person."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from bot.domain.case import Case, CaseState, ReasonKind
from bot.domain.ids import CaseId
from bot.domain.staff import Role, Staff
from bot.domain.standing import Standing
from tests.web.world import ASK, World, now

MINUTE = timedelta(minutes=1)
ANGRY = "great, another broken zipper, I want a refund"
CONTACT = "\n\nYou can also reach us here: +33 1 23 45 67 89"


def verdict(text: str, score: float, unhappy: float, *marks: str, topics: tuple[str, ...] = ()) -> dict[str, Any]:
    spans = [{"start": text.index(mark), "end": text.index(mark) + len(mark), "weight": -0.7} for mark in marks]
    label = "negative" if score < -0.2 else "positive" if score > 0.2 else "neutral"
    return {
        "text": text,
        "label": label,
        "score": score,
        "unhappy": unhappy,
        "confidence": 0.9,
        "rating": None,
        "intents": ["refund"] if "refund" in text else [],
        "topics": [{"topic": t, "score": score} for t in topics],
        "language": "en",
        "evidence": spans,
        "scorer": "test",
    }


def boots(world: World) -> Staff:
    kim = world.agent("Kim", Role.AGENT, Role.MANAGER)
    ana = world.person("Ana Duarte", locale="pt-PT", timezone="Europe/Lisbon", email="ana@example.com")
    ana.standing = Standing(Decimal(1290), "EUR", 5, 12, 240, top=True)
    for order, item, total, days in (
        ("934", "Sandals", "89.50", 200),
        ("977", "Laces", "9", 90),
        ("1001", "Boots, size 39", "129.00", 3),
    ):
        world.purchase(ana, order, item, total, days)
    for days, words, score in (
        (200, "lovely", 0.5),
        (198, "very good", 0.6),
        (91, "fast, thanks", 0.7),
        (90, "nice", 0.4),
        (60, "perfect fit", 0.8),
        (30, "good", 0.6),
    ):
        world.line(ana, "customer", words, timedelta(days=days), verdict=verdict(words, score, 0.05))
    first = world.open_case(ana, (ReasonKind.UNCLEAR, "“hm”"))
    resolved = now() - timedelta(days=89)
    ana.earlier.append(
        replace(
            first,
            state=CaseState.RESOLVED,
            owner=kim.id,
            owner_name="Boris",
            resolved_at=resolved,
            opened_at=resolved,
            recovered=True,
        )
    )
    world.line(
        ana,
        "bot",
        f"Hi Ana, how do you like your Boots? Your answer decides what we fix next. One tap is enough.{CONTACT}",
        11 * MINUTE,
        kind="ask",
        buttons=ASK,
        delivery="sent",
    )
    world.line(ana, "customer", "★☆☆☆☆", 10 * MINUTE, kind="rating", verdict=verdict("★☆☆☆☆", -1, 0.97))
    world.line(
        ana,
        "customer",
        ANGRY,
        9 * MINUTE,
        verdict=verdict(ANGRY, -0.8, 0.94, "broken zipper", "want a refund", topics=("quality",)),
    )
    world.line(
        ana,
        "bot",
        "I am sorry. That is not what we want for you. I am getting a person to put it right." + CONTACT,
        9 * MINUTE,
        delivery="sent",
    )
    world.line(
        ana, "agent", "second zipper from lot 4417 this week", 5 * MINUTE, name="Boris", kind="note", inside=True
    )
    world.open_case(
        ana,
        (ReasonKind.UNHAPPY, "rating 1 · “broken zipper” · “want a refund”"),
        (ReasonKind.HIGH_VALUE, "#12 of 240"),
        (ReasonKind.ALARM, ""),
        ago=19 * MINUTE,
    )
    ana.case = replace(ana.case or first, priority=9, reasons=(ana.case or first).reasons[:2])
    bo = world.person("Bo Lindqvist", "slack")
    world.line(
        bo,
        "customer",
        "my skin turned red after the first use",
        2 * MINUTE,
        verdict=verdict("my skin turned red after the first use", -0.5, 0.8, "turned red"),
    )
    world.open_case(bo, (ReasonKind.ALARM, "“skin turned red”"), ago=2 * MINUTE)
    chidi = world.person("Chidi Okafor")
    chidi.standing = Standing(Decimal(2210), "EUR", 9, 4, 240, top=True)
    world.line(chidi, "customer", "thanks!", 14 * MINUTE)
    world.open_case(chidi, (ReasonKind.HIGH_VALUE, "#4 of 240"), ago=14 * MINUTE)
    dora = world.person("Dora Weiss", "web")
    world.line(dora, "customer", "can I speak to somebody?", 18 * MINUTE)
    world.open_case(dora, (ReasonKind.ASKED, "“can I speak to somebody?”"), ago=18 * MINUTE)
    eli = world.person("Eli Sand")
    world.line(eli, "customer", "the left boot squeaks", 40 * MINUTE)
    world.open_case(eli, (ReasonKind.UNHAPPY, "“squeaks”"), ago=40 * MINUTE)
    boris = world.agent("Boris")
    eli.case = replace(
        eli.case or Case(CaseId(1), CaseState.OPEN, now(), (), ""),
        state=CaseState.CLAIMED,
        owner=boris.id,
        owner_name="Boris",
    )
    return kim
