"""One case on two desks and in the console: one owner, in step, and nothing said inside gets out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from time import monotonic

import pytest

from bot.wiring import desk_of, mirrors_of
from tests.journeys.mirrored import Mirrored, mirrored, soon
from tests.journeys.shop import program_text, until
from tests.journeys.test_console_speaking import Owner
from tests.journeys.test_slack import DESK as CHANNEL
from tests.journeys.test_speaking import LONG
from tests.journeys.test_telegram import server
from tests.wire.telegram import FakeTelegram
from tests.wire.telegram_groups import Topic

__all__ = ["server"]


@pytest.fixture
async def stage(tmp_path: Path, server: FakeTelegram) -> AsyncIterator[Mirrored]:
    """Both desks; Telegram is the main one."""
    async with mirrored(tmp_path, server) as running:
        yield running


async def shown_in_console(owner: Owner, words: str, timeout: float = 5) -> None:
    """The console's page has these words."""

    async def there() -> bool:
        await owner.page.refresh_now()
        return any(words in part for line in owner.page.lines.values() for part, _ in line["parts"])

    await until(there, f"{words!r} in the console", timeout)


async def lea_claims(stage: Mirrored, topic: Topic, name: str = "Ana") -> None:
    """By her button on Slack."""
    card = await stage.channel.wait_for(lambda m: name in m.shown and bool(m.controls))
    await stage.lea.tap("Claim", message=card)
    await topic.wait_for("Lea Roth has this case", timeout=8)


async def test_a_claim_on_slack_shows_on_telegram_and_in_the_console_within_two_seconds(stage: Mirrored) -> None:
    topic, thread = await stage.ana_is_unhappy()
    owner = Owner(stage.shop)
    await owner.opens((await stage.shop.case()).case)
    began = monotonic()
    await stage.lea.tap("Claim", channel=CHANNEL)
    await topic.wait_for("Lea Roth has this case", timeout=8)
    await topic.wait_for(lambda m: "Lea Roth has it" in m.text, timeout=8)
    await shown_in_console(owner, "Lea Roth has this case")
    assert monotonic() - began < 2
    row = await stage.shop.case()
    assert (row.owner, row.desk) == ("Lea Roth", "telegram")
    told = await stage.kim.tap_in(topic, "Resolve")
    assert told == "Lea Roth has this case. Ask Lea Roth or a manager."
    assert [text[:22] for text in stage.on_slack(thread)] == ["Lea Roth has this case"]


async def test_words_talk_and_notes_show_on_the_other_desk_and_only_the_claimers_get_out(stage: Mirrored) -> None:
    topic, thread = await stage.ana_is_unhappy()
    await lea_claims(stage, topic)
    said = await stage.lea.say(CHANNEL, "New boots leave today.", thread=thread)
    await stage.ana.wait_for("Lea: New boots leave today.")
    await topic.wait_for("Lea Roth (Slack) to the customer: New boots leave today.")
    await soon(lambda: "white_check_mark" in said.reactions, "the mark where it was written")
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
    shown = [text for text in topic.texts if "New boots leave today." in text]
    assert len(shown) == 1, "shown once, and never taken for an agent's own words"
    assert not any("(Telegram)" in text for text in topic.texts)
    assert not any("(Slack)" in text for text in stage.on_slack(thread))


async def test_an_early_word_is_answered_only_where_it_was_written(stage: Mirrored) -> None:
    topic, thread = await stage.ana_is_unhappy()
    await stage.tom.say(CHANNEL, "who takes this?", thread=thread)
    await stage.channel.wait_for("until you claim", thread=thread)
    await topic.wait_for("Tom Berg (Slack), inside: who takes this?")
    await stage.tg.settle()
    assert not any("until you claim" in text for text in topic.texts)


async def test_corrections_and_taking_back_are_told_on_the_other_desk(stage: Mirrored) -> None:
    topic, thread = await stage.ana_is_unhappy()
    await lea_claims(stage, topic)
    said = await stage.lea.say(CHANNEL, "We refund 100 euros.", thread=thread)
    await stage.ana.wait_for("We refund 100 euros.")
    await stage.lea.edit(said, "We refund 120 euros.")
    offer = await stage.channel.wait_for("Your change stays inside", thread=thread)
    await topic.wait_for("Lea Roth (Slack) changed a message, inside: We refund 120 euros.")
    await stage.lea.tap("Send the correction", message=offer)
    await stage.ana.wait_for("We refund 120 euros.")
    await topic.wait_for("Lea corrects what the customer reads: We refund 120 euros.")
    await stage.lea.say(CHANNEL, "!unsend", thread=thread)
    await stage.channel.wait_for("Taken back", thread=thread)
    await topic.wait_for("Taken back: the customer doesn't have “We refund 120 euros.” any more.")
    assert not any("Your change stays inside" in text for text in topic.texts)


async def test_who_claims_at_the_console_is_heard_on_both_desks(stage: Mirrored) -> None:
    topic, thread = await stage.ana_is_unhappy()
    owner = Owner(stage.shop)
    await owner.opens((await stage.shop.case()).case)
    await owner.does("claim")
    await topic.wait_for("Owner has this case")
    await stage.channel.wait_for("Owner has this case", thread=thread)
    await owner.does("reply", "Hello from the office.")
    await stage.ana.wait_for("Owner: Hello from the office.")
    await topic.wait_for("Owner (console) to the customer: Hello from the office.")
    await stage.channel.wait_for("Owner (console) to the customer: Hello from the office.", thread=thread)
    await stage.kim.say_in(topic, "on the way to the shop SECRET")
    await shown_in_console(owner, "on the way to the shop SECRET")
    await owner.does("resolve")
    await stage.channel.wait_for("Owner resolved this case.", thread=thread)
    await topic.wait_for("Owner resolved this case.")
    assert "SECRET" not in "\n".join(stage.read_by_ana())


@pytest.mark.parametrize("where", ["slack", "telegram"])
async def test_ten_thousand_characters_arrive_whole_on_the_other_desk(stage: Mirrored, where: str) -> None:
    topic, thread = await stage.ana_is_unhappy()
    if where == "slack":
        await lea_claims(stage, topic)
        await stage.lea.say(CHANNEL, LONG, thread=thread)
        end = LONG[-20:].strip()
        await soon(lambda: any(end in text for text in topic.texts), "the last piece on Telegram", 15)
        pieces = topic.texts
    else:
        await stage.kim.tap_in(topic, "Claim")
        for start in (0, 4000, 8000):
            await stage.kim.say_in(topic, LONG[start : start + 4000])
        end = LONG[-20:].strip()
        await soon(lambda: any(end in text for text in stage.on_slack(thread)), "the last piece on Slack", 15)
        pieces = stage.on_slack(thread)
    await soon(lambda: any(end in text for text in stage.read_by_ana()), "the last piece at Ana's", 15)
    head = "Lea Roth (Slack) to the customer: " if where == "slack" else "Kim (Telegram) to the customer: "
    whole = "".join(text.replace(head, "") for text in pieces if "word" in text and "word" in text.replace(head, ""))
    assert "".join(LONG.split()) in "".join(whole.split())


async def test_files_show_on_the_other_desk_and_at_the_customers(stage: Mirrored) -> None:
    topic, thread = await stage.ana_is_unhappy()
    await lea_claims(stage, topic)
    await stage.lea.say(CHANNEL, "the manual", [("manual.pdf", b"%PDF")], thread=thread)
    await soon(lambda: any(m.kind == "document" for m in stage.ana.sees), "the file at Ana's")
    await soon(lambda: any(m.kind == "document" for m in topic.messages), "the file in the topic")
    await stage.ana.send_voice()
    await soon(lambda: any(m.kind == "voice" for m in topic.messages), "the voice message in the topic")
    await stage.channel.wait_for("[voice message]", thread=thread)
    await stage.ana.send_photo(caption="look")
    await stage.channel.wait_for("look", thread=thread)
    await stage.boris.send_photo(to=topic, caption="the batch SECRET")
    await stage.channel.wait_for("Boris (Telegram), inside: the batch SECRET", thread=thread)
    await soon(lambda: sum(len(m.files) for m in stage.channel.thread(thread)) == 4, "every file in the thread")
    assert not any(m.kind == "photo" for m in stage.ana.sees if m.from_bot)
    database = stage.shop.running.house.database
    lines = await database.conversation((await stage.shop.case()).customer, 50, inside=True)
    (inside,) = [line for line in lines if line.inside and line.attachments]
    assert (inside.text, inside.attachments[0].media.value) == ("the batch SECRET", "photo"), "and in the console"


async def test_the_customers_reply_is_a_reply_where_the_words_were_written(stage: Mirrored) -> None:
    topic, thread = await stage.ana_is_unhappy()
    await stage.kim.tap_in(topic, "Claim")
    asked = await stage.kim.say_in(topic, "When did it break?")
    heard = await stage.ana.wait_for("When did it break?")
    await stage.ana.say("on Monday", reply_to=heard)
    answer = await topic.wait_for("on Monday")
    assert answer.reply is asked
    await stage.channel.wait_for("↩ “Kim: When did it break?”\nAna Duarte: on Monday", thread=thread)


async def test_the_program_may_keep_cases_to_the_main_desk(tmp_path: Path, server: FakeTelegram) -> None:
    async with mirrored(tmp_path, server, program_text("slack", mirror=False)) as stage:
        await stage.ana_rates_badly()
        await stage.channel.wait_for("unhappy", timeout=8)
        await stage.tg.settle()
        assert stage.desk.topics == []
        assert (await stage.shop.case()).desk == "slack"
        house = stage.shop.running.house
        assert desk_of(house.settings, house.program, house.channels) == "slack"
        assert mirrors_of(house.settings, house.program, house.channels) == ()


@pytest.mark.parametrize("main", ["telegram", "slack", "console"])
@pytest.mark.parametrize("customer", ["telegram", "slack"])
async def test_the_whole_way_with_both_desks(tmp_path: Path, server: FakeTelegram, main: str, customer: str) -> None:
    async with mirrored(tmp_path, server, program_text(main, follow_up="2s")) as stage:
        ana = customer == "telegram"
        topic, thread = await (stage.ana_is_unhappy() if ana else stage.bea_is_unhappy())
        await lea_claims(stage, topic, "Ana" if ana else "Bea")
        await stage.lea.say(CHANNEL, "New boots leave today.", [("label.pdf", b"%PDF")], thread=thread)
        await stage.kim.say_in(topic, "inside SECRET")
        read = stage.read_by_ana if ana else stage.read_by_bea
        await soon(lambda: any("New boots leave today." in text for text in read()), "the words at the customer's")
        if ana:
            await stage.ana.say("thank you")
            await stage.ana.send_photo()
        else:
            await stage.bea.dm("thank you", [("photo.png", b"\x89PNG")])
        await topic.wait_for("thank you")
        await soon(lambda: any(m.kind in {"photo", "document"} for m in topic.messages), "the photo in the topic")
        await stage.channel.wait_for("thank you", thread=thread)
        await stage.lea.tap("Resolve", channel=CHANNEL)
        await topic.wait_for("Lea Roth resolved this case.")
        await soon(lambda: any("Lea says thank you" in text for text in read()), "the closing words")
        await soon(lambda: any("Is all well again?" in text for text in read()), "the follow-up", 10)
        if ana:
            await stage.ana.tap("No, not yet")
        else:
            await stage.bea.tap("No, not yet")
        await topic.wait_for("not fixed yet")
        await stage.channel.wait_for("not fixed yet", thread=thread)
        assert (await stage.shop.case()).desk == main
        assert "SECRET" not in "\n".join(read())
        assert await stage.shop.running.house.database.dead_letters() == []


async def test_one_person_with_two_identities_goes_on_at_the_other_desk(tmp_path: Path, server: FakeTelegram) -> None:
    program = program_text("telegram", more='[agents."telegram:1"]\nalso = ["slack:U0LEA"]\n')
    async with mirrored(tmp_path, server, program, agents="telegram:1,telegram:2,slack:U0TOM") as stage:
        topic, thread = await stage.ana_is_unhappy()
        await stage.kim.tap_in(topic, "Claim")
        await stage.channel.wait_for("Kim has this case", thread=thread)
        await stage.kim.say_in(topic, "I leave the office now.")
        await stage.ana.wait_for("Kim: I leave the office now.")
        await stage.lea.say(CHANNEL, "And I am on the train.", thread=thread)
        await stage.ana.wait_for("Kim: And I am on the train.")
        shown = await topic.wait_for("Kim (Slack) to the customer: And I am on the train.")
        train = next(m for m in stage.ana.sees if m.from_bot and "on the train" in m.text)
        await stage.kim.say_in(topic, "It left late.", reply_to=shown)
        late = await stage.ana.wait_for("Kim: It left late.")
        assert late.reply is train
        await stage.kim.say_in(topic, "/unsend", reply_to=shown)
        await topic.wait_for("Taken back: the customer doesn't have “And I am on the train.” any more.")
        await stage.tom.say(CHANNEL, "inside SECRET", thread=thread)
        await topic.wait_for("Tom Berg (Slack), inside: inside SECRET")
        await stage.lea.tap("Resolve", channel=CHANNEL)
        await topic.wait_for("Kim resolved this case.")
        assert "SECRET" not in "\n".join(stage.read_by_ana())
        people = await stage.shop.running.house.database.staff()
        assert sorted(one.identity for one in people if one.name == "Kim") == ["slack:U0LEA", "telegram:1"]
        assert len({one.id for one in people if one.name == "Kim"}) == 1
