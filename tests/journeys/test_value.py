"""The most valuable customers are heard by a person, computed over all orders, not guessed."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.event import BySender, Incoming, Said, Sender, Started
from bot.domain.event import ByToken as Token
from tests.journeys.shop import Shop, open_shop, program_text, until

TOTALS = ("10.00", "20.00", "30.00", "40.00", "900.00")


async def open_link(shop: Shop, answer: dict[str, object], name: str) -> Sender:
    """A customer opens the web chat by the order's link."""
    links = answer["links"]
    assert isinstance(links, dict)
    token = str(links["web"]).partition("token=")[2]
    sender = Sender("web", name, name)
    house = shop.running.house
    await house.intake.accept(Incoming(f"open:{name}", Token(token, sender), Started(sender, token), house.clock.now()))
    return sender


async def says(shop: Shop, sender: Sender, words: str) -> None:
    house = shop.running.house
    incoming = Incoming(f"say:{sender.external}:{words}", BySender(sender), Said(sender, words), house.clock.now())
    await house.intake.accept(incoming)


@pytest.mark.parametrize(("customers", "heard"), [(5, True), (4, False)])
async def test_a_happy_word_of_the_top_share_brings_a_person(tmp_path: Path, customers: int, heard: bool) -> None:
    async with open_shop(tmp_path, program_text("console")) as shop:
        answers = {}
        for number, total in enumerate(TOTALS[-customers:]):
            answers[total] = await shop.order(f"{number}", customer=f"c{number}", total=total)
        top = await open_link(shop, answers["900.00"], "top")
        other = await open_link(shop, answers["40.00"], "other")
        await says(shop, other, "love them, thank you so much")
        await says(shop, top, "love them, thank you so much")

        async def answered() -> bool:
            lines = (await shop.export("web:top"))["interactions"]
            return any(line["text"].startswith(("Thank you", "I am")) for line in lines if line["author"] == "bot")

        await until(answered, "an answer")
        rows = await shop.queue()
        assert [row.customer for row in rows] == ([answers["900.00"]["customer"]] if heard else [])
        if heard:
            assert rows[0].reasons == ("high value",)
            assert rows[0].top
