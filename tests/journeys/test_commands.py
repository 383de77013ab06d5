"""The command line as people use it, in real processes."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.commands.playing import invitation, stage
from bot.commands.staging import YOU
from bot.commands.telling import Teller
from tests.journeys.shop import program_text
from tests.wire.telegram import FakeTelegram

ROOT = Path(__file__).parents[2]
COMMANDS = (
    "run demo doctor migrate import-orders link agents summary figures queue score customer gifts dead-letters".split()
)
HEAVY = (
    "aiogram",
    "aiohttp",
    "alembic",
    "asyncpg",
    "fastapi",
    "nicegui",
    "nltk",
    "slack_sdk",
    "sqlalchemy",
    "textblob",
)
LONGEST_S = 60


@dataclass(frozen=True)
class Place:
    """A folder with a program file and a database, and the environment that names them."""

    folder: Path
    variables: dict[str, str]

    @classmethod
    def made(cls, folder: Path, program: str = "", **variables: str) -> Place:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "program.toml").write_text(program or program_text("console"))
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        ours = {
            "DATABASE_URL": f"sqlite+aiosqlite:///{folder}/shop.db",
            "PROGRAM_FILE": str(folder / "program.toml"),
            "SECRET_KEY": "a secret of the tests, long enough",
            "PYTHONPATH": str(ROOT),
            "PYTHONUTF8": "1",
        }
        return cls(folder, {**kept, **ours, **variables})

    def command(self, *words: str, given: str = "") -> subprocess.CompletedProcess[str]:
        """Run to the end, away from any `.env`."""
        return subprocess.run(
            [sys.executable, "-m", "bot", *words], cwd=self.folder, env=self.variables, input=given, check=False,
            capture_output=True, text=True, timeout=LONGEST_S,
        )  # fmt: skip

    def said(self, *words: str, given: str = "") -> str:
        """What a command that succeeds says."""
        done = self.command(*words, given=given)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def refused(self, *words: str, code: int = 1) -> str:
        """What a command that is refused says on stderr: words, never a traceback."""
        done = self.command(*words)
        assert done.returncode == code, (done.returncode, done.stdout, done.stderr)
        assert "Traceback" not in done.stderr
        assert done.stderr.strip()
        return done.stderr

    def start(self, *words: str) -> subprocess.Popen[str]:
        """Leave it running."""
        return subprocess.Popen(
            [sys.executable, "-m", "bot", *words], cwd=self.folder, env=self.variables, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip


def paid(order: str, customer: str, total: str, **changes: Any) -> dict[str, Any]:
    return {
        "type": "order.paid", "shop": "main", "order_id": order, "occurred_at": "2026-11-20T10:00:00Z",
        "customer": {"id": customer, "name": customer.title(), "email": f"{customer}@example.com"},
        "total": total, "currency": "EUR", "items": [], **changes,
    }  # fmt: skip


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Nobody has bought anything yet."""
    place = Place.made(tmp_path_factory.mktemp("empty"))
    place.said("migrate")
    return place


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Three customers whose orders were imported."""
    place = Place.made(tmp_path_factory.mktemp("shop"))
    place.said("migrate")
    lines = [paid("1001", "ana", "129.00"), paid("1002", "bo", "18.00"), paid("1003", "chidi", "420.00")]
    (place.folder / "orders.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    assert "3 new, 0 known already" in place.said("import-orders", "orders.jsonl")
    return place


# ---------------------------------------------------------------- help and usage


def test_help_lists_every_command(empty: Place) -> None:
    listed = empty.said("--help")
    assert [name for name in COMMANDS if not re.search(rf"^  {name} ", listed, re.MULTILINE)] == []


def test_help_brings_nothing_heavy_and_is_there_at_once(empty: Place) -> None:
    script = f"import sys, bot.cli; sys.argv = ['afterword', '--help']\ntry: bot.cli.main()\nfinally: print([name for name in {HEAVY} if name in sys.modules], file=sys.stderr)"  # noqa: E501
    begun = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=empty.folder, env=empty.variables, check=False, capture_output=True,
        text=True, timeout=LONGEST_S,
    )  # fmt: skip
    took = time.perf_counter() - begun
    assert (done.returncode, done.stderr.strip()) == (0, "[]")
    assert took < 3, "half a second on a quiet machine; this one is not"


@pytest.mark.parametrize(
    "words",
    [["nonsense"], ["customer", "show"], ["run", "--role", "king"], ["summary", "--period", "8d"], ["import-orders"],
     ["customer", "export", "1", "--all"], ["score", "--colour", "x"], ["agents", "add", "a:1,b:2"]],
    ids=" ".join,
)  # fmt: skip
def test_wrong_usage_ends_with_2(empty: Place, words: list[str]) -> None:
    empty.refused(*words, code=2)


@pytest.mark.parametrize("who", ["999", "shop:main/nobody", "telegram:1"])
@pytest.mark.parametrize("verb", ["show", "export"])
def test_an_unknown_customer_ends_with_1(empty: Place, verb: str, who: str) -> None:
    assert who in empty.refused("customer", verb, who)


# ---------------------------------------------------------------- settings and program


@pytest.mark.parametrize(
    ("program", "named"),
    [
        ('[ask]\nafter = "soon"\n', ("ask.after", "3d")),
        ('[ask]\nfrom = "birth"\n', ("ask.from", "delivered")),
        ("[escalate]\nunhappy_below = 7\n", ("escalate.unhappy_below",)),
        ("[asks]\n", ("asks", "ask")),
        ("[ask\n", ("line 1",)),
    ],
)
def test_a_mistake_in_the_program_names_file_key_and_what_is_allowed(
    tmp_path: Path, program: str, named: tuple[str, ...]
) -> None:
    words = Place.made(tmp_path, program).refused("run")
    assert [part for part in ("program.toml", *named) if part not in words] == []


@pytest.mark.parametrize(
    ("variable", "value", "named"),
    [
        ("SECRET_KEY", "too short", "32"),
        ("HTTP_PORT", "eighty", "HTTP_PORT"),
        ("AGENTS", "kim", "telegram:12345"),
        ("DATABASE_URL", "mysql://x", "DATABASE_URL"),
    ],
)
def test_a_mistake_in_the_settings_is_refused_by_name(tmp_path: Path, variable: str, value: str, named: str) -> None:
    words = Place.made(tmp_path, **{variable: value}).refused("run")
    assert variable in words
    assert named in words


# ---------------------------------------------------------------- orders


def test_importing_again_changes_nothing(shop: Place) -> None:
    assert "0 new, 3 known already" in shop.said("import-orders", "orders.jsonl")


def test_a_csv_is_taken_and_its_wrong_lines_are_named(tmp_path: Path) -> None:
    place = Place.made(tmp_path)
    place.said("migrate")
    (tmp_path / "orders.csv").write_text(
        "type,order_id,occurred_at,customer_id,customer_name,total,currency\n"
        "order.paid,1,2026-11-20T10:00:00Z,c-1,Ana,12.00,EUR\n"
        "order.paid,2,2026-11-20T10:00:00Z,c-2,Bo,-5.00,EUR\n"
        "order.paid,3,2026-11-20T10:00:00Z,c-3,Chidi,12.00,XXQ\n"
    )
    done = place.command("import-orders", "orders.csv", "--shop", "corner")
    assert (done.returncode, "1 new" in done.stdout) == (1, True), (done.stdout, done.stderr)
    assert re.findall(r"line (\d+): (\w+)", done.stderr) == [("3", "total"), ("4", "currency")]
    assert json.loads(place.said("customer", "export", "shop:corner/c-1"))["purchases"][0]["order_id"] == "1"


def test_wrong_json_lines_are_named_and_the_right_ones_taken(tmp_path: Path) -> None:
    place = Place.made(tmp_path)
    place.said("migrate")
    lines = [json.dumps(paid("1", "ana", "12.00")), "{nonsense", json.dumps(paid("2", "bo", "12.00", currency="??"))]
    (tmp_path / "orders.jsonl").write_text("\n".join(lines))
    done = place.command("import-orders", "orders.jsonl")
    assert (done.returncode, "1 new" in done.stdout) == (1, True)
    assert "line 2:" in done.stderr
    assert "line 3: currency" in done.stderr
    assert "is not a file" in place.refused("import-orders", "missing.csv")


# ---------------------------------------------------------------- customers


def test_a_customer_is_shown_exported_and_forgotten(shop: Place) -> None:
    shown = shop.said("customer", "show", "shop:main/bo")
    assert "Bo" in shown
    assert "bo@example.com" in shown
    exported = json.loads(shop.said("customer", "export", "bo@example.com"))
    wanted = "customer identities consents purchases asks feedback interactions cases gestures".split()
    assert [key for key in wanted if key not in exported] == []
    assert [each["order_id"] for each in exported["purchases"]] == ["1002"]
    everybody = [json.loads(line) for line in shop.said("customer", "export", "--all").splitlines()]
    assert sorted(each["customer"]["name"] for each in everybody) == ["Ana", "Bo", "Chidi"]
    number = str(exported["customer"]["id"])
    shop.said("customer", "forget", number, "--yes")
    for name in (number, "shop:main/bo", "bo@example.com"):
        shop.refused("customer", "export", name)
    assert len(shop.said("customer", "export", "--all").splitlines()) == 2


def test_a_link_is_an_address_and_a_picture(shop: Place) -> None:
    said = shop.said("link", "shop:main/ana")
    assert re.search(r"^web: http://127\.0\.0\.1:8080/chat\?token=[\w-]{20,}$", said, re.MULTILINE)
    assert sum(line.count("█") + line.count("▄") + line.count("▀") for line in said.splitlines()) > 100


# ---------------------------------------------------------------- what others read


def test_an_empty_queue_is_an_array(empty: Place) -> None:
    assert json.loads(empty.said("queue", "--json")) == []
    assert "Nobody is waiting" in empty.said("queue")


def test_a_summary_without_cases_hides_its_figures(empty: Place) -> None:
    summary = json.loads(empty.said("summary", "--json", "--period", "30d"))
    counted = ("asks_sent", "answered", "unhappy", "cases_opened", "cases_resolved")
    hidden = ("response_rate", "average_rating", "csat", "unhappy_share", "first_human_response_median_s")
    assert {key: summary[key] for key in counted} == dict.fromkeys(counted, 0)
    assert {key: (summary[key], summary[f"{key}_n"]) for key in hidden} == dict.fromkeys(hidden, (None, 0))
    assert summary["period"] == "30d"
    assert "too few to tell" in empty.said("summary")


def test_scores_come_one_a_line_in_order(empty: Place) -> None:
    texts = ["my boots broke, I want a refund", "perfect, thank you", "5/5", "", "\u202eمرحبا"]
    lines = empty.said("score", "--json", "-", given="".join(f"{text}\n" for text in texts)).splitlines()
    verdicts = [json.loads(line) for line in lines]
    assert [each["text"] for each in verdicts] == texts
    wanted = "text label score unhappy confidence rating intents topics language evidence scorer".split()
    assert [key for each in verdicts for key in wanted if key not in each] == []
    assert [each["label"] for each in verdicts[:3]] == ["negative", "positive", "positive"]
    assert verdicts[2]["rating"] == 5
    found = verdicts[0]["evidence"][0]
    assert found["weight"] < 0
    assert texts[0][found["start"] : found["end"]] in {"broke", "want a refund"}
    assert [json.loads(line)["text"] for line in empty.said("score", "--json", "one", "two").splitlines()] == [
        "one", "two",
    ]  # fmt: skip


# ---------------------------------------------------------------- people of the shop


def test_agents_come_and_go(empty: Place) -> None:
    empty.said("agents", "add", "telegram:12345", "--name", "Kim")
    empty.said("agents", "add", "slack:U0ABC", "--manager")
    listed = empty.said("agents", "list")
    assert "telegram:12345\tagent\tKim" in listed
    assert "slack:U0ABC\tmanager" in listed
    empty.said("agents", "remove", "telegram:12345")
    assert "telegram:12345" not in empty.said("agents", "list")
    assert "no role" in empty.refused("agents", "remove", "telegram:12345")
    assert "telegram:12345" in empty.refused("agents", "add", "kim")


# ---------------------------------------------------------------- the doctor


def test_the_doctor_is_content_with_the_console_alone(empty: Place) -> None:
    assert "All well." in empty.said("doctor")


async def test_the_doctor_says_what_is_wrong_with_the_desk(tmp_path: Path) -> None:
    async with FakeTelegram() as telegram:
        place = Place.made(
            tmp_path, program_text("telegram"), TELEGRAM_BOT_TOKEN=telegram.token, TELEGRAM_API_URL=telegram.url,
            TELEGRAM_DESK_CHAT="-1009999999999",
        )  # fmt: skip
        await asyncio.to_thread(place.said, "migrate")
        advice = await asyncio.to_thread(place.refused, "doctor")
    assert "✗ telegram:" in advice
    assert "TELEGRAM_DESK_CHAT" in advice
    assert "AGENTS" in advice
    assert telegram.token not in advice


def test_the_doctor_misses_the_desk_that_the_program_names(tmp_path: Path) -> None:
    place = Place.made(tmp_path, program_text("slack"))
    place.said("migrate")
    assert "SLACK_DESK_CHANNEL" in place.refused("doctor")


# ---------------------------------------------------------------- running


@pytest.fixture(scope="module")
def open_shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Place, subprocess.Popen[str], str]]:
    """`run` without any token, and what it said until it was ready."""
    place = Place.made(tmp_path_factory.mktemp("open"), HTTP_PORT="0")
    process = place.start("run")
    said = ""
    assert process.stdout is not None
    while "Ctrl-C" not in said:
        line = process.stdout.readline()
        assert line, process.communicate()
        said += line
    yield place, process, said
    if process.poll() is None:
        process.kill()
        process.communicate()


def test_running_without_tokens_says_so_and_where_to_go(open_shop: tuple[Place, subprocess.Popen[str], str]) -> None:
    said = open_shop[2]
    assert "No Telegram or Slack token" in said
    chat = re.search(r"http://127\.0\.0\.1:\d+/chat", said)
    login = re.search(r"http://127\.0\.0\.1:\d+/login\?token=\S+", said)
    assert chat
    assert login
    assert httpx.get(chat[0]).status_code == 200
    assert httpx.get(login[0]).status_code == 200


def test_a_second_start_on_the_same_database_is_refused(open_shop: tuple[Place, subprocess.Popen[str], str]) -> None:
    assert "already" in open_shop[0].refused("run")


def test_commands_work_beside_a_running_program(open_shop: tuple[Place, subprocess.Popen[str], str]) -> None:
    place = open_shop[0]
    (place.folder / "orders.jsonl").write_text(json.dumps(paid("1", "ana", "12.00")))
    assert "1 new" in place.said("import-orders", "orders.jsonl")
    assert json.loads(place.said("queue", "--json")) == []


def test_sigterm_stops_it_at_once_and_well(open_shop: tuple[Place, subprocess.Popen[str], str]) -> None:
    process = open_shop[1]
    begun = time.monotonic()
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=30)
    assert time.monotonic() - begun < 5
    assert process.returncode == 0, errors
    assert "Traceback" not in errors


# ---------------------------------------------------------------- the demo


def test_the_demo_tells_the_whole_story_and_ends(tmp_path: Path) -> None:
    begun = time.monotonic()
    story = Place.made(tmp_path).said("demo", "--headless")
    assert time.monotonic() - begun < 40
    moments = (
        "Hi Ana, good to see you here!", "how are you getting on with “Boots”", "😡 1", "★☆☆☆☆",
        "I am sorry.", "read as negative", "▲ Ana Duarte: unhappy, high value", "(inside) second zipper",
        "New boots leave today", "Kim says thank you", "▲ Chidi Okafor: high value", "Is all well with “Rain jacket”?",
        "What was missing?", "8 more customers answer", "Is all well again?", "Ana Yes, all well", "the last 30 days",
        "too few to tell", "Customers who answered: 12 of 14", "▲ Emil Novak: alarm word",
        "▲ Fay Wilson: asked for a person",
    )  # fmt: skip
    flat = " ".join(story.split())
    places = [flat.find(moment) for moment in moments]
    assert [moment for moment, place in zip(moments, places, strict=True) if place < 0] == []
    assert places == sorted(places)
    assert "\x1b" not in story


async def test_who_joins_the_demo_late_still_gets_in_and_is_asked() -> None:
    async with stage(0, Teller(), pace=0) as play, httpx.AsyncClient() as http:
        await play.order(YOU, "paid")
        said = await invitation(play)
        await play.order(YOU, "delivered")
        await play.passes(days=6)
        login = re.findall(r"(http://\S+/login)\?token=(\S+)", said)[0]
        assert (await http.post(login[0], data={"token": login[1]})).headers.get("location") == "/"
        await play.opens_link("you")
        await play.taps("you", "rate:*:5", quietly=True)


def test_the_demo_with_pages_invites_and_ends_with_ctrl_c(tmp_path: Path) -> None:
    process = Place.made(tmp_path).start("demo", "--port", "0")
    try:
        assert process.stdout is not None
        said = ""
        while "/chat?token=" not in said:
            line = process.stdout.readline()
            assert line, process.communicate()
            said += line
        assert re.search(r"at the desk: +http://127\.0\.0\.1:\d+/login\?token=\S+", said)
        assert httpx.get(re.findall(r"http://\S+/chat\?token=\S+", said)[0]).status_code == 200
        process.send_signal(signal.SIGINT)
        rest, errors = process.communicate(timeout=10)
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()
    assert (process.returncode, errors) == (0, "")
    assert "That was Afterword" in rest
