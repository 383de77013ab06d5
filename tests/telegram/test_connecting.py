"""Starting: what is found, what is refused, what is told."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import handlers
from bot.errors import Refused
from handlers.telegram.edge import build
from tests.telegram.stage import DESK, ListIntake, MovedStore, stage, surroundings
from tests.wire.telegram import FakeTelegram

TOKEN = "42424242:AAFakeTokenForTheWireFake_0123456789abc"


def test_edges_are_found_by_their_folder(tmp_path: Path) -> None:
    for name in ("slack", "telegram", "half"):
        (tmp_path / name).mkdir()
    for name in ("slack", "telegram"):
        (tmp_path / name / "edge.py").touch()
    assert handlers.edge_names(tmp_path) == ("slack", "telegram")
    assert "telegram" in handlers.edge_names()


def test_an_edge_that_isnt_configured_isnt_built() -> None:
    around = surroundings(ListIntake(), MovedStore())
    assert handlers.build_edge("telegram", around) is None
    assert handlers.build_edges(around, ["telegram"]) == []
    configured = surroundings(ListIntake(), MovedStore(), telegram_bot_token=TOKEN)
    (edge,) = handlers.build_edges(configured, ["telegram"])
    assert edge.name == "telegram"


def test_looking_at_the_door_brings_no_aiogram() -> None:
    script = "import handlers.telegram.edge, handlers, sys; handlers.edge_names(); sys.exit('aiogram' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"telegram_bot_token": "nonsense"}, "TELEGRAM_BOT_TOKEN"),
        ({"telegram_bot_token": TOKEN, "telegram_mode": "webhook"}, "PUBLIC_URL"),
        (
            {
                "telegram_bot_token": TOKEN,
                "telegram_mode": "webhook",
                "public_url": "https://x.example",
                "telegram_webhook_secret": "not allowed!",
            },
            "TELEGRAM_WEBHOOK_SECRET",
        ),
    ],
)
def test_settings_that_cant_work_are_refused_with_advice(settings: dict[str, str], words: str) -> None:
    with pytest.raises(Refused, match=words) as refused:
        build(surroundings(ListIntake(), MovedStore(), **settings))
    assert refused.value.advice


async def test_a_token_that_telegram_doesnt_know_is_refused(tg: FakeTelegram) -> None:
    made = stage(tg, telegram_bot_token="1:wrong")
    with pytest.raises(Refused, match="TELEGRAM_BOT_TOKEN"):
        await made.edge.start()
    assert "TELEGRAM_BOT_TOKEN" in (await made.edge.problems())[0]
    await made.edge.stop()


async def test_its_own_name_is_all_that_a_link_needs(tg: FakeTelegram) -> None:
    made = stage(tg)
    assert made.edge.link("abc") is None
    await made.edge.identify()
    assert made.edge.link("abc") == "https://t.me/afterword_bot?start=abc"
    assert set(tg.count) == {"getMe"}
    await tg.close()
    with pytest.raises(Refused, match="can't be reached"):
        await made.edge.identify()
    await made.edge.stop()


async def test_the_menu_of_commands_is_there_in_the_shops_languages(tg: FakeTelegram) -> None:
    tg.forum(DESK, members=[tg.user(500, "Kim")])
    made = stage(tg)
    await made.edge.start()
    menus = {language: menu for (scope, language), menu in tg.answers.commands.items() if scope == "default"}
    assert set(menus) == {"", "en", "de"}
    desk = tg.answers.commands[f"chat/{DESK}", ""]
    assert [each["command"] for each in desk] == (
        "claim resolve handback note unsend gift card upgrade mood topic remember unremember open who away back".split()
    )
    assert [each["command"] for each in menus[""]] == [
        "help",
        "human",
        "preferences",
        "stop",
        "resume",
        "privacy",
        "mydata",
        "forget",
    ]
    assert made.edge.ready
    assert made.edge.link("abc") == "https://t.me/afterword_bot?start=abc"
    await made.edge.stop()
    tg.assert_clean()


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("well", None),
        ("member", "no administrator"),
        ("no rights", "may not manage topics"),
        ("no topics", "no topics"),
        ("kicked", "can't see the desk group"),
        ("unknown", "can't see the desk group"),
    ],
)
async def test_what_the_desk_lacks_is_told_with_advice(tg: FakeTelegram, how: str, words: str | None) -> None:
    if how != "unknown":
        forum = tg.forum(DESK, members=[tg.user(500, "Kim")], topics=how != "no topics")
        if how == "member":
            forum.bot_status = "member"
        if how == "kicked":
            forum.bot_status = "kicked"
        if how == "no rights":
            forum.rights = frozenset()
    made = stage(tg)
    await made.edge.start()
    assert made.edge.ready
    assert made.edge.serves_desk
    problems = await made.edge.problems()
    assert (words is None and problems == []) or any(words is not None and words in each for each in problems)
    await made.edge.stop()
