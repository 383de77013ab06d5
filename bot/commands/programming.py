"""`program …` and `campaigns …`: what would happen, why it did, what came of it, and one well-aimed message."""

from __future__ import annotations

import secrets
import tomllib
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.domain.campaign import audience_words, moment_words
from bot.domain.campaign_report import lift, report_lines, treated
from bot.domain.campaign_report import report_json as results_json
from bot.domain.draft import money_text
from bot.domain.event import ByCustomer, Incoming, StepAsked
from bot.domain.ids import CustomerId
from bot.domain.level import LADDER
from bot.domain.standing import Pareto
from bot.domain.why import Why
from bot.errors import AlreadyRunning, CustomerUnknown, ProgramInvalid, Refused
from bot.ports import CampaignPreview, CampaignRow, Campaigns, Clock, PreviewLine
from bot.program import HOLD_OUT, Program, parse_campaign
from bot.runtime.turning import TurnLoop
from bot.settings import Settings
from bot.wiring import Database, configured_channels, open_database
from sentiment import named_scorer
from storage.migrating import is_sqlite

PLANNED_AHEAD = timedelta(minutes=1)
SHOWN = 40


# ---------------------------------------------------------------- what would happen


@dataclass(frozen=True, slots=True)
class Foreseen:
    """The days to come: asks, and each campaign."""

    asks: tuple[PreviewLine, ...]
    campaigns: tuple[CampaignPreview, ...]


async def foresee(records: Campaigns, now: datetime, days: int) -> Foreseen:
    """By the rules that will decide when the moment is there."""
    until = now + timedelta(days=days)
    asks = await records.preview_asks(now, until)
    running = [row.campaign for row in await records.campaigns() if row.stopped is None]
    previews = [await records.preview_campaign(campaign, now, until) for campaign in running]
    return Foreseen(tuple(asks), tuple(previews))


def preview_json(found: Foreseen) -> dict[str, Any]:
    """For other programs."""
    return {
        "asks": [_line_json(line) for line in found.asks],
        "campaigns": [
            {
                "campaign": one.campaign,
                "people": [_line_json(line) for line in one.lines],
                "refused": one.refused,
                "not_in_audience": one.outside,
                "over_the_limit": one.waiting,
            }
            for one in found.campaigns
        ],
    }


def _line_json(line: PreviewLine) -> dict[str, Any]:
    return {
        "at": line.at.isoformat(),
        "customer": line.customer,
        "name": line.name,
        "about": line.about,
        "would": "send" if not line.why else "move" if line.why.startswith("later") else "not send",
        "why": line.why or None,
    }


def preview_words(found: Foreseen) -> str:
    """For people: who gets what; who does not, and why, counted."""
    lines = _group("Asks", found.asks)
    for one in found.campaigns:
        lines += _group(f"Campaign {one.campaign}", one.lines)
        lines += [f"  not: {number:,} × {why}" for why, number in sorted(one.refused.items())]
        if one.outside:
            lines.append(f"  not in the audience: {one.outside:,}")
        if one.waiting:
            lines.append(f"  over the day's limit, later: {one.waiting:,}")
    return "\n".join(lines)


def _group(title: str, rows: tuple[PreviewLine, ...]) -> list[str]:
    sent = [row for row in rows if not row.why]
    lines = [f"{title}: {len(sent):,} would be sent"]
    lines += [f"  {row.at:%Y-%m-%d %H:%M} UTC  {row.name or '—'} ({row.customer})  {row.about}" for row in sent[:SHOWN]]
    if len(sent) > SHOWN:
        lines.append(f"  … and {len(sent) - SHOWN:,} more (--json shows all)")
    lines += [f"  not: {number:,} × {why}" for why, number in Counter(row.why for row in rows if row.why).most_common()]
    return lines


# ---------------------------------------------------------------- who matters most

GIANT = 0.5


def top_words(found: Pareto, program: Program) -> str:
    """How the top tier comes about, for people."""
    value = program.value
    if found.least is None:
        return (
            f"{found.customers:,} customers have bought within {value.window.days} days: fewer than "
            f"{value.least_customers}, so nobody is called best yet."
        )
    money = money_text(found.least, value.currency, "en")
    first = (
        f"{found.customers:,} customers have bought within {value.window.days} days. The best {value.top_share:.0%} of "
        f"them are {found.wanted:,}."
    )
    second = (
        f"In the top tier: {found.top:,}, who each spent {money} or more, net of refunds. They bring {found.share:.0%} "
        "of the money."
    )
    lines = [first, second]
    if found.top > found.wanted:
        lines.append(
            f"{found.top - found.wanted:,} more than that share, because they spent as much as the last of it."
        )
    if found.top < found.wanted:
        lines.append("Fewer than that share, because the others' orders came to nothing.")
    if found.largest > GIANT:
        lines.append(f"One customer alone brings {found.largest:.0%}: take sums and averages with care.")
    return "\n".join(lines)


def top_json(found: Pareto) -> dict[str, Any]:
    """For other programs: the amount is text."""
    return {**asdict(found), "least": str(found.least) if found.least is not None else None}


# ---------------------------------------------------------------- why


def why_words(line: Why, program: Program) -> str:
    """One step, in the shop's own time."""
    reason = f": {line.reason}" if line.reason else ""
    return f"{line.at.astimezone(program.shop.zone):%Y-%m-%d %H:%M}  {line.about}  {line.did}{reason}"


# ---------------------------------------------------------------- steps by hand


async def ask_step(settings: Settings, program: Program, who: str, step: str, arguments: dict[str, str]) -> str:
    """Into the journal like everything. Without a running Afterword it is done at once, else by that one."""
    if step == "level" and arguments["level"] and arguments["level"] not in LADDER:
        raise Refused(f"{arguments['level']!r} is no level.", f"There are {', '.join(LADDER)}, and `program`.")
    try:
        async with open_database(settings, program, exclusive=is_sqlite(settings.database_url)) as (database, clock):
            database.channels = configured_channels(settings)
            began = clock.now()
            customer = await _write_down(database, clock, who, step, arguments)
            loop = TurnLoop(database, named_scorer("rules"), program, clock, "command", only=StepAsked)
            while await loop.once():
                pass
            await loop.close()
            done = [line for line in await database.why(customer, 20) if line.about == step and line.at >= began]
    except AlreadyRunning:
        async with open_database(settings, program) as (database, clock):
            await _write_down(database, clock, who, step, arguments)
        return "The running Afterword does it in a moment; `afterword program why` shows it."
    if done and done[-1].did == "refused":
        raise Refused(done[-1].reason)
    return "Done." if done else "It is noted, and done as soon as Afterword runs: other things of theirs come first."


async def _write_down(database: Database, clock: Clock, who: str, step: str, arguments: dict[str, str]) -> CustomerId:
    customer = await database.find_customer(who)
    if customer is None:
        raise CustomerUnknown(f"No customer answers to {who!r}.", "Try `afterword customer show` with their e-mail.")
    now, asked = clock.now(), StepAsked("command", step, arguments)
    await database.accept([Incoming(f"step:{secrets.token_hex(8)}", ByCustomer(customer), asked, now)], now)
    return customer


# ---------------------------------------------------------------- campaigns


async def campaign(records: Campaigns, name: str) -> CampaignRow:
    """The one of this name, or a refusal."""
    rows = {row.campaign.name: row for row in await records.campaigns()}
    if name not in rows:
        raise Refused(f"There is no campaign {name!r}.", f"There are: {', '.join(rows) or 'none yet'}.")
    return rows[name]


async def stop(records: Campaigns, name: str, why: str, now: datetime) -> str:
    """In words what became of it."""
    await campaign(records, name)
    if not await records.stop_campaign(name, why, "command", now):
        raise Refused(f"{name} is stopped already.")
    return f"{name} is stopped. Nothing more of it goes out."


async def start(records: Campaigns, name: str, now: datetime) -> str:
    """In words what became of it."""
    row = await campaign(records, name)
    if not row.campaign.enabled:
        raise Refused(f"{name} is switched off in the program file.", "Set enabled = true there.")
    if not await records.start_campaign(name, now):
        raise Refused(f"{name} runs already.")
    return f"{name} runs again. What happened before is not held against it."


def campaign_json(row: CampaignRow) -> dict[str, Any]:
    """One line of the list."""
    return {
        **results_json(row.campaign, row.results, row.stopped),
        "audience": audience_words(row.campaign),
        "moment": moment_words(row.campaign.moment),
        "by_hand": row.by_hand,
    }


def campaign_words(row: CampaignRow) -> str:
    """For whom, when, how far."""
    spoken = treated(row.results)
    state = "runs" if row.stopped is None else f"stopped: {row.stopped}"
    return (
        f"{row.campaign.name}: {state}\n  {moment_words(row.campaign.moment)}; {audience_words(row.campaign)}\n"
        f"  {spoken.planned:,} planned, {spoken.out:,} sent, {spoken.skipped:,} not sent"
    )


def report_words(row: CampaignRow) -> str:
    """A line for each wording and the hold-out; then how much better than leaving people alone."""
    lines = [campaign_words(row), "", f"Goal: {row.campaign.goal} within the window; 95 % intervals"]
    for line in report_lines(row.campaign, row.results):
        share = "no window has closed yet" if line.share is None else (
            f"{line.share:.1%} ({line.low:.1%} to {line.high:.1%}, n = {line.closed:,})"
        )  # fmt: skip
        best = f", best with {line.best:.0%}" if line.best is not None else ""
        harm = f"; {line.left:,} wanted no more, {line.soured:,} unhappier, {line.bought:,} bought"
        went = f"{line.out:,} {'left alone' if line.variant == HOLD_OUT else 'sent'}"
        lines.append(f"  {line.variant}: {share}{best}; {went}{harm}")
    found = lift(row.results)
    if found:
        lines.append(f"Against the hold-out: {found[0]:+.1%} ({found[1]:+.1%} to {found[2]:+.1%})")
    return "\n".join(lines)


# ---------------------------------------------------------------- one well-aimed message


def read_campaign(file: Path, program: Program) -> dict[str, Any]:
    """The keys of one campaign from a file, checked. Its moment is now unless it says otherwise; nobody is held out."""
    try:
        raw = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Refused(f"{file} can't be read: {error}", "Give a TOML file with the keys of one [[campaign]].") from None
    raw = {"moment": "now", "hold_out": 0.0, "per_day": 1000, **raw}
    try:
        parse_campaign(raw, program, str(file))
    except ProgramInvalid as error:
        raise Refused(str(error)) from None
    return raw


async def send(records: Campaigns, program: Program, now: datetime, raw: dict[str, Any], *, sure: bool) -> Foreseen:
    """Shown first; made and planned when it is meant."""
    made = parse_campaign(raw, program, "campaign")
    shown = await records.preview_campaign(made, now, now + PLANNED_AHEAD)
    if sure:
        if not await records.add_campaign(raw, now):
            raise Refused(f"There is a campaign {made.name!r} already.", "Give this one another name.")
        await records.plan_campaigns(now, now + PLANNED_AHEAD)
    return Foreseen((), (shown,))
