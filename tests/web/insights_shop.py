"""A boot shop with eight months behind it, made from a seed: enough customers for figures, and a zipper that broke.

Rows are put into the tables as turns would have left them, and the tallies are made from the rows.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import ClassVar, Final
from zoneinfo import ZoneInfo

from storage.codec import micros, to_json
from tests.storage.seeded import Seeded

NOW: Final = datetime(2026, 11, 30, 15, 20, tzinfo=UTC)
SHOP_TIME: Final = ZoneInfo("Europe/Paris")
DAYS: Final = 240
LOT: Final = (datetime(2026, 11, 9, tzinfo=SHOP_TIME), datetime(2026, 11, 16, tzinfo=SHOP_TIME))
"""The week of the broken zippers."""
PRODUCTS: Final = (("Hiking boots", 149), ("Sandals", 69), ("City boots", 129), ("Wool socks", 19), ("Laces", 9))
WEIGHTS: Final = (5, 3, 4, 3, 1)
FIRST: Final = "Ana Bo Chidi Dora Eli Finn Greta Hana Ivo June Kofi Lena Mats Nia Omar Pia Quin Rosa Sami Tilda".split()
LAST: Final = (
    "Duarte Lindqvist Okafor Weiss Sand Moe Braun Sato Marin Park Mensah Vogt Berg Hale Haddad Ruiz Lowe".split()
)
ZIPPER: Final = (
    "the zipper broke on the second day",
    "another broken zipper, I want my money back",
    "zipper broke while closing it, really disappointed",
    "the left zipper broke, the boots are useless now",
)
GLAD: Final = (
    ("very comfortable from the first day", "quality:0.7"),
    ("fast delivery and a perfect fit", "delivery:0.8 size:0.6"),
    ("lovely leather, worth every cent", "quality:0.8 price:0.5"),
    ("your service was so kind", "service:0.9"),
    ("good price for what you get", "price:0.6"),
    ("arrived a day early, great", "delivery:0.8"),
)
PLAIN: Final = (
    ("they are fine", "product:0.1"),
    ("box was a bit dented, boots are okay", "packaging:0.0"),
    ("size is as expected", "size:0.1"),
)
SAD: Final = (
    ("delivery took two weeks and nobody told me", "delivery:-0.7"),
    ("too tight although it is my usual size", "size:-0.6"),
    ("the sole came off after a walk", "quality:-0.8"),
    ("nobody answers my mails", "service:-0.8"),
    ("too expensive for this quality", "price:-0.6 quality:-0.4"),
)


class BootShop(Seeded):
    """The rows, by table. `customers`: how many."""

    NUMBERED_FROM: ClassVar[int] = 10_000
    STAFF: ClassVar[tuple[tuple[str, str], ...]] = (("Kim", "kim"), ("Boris", "boris"), ("Aya", "aya"))

    def __init__(self, seed: int = 4417, customers: int = 2600) -> None:
        super().__init__(seed, customers)

    def _customer(self, customer: int) -> None:
        pick = self._random
        name = f"{pick.choice(FIRST)} {pick.choice(LAST)}"
        since = NOW - timedelta(days=DAYS * (1 - pick.random() ** 0.8) + 1)
        self._add("customer", id=customer, name=name, email=f"c{customer}@example.com", created_at=micros(since))
        channel = pick.choices(("telegram", "slack", "web"), (6, 2, 2))[0]
        loyal = pick.random() < 0.3
        talks = pick.random() < (0.6 if loyal else 0.4)
        at = since
        for _ in range(pick.randint(2, 6) if loyal else 1):
            if at > NOW - timedelta(days=1):
                return
            self._bought(customer, at, channel, loyal=loyal, talks=talks)
            at += timedelta(days=pick.uniform(14, 75), hours=pick.uniform(0, 20))

    def _bought(self, customer: int, at: datetime, channel: str, *, loyal: bool, talks: bool) -> None:
        pick, number = self._random, self._next()
        product, price = pick.choices(PRODUCTS, WEIGHTS)[0]
        swiss = customer % 12 == 0
        price *= pick.choice((1, 1, 1, 2, 3)) if loyal else 1
        tier = "top" if loyal and pick.random() < 0.6 else "standard"
        cut = "\t".join((channel, tier, "proactive" if tier == "top" else "accountable", "", product))
        self._add(
            "purchase",
            id=number,
            customer_id=customer,
            shop="main",
            order_id=str(number),
            amount=price * 10_000,
            currency="CHF" if swiss else "EUR",
            items=to_json([{"name": product, "quantity": 1}]),
            extra="",
            paid_at=micros(at),
            delivered_at=micros(at + timedelta(days=2)),
            refunded_at=micros(min(NOW, at + timedelta(days=9))) if pick.random() < 0.04 else None,
            cut=cut,
        )
        asked = at + timedelta(days=5)
        if pick.random() < 0.95 and asked < NOW:
            self._asked(customer, number, asked, channel, cut, talks=talks)

    def _asked(self, customer: int, number: int, at: datetime, channel: str, cut: str, *, talks: bool) -> None:
        pick = self._random
        answered = at + timedelta(minutes=pick.expovariate(1 / 400))
        answers = pick.random() < (0.78 if talks else 0.22) and answered < NOW
        self._add(
            "ask",
            id=number,
            customer_id=customer,
            state="answered" if answers else "sent",
            planned_at=micros(at),
            sent_at=micros(at),
            delivered_at=micros(at),
            answered_at=micros(answered) if answers else None,
            channel=channel,
            cut=cut,
        )
        if answers:
            self._answered(customer, number, answered, cut)

    def _answered(self, customer: int, purchase: int, at: datetime, cut: str) -> None:
        pick = self._random
        bad_lot = LOT[0] <= at < LOT[1] and "boots" in cut and pick.random() < 0.75
        mood = "sad" if bad_lot else pick.choices(("sad", "plain", "glad"), (10, 16, 74))[0]
        rating = {"sad": (1, 2), "plain": (3, 4), "glad": (4, 5, 5)}[mood]
        text, topics = (
            (pick.choice(ZIPPER), "quality:-0.8")
            if bad_lot
            else pick.choice({"sad": SAD, "plain": PLAIN, "glad": GLAD}[mood])
        )
        worded = bad_lot or pick.random() < 0.7
        number = self._next()
        score = {"sad": -0.7, "plain": 0.05, "glad": 0.72}[mood] + pick.uniform(-0.25, 0.25)
        self._add(
            "feedback",
            id=number,
            customer_id=customer,
            event_id=number,
            at=micros(at),
            purchase_id=purchase,
            rating=pick.choice(rating),
            text=text if worded else "",
            worded=worded,
            label={"sad": "negative", "plain": "neutral", "glad": "positive"}[mood],
            score=round(score, 4),
            unhappy={"sad": 0.92, "plain": 0.3, "glad": 0.04}[mood],
            counts_unhappy=mood == "sad",
            corrected="",
            likelihood=self._likelihood(mood) if worded else None,
            topics=topics if worded else "",
            cut=cut,
        )  # fmt: skip
        if mood == "sad" or pick.random() < 0.06:
            self._escalated(customer, number, at, cut, unhappy=mood == "sad")

    def _likelihood(self, mood: str) -> int | None:
        """Now and then somebody writes “9/10”."""
        pick = self._random
        return pick.choice((2, 4, 6) if mood == "sad" else (9, 10, 10, 9, 8, 7)) if pick.random() < 0.25 else None

    def _escalated(self, customer: int, number: int, at: datetime, cut: str, *, unhappy: bool) -> None:
        pick = self._random
        kind = pick.choice(("unhappy", "unhappy", "unhappy", "alarm word")) if unhappy else pick.choice(
            ("asked for a person", "high value", "unclear")
        )  # fmt: skip
        human = at + timedelta(minutes=pick.lognormvariate(1.8, 0.9))
        done = human + timedelta(hours=pick.lognormvariate(0.6, 0.9))
        resolved = done < NOW - timedelta(hours=2)
        owner = pick.choice((1, 2, 2, 3))
        late = [] if human - at < timedelta(minutes=20) else [
            {"promise": "first_reply", "due_at": (at + timedelta(minutes=15)).isoformat()}
        ]  # fmt: skip
        self._add(
            "case",
            id=number,
            customer_id=customer,
            state="resolved" if resolved else "claimed",
            opened_at=micros(at),
            reasons=to_json([{"kind": kind, "evidence": "“broken zipper”", "at": at.isoformat()}]),
            desk="console",
            owner=owner,
            owner_name=("Kim", "Boris", "Aya")[owner - 1],
            claimed_at=micros(human),
            first_human_at=micros(human),
            first_resolved_at=micros(done) if resolved else None,
            resolved_at=micros(done) if resolved else None,
            recovered=pick.choice((True, True, True, False, None)) if resolved else None,
            unhappy=0.92 if unhappy else 0.2,
            breaches=to_json(late) if late else "",
            cut=cut,
        )
