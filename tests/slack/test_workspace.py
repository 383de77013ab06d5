"""Start, readiness, what doctor tells, files, the manifest."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
import yaml

from bot.domain.event import Said
from bot.domain.message import Attachment, Media
from bot.errors import FileUnavailable, Refused
from bot.ports import Channel, Outcome
from handlers.slack.edge import build
from tests.slack.harness import (
    DESK,
    MANIFEST,
    Ledger,
    Shop,
    make_edge,
    open_shop,
    receiving,
    started,
    surroundings,
    until,
    with_secret,
)
from tests.wire.slack import ALL_SCOPES, DEFAULT_SCOPES, FakeSlack, Upload
from tests.wire.slack_faults import Kind


async def test_without_a_token_there_is_no_edge() -> None:
    async with FakeSlack() as slack:
        assert build(surroundings(slack, Ledger(), slack_bot_token=None)) is None


def test_without_a_token_nothing_heavy_is_imported() -> None:
    code = "import sys, handlers.slack.edge; print([m for m in sys.modules if m.startswith(('slack_', 'aiohttp'))])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


async def test_it_is_a_channel(office: Shop) -> None:
    channel: Channel = office.edge
    assert (channel.name, channel.serves_customers, channel.serves_desk) == ("slack", True, True)
    assert (channel.pace.per_chat, channel.pace.per_chat_burst) == (1.0, 3)
    assert list(channel.routes()) == []


async def test_without_a_desk_channel_it_serves_none() -> None:
    async with open_shop("none", slack_desk_channel=None) as shop:
        assert not shop.edge.serves_desk
        assert await shop.edge.problems() == []


# ---------------------------------------------------------------- start


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"slack_bot_token": "xoxb-wrong"}, "SLACK_BOT_TOKEN"),
        ({"slack_app_token": "xapp-wrong"}, "SLACK_APP_TOKEN"),
        ({"slack_app_token": "xoxb-fake-bot"}, "SLACK_APP_TOKEN"),
        ({"slack_app_token": None}, "SLACK_SIGNING_SECRET"),
    ],
)
async def test_a_wrong_token_is_refused_with_advice(settings: dict[str, Any], words: str) -> None:
    async with FakeSlack() as slack:
        edge = make_edge(slack, Ledger(), **settings)
        with pytest.raises(Refused, match=words) as refused:
            await edge.start()
        assert refused.value.advice
        assert not edge.ready
        assert any(words in problem for problem in await edge.problems())
        await edge.stop()


@pytest.mark.parametrize("fault", ["http_500", "drop_before", "ratelimited"])
async def test_a_failing_start_swallows_no_event(fault: Kind) -> None:
    async with FakeSlack() as slack:
        slack.channel(DESK, "desk")
        slack.faults.add("auth.test", fault, times=1)
        ledger = Ledger()
        edge = make_edge(slack, ledger)
        async with started(edge), receiving(edge):
            await slack.connected()
            await slack.user("U0ANA", "ana").dm("first words")
            assert [p.words for p in ledger.payloads if isinstance(p, Said)] == ["first words"]
            await until(lambda: edge.ready)
            assert len(slack.calls_of("auth.test")) == 2


async def test_agents_are_known_by_name_from_their_first_tap() -> None:
    async with open_shop("socket", agents="slack:U0BEN", managers="telegram:7") as shop:
        await until(lambda: shop.slack.calls_of("users.info"))
        assert [call.params["user"] for call in shop.slack.calls_of("users.info")] == ["U0BEN"]
        await until(lambda: shop.edge._parts and shop.edge._parts.people.known("U0BEN").name == "Ben")


async def test_ready_says_whether_slack_can_reach_us() -> None:
    async with open_shop("socket") as shop:
        await until(lambda: shop.edge.ready)
        socket = shop.edge._parts.socket if shop.edge._parts else None
        assert socket is not None
        shop.slack.faults.add("apps.connections.open", "http_500")
        await shop.slack.drop_sockets()
        await until(lambda: not shop.edge.ready)
        shop.slack.faults.clear()
        await until(lambda: shop.edge.ready, within=15)
    assert not shop.edge.ready


async def test_revoked_tokens_make_it_unready() -> None:
    async with open_shop("socket") as shop:
        await until(lambda: shop.edge.ready)
        shop.slack.inactive = True
        await shop.slack.emit({"type": "tokens_revoked", "tokens": {"bot": ["U0BOT"]}})
        await until(lambda: not shop.edge.ready)


async def test_over_http_there_is_nothing_to_receive() -> None:
    async with FakeSlack() as slack:
        edge = make_edge(slack, Ledger(), **with_secret(slack))
        async with started(edge):
            await edge.receive()
            assert edge.ready
            assert [route.path for route in edge.routes()] == ["/hooks/slack"]
            assert edge.body_limits == {"/hooks/slack": 1024 * 1024}


# ---------------------------------------------------------------- problems


async def test_all_is_well_with_the_manifest_of_the_docs() -> None:
    async with FakeSlack(manifest=yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))) as slack:
        slack.channel(DESK, "desk")
        edge = make_edge(slack, Ledger())
        assert await edge.problems() == []
        assert edge._parts is None
        slack.assert_clean()


async def test_missing_rights_are_named() -> None:
    async with open_shop("none", scopes=DEFAULT_SCOPES - {"files:write"}) as shop:
        problems = await shop.edge.problems()
        assert [next(s for s in ("files:write", "reactions:write") if s in p) for p in problems] == [
            "files:write",
            "reactions:write",
        ]


async def test_a_private_desk_needs_the_rights_of_a_private_channel() -> None:
    async with open_shop("none", scopes=ALL_SCOPES - {"groups:history"}) as shop:
        assert await shop.edge.problems() == []
        shop.desk.where.kind = "group"
        assert any("groups:history" in problem for problem in await shop.edge.problems())


async def test_an_unknown_desk_and_a_silent_slack_are_told() -> None:
    async with open_shop("none", slack_desk_channel="C0NOWHERE") as shop:
        assert any("/invite" in problem for problem in await shop.edge.problems())
        shop.slack.faults.add("auth.test", "http_503")
        assert any("can't be asked" in problem for problem in await shop.edge.problems())


# ---------------------------------------------------------------- files


async def first_file(shop: Shop, upload: Upload) -> Attachment:
    await shop.ana.dm("look", [upload])
    said = shop.ledger.payloads[0]
    assert isinstance(said, Said)
    return said.attachments[0]


async def test_a_file_is_fetched_whole() -> None:
    async with open_shop("socket") as shop:
        attachment = await first_file(shop, Upload("a.png", b"\x89png" * 100, "image/png"))
        file = await shop.edge.fetch(attachment)
        assert (file.name, file.mime, file.data) == ("a.png", "image/png", b"\x89png" * 100)


async def test_a_passing_trouble_of_a_download_is_waited_out() -> None:
    async with open_shop("socket") as shop:
        attachment = await first_file(shop, Upload("a.png", b"png"))
        shop.slack.faults.add("download", "http_500", times=1)
        shop.slack.faults.add("download", "drop_before", times=1)
        assert (await shop.edge.fetch(attachment)).data == b"png"


async def test_files_that_cannot_be_had_say_why() -> None:
    async with open_shop("socket") as shop:
        attachment = await first_file(shop, Upload("a.png", b"png", "image/png"))
        stored = shop.slack.world.files[attachment.ref]
        with pytest.raises(FileUnavailable, match="deleted"):
            await shop.edge.fetch(Attachment(Media.PHOTO, "slack", "F0GONE"))
        stored.length = 60_000_000
        with pytest.raises(FileUnavailable, match="50 MB"):
            await shop.edge.fetch(attachment)
        stored.length = 3
        stored.base_url = "https://evil.example"
        with pytest.raises(FileUnavailable, match="outside"):
            await shop.edge.fetch(attachment)
        stored.base_url = shop.slack.url
        stored.content = None
        with pytest.raises(FileUnavailable, match="deleted"):
            await shop.edge.fetch(attachment)
        shop.slack.faults.add("files.info", "http_500")
        with pytest.raises(FileUnavailable, match=r"does not answer|give it out"):
            await shop.edge.fetch(attachment)


async def test_a_sign_in_page_is_not_the_file() -> None:
    async with open_shop("socket") as shop:
        attachment = await first_file(shop, Upload("a.png", b"png", "image/png"))
        shop.slack.bot_token = "another"
        assert shop.edge._parts is not None
        with pytest.raises(FileUnavailable, match="files:read"):
            await shop.edge._downloaded(
                shop.edge._parts, f"{shop.slack.url}/files-pri/T0SHOP-{attachment.ref}/a.png", "image/png"
            )


# ---------------------------------------------------------------- with the manifest, a whole little story


async def test_with_the_manifest_everything_needed_is_heard_and_said() -> None:
    manifest = yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))
    assert manifest["settings"]["socket_mode_enabled"] is True
    assert manifest["settings"]["interactivity"]["is_enabled"] is True
    async with FakeSlack(manifest=manifest) as slack:
        ana, ben = slack.user("U0ANA", "ana"), slack.user("U0BEN", "ben")
        desk = slack.channel(DESK, "desk", [ben])
        ledger = Ledger()
        edge = make_edge(slack, ledger)
        async with started(edge), receiving(edge):
            await slack.connected()
            shop = Shop(slack, edge, ledger, ana, ben, desk)
            await ana.dm("it broke")
            thread = await shop.thread()
            await ben.tap("Claim", channel=desk)
            await ben.say(desk, "sorry", thread=thread.thread)
            await ana.command("/afterword", "help")
            assert len(ledger.got) == 4
            assert (await shop.deliver(shop.to_ana("hello"))).outcome is Outcome.SENT
        slack.assert_clean()
