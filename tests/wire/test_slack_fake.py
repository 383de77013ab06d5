"""The pretend Slack holds up: slack_bolt and slack_sdk run on it unmodified."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from tests.wire import slack_text
from tests.wire.extract_slack_spec import methods_of_sdk
from tests.wire.slack import ALL_SCOPES, FakeSlack, Limits, NotSeen, Upload
from tests.wire.slack_blocks import blocks_faults, view_faults
from tests.wire.slack_spec import METHODS, PAYLOAD_FIELDS

Json = dict[str, Any]

TRANSPORTS = ("socket", "http")
both = pytest.mark.parametrize("transport", TRANSPORTS)
pytestmark = pytest.mark.asyncio


def mrkdwn(text: str) -> Json:
    """Give a section with mrkdwn text."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def plain(text: str) -> Json:
    """Give a plain text object."""
    return {"type": "plain_text", "text": text}


def button(text: str, action_id: str, **more: object) -> Json:
    """Give a button."""
    return {"type": "button", "text": plain(text), "action_id": action_id, **more}


def actions(*elements: Json) -> Json:
    """Give a row of buttons."""
    return {"type": "actions", "elements": list(elements)}


def client_of(slack: FakeSlack, **more: Any) -> AsyncWebClient:
    """Give slack_sdk's client of the fake."""
    return AsyncWebClient(token=slack.bot_token, base_url=slack.api_url, **more)


def app_of(slack: FakeSlack, **more: Any) -> AsyncApp:
    """Give a Bolt app that talks to the fake."""
    return AsyncApp(client=client_of(slack), signing_secret=slack.signing_secret, **more)


@contextlib.asynccontextmanager
async def running(slack: FakeSlack, app: AsyncApp, transport: str) -> AsyncIterator[None]:
    """Run a Bolt app on one of the two transports."""
    if transport == "socket":
        handler = AsyncSocketModeHandler(app, slack.app_token, ping_interval=1)
        await handler.connect_async()  # type: ignore[no-untyped-call]
        await slack.connected()
        try:
            yield
        finally:
            await quiet_close(handler)
        return

    async def hook(request: web.Request) -> web.StreamResponse:
        answer = await app.async_dispatch(await to_bolt_request(request))
        return await to_aiohttp_response(answer)

    site = web.Application()
    site.router.add_post("/hooks/slack", hook)
    runner = web.AppRunner(site, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    await slack.deliver_to(f"http://127.0.0.1:{runner.addresses[0][1]}/hooks/slack", verify=True)
    try:
        yield
    finally:
        await runner.cleanup()


async def quiet_close(handler: AsyncSocketModeHandler) -> None:
    """Close a Socket Mode client without leaving its tasks behind."""
    client = handler.client
    await handler.close_async()  # type: ignore[no-untyped-call]
    tasks = (client.message_receiver, client.message_processor, client.current_session_monitor)
    for task in tasks:
        if task is not None:
            task.cancel()
    await asyncio.gather(*(task for task in tasks if task is not None), return_exceptions=True)
    await client.aiohttp_client_session.close()


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    """Give a workspace whose bot may do everything."""
    async with FakeSlack(scopes=ALL_SCOPES) as fake:
        yield fake


def echo(app: AsyncApp) -> list[Json]:
    """Let the app repeat every direct message; give what it heard."""
    heard: list[Json] = []

    @app.event("message")
    async def repeat(body: Json, event: Json, say: Callable[..., Awaitable[Any]]) -> None:
        heard.append(body)
        if "subtype" not in event:
            await say(f"You said: {event['text']}")

    return heard


# -- the ways in ----------------------------------------------------------------------------


@both
async def test_a_direct_message_reaches_bolt_and_its_answer_is_seen(slack: FakeSlack, transport: str) -> None:
    app = app_of(slack)
    heard = echo(app)
    ana = slack.user("U0ANA", name="ana", email="ana@example.com")
    async with running(slack, app, transport):
        await ana.dm("R&D <late> 👍 see example.com, @afterword")
        answer = await ana.wait_for("You said: R&D <late> 👍 see example.com, @afterword")
        await slack.settled()
    event = heard[0]["event"]
    assert event["text"] == ("R&amp;D &lt;late&gt; :+1: see <http://example.com|example.com>, <@U0BOT>")
    assert (event["channel_type"], event["channel"], event["user"]) == ("im", "D0ANA", "U0ANA")
    assert answer.by_bot
    assert ana.last is answer
    assert not slack.lost
    slack.assert_clean()


@both
async def test_events_carry_only_fields_that_slack_sends(slack: FakeSlack, transport: str) -> None:
    app = app_of(slack)
    heard = echo(app)
    ana = slack.user("U0ANA")
    async with running(slack, app, transport):
        await ana.dm("plain")
        await ana.dm("with a file", [("boot.jpg", b"jpeg")])
        await slack.settled()
    for body in heard[:1] + heard[-1:]:
        facts = PAYLOAD_FIELDS[body["event"].get("subtype", "message")]
        assert set(body) <= set(facts["top"])
        assert set(body["event"]) <= set(facts["event"])


@both
async def test_a_click_carries_message_and_channel_and_can_replace_the_card(slack: FakeSlack, transport: str) -> None:
    app = app_of(slack)
    clicks: list[Json] = []

    @app.action("claim")
    async def claim(ack: Any, body: Json, respond: Any) -> None:
        await ack()
        clicks.append(body)
        await respond("Claimed by bo", replace_original=True)

    bo = slack.user("U0BO", name="bo")
    desk = slack.channel("C0DESK", name="desk", members=[bo])
    async with running(slack, app, transport):
        card = [mrkdwn("A case"), actions(button("Claim", "claim", value="case-1"))]
        await app.client.chat_postMessage(channel="C0DESK", text="A case", blocks=card)
        reply = await bo.tap("Claim", channel=desk)
        await desk.wait_for("Claimed by bo")
    body = clicks[0]
    facts = PAYLOAD_FIELDS["block_actions"]
    assert set(body) <= set(facts["top"])
    assert set(body["container"]) <= set(facts["container"])
    assert body["actions"][0]["value"] == "case-1"
    assert body["channel"] == {"id": "C0DESK", "name": "desk"}
    assert body["message"]["text"] == "A case"
    assert body["user"]["id"] == "U0BO"
    assert reply.failed is None
    assert [message.shown for message in desk.messages] == ["Claimed by bo"]
    assert desk.messages[0].buttons == []
    slack.assert_clean()


@both
async def test_a_command_collects_ack_and_later_answers(slack: FakeSlack, transport: str) -> None:
    app = app_of(slack)

    @app.command("/afterword")
    async def summary(ack: Any, command: Json, respond: Any, client: AsyncWebClient) -> None:
        await ack(f"Working on {command['text']}")
        await respond("Here it is", response_type="in_channel")
        await client.chat_postEphemeral(channel=command["channel_id"], user=command["user_id"], text="psst")

    mo = slack.user("U0MO", name="mo")
    ana = slack.user("U0ANA", name="ana")
    slack.channel("C0DESK", name="desk", members=[mo, ana])
    async with running(slack, app, transport):
        reply = await mo.command("/afterword", "summary 7d", channel="C0DESK")
        await reply.wait_for("psst")
    assert reply.text == "Working on summary 7d\nHere it is"
    assert {message.shown for message in reply.ephemerals} == {"Working on summary 7d", "psst"}
    assert [message.shown for message in ana.sees_in("C0DESK")] == ["Here it is"]
    form = reply.delivery.payload
    assert set(form) <= set(PAYLOAD_FIELDS["command"]["top"])
    slack.assert_clean()


@both
async def test_a_command_that_nobody_takes_fails_for_the_person(transport: str) -> None:
    async with FakeSlack(ack_timeout=0.1) as slack:
        mo = slack.user("U0MO")
        if transport == "http":
            await slack.deliver_to("http://127.0.0.1:9/nobody")
        reply = await mo.command("/afterword", "summary")
        assert reply.failed == "operation_timeout"


GIFT: Json = {
    "type": "modal",
    "callback_id": "gift",
    "title": plain("A gift"),
    "submit": plain("Give"),
    "private_metadata": "case-1",
    "blocks": [
        {
            "type": "input",
            "block_id": "amount",
            "label": plain("How much"),
            "element": {"type": "plain_text_input", "action_id": "sum"},
        },
        {
            "type": "input",
            "block_id": "kind",
            "label": plain("What"),
            "element": {
                "type": "static_select",
                "action_id": "what",
                "options": [{"text": plain("Coupon"), "value": "coupon"}],
            },
        },
    ],
}


@both
async def test_a_modal_opens_refuses_and_is_submitted(slack: FakeSlack, transport: str) -> None:
    app = app_of(slack)
    submitted: list[Json] = []

    @app.action("gift")
    async def open_gift(ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=GIFT)

    @app.view("gift")
    async def give(ack: Any, body: Json) -> None:
        submitted.append(body["view"])
        if body["view"]["state"]["values"]["amount"]["sum"]["value"] == "999":
            await ack(response_action="errors", errors={"amount": "Over your budget"})
        else:
            await ack()

    bo = slack.user("U0BO")
    async with running(slack, app, transport):
        await app.client.chat_postMessage(channel="U0BO", text="A case", blocks=[actions(button("Gift", "gift"))])
        await bo.tap("Gift")
        assert (await bo.wait_for_modal())["title"]["text"] == "A gift"
        refused = await bo.submit({"sum": "999", "what": "Coupon"})
        assert refused.ack == {
            "response_action": "errors",
            "errors": {"amount": "Over your budget"},
        }
        assert (await bo.wait_for_modal())["callback_id"] == "gift"
        await bo.submit({"sum": "20", "what": "Coupon"})
        assert bo.modal is None
    assert submitted[-1]["state"]["values"]["kind"]["what"]["selected_option"]["value"] == "coupon"
    assert submitted[-1]["private_metadata"] == "case-1"
    slack.assert_clean()


async def test_a_trigger_opens_one_view_and_only_soon(slack: FakeSlack) -> None:
    client = client_of(slack)
    slack.user("U0BO")
    view = {"type": "modal", "title": plain("Hi"), "blocks": [mrkdwn("Hi")]}
    trigger = slack.api.trigger("U0BO")
    await client.views_open(trigger_id=trigger, view=view)
    with pytest.raises(SlackApiError, match="exchanged_trigger_id"):
        await client.views_open(trigger_id=trigger, view=view)
    late = slack.api.trigger("U0BO")
    slack.api.triggers[late].until = time.monotonic() - 1
    with pytest.raises(SlackApiError, match="expired_trigger_id"):
        await client.views_open(trigger_id=late, view=view)


async def test_the_home_tab_is_published_and_opened(slack: FakeSlack) -> None:
    app = app_of(slack)

    @app.event("app_home_opened")
    async def greet(event: Json, client: AsyncWebClient) -> None:
        view = {"type": "home", "blocks": [mrkdwn("Welcome"), actions(button("Stop", "stop"))]}
        await client.views_publish(user_id=event["user"], view=view)

    pressed = asyncio.Event()

    @app.action("stop")
    async def stop(ack: Any) -> None:
        await ack()
        pressed.set()

    ana = slack.user("U0ANA")
    async with running(slack, app, "socket"):
        await ana.open_home()
        async with asyncio.timeout(5):
            while ana.home is None:
                await slack.world.changed()
        await ana.tap("Stop")
        assert pressed.is_set()
    slack.assert_clean()


# -- files --------------------------------------------------------------------------------------


async def test_a_shared_photo_is_downloaded_with_the_token_only(slack: FakeSlack) -> None:
    app = app_of(slack)
    heard = echo(app)
    ana = slack.user("U0ANA")
    clip = Upload("voice.m4a", b"sound", "audio/mp4", subtype="slack_audio")
    async with running(slack, app, "socket"):
        await ana.dm("look", files=[("boot.jpg", b"\xff\xd8jpeg"), clip])
    event = heard[0]["event"]
    assert event["subtype"] == "file_share"
    assert event["files"][1]["subtype"] == "slack_audio"
    url = event["files"][0]["url_private"]
    async with aiohttp.ClientSession() as session:
        bearer = {"Authorization": f"Bearer {slack.bot_token}"}
        async with session.get(url, headers=bearer) as response:
            assert await response.read() == b"\xff\xd8jpeg"
        async with session.get(url) as response:
            assert "Sign in to Slack" in await response.text()


async def test_files_upload_v2_shares_in_a_thread(slack: FakeSlack) -> None:
    client = client_of(slack)
    bo = slack.user("U0BO")
    desk = slack.channel("C0DESK", members=[bo])
    card = await bo.say(desk, "card")
    done = await client.files_upload_v2(
        channel="C0DESK",
        thread_ts=card.ts,
        initial_comment="From the customer",
        file_uploads=[
            {"file": b"one", "filename": "a.txt", "title": "A"},
            {"file": b"three", "filename": "b.txt", "title": "B"},
        ],
    )
    assert [file["title"] for file in done["files"]] == ["A", "B"]
    (shared,) = desk.thread(card)
    assert shared.text == "From the customer"
    assert [file.content for file in shared.files] == [b"one", b"three"]
    slack.assert_clean()


async def test_an_upload_of_another_length_is_a_violation(slack: FakeSlack) -> None:
    client = client_of(slack)
    place = await client.files_getUploadURLExternal(filename="a.txt", length=5)
    async with aiohttp.ClientSession() as session, session.post(place["upload_url"], data=b"toolong") as response:
        assert response.status == 400
    with pytest.raises(AssertionError, match="said 5, sent 7"):
        slack.assert_clean()


# -- people -------------------------------------------------------------------------------------


async def test_a_customer_is_found_by_email_and_written_to(slack: FakeSlack) -> None:
    client = client_of(slack)
    ana = slack.user("U0ANA", name="ana", email="Ana@Example.com", tz="America/New_York")
    found = await client.users_lookupByEmail(email="ana@example.com")
    assert found["user"]["id"] == "U0ANA"
    assert found["user"]["tz"] == "America/New_York"
    opened = await client.conversations_open(users=["U0ANA"])
    await client.chat_postMessage(channel=opened["channel"]["id"], text="How were the boots?")
    assert (await ana.wait_for("boots")).channel == "D0ANA"
    with pytest.raises(SlackApiError, match="users_not_found"):
        await client.users_lookupByEmail(email="nobody@example.com")
    slack.assert_clean()


async def test_somebody_who_left_cannot_be_reached(slack: FakeSlack) -> None:
    client = client_of(slack)
    ana = slack.user("U0ANA", email="ana@example.com")
    assert ana.dm_channel.id == "D0ANA"
    await ana.deactivate()
    with pytest.raises(SlackApiError, match="users_not_found"):
        await client.users_lookupByEmail(email="ana@example.com")
    with pytest.raises(SlackApiError, match="user_disabled"):
        await client.conversations_open(users="U0ANA")
    with pytest.raises(SlackApiError, match="is_inactive"):
        await client.chat_postMessage(channel="D0ANA", text="hello")
    assert [call.error for call in slack.refusals] == [
        "users_not_found",
        "user_disabled",
        "is_inactive",
    ]
    slack.assert_clean()


async def test_the_email_shows_only_with_its_scope() -> None:
    async with FakeSlack(scopes=["users:read"]) as slack:
        slack.user("U0ANA", email="ana@example.com")
        info = await client_of(slack).users_info(user="U0ANA")
        assert "email" not in info["user"]["profile"]


async def test_waiting_in_vain_says_what_was_seen(slack: FakeSlack) -> None:
    ana = slack.user("U0ANA")
    await client_of(slack).chat_postMessage(channel="U0ANA", text="something else")
    with pytest.raises(NotSeen, match="something else"):
        await ana.wait_for("thanks", timeout=0.05)
    with pytest.raises(NotSeen, match="finds no 'Claim'"):
        await ana.tap("Claim")


async def test_waiting_after_a_mark_ignores_older_words(slack: FakeSlack) -> None:
    ana, client = slack.user("U0ANA"), client_of(slack)
    sent = await client.chat_postMessage(channel="U0ANA", text="thanks 1")
    mark = slack.mark()
    with pytest.raises(NotSeen):
        await ana.wait_for("thanks", timeout=0.05, after=mark)
    await client.chat_update(channel="D0ANA", ts=sent["ts"], text="thanks 2")
    assert (await ana.wait_for("thanks", after=mark)).text == "thanks 2"


# -- channels -----------------------------------------------------------------------------------


async def test_edits_deletions_bots_and_service_messages_look_like_slacks(
    slack: FakeSlack,
) -> None:
    app = app_of(slack)
    heard = echo(app)
    bo, cy = slack.user("U0BO"), slack.user("U0CY")
    desk = slack.channel("C0DESK", members=[bo])
    async with running(slack, app, "socket"):
        said = await bo.say(desk, "first")
        await bo.edit(said, "second")
        await bo.delete(said)
        await slack.bot("B0ZAP").say(desk, "from Zapier")
        await desk.join(cy)
        await desk.set_topic(bo, "calm")
        link = await bo.say(desk, "https://example.com/a?b=1&c=2")
        await slack.unfurl(link)
    events = [body["event"] for body in heard if body["event"].get("user") != "U0BOT"]
    kinds = [event.get("subtype") for event in events]
    assert kinds[:4] == [None, "message_changed", "message_deleted", "bot_message"]
    assert kinds[4:6] == ["channel_join", "channel_topic"]
    assert events[1]["message"]["text"] == "second"
    assert events[1]["previous_message"]["text"] == "first"
    assert events[2]["deleted_ts"] == said.ts
    assert events[3]["bot_id"] == "B0ZAP"
    assert "user" not in events[3]
    assert link.text == "<https://example.com/a?b=1&amp;c=2>"
    assert events[-1]["message"]["text"] == events[-1]["previous_message"]["text"]
    slack.assert_clean()


async def test_threads_have_parents_and_deleted_parents_leave_tombstones(slack: FakeSlack) -> None:
    app = app_of(slack)
    heard = echo(app)
    bo = slack.user("U0BO")
    desk = slack.channel("C0DESK", members=[bo], private=True)
    async with running(slack, app, "socket"):
        card = await bo.say(desk, "card")
        reply = await bo.say(desk, "in the thread", thread=card)
        await bo.say(desk, "for all", thread=card, broadcast=True)
        await bo.delete(card)
        await slack.settled()
    events = [body["event"] for body in heard if body["event"].get("user") == "U0BO"]
    assert events[1]["thread_ts"] == card.ts
    assert events[1]["parent_user_id"] == "U0BO"
    assert events[1]["channel_type"] == "group"
    assert events[2]["subtype"] == "thread_broadcast"
    assert desk.thread(card)[0] is reply
    stones = [body["event"] for body in heard if "message" in body["event"]]
    assert stones[-1]["message"]["subtype"] == "tombstone"


async def test_the_bot_writes_only_where_it_may(slack: FakeSlack) -> None:
    strict = ALL_SCOPES - {"chat:write.public"}
    slack.api.scopes = strict
    client = client_of(slack)
    desk = slack.channel("C0DESK")
    slack.channel("C0SECRET", private=True, bot=False)
    with pytest.raises(SlackApiError, match="channel_not_found"):
        await client.chat_postMessage(channel="C0SECRET", text="hi")
    await desk.kick_bot()
    with pytest.raises(SlackApiError, match="not_in_channel"):
        await client.chat_postMessage(channel="C0DESK", text="hi")
    await client.conversations_join(channel="C0DESK")
    sent = await client.chat_postMessage(channel="C0DESK", text="hi")
    with pytest.raises(SlackApiError, match="thread_not_found"):
        await client.chat_postMessage(channel="C0DESK", text="hi", thread_ts="1700000000.000001")
    await desk.archive()
    with pytest.raises(SlackApiError, match="is_archived"):
        await client.chat_postMessage(channel="C0DESK", text="hi", thread_ts=sent["ts"])
    slack.assert_clean()


async def test_only_own_messages_can_be_changed(slack: FakeSlack) -> None:
    client, bo = client_of(slack), slack.user("U0BO")
    desk = slack.channel("C0DESK", members=[bo])
    his = await bo.say(desk, "mine")
    with pytest.raises(SlackApiError, match="cant_update_message"):
        await client.chat_update(channel="C0DESK", ts=his.ts, text="yours")
    with pytest.raises(SlackApiError, match="cant_delete_message"):
        await client.chat_delete(channel="C0DESK", ts=his.ts)
    own = await client.chat_postMessage(channel="C0DESK", text="a", blocks=[mrkdwn("a")])
    await client.chat_update(channel="C0DESK", ts=own["ts"], text="b")
    assert desk.messages[-1].blocks, "blocks that aren't given stay, as Slack documents"
    await client.chat_delete(channel="C0DESK", ts=own["ts"])
    with pytest.raises(SlackApiError, match="message_not_found"):
        await client.chat_update(channel="C0DESK", ts=own["ts"], text="c")
    assert desk.messages == [his]


async def test_history_replies_and_lists_come_in_pages(slack: FakeSlack) -> None:
    client, bo = client_of(slack), slack.user("U0BO")
    desk = slack.channel("C0DESK", members=[bo])
    first = await bo.say(desk, "0")
    for number in range(1, 5):
        await bo.say(desk, str(number))
        await bo.say(desk, f"re {number}", thread=first)
    page = await client.conversations_history(channel="C0DESK", limit=3)
    assert [message["text"] for message in page["messages"]] == ["4", "3", "2"]
    rest = await client.conversations_history(
        channel="C0DESK", limit=3, cursor=page["response_metadata"]["next_cursor"]
    )
    assert [message["text"] for message in rest["messages"]] == ["1", "0"]
    thread = await client.conversations_replies(channel="C0DESK", ts=first.ts)
    assert [message["text"] for message in thread["messages"]] == [
        "0",
        "re 1",
        "re 2",
        "re 3",
        "re 4",
    ]
    members = await client.conversations_members(channel="C0DESK")
    assert members["members"] == ["U0BO", "U0BOT"]
    listed = await client.conversations_list(types="public_channel,private_channel")
    assert [channel["id"] for channel in listed["channels"]] == ["C0DESK"]
    everybody = await client.users_list()
    assert [user["id"] for user in everybody["members"]] == ["U0BOT", "U0BO"]
    slack.assert_clean()


async def test_marks_and_small_questions(slack: FakeSlack) -> None:
    client, bo = client_of(slack), slack.user("U0BO")
    desk = slack.channel("C0DESK", members=[bo])
    sent = await client.chat_postMessage(channel="C0DESK", text="card")
    spot = {"channel": "C0DESK", "timestamp": sent["ts"]}
    await client.reactions_add(name="eyes", **spot)
    with pytest.raises(SlackApiError, match="already_reacted"):
        await client.reactions_add(name="eyes", **spot)
    await client.reactions_remove(name="eyes", **spot)
    await client.pins_add(**spot)
    assert desk.messages[0].pinned
    with pytest.raises(SlackApiError, match="already_pinned"):
        await client.pins_add(**spot)
    await client.pins_remove(**spot)
    assert (await client.auth_test())["bot_id"] == slack.world.bot_id
    assert (await client.bots_info(bot=slack.world.bot_id))["bot"]["name"] == "afterword"
    assert (await client.team_info())["team"]["domain"] == "shop"
    assert (await client.api_test(foo="bar"))["args"] == {"foo": "bar"}
    assert (await client.conversations_info(channel="C0DESK"))["channel"]["is_member"]
    link = await client.chat_getPermalink(channel="C0DESK", message_ts=sent["ts"])
    assert "C0DESK" in link["permalink"]
    slack.assert_clean()


async def test_an_ephemeral_message_is_seen_by_one_member_only(slack: FakeSlack) -> None:
    client = client_of(slack)
    bo, cy = slack.user("U0BO"), slack.user("U0CY")
    desk = slack.channel("C0DESK", members=[bo, cy])
    await client.chat_postEphemeral(channel="C0DESK", user="U0BO", text="Only you")
    assert [message.shown for message in bo.sees_in(desk)] == ["Only you"]
    assert cy.sees_in(desk) == []
    with pytest.raises(SlackApiError, match="user_not_in_channel"):
        await client.chat_postEphemeral(channel="C0DESK", user="U0DI", text="hi")


async def test_a_ping_in_somebodys_words_is_noticed(slack: FakeSlack) -> None:
    client = client_of(slack)
    desk = slack.channel("C0DESK")
    await client.chat_postMessage(channel="C0DESK", text="he says &lt;!channel&gt;")
    await client.chat_postMessage(channel="C0DESK", text="x", blocks=[mrkdwn("<!here> look")])
    assert [message.pings for message in desk.messages] == [[], ["here"]]


async def test_mentions_reach_the_app_twice(slack: FakeSlack) -> None:
    app = app_of(slack)
    mentions: list[Json] = []

    @app.event("app_mention")
    async def mentioned(event: Json) -> None:
        mentions.append(event)

    echo(app)
    bo = slack.user("U0BO")
    desk = slack.channel("C0DESK", members=[bo])
    async with running(slack, app, "socket"):
        await bo.say(desk, "@afterword help")
        await slack.settled()
    assert mentions[0]["text"] == "<@U0BOT> help"


async def test_a_manifest_decides_scopes_events_commands_and_the_messages_tab() -> None:
    manifest = {
        "features": {
            "app_home": {"messages_tab_enabled": True, "messages_tab_read_only_enabled": True},
            "slash_commands": [{"command": "/afterword"}],
        },
        "oauth_config": {"scopes": {"bot": ["chat:write", "im:write"]}},
        "settings": {"event_subscriptions": {"bot_events": ["message.im"]}},
    }
    async with FakeSlack(manifest=manifest) as slack:
        ana = slack.user("U0ANA")
        with pytest.raises(NotSeen, match="Messages tab"):
            await ana.dm("hello")
        with pytest.raises(NotSeen, match="not a valid command"):
            await ana.command("/other")
        with pytest.raises(SlackApiError, match="missing_scope"):
            await client_of(slack).users_lookupByEmail(email="a@example.com")
        slack.api.messages_tab = True
        await ana.dm("hello")
        assert slack.deliveries == [], "message.im needs im:history"


# -- what Slack forbids ---------------------------------------------------------------------------

GOOD = actions(button("Claim", "claim"))
IMAGE = {"type": "image", "image_url": "https://example.com/a.png", "alt_text": "A boot"}
BAD_BLOCKS = [
    ([{"type": "divider"}] * 51, "no more than 50 items"),
    ([actions(button("b" * 76, "a"))], "less than 76 characters"),
    ([{k: v for k, v in IMAGE.items() if k != "alt_text"}], "alt_text"),
    ([{"type": "context", "elements": [{**IMAGE, "alt_text": ""}]}], "alt_text"),
    ([mrkdwn("x" * 3001)], "less than 3001"),
    ([mrkdwn("")], "more than 0"),
    ([{"type": "section"}], "text or fields"),
    ([{"type": "section", "fields": [plain("x")] * 11}], "no more than 10"),
    ([{"type": "section", "fields": [plain("x" * 2001)]}], "less than 2001"),
    ([{"type": "header", "text": plain("x" * 151)}], "less than 151"),
    ([{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}], "plain_text"),
    ([actions(*(button("b", f"a{n}") for n in range(26)))], "no more than 25"),
    ([actions(button("b", "same"), button("c", "same"))], "must be unique"),
    ([actions(button("b", "a" * 256))], "less than 256"),
    ([actions(button("b", "a", value="v" * 2001))], "less than 2001"),
    ([actions(button("b", "a", style="green"))], "primary, danger"),
    ([actions(button("b", "a", colour="red"))], "invalid additional property: colour"),
    ([actions({**button("b", "a"), "text": {"type": "mrkdwn", "text": "b"}})], "plain_text"),
    ([actions(button("b", "a", confirm={"title": plain("Sure?")}))], "/confirm/text"),
    ([{"type": "context", "elements": [plain("x")] * 11}], "no more than 10"),
    ([{"type": "sektion"}], "unsupported type: sektion"),
    ([{**GOOD, "block_id": "one"}, {**GOOD, "block_id": "one"}], "must be unique"),
    ([{"type": "markdown", "text": "x" * 12_001}], "12001"),
    ([{**mrkdwn("x"), "accessory": {"type": "plain_text_input"}}], "unsupported type"),
    ([actions({"type": "overflow", "action_id": "o", "options": []})], "no fewer than 1"),
]


@pytest.mark.parametrize(("blocks", "words"), BAD_BLOCKS, ids=[words for _, words in BAD_BLOCKS])
async def test_blocks_that_slack_refuses_are_refused(slack: FakeSlack, blocks: list[Json], words: str) -> None:
    slack.channel("C0DESK")
    with pytest.raises(SlackApiError, match="invalid_blocks"):
        await client_of(slack).chat_postMessage(channel="C0DESK", text="x", blocks=blocks)
    assert words in slack.violations[0].detail
    with pytest.raises(AssertionError, match="invalid_blocks"):
        slack.assert_clean()


async def test_blocks_at_the_limits_are_fine() -> None:
    confirm = {
        "title": plain("Sure?"),
        "text": plain("All of it goes"),
        "confirm": plain("Yes"),
        "deny": plain("No"),
    }
    blocks = [
        {"type": "header", "text": {**plain("x" * 150), "emoji": True}},
        {**mrkdwn("x" * 3000), "accessory": {**IMAGE}},
        {"type": "section", "fields": [plain("x" * 2000)] * 10},
        actions(*(button("b" * 75, f"a{n}", value="v" * 2000) for n in range(25))),
        actions(button("b", "a", style="danger", confirm=confirm)),
        {"type": "context", "elements": [IMAGE, plain("x")]},
        {**IMAGE, "title": plain("A boot")},
        {"type": "divider"},
        *slack_text.rich_text("words"),
    ]
    assert blocks_faults(blocks) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"title": plain("x" * 25)}, "less than 25"),
        ({"private_metadata": "x" * 3001}, "less than 3001"),
        ({"blocks": [{"type": "divider"}] * 101}, "no more than 100"),
        ({"type": "window"}, "modal or home"),
        ({"submit": {"type": "mrkdwn", "text": "Go"}}, "plain_text"),
    ],
)
async def test_views_that_slack_refuses_are_refused(change: Json, words: str) -> None:
    view = {"type": "modal", "title": plain("A gift"), "blocks": [mrkdwn("x")]}
    assert view_faults(view) == []
    assert words in "\n".join(view_faults(view | change))


async def test_calls_that_slack_refuses_are_refused(slack: FakeSlack) -> None:
    client = client_of(slack)
    slack.channel("C0DESK")
    sent = await client.chat_postMessage(channel="C0DESK", text="fine", unfurl_links=False)
    refused = {
        "no_text": client.chat_postMessage(channel="C0DESK", text="", blocks=[]),
        "msg_too_long": client.chat_update(channel="C0DESK", ts=sent["ts"], text="x" * 4001),
        "invalid_thread_ts": client.chat_postMessage(channel="C0DESK", text="x", thread_ts="1.5"),
        "unknown_method": client.api_call("chat.postMesage", json={}),
        "fake_lacks_method": client.emoji_list(),
        "invalid_arguments": client.api_call("conversations.info", params={}),
        "invalid_auth": AsyncWebClient(token="xoxb-other", base_url=slack.api_url).auth_test(),
        "not_authed": AsyncWebClient(base_url=slack.api_url).auth_test(),
        "invalid_name": client.reactions_add(channel="C0DESK", timestamp="1.1", name=":Eyes:"),
        "bad_timestamp": client.pins_add(channel="C0DESK", timestamp="1.1"),
        "not_allowed_token_type": client.apps_connections_open(app_token=slack.bot_token),
    }
    for error, call in refused.items():
        warned = pytest.warns(UserWarning, match="`text` argument is missing")
        advice = warned if error == "no_text" else contextlib.nullcontext()
        with advice, pytest.raises(SlackApiError, match=error):
            await call
    assert [violation.error for violation in slack.violations] == list(refused)


async def test_an_unknown_parameter_is_noted_though_slack_ignores_it(slack: FakeSlack) -> None:
    client = client_of(slack)
    slack.channel("C0DESK")
    await client.chat_postMessage(channel="C0DESK", text="x", client_msg_id="1", metadata={"event_type": "a"})
    slack.assert_clean()
    await client.chat_postMessage(channel="C0DESK", text="x", threadts="1")
    assert [str(v) for v in slack.violations] == ["chat.postMessage: unknown_parameter: threadts"]


async def test_a_long_text_is_cut_and_warned_about(slack: FakeSlack) -> None:
    client = client_of(slack)
    desk = slack.channel("C0DESK")
    await client.chat_postMessage(channel="C0DESK", text="x" * 40_001)
    assert len(desk.messages[0].text) == 40_000
    slack.assert_clean()
    with pytest.raises(AssertionError, match="cut at 40000"):
        slack.assert_clean(warnings=True)


async def test_a_missing_scope_is_named() -> None:
    async with FakeSlack(scopes=["chat:write"]) as slack:
        slack.user("U0ANA")
        with pytest.raises(SlackApiError) as caught:
            await client_of(slack).users_lookupByEmail(email="ana@example.com")
        assert caught.value.response["needed"] == "users:read.email"
        assert caught.value.response["provided"] == "chat:write"


async def test_a_revoked_account_answers_account_inactive(slack: FakeSlack) -> None:
    slack.inactive = True
    with pytest.raises(SlackApiError, match="account_inactive"):
        await client_of(slack).auth_test()


async def test_forms_and_multipart_bodies_are_read_like_json(slack: FakeSlack) -> None:
    desk = slack.channel("C0DESK")
    bearer = {"Authorization": f"Bearer {slack.bot_token}"}
    url = f"{slack.api_url}chat.postMessage"
    form = aiohttp.FormData({"channel": "C0DESK", "text": "multipart"})
    form.add_field("note", "x", content_type="text/plain")
    async with aiohttp.ClientSession(headers=bearer) as session:
        data = {"channel": "C0DESK", "text": "form", "blocks": '[{"type":"divider"}]'}
        await (await session.post(url, data=data)).json()
        await (await session.post(url, data=form)).json()
        answer = await (await session.post(url, data="{", headers=_JSON)).json()
    assert answer["error"] == "invalid_json"
    assert [message.text for message in desk.messages] == ["form", "multipart"]


_JSON = {"Content-Type": "application/json"}


# -- trouble on demand ------------------------------------------------------------------------------


async def test_a_channel_takes_one_message_a_second() -> None:
    async with FakeSlack(limits=Limits(burst=1)) as slack:
        ana = slack.user("U0ANA")
        client = client_of(slack)
        await client.chat_postMessage(channel="U0ANA", text="1")
        with pytest.raises(SlackApiError) as caught:
            await client.chat_postMessage(channel="U0ANA", text="2")
        assert caught.value.response.status_code == 429
        assert caught.value.response.headers["Retry-After"] == "1"
        slack.assert_clean()
        patient = client_of(slack, retry_handlers=[AsyncRateLimitErrorRetryHandler()])
        await asyncio.sleep(1.0)
        await patient.chat_postMessage(channel="U0ANA", text="3")
        await patient.chat_postMessage(channel="U0ANA", text="4")
        assert [message.text for message in ana.heard] == ["1", "3", "4"]
        slack.assert_clean()


async def test_calling_again_too_soon_is_a_violation() -> None:
    async with FakeSlack(limits=Limits(burst=1)) as slack:
        slack.user("U0ANA")
        client = client_of(slack)
        await client.chat_postMessage(channel="U0ANA", text="1")
        for pause in (0.0, 0.3):
            await asyncio.sleep(pause)
            with pytest.raises(SlackApiError, match="ratelimited"):
                await client.chat_postMessage(channel="U0ANA", text="2")
        with pytest.raises(AssertionError, match="before Retry-After had passed"):
            slack.assert_clean()


async def test_other_methods_follow_their_tier() -> None:
    async with FakeSlack(limits=True) as slack:
        slack.user("U0ANA", email="ana@example.com")
        client = client_of(slack)
        for _ in range(50):
            await client.users_lookupByEmail(email="ana@example.com")
        with pytest.raises(SlackApiError, match="ratelimited"):
            await client.users_lookupByEmail(email="ana@example.com")


async def test_faults_strike_as_asked(slack: FakeSlack) -> None:
    client = client_of(slack, retry_handlers=[])
    desk = slack.channel("C0DESK")

    async def post(text: str) -> str:
        try:
            await client.chat_postMessage(channel="C0DESK", text=text)
        except SlackApiError as error:
            return str(error.response.get("error") or error.response.status_code)
        except aiohttp.ClientError as error:
            return type(error).__name__
        return "ok"

    slack.faults.fail("chat.postMessage")
    assert await post("500") == "500"
    slack.faults.fail("chat.postMessage", error="internal_error")
    assert await post("error") == "internal_error"
    slack.faults.add("*", "ratelimited", times=1, retry_after=7)
    assert await post("429") == "ratelimited"
    slack.faults.add("chat.postMessage", "drop_before", times=1)
    assert await post("before") == "ServerDisconnectedError"
    slack.faults.add("chat.postMessage", "drop_after", times=1)
    assert await post("after") == "ServerDisconnectedError"
    slow = slack.faults.add("chat.postMessage", "slow", delay=0.05)
    assert await post("slow") == "ok"
    slack.faults.clear()
    assert await post("fine") == "ok"
    assert slow.struck == 1
    assert [message.text for message in desk.messages] == ["after", "slow", "fine"]
    share = slack.faults.add("chat.postMessage", "error", share=0.3, seed=3)
    outcomes = [await post(str(number)) for number in range(40)]
    assert 5 < outcomes.count("internal_error") == share.struck < 20
    with pytest.raises(ValueError, match="no such method"):
        slack.faults.fail("chat.postMesage")


@both
async def test_a_failing_listener_is_told_again(transport: str) -> None:
    async with FakeSlack(ack_timeout=0.5, retry_delays=(0.01, 0.01)) as slack:
        app = app_of(slack, process_before_response=True, raise_error_for_unhandled_request=False)
        tries: list[str] = []

        @app.event("message")
        async def shaky(body: Json, request: Any) -> None:
            tries.append(request.headers.get("x-slack-retry-num", ["0"])[0])
            if len(tries) < 3:
                raise RuntimeError(body["event_id"])

        ana = slack.user("U0ANA")
        async with running(slack, app, transport):
            await ana.dm("hello")
            await slack.settled()
        assert len(tries) == 3
        assert slack.deliveries[0].acked
        assert not slack.lost
        reasons = {getattr(attempt, "reason", "") for attempt in slack.deliveries[0].attempts[:2]}
        assert reasons == ({"timeout"} if transport == "socket" else {"http_error"})
        if transport == "http":
            assert tries == ["0", "1", "2"]


@both
async def test_duplicates_and_lost_acks_carry_the_same_event_id(transport: str) -> None:
    async with FakeSlack(retry_delays=(0.01,)) as slack:
        app = app_of(slack)
        heard = echo(app)
        ana = slack.user("U0ANA")
        async with running(slack, app, transport):
            slack.duplicate(3)
            await ana.dm("three times")
            await slack.settled()
            slack.duplicate(1)
            slack.withhold_ack()
            await ana.dm("twice")
            await slack.settled()
        ids = [body["event_id"] for body in heard if body["event"]["user"] == "U0ANA"]
        assert len(ids) == 5
        assert len(set(ids)) == 2


@both
async def test_what_nobody_takes_is_counted_as_lost(transport: str) -> None:
    async with FakeSlack(retry_delays=(0.01,), ack_timeout=0.1) as slack:
        if transport == "http":
            await slack.deliver_to("http://127.0.0.1:9/nobody")
        await slack.user("U0ANA").dm("hello?")
        await slack.settled()
        assert len(slack.lost[0].attempts) == 2


async def test_connections_are_refreshed_and_replaced(slack: FakeSlack) -> None:
    app = app_of(slack)
    heard = echo(app)
    ana = slack.user("U0ANA")
    async with running(slack, app, "socket"):
        await slack.refresh_sockets(after=0.05)
        await slack.connected()
        await ana.dm("after the refresh")
        await ana.wait_for("You said: after the refresh")
        await slack.drop_sockets()
        await ana.dm("after the cut")
        await ana.wait_for("You said: after the cut", timeout=10)
    assert slack.sockets.opened >= 3
    assert not slack.lost
    assert len({body["event_id"] for body in heard}) == len(heard)


async def test_each_event_goes_to_one_of_several_connections(slack: FakeSlack) -> None:
    first, second = app_of(slack), app_of(slack)
    heard = [echo(first), echo(second)]
    ana = slack.user("U0ANA")
    async with running(slack, first, "socket"), running(slack, second, "socket"):
        await slack.connected(2)
        await asyncio.gather(*(ana.dm(str(number)) for number in range(30)))
        await slack.settled()
    shares = [sum("bot_id" not in body["event"] for body in part) for part in heard]
    assert sum(shares) == 30
    assert min(shares) > 3


async def test_a_used_ticket_opens_no_connection(slack: FakeSlack) -> None:
    client = client_of(slack)
    url = (await client.apps_connections_open(app_token=slack.app_token))["url"]
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(url) as socket:
            assert (await socket.receive_json())["type"] == "hello"
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(url)


async def test_bolt_refuses_another_secrets_signature(slack: FakeSlack) -> None:
    app = app_of(slack)
    heard = echo(app)
    async with running(slack, app, "http"):
        assert slack._http is not None
        slack._http.secret = "another"
        await slack.user("U0ANA").dm("forged")
    assert heard == []
    assert slack.deliveries[0].attempts[0] != slack.deliveries[0].ack


async def test_a_response_url_serves_five_times(slack: FakeSlack) -> None:
    slack.user("U0BO")
    url = slack.api.response_url(slack.user("U0BO").dm_channel.id, "U0BO", None)
    async with aiohttp.ClientSession() as session:
        statuses = [(await session.post(url, json={"text": str(number)})).status for number in range(6)]
    assert statuses == [200] * 5 + [404]


async def test_a_borrowed_name_is_what_people_see(slack: FakeSlack) -> None:
    ana, client = slack.user("U0ANA", name="ana"), client_of(slack)
    await client.chat_postMessage(channel="U0ANA", text="Hello", username="Bo from Boots & Co", icon_emoji=":boot:")
    await client.chat_postMessage(channel="U0ANA", text="Bye")
    assert [message.author for message in ana.heard] == ["Bo from Boots & Co", "afterword"]
    slack.api.scopes -= {"chat:write.customize"}
    with pytest.raises(SlackApiError, match="missing_scope"):
        await client.chat_postMessage(channel="U0ANA", text="Hello", username="Bo")


async def test_menus_shortcuts_and_closed_modals_reach_the_app(slack: FakeSlack) -> None:
    app = app_of(slack)
    seen: list[Json] = []

    @app.action("stars")
    @app.shortcut("note")
    @app.view_closed("note")
    async def take(ack: Any, body: Json, client: AsyncWebClient) -> None:
        await ack()
        seen.append(body)
        if body["type"] == "message_action":
            view = {"type": "modal", "callback_id": "note", "notify_on_close": True, "title": plain("Note")}
            await client.views_open(trigger_id=body["trigger_id"], view=view | {"blocks": [mrkdwn("x")]})

    ana = slack.user("U0ANA")
    options = [{"text": plain(f"{n} stars"), "value": str(n)} for n in range(1, 6)]
    menu = {"type": "static_select", "action_id": "stars", "placeholder": plain("Rate"), "options": options}
    async with running(slack, app, "socket"):
        await app.client.chat_postMessage(channel="U0ANA", text="Rate us", blocks=[actions(menu)])
        await ana.tap("4 stars")
        await ana.shortcut("note", ana.last)
        await ana.wait_for_modal()
        await ana.close_modal()
    assert seen[0]["actions"][0]["selected_option"]["value"] == "4"
    assert [body["type"] for body in seen] == ["block_actions", "message_action", "view_closed"]
    assert seen[1]["message"]["text"] == "Rate us"
    slack.assert_clean()


async def test_nobody_writes_where_they_cannot(slack: FakeSlack) -> None:
    ana = slack.user("U0ANA")
    desk = slack.channel("C0DESK")
    with pytest.raises(NotSeen, match="no member"):
        await ana.say(desk, "hello")
    with pytest.raises(NotSeen, match="isn't in"):
        ana.sees_in(desk)


async def test_an_outage_takes_everything_down_until_it_is_over(slack: FakeSlack) -> None:
    client = client_of(slack)
    slack.faults.outage()
    with pytest.raises(SlackApiError) as caught:
        await client.auth_test()
    assert caught.value.response.status_code == 503
    slack.faults.clear()
    assert (await client.auth_test())["ok"]


async def test_the_facts_know_every_parameter_of_the_installed_sdk() -> None:
    for name, facts in methods_of_sdk().items():
        if name in METHODS:
            assert set(facts["params"]) <= set(METHODS[name].params), f"{name}: run extract_slack_spec.py again"


@both
async def test_the_time_to_the_ack_is_measured(slack: FakeSlack, transport: str) -> None:
    app = app_of(slack)
    echo(app)
    async with running(slack, app, transport):
        await slack.user("U0ANA").dm("hello")
        await slack.settled()
    assert 0 < (slack.deliveries[0].took or 0) < 3


async def test_lost_threads_can_swallow_words_as_slack_sometimes_does(slack: FakeSlack) -> None:
    desk = slack.channel("C0DESK")
    slack.api.lost_threads = "swallow"
    sent = await client_of(slack).chat_postMessage(channel="C0DESK", text="hi", thread_ts="1700000000.000001")
    assert sent["ok"]
    assert desk.all == []


async def test_typing_becomes_what_slack_sends() -> None:
    users, rooms = {"ana": "U0ANA"}, {"desk": "C0DESK"}
    typed = {
        "order #1001 @nobody": "order #1001 @nobody",
        "@ana in #desk": "<@U0ANA> in <#C0DESK|desk>",
        "@channel wake up": "<!channel> wake up",
        "mail ana@example.com.": "mail <mailto:ana@example.com|ana@example.com>.",
        "👍🏽 4/5 ⭐": ":+1::skin-tone-4: 4/5 :star:",
        "a < b & c": "a &lt; b &amp; c",
    }
    for words, wire in typed.items():
        assert slack_text.typed(words, users, rooms) == wire
        assert slack_text.shown(wire, {"U0ANA": "ana"}) == words
