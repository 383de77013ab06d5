"""`afterword demo`: a small shop plays itself on a clock that leaps from moment to moment."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import tempfile
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.commands.running import started
from bot.commands.staging import BORIS, BUYERS, KIM, YOU, LeapingClock, Play
from bot.commands.telling import Teller
from bot.domain.staff import Role
from bot.program import Program, parse_program
from bot.runtime import logs
from bot.settings import Settings

PROGRAM = """
[shop]
name = "Boots & Co"
contact = "+33 1 23 45 67 89"
timezone = "Europe/Paris"
[ask]
after = "3d"
from = "delivered"
[quiet]
enabled = false    # whoever joins in may live at any hour
[sla]
first_reply = "15m"
hours = "Mon-Sun 00:00-23:59"
[desk]
channel = "console"
"""
READING_S, HURRYING_S = 1.7, 0.02
INVITED = timedelta(days=30)


async def story(play: Play) -> None:
    """Ask → reply → verdict → escalation → agent → resolution → summary."""
    await _orders(play)
    await _ana(play)
    await _chidi(play)
    await _dora(play)
    await _the_others(play)
    await _a_day_later(play)
    await _figures(play)


async def _orders(play: Play) -> None:
    await play.tell("Fourteen people buy boots, socks, a coat … The shop reports each order to Afterword.")
    for buyer in BUYERS:
        await play.order(buyer, "paid")
        await play.opens_link(buyer.short)
    await play.shown("ana")
    await play.passed_over()
    await play.passes(days=2)
    await play.tell("Two days pass, and the parcels arrive.")
    for buyer in (*BUYERS, YOU):
        await play.order(buyer, "delivered")
    await play.passes(days=3, minutes=1)
    await play.tell("Three days after delivery everybody is asked, once; Ana, for one:")
    await play.shown("ana")
    await play.passed_over()
    await play.tell("(The shop's number and a button to a person go with every message; we leave them out from here.)")


async def _ana(play: Play) -> None:
    await play.tell("Ana taps the angriest face, and writes.")
    await play.taps("ana", "rate:*:1")
    await play.says("ana", "great, another broken zipper, I want a refund")
    await play.tell("It is not fooled by “great”. The desk has a case, with its reasons:")
    await play.desk_sees("ana")
    await play.tell("Kim claims it. From here the bot is silent, and only Kim's words reach Ana.")
    await play.agent("ana", "claim")
    await play.agent("ana", "says", "second zipper from lot 4417 this week", who=BORIS)
    await play.agent("ana", "says", "That should not happen twice, Ana. New boots leave today; keep the old ones.")
    await play.says("ana", "oh! that is kind, thank you")
    await play.tell("Kim resolves the case.")
    await play.agent("ana", "resolve")


async def _chidi(play: Play) -> None:
    play.look_at("chidi")
    await play.tell("Chidi is happy. He is also one of the best customers, and those hear from a person.")
    await play.taps("chidi", "rate:*:5")
    await play.desk_sees("chidi")
    await play.agent("chidi", "claim", quietly=True)
    await play.agent("chidi", "says", "Thank you, Chidi! The coat comes in green from March. Shall I keep one for you?")
    await play.agent("chidi", "resolve", quietly=True)
    await play.passed_over()


async def _dora(play: Play) -> None:
    play.look_at("dora")
    await play.tell("Nobody could be sure what Dora means. Afterword asks back once, instead of guessing.")
    await play.says("dora", "quite a colour")
    await play.taps("dora", "clear:so")
    await play.says("dora", "the colour is not the one of the picture")


async def _the_others(play: Play) -> None:
    others = [buyer for buyer in BUYERS if buyer.stars]
    play.teller.heading("Meanwhile")
    await play.tell(
        f"Bo gives five stars. In the background {len(others)} more customers answer, some happy, some not; "
        "Kim and Boris take care of those who need somebody."
    )
    await play.taps("bo", "rate:*:5", quietly=True)
    await play.says("bo", "so warm, I love them", quietly=True)
    for buyer in others:
        await play.taps(buyer.short, f"rate:*:{buyer.stars}", quietly=True)
        await play.settled()
        await play.says(buyer.short, buyer.words, quietly=True)
    for short, words, who in (
        ("kofi", "Sorry, Kofi. A new pair is on its way.", BORIS),
        ("ines", "Thank you, Inês! Enjoy the mountains.", KIM),
    ):
        await play.agent(short, "claim", who=who, quietly=True)
        await play.agent(short, "says", words, who=who, quietly=True)
        await play.agent(short, "resolve", who=who, quietly=True)
    await play.settled()


async def _a_day_later(play: Play) -> None:
    await play.passes(days=1, minutes=1)
    play.look_at("ana")
    await play.tell("A day later. Resolved is not the same as happy, so Afterword asks:")
    await play.shown("ana")
    await play.taps("ana", "well:*:yes")


async def _figures(play: Play) -> None:
    play.teller.heading("What the manager reads")
    await play.summary()
    await play.tell("Where fewer than ten cases stand behind a figure, it says so and shows none.")
    await play.says("emil", "my skin turned red after the first use", quietly=True)
    await play.says("fay", "can I speak to somebody?", quietly=True)
    play.teller.heading("Still waiting at the desk")
    for short in ("emil", "fay"):
        await play.desk_sees(short)


async def play(*, headless: bool, port: int) -> None:
    """Set the stage in a temporary folder, play, and let people join in."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, stop.set)
    teller = Teller()
    async with stage(0 if headless else port, teller, pace=HURRYING_S if headless else READING_S) as acting:
        shop = acting.running.house.program.shop.name
        teller.heading(f"{shop} opens")
        if not headless:
            await acting.order(YOU, "paid")
            teller.plain(await invitation(acting))
            await asyncio.sleep(2 * READING_S)
        await _until_stopped(acting, stop, stay=not headless)
    teller.plain("\nThat was Afterword: the conversation after the purchase. `make run` starts your own shop.")


async def _until_stopped(acting: Play, stop: asyncio.Event, *, stay: bool) -> None:
    telling = asyncio.create_task(story(acting))
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({telling, stopping}, return_when=asyncio.FIRST_COMPLETED)
    if telling.done():
        await telling
        if stay:
            acting.teller.says("The stage is yours: claim Emil's case, or write as a customer. Ctrl-C ends the demo.")
            acting.teller.plain(await invitation(acting))
            await stopping
    for task in (telling, stopping):
        task.cancel()
    await asyncio.gather(telling, stopping, return_exceptions=True)


@contextlib.asynccontextmanager
async def stage(port: int, teller: Teller, *, pace: float, days_ago: int = 0) -> AsyncIterator[Play]:
    """A shop in a temporary folder, its people at their places, at ten in the morning."""
    program: Program = parse_program(PROGRAM, "the demo's program")
    logs.configure("ERROR", "text")
    morning = datetime.now(UTC).replace(hour=10, minute=0, second=0, microsecond=0)
    clock = LeapingClock(morning - timedelta(days=days_ago))
    with tempfile.TemporaryDirectory(prefix="afterword-demo-") as folder:
        async with started(settings_in(Path(folder), port), program, "all", asyncio.Event(), clock=clock) as running:
            for who in (KIM, BORIS):
                await running.house.database.seat("console", who.external, Role.AGENT, who.name, "demo")
            yield Play(running, clock, teller, pace=pace)


def settings_in(folder: Path, port: int) -> Settings:
    """Settings that look at nothing outside the demo's folder."""
    return Settings(
        _env_file=None,
        database_url=f"sqlite+aiosqlite:///{folder}/demo.db",
        program_file=str(folder / "program.toml"),
        http_host="127.0.0.1",
        http_port=port,
        telegram_bot_token=None,
        slack_bot_token=None,
        public_url=None,
        secret_key=None,
        agents="",
        managers="",
    )


async def invitation(acting: Play) -> str:
    """Where to watch and join in; the way to the desk outlives the story's leaps."""
    url = acting.running.house.settings.base_url
    login = await acting.database.issue_login("console:owner", acting.clock.now() + INVITED)
    return (
        "\nWatch and join in:\n"
        f"  at the desk:    {url}/login?token={login}   (opens once)\n"
        f"  as a customer:  {url}/chat?token={acting.tokens['you']}   (you bought a hiking map)\n"
    )
