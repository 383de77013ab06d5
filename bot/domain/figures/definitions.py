"""What each figure is called and means. Pages show the sentence on hover; docs/figures.md is made from here."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Unit(StrEnum):
    """How a value is written."""

    SHARE = "share"
    COUNT = "count"
    STARS = "stars"
    MOOD = "mood"
    NPS = "nps"
    SECONDS = "seconds"
    MONEY = "money"


class Interval(StrEnum):
    """How the 95 % interval is made."""

    NONE = "none"
    WILSON = "Wilson"
    NORMAL = "normal"


@dataclass(frozen=True, slots=True)
class Definition:
    """`means` is one sentence; `of` names what `n` counts. `good` is 1 when more is better, −1 when less is, else 0.

    `opens`: what lies behind it can be listed; `part` says what its key needs then (`top_fifth:EUR`).
    `cuts`: it follows the filters. `least`: hidden below so many cases.
    """

    key: str
    title: str
    means: str
    unit: Unit
    of: str
    interval: Interval = Interval.NONE
    good: int = 0
    least: int = 10
    opens: bool = True
    cuts: bool = True
    part: str = ""

    @property
    def hidden(self) -> str:
        """When it is not shown."""
        return f"below {self.least} {self.of}" if self.least else "never"


_ALL = (
    Definition(
        "recovery",
        "Recovered",
        "Of the unhappy cases that a person answered and that were resolved in this time, the share whose customer "
        "said afterwards that all is well; who doesn't say counts as not recovered.",
        Unit.SHARE, "unhappy cases that a person answered and resolved", Interval.WILSON, 1,
    ),
    Definition(
        "recovered_of_told",
        "Recovered, of those who said",
        "Of the resolved cases whose customer told us whether all is well again, the share who said yes.",
        Unit.SHARE, "customers who told us", Interval.WILSON, 1,
    ),
    Definition(
        "csat",
        "Satisfied",
        "Of the purchases rated in this time, the share with 4 or 5 stars; only a customer's latest rating of a "
        "purchase counts, on the day it was given.",
        Unit.SHARE, "rated purchases", Interval.WILSON, 1,
    ),
    Definition(
        "average_rating",
        "Average rating",
        "The mean of the stars (1 to 5) given in this time, a customer's latest rating of a purchase only.",
        Unit.STARS, "rated purchases", Interval.NORMAL, 1,
    ),
    Definition(
        "nps",
        "Net promoters",
        "The share of 9s and 10s less the share of 0s to 6s among ratings that customers wrote on a scale of 10 by "
        "themselves (“9/10”); stars are never converted, because the bot asks for stars and not whether somebody "
        "would recommend the shop, so it is a rough guide and hidden while few write such ratings.",
        Unit.NPS, "ratings from 0 to 10", Interval.NORMAL, 1,
    ),
    Definition(
        "response_rate",
        "Response rate",
        "Of the asks that reached their customer in this time, the share that has been answered so far; asks that "
        "were never delivered are left out.",
        Unit.SHARE, "delivered asks", Interval.WILSON, 1,
    ),
    Definition(
        "asks_sent", "Asks delivered", "Asks that reached their customer in this time.",
        Unit.COUNT, "delivered asks", least=0,
    ),
    Definition(
        "asked", "Customers asked", "Customers whom at least one ask reached in this time, each counted once.",
        Unit.COUNT, "customers", least=0, cuts=False,
    ),
    Definition(
        "answered",
        "Customers who answered",
        "Customers who answered, before its end, an ask that reached them in this time, each counted once.",
        Unit.COUNT, "customers", least=0, cuts=False,
    ),
    Definition(
        "answers",
        "Answers",
        "What customers said about a purchase, by stars or words, on the day of their latest word: one answer for each "
        "customer and purchase.",
        Unit.COUNT, "answers", least=0,
    ),
    Definition(
        "unhappy_share",
        "Unhappy",
        "Of the answers of this time, the share whose latest rating is 1 or 2, or whose latest words are read as "
        "negative (an agent's correction goes before the reading).",
        Unit.SHARE, "answers", Interval.WILSON, -1,
    ),
    Definition(
        "sentiment",
        "Mood of the words",
        "The mean mood (−1 to 1) of the messages that could be read; a message that an agent corrected counts −0.5, 0 "
        "or +0.5.",
        Unit.MOOD, "messages that could be read", Interval.NORMAL, 1,
    ),
    Definition(
        "cases_opened", "Cases opened", "Conversations that were passed to a person in this time.",
        Unit.COUNT, "cases", good=-1, least=0,
    ),
    Definition(
        "cases_resolved", "Cases resolved", "Cases whose latest resolution lies in this time; a reopened one waits "
        "for its next.", Unit.COUNT, "cases", least=0,
    ),
    Definition(
        "first_human_response_median_s",
        "First human reply, median",
        "Half of the cases first answered in this time waited no longer than this, from their opening to the first "
        "words of a person; the bot's replies never count.",
        Unit.SECONDS, "cases first answered", good=-1,
    ),
    Definition(
        "first_human_response_p90_s",
        "First human reply, slowest tenth",
        "Nine of ten cases first answered in this time waited no longer than this for the first words of a person.",
        Unit.SECONDS, "cases first answered", good=-1,
    ),
    Definition(
        "first_resolution_median_s",
        "First resolution, median",
        "Half of the cases that a person resolved for the first time in this time took no longer than this, from "
        "their opening.",
        Unit.SECONDS, "cases first resolved", good=-1,
    ),
    Definition(
        "first_resolution_p90_s",
        "First resolution, slowest tenth",
        "Nine of ten cases that a person resolved for the first time in this time took no longer than this.",
        Unit.SECONDS, "cases first resolved", good=-1,
    ),
    Definition(
        "resolution_median_s",
        "Final resolution, median",
        "Half of the cases resolved for good (so far) in this time took no longer than this from their opening, "
        "reopenings included.",
        Unit.SECONDS, "cases resolved by a person", good=-1,
    ),
    Definition(
        "resolution_p90_s",
        "Final resolution, slowest tenth",
        "Nine of ten cases resolved for good (so far) in this time took no longer than this, reopenings included.",
        Unit.SECONDS, "cases resolved by a person", good=-1,
    ),
    Definition(
        "late", "Promises broken", "Promised times (first reply, next reply, resolution) that ran out unkept in this "
        "time; counted on the day they ran out.", Unit.COUNT, "promises", good=-1, least=0,
    ),
    Definition(
        "repeat_rate",
        "Repeat rate",
        "Of all customers with an order that stands, the share with two or more; refunded and cancelled orders don't "
        "count.",
        Unit.SHARE, "customers with an order", Interval.WILSON, 1, cuts=False,
    ),
    Definition(
        "retention",
        "Came back",
        "Of the customers whose first order lies in a month, the share with an order in a given later month (the "
        "shop's own months).",
        Unit.SHARE, "customers of the month", Interval.WILSON, 1, cuts=False, part="month+later",
    ),
    Definition(
        "revenue",
        "Sales",
        "Money for the orders paid in this time that still stand, per currency; a refund takes an order out of the day "
        "it was paid.",
        Unit.MONEY, "orders", least=0,
    ),
    Definition(
        "value_per_customer",
        "Value per customer",
        "Everything spent so far on orders that stand, divided by the customers who have one, per currency.",
        Unit.MONEY, "customers with an order", good=1, cuts=False, part="currency",
    ),
    Definition(
        "top_fifth",
        "Share of the top 20 %",
        "The part of all money spent that comes from the fifth of customers who spent most, per currency (the number "
        "of customers rounded up).",
        Unit.SHARE, "customers with an order", cuts=False, part="currency",
    ),
    Definition(
        "engaged_spend",
        "Spend of those who answer",
        "How much more (or less) customers who ever answered an ask have spent on average than customers who never "
        "did: a correlation, not an effect, since people who buy more also have more to answer.",
        Unit.SHARE, "customers who answered, and who did not (the smaller group)", cuts=False, part="currency",
    ),
    Definition(
        "five_more",
        "If five more of a hundred came back",
        "What it would be worth if five more of every hundred customers bought again and then spent like those who "
        "do today: 5 % of the customers × (what a returning customer spent − what a one-time customer spent).",
        Unit.MONEY, "customers with an order", cuts=False, part="currency",
    ),
    Definition(
        "load",
        "Agents' load",
        "Cases that each agent holds now, and that they took and resolved in this time, in the order of their names: "
        "to share work fairly, never to rank people.",
        Unit.COUNT, "cases", least=0, cuts=False, part="agent",
    ),
    Definition(
        "topics",
        "What people talk about",
        "How many messages of this time mention a topic, in which mood, and the change against the time before.",
        Unit.COUNT, "messages", least=0, part="topic",
    ),
    Definition(
        "themes",
        "Rising words",
        "Words and pairs that at least five customers use, half as many again as in the time before, which chance "
        "alone brings about in less than one of a thousand cases (Fisher's exact test).",
        Unit.COUNT, "customers", least=0,
    ),
)  # fmt: skip

DEFINITIONS = {definition.key: definition for definition in _ALL}
ENGAGED_LITERATURE = 0.23
"""Gallup, “Customer engagement” (2014): fully engaged customers bring a 23 % premium over the average customer."""
