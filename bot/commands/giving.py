"""`gifts …`: codes into the pool, the ledger of a month with each agent's spending, tasks of the back office."""

from __future__ import annotations

import csv
import re
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from bot.domain.draft import money_text
from bot.domain.gesture import Gesture, gesture_entry, month_of
from bot.domain.hours import midnight
from bot.domain.ids import HOUSE_STAFF
from bot.domain.money import Money
from bot.domain.staff import Staff
from bot.errors import Refused
from bot.ports import Imported, PoolRow, Records
from bot.program import Program, known_currencies, parse_amount

CODE = re.compile(r"[\x21-\x7e]{1,64}")
LANGUAGE = "en"
"""These lines are for the people of the shop, as all commands are."""


# ---------------------------------------------------------------- codes


@dataclass(frozen=True, slots=True)
class Brought:
    """What became of a file, in words. `differing` is why not all of it could be taken, "" when it could."""

    words: str
    differing: str


def import_codes(
    file: Path, amount: str, currency: str, expires: str, program: Program
) -> Callable[[Records, datetime], Awaitable[Brought]]:
    """Everything checked first; then the work, for the database once it is open."""
    worth = _worth(amount, currency or program.value.currency)
    until = _last_day(expires, program) if expires else None
    codes = read_codes(file)

    async def bring(records: Records, now: datetime) -> Brought:
        if until is not None and until <= now:
            raise Refused(f"{expires} is past.", "Nobody could use these codes any more.")
        done = await records.import_codes(codes, worth, until, now)
        free = next((row.free for row in await records.pool(now) if row.worth == worth), 0)
        return _brought(done, worth, free, program)

    return bring


def _brought(done: Imported, worth: Money, free: int, program: Program) -> Brought:
    money = _money(worth)
    words = f"{done.new:,} new codes of {money}, {done.known:,} known already. The pool has {free:,} to give."
    if worth.currency != program.value.currency:
        words += f"\nThey are not given while value.currency is {program.value.currency}."
    elif worth.amount > program.gifts.largest:
        words += f"\nThey are not given while gifts.largest is {program.gifts.largest}."
    differing = ", ".join(done.differing[:20])
    return Brought(words, f"Known as worth something else, and left so: {differing}" if differing else "")


def _worth(amount: str, currency: str) -> Money:
    try:
        value = parse_amount(amount)
    except ValueError as error:
        raise Refused(f"--amount: {error}") from None
    if not value:
        raise Refused("--amount: a gift is worth something.")
    if currency not in known_currencies():
        raise Refused(f"--currency: {currency!r} is not a currency.", "ISO 4217 codes such as EUR, USD or GBP are.")
    return Money(value, currency)


def _last_day(text: str, program: Program) -> datetime:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Refused(f"--expires: {text!r} is not a day.", "Write it as 2027-06-30.") from None
    return midnight(day + timedelta(days=1), program.shop.zone)


def read_codes(file: Path) -> list[str]:
    """The codes of a file, in order; empty lines and lines that begin with # say nothing."""
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"{file} can't be read: {error}", "Give a text file with one code a line.") from None
    found = list(_codes(lines))
    codes = [code for _, code in found]
    wrong = [f"line {number}: {code!r}" for number, code in found if not CODE.fullmatch(code)]
    if wrong:
        advice = "A code has 1 to 64 letters, digits or signs and no spaces. Nothing was imported."
        raise Refused("These are no codes:\n  " + "\n  ".join(wrong[:20]), advice)
    if not codes:
        raise Refused(f"{file} has no codes.", "Write one a line, or a CSV file with a column `code`.")
    return codes


def _codes(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    head = next(csv.reader(lines[:1], delimiter=_delimiter(lines)), [])
    names = [name.strip().lower() for name in head]
    if "code" in names:
        place = names.index("code")
        for number, row in enumerate(csv.reader(lines[1:], delimiter=_delimiter(lines)), start=2):
            if any(cell.strip() for cell in row):
                yield number, row[place].strip() if place < len(row) else ""
        return
    for number, line in enumerate(lines, start=1):
        if line.strip() and not line.startswith("#"):
            yield number, line.strip()


def _delimiter(lines: Sequence[str]) -> str:
    return ";" if lines and ";" in lines[0] else ","


# ---------------------------------------------------------------- the ledger


@dataclass(frozen=True, slots=True)
class Spending:
    """One agent's month."""

    identity: str
    name: str
    spent: Decimal
    left: Decimal
    coupons: int


@dataclass(frozen=True, slots=True)
class Ledger:
    """A month as managers read it."""

    month: str
    currency: str
    budget: Decimal
    agents: tuple[Spending, ...]
    pool: tuple[PoolRow, ...]
    gestures: tuple[Gesture, ...]


async def read_ledger(records: Records, program: Program, now: datetime, month: str = "") -> Ledger:
    """The month of `now`, or the one that is named."""
    since, until = month_of(_moment_in(month) if month else now, program.shop.zone)
    gestures = await records.gestures(since, until)
    staff = sorted(await records.staff(), key=lambda one: (one.name, one.channel, one.external))
    return Ledger(
        month=f"{since.astimezone(program.shop.zone):%Y-%m}",
        currency=program.value.currency,
        budget=program.gifts.monthly_budget,
        agents=tuple(_spendings(staff, gestures, program)),
        pool=tuple(await records.pool(now)),
        gestures=tuple(gestures),
    )


def _moment_in(month: str) -> datetime:
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", month) or month < "1000":
        raise Refused(f"{month!r} is not a month.", "Write it as 2026-11.")
    return datetime.fromisoformat(f"{month}-15").replace(tzinfo=UTC)


def _spendings(staff: Sequence[Staff], gestures: Sequence[Gesture], program: Program) -> Iterator[Spending]:
    """Everybody who may give, and whoever gave and has left since."""
    signed = {gesture.staff: gesture.author for gesture in gestures}
    names = {one.id: (f"{one.channel}:{one.external}", one.name or signed.get(one.id, "")) for one in staff}
    names |= {number: ("", author) for number, author in signed.items() if number not in names}
    for number, (identity, name) in names.items():
        theirs = [g for g in gestures if g.staff == number and g.worth and g.worth.currency == program.value.currency]
        spent = sum((gesture.spent for gesture in theirs), Decimal(0))
        budget = (program.rewards if number == HOUSE_STAFF else program.gifts).monthly_budget
        left = max(Decimal(0), budget - spent)
        yield Spending(identity, name, spent, left, sum(1 for gesture in theirs if gesture.spent))


def ledger_json(ledger: Ledger) -> dict[str, Any]:
    """For other programs: every amount is text."""
    return {
        "month": ledger.month,
        "currency": ledger.currency,
        "budget": f"{ledger.budget:.2f}",
        "agents": [
            {"agent": one.identity or None, "name": one.name, "spent": f"{one.spent:.2f}", "left": f"{one.left:.2f}",
             "coupons": one.coupons}
            for one in ledger.agents
        ],
        "pool": [
            {"amount": str(row.worth.amount), "currency": row.worth.currency, "free": row.free, "given": row.granted}
            for row in ledger.pool
        ],
        "gestures": [{**gesture_entry(gesture), "customer": gesture.customer} for gesture in ledger.gestures],
    }  # fmt: skip


def ledger_words(ledger: Ledger) -> str:
    """For people."""
    budget = _money(Money(ledger.budget, ledger.currency))
    lines = [f"Gestures in {ledger.month}; each agent may give {budget} a month"]
    for one in ledger.agents:
        spent, left = (_money(Money(amount, ledger.currency)) for amount in (one.spent, one.left))
        lines.append(f"  {one.name or one.identity}: {spent} spent, {left} left")
    lines += [f"  {gesture_words(gesture)}" for gesture in ledger.gestures]
    lines += [
        f"  pool: {row.free:,} codes of {_money(row.worth)} to give, {row.granted:,} given" for row in ledger.pool
    ]
    return "\n".join(lines)


def gesture_words(gesture: Gesture) -> str:
    """One line of the ledger."""
    what = f"{_money(gesture.worth)} {gesture.kind.value}" if gesture.worth else gesture.kind.value
    said = f" “{gesture.words}”" if gesture.words else ""
    state = gesture.state.value
    return f"{gesture.at:%Y-%m-%d %H:%M} UTC  {gesture.author} → customer {gesture.customer}: {what}, {state}{said}"


def task_words(task: Gesture) -> str:
    """One task of the back office."""
    about = f"customer {task.customer}, from {task.author}, {task.at:%Y-%m-%d}"
    return f"{task.id}\t{task.kind.value}\t{about}\t{task.words}"


def _money(worth: Money) -> str:
    return money_text(worth.amount, worth.currency, LANGUAGE)
