"""How a new thread begins when its case is under way already: made when it is sent, from what is true then."""

from __future__ import annotations

from bot.domain.desks import card_now, history_words
from bot.ports import Clock, Opening, Parcel, Records
from bot.program import Program

LINES = 12


class Openings:
    """Makes the card and the history in brief for a thread that has to be made anew."""

    def __init__(self, records: Records, program: Program, clock: Clock) -> None:
        self._records = records
        self._program = program
        self._clock = clock

    async def __call__(self, parcel: Parcel) -> Opening | None:
        """None when the case is not known any more."""
        now = self._clock.now()
        story = await self._records.story(parcel.customer, now)
        if story is None or parcel.case is None:
            return None
        card = card_now(story, parcel.case, await self._records.house(), self._program, now)
        if card is None:
            return None
        shop = self._program.shop
        lines = await self._records.brief(parcel.customer, parcel.event, LINES)
        return Opening(card, history_words(lines, shop.languages[0], shop.zone))
