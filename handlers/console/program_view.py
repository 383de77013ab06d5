"""What the page of the relationship program says: pure words and shares from rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.campaign import audience_words, moment_words
from bot.domain.campaign_report import Line, lift, report_lines, treated
from bot.domain.draft import money_text
from bot.domain.level import LADDER
from bot.domain.seizing import subject_words
from bot.domain.spike import MOOD, PRODUCT, TOPIC, Spike
from bot.domain.staff import Staff
from bot.domain.standing import Rfm
from bot.domain.why import Why
from bot.ports import CampaignRow
from bot.program import HOLD_OUT, Program

GOALS = {"answer": "answered and found it welcome", "purchase": "bought again"}


@dataclass(frozen=True, slots=True)
class Bar:
    """One wording: its share with the interval, all 0…1; `note` says what stands beside it."""

    name: str
    share: float | None
    low: float
    high: float
    note: str
    held: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """One campaign. `tone`: good, bad or soft. `says` is what it comes to, in a sentence."""

    name: str
    state: str
    tone: str
    whom: str
    counts: str
    says: str
    bars: tuple[Bar, ...]
    runs: bool
    can_turn: bool


def headline(rows: Sequence[CampaignRow]) -> str:
    """The first line of the page."""
    if not rows:
        return "No campaign yet: the bot asks, thanks and answers, and begins nothing else."
    stopped = [row for row in rows if row.stopped is not None]
    running = len(rows) - len(stopped)
    sent = sum(treated(row.results).out for row in rows)
    first = f"{_count(running, 'campaign')} {'runs' if running == 1 else 'run'}, {sent:,} messages sent."
    return f"{first} {_count(len(stopped), 'campaign')} stopped." if stopped else first


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def card(row: CampaignRow) -> Card:
    """A campaign as its card shows it."""
    campaign, spoken = row.campaign, treated(row.results)
    state = "runs" if row.stopped is None else f"stopped: {row.stopped}"
    return Card(
        name=campaign.name,
        state=state,
        tone="good" if row.stopped is None else "bad",
        whom=f"{moment_words(campaign.moment)} · {audience_words(campaign)}",
        counts=f"{spoken.planned:,} planned · {spoken.out:,} sent · {spoken.skipped:,} not sent",
        says=_says(row),
        bars=tuple(_bar(line) for line in report_lines(campaign, row.results)),
        runs=row.stopped is None,
        can_turn=campaign.enabled,
    )


def _says(row: CampaignRow) -> str:
    goal, found = GOALS[row.campaign.goal], lift(row.results)
    if found is None:
        return f"Too early to compare: counted is who {goal} within the window."
    difference, low, high = found
    sure = "" if low > 0 or high < 0 else ", which may be chance"
    points, which = abs(difference) * 100, "more" if difference >= 0 else "fewer"
    return f"{points:.1f} points {which} {goal} than of those left alone ({low:+.1%} to {high:+.1%}){sure}."


def _bar(line: Line) -> Bar:
    held = line.variant == HOLD_OUT
    name = "left alone, to compare" if held else line.variant
    share = f"{line.share:.1%} of {line.closed:,}" if line.share is not None else "no window has closed yet"
    best = f" · best with {line.best:.0%}" if line.best is not None and line.closed else ""
    harm = f" · {line.left:,} wanted no more" if line.left else ""
    return Bar(name, line.share, line.low, line.high, f"{share}{best}{harm}", held)


def ladder(program: Program) -> list[tuple[str, str]]:
    """(who, level), from the program file."""
    levels = program.levels
    rows: list[tuple[str, str]] = [("everybody", levels.default), ("top customers", levels.top)]
    rows += [(f"segment {name}", level) for name, level in sorted(levels.segments.items())]
    rows += [(f"in {country}", level) for country, level in sorted(levels.countries.items())]
    return rows


def limits(program: Program) -> list[str]:
    """What holds for everything that the bot begins."""
    ask, outreach = program.ask.max_per_customer, program.outreach.max_per_customer
    lines = [
        f"asks: {ask.number} in {ask.span.days} days",
        f"asks and outreach: {outreach.number} in {outreach.span.days} days",
        f"{outreach_days(program)} days of calm after a case",
    ]
    if program.quiet.enabled:
        lines.append(f"quiet from {program.quiet.from_:%H:%M} until {program.quiet.until:%H:%M}, their time")
    if program.reward:
        lines.append(f"rewards: {program.rewards.monthly_budget} {program.value.currency} a month")
    return lines


def outreach_days(program: Program) -> int:
    """The cool-down, in days."""
    return program.outreach.cool_down.days


LADDER_WORDS = (("", "as the program says"), *((level, level) for level in LADDER))
ALERTS = {
    MOOD: "More unhappy answers than usual",
    TOPIC: "More complaints than usual about {about}",
    PRODUCT: "More unhappy answers than usual about {about}",
}


def spike_words(spike: Spike, zone: ZoneInfo) -> str:
    """What happened, and when it was told."""
    head = ALERTS.get(spike.kind, spike.kind).format(about=subject_words("en", spike))
    return f"{head} · {spike.raised_at.astimezone(zone):%d %b, %H:%M}"


def answered_words(spike: Spike, people: Sequence[Staff], zone: ZoneInfo) -> str:
    """Who wrote to those concerned; "" while nobody has."""
    if spike.seized_at is None:
        return ""
    name = next((one.name for one in people if one.identity == spike.seized_by), "") or spike.seized_by
    return f"{name} wrote to those concerned at {spike.seized_at.astimezone(zone):%H:%M} · campaign {spike.campaign}"


def rfm_words(found: Rfm | None, program: Program, now: datetime) -> str:
    """`RFM 5-4-4: bought 3 days ago, 4 orders, €430.00 in 365 days`."""
    days = program.value.window.days
    if found is None:
        return f"nothing bought in {days} days"
    ago = (now - found.last).days
    lately = "today" if ago <= 0 else f"{_count(ago, 'day')} ago"
    money = money_text(found.value, program.value.currency, "en")
    return f"RFM {found.code}: bought {lately}, {_count(found.orders, 'order')}, {money} in {days} days"


def why_rows(lines: Sequence[Why], program: Program) -> list[tuple[str, str, str, str]]:
    """(when, about, step, reason), newest first, in the shop's own time."""
    zone = program.shop.zone
    return [(f"{one.at.astimezone(zone):%d %b %Y, %H:%M}", one.about, one.did, one.reason) for one in reversed(lines)]
