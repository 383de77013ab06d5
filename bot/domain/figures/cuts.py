"""How figures can be cut: by channel, product, tier, level and campaign. A row's cut is fixed when the row is made."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import lru_cache

from bot.domain.ids import PurchaseId
from bot.domain.level import level_of
from bot.domain.outreach import OutreachState
from bot.domain.story import Story
from bot.program import Program

TOP, STANDARD = "top", "standard"
LONGEST_PRODUCT = 80
EVERYTHING = "*"
BY_DAY = "d"
"""Before the name of a sum: the same by the shop's whole days, so that a year is 365 rows."""
PEOPLE, GOODS, PRODUCT = "p", "g", "o"
"""The kinds of sums that are kept beside everything: by who and where; by product too; by product alone."""


@dataclass(frozen=True, slots=True)
class Cut:
    """Where and with whom something happened; "" = not known. `product` is the first item of the order."""

    channel: str = ""
    tier: str = ""
    level: str = ""
    campaign: str = ""
    product: str = ""

    @property
    def text(self) -> str:
        """As it lies in a column."""
        return f"{self.people}\t{self.product}"

    @property
    def people(self) -> str:
        """Who and where, without the product."""
        return f"{self.channel}\t{self.tier}\t{self.level}\t{self.campaign}"

    def on(self, channel: str) -> Cut:
        """The same on a channel that is known only now."""
        return replace(self, channel=channel) if channel else self

    @property
    def sums(self) -> tuple[str, str, str, str]:
        """The sums that it belongs to: everything, people, goods, product."""
        return EVERYTHING, f"{PEOPLE}\t{self.people}", f"{GOODS}\t{self.text}", f"{PRODUCT}\t{self.product}"

    def fits(self, wanted: Cut) -> bool:
        """Whether a filter lets it through; "" in the filter = any."""
        return all(getattr(wanted, field.name) in {"", getattr(self, field.name)} for field in fields(Cut))


EVERY = Cut()
"""The filter that lets everything through."""


@lru_cache(maxsize=4096)
def cut_from(text: str) -> Cut:
    """What `Cut.text` gave; rows of an earlier version have none."""
    return Cut(*text.split("\t")) if text else EVERY


def cut_of_sum(text: str) -> Cut:
    """The cut of a people's or a goods' sum."""
    return Cut(*text.split("\t")[1:])


def cut_of(story: Story, program: Program, channel: str = "", purchase: PurchaseId | None = None) -> Cut:
    """The cut of something that happens to a customer now."""
    return Cut(
        channel,
        TOP if story.standing.top else STANDARD,
        level_of(story.customer, story.standing, program.levels).level,
        campaign_of(story),
        product_of(story, purchase),
    )


def campaign_of(story: Story) -> str:
    """The campaign that was sent to a customer last, while its window for an answer is open."""
    return next((one.campaign for one in reversed(story.outreach) if one.state is OutreachState.SENT), "")


def product_of(story: Story, purchase: PurchaseId | None) -> str:
    """The name of a purchase's first item: an order counts for one product, so that products add up to the whole."""
    title = next((one.title for one in story.purchases if one.id == purchase), "")
    return " ".join(title.split())[:LONGEST_PRODUCT]
