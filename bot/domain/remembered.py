"""Which facts about a person may be read now."""

from __future__ import annotations

from datetime import datetime

from bot.domain.customer import Memory
from bot.domain.fact import Fact, FactState
from bot.domain.story import Story


def remembered(story: Story, now: datetime) -> tuple[Fact, ...]:
    """What agents may read, oldest first: with the customer's consent, and not past its time."""
    if story.customer.memory is not Memory.YES:
        return ()
    return tuple(fact for fact in story.facts if fact.state is FactState.KEPT and fact.expires_at > now)


def held(story: Story) -> tuple[Fact, ...]:
    """What waits for the customer's consent, oldest first."""
    return tuple(fact for fact in story.facts if fact.state is FactState.HELD)


def listed(story: Story, now: datetime) -> tuple[Fact, ...]:
    """As `/remember` numbers them: what may be read, then what waits."""
    return (*remembered(story, now), *held(story))
