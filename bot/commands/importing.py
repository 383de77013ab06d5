"""`import-orders`: a file's orders into the journal, with progress; safe to repeat."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from bot.domain.event import Accepted, Incoming, OrderReported
from bot.errors import AlreadyRunning
from bot.ports import Clock
from bot.program import Program
from bot.runtime.turning import TurnLoop
from bot.settings import Settings
from bot.wiring import configured_channels, open_database
from handlers.shops.importing import Totals, import_orders
from sentiment import named_scorer
from storage.database import Database
from storage.migrating import is_sqlite

BAR = 30
MOST_AT_ONCE = 5_000
MOST_SHOWN = 20


async def import_file(settings: Settings, program: Program, file: Path, shop: str) -> bool:
    """Import; True when every line could be taken. Without a running Afterword the orders are worked in at once."""
    try:
        async with open_database(settings, program, exclusive=is_sqlite(settings.database_url)) as (database, clock):
            totals = await _import(database, clock, file, shop)
            if totals.new <= MOST_AT_ONCE:
                await _work_in(database, clock, program, settings)
            else:
                sys.stdout.write("They are worked in as soon as Afterword runs.\n")
    except AlreadyRunning:
        async with open_database(settings, program) as (database, clock):
            totals = await _import(database, clock, file, shop)
    tell(totals)
    return not totals.wrong_lines


async def _import(database: Database, clock: Clock, file: Path, shop: str) -> Totals:
    async def accept_many(batch: Sequence[Incoming]) -> Sequence[Accepted]:
        return await database.accept(batch, clock.now())

    return await import_orders(file, shop, accept_many, progress, clock.now())


async def _work_in(database: Database, clock: Clock, program: Program, settings: Settings) -> None:
    """Purchases show at once; asks wait for the program to run, so that none goes out at a wrong hour."""
    database.channels = configured_channels(settings)
    loop = TurnLoop(
        database, named_scorer(settings.scorer), program, clock, "import", only=OrderReported, lanes=4 * MOST_AT_ONCE
    )
    while await loop.once():
        pass
    await loop.close()


def progress(share: float, totals: Totals) -> None:
    """A bar on stderr, where somebody looks."""
    if sys.stderr.isatty():
        done = round(share * BAR)
        counted = totals.new + totals.repeats
        sys.stderr.write(f"\r[{'█' * done}{' ' * (BAR - done)}] {share:4.0%}  {counted:,} reports")
        if share >= 1:
            sys.stderr.write("\n")
        sys.stderr.flush()


def tell(totals: Totals) -> None:
    """What happened, and which lines were wrong."""
    sys.stdout.write(f"{totals.new:,} new, {totals.repeats:,} known already")
    sys.stdout.write(f", {totals.skipped:,} skipped\n" if totals.skipped else "\n")
    if totals.wrong_lines:
        sys.stderr.write(f"{totals.wrong_lines:,} lines could not be taken; correct them and import again:\n")
        for wrong in totals.wrong[:MOST_SHOWN]:
            named = f" {wrong.field}:" if wrong.field else ""
            sys.stderr.write(f"  line {wrong.line}:{named} {wrong.problem}\n")
