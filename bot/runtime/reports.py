"""Reports that are made when they are sent, from what is true then: summary, queue, a login, what we keep."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import structlog

from bot.domain.alerts import topic_words
from bot.domain.case import Promise
from bot.domain.digest import WEEKLY
from bot.domain.fact import FactState
from bot.domain.figures.board import Board, Change, Quote, Theme
from bot.domain.figures.period import Period, chosen_period
from bot.domain.figures.period import midnight as day_begins
from bot.domain.hours import zone_of
from bot.domain.ids import CustomerId
from bot.domain.message import Attachment, Kind, Media, Message, Side
from bot.domain.presence import clock_words
from bot.domain.priority import urgency_words
from bot.domain.summary import Summary, build_summary, tallies_of
from bot.errors import FileUnavailable
from bot.phrases import phrase, time_words
from bot.ports import Clock, File, Parcel, QueueRow, Records
from bot.program import Program
from bot.runtime.charts import Bar, Chart, by_weeks, draw
from bot.runtime.figures import Figures
from bot.runtime.foreseeing import seize_preview

log = structlog.get_logger()
LOGIN_LASTS = timedelta(minutes=10)
QUEUE_LINES = 20
PICTURE = "report"
"""The channel of attachments that are drawn here."""
PICTURED = frozenset({"telegram", "slack"})
MOST_PICTURES = 32
Made = tuple[str, Chart | None]


@dataclass(frozen=True, slots=True)
class Told:
    """A summary and the board that it was made from."""

    summary: Summary
    board: Board

    def as_json(self) -> dict[str, Any]:
        """The outer interface's form, with every further figure of the board, its n, interval and earlier value."""
        made = self.summary.as_json()
        for key, change in self.board.figures.items():
            made.setdefault(key, change.now.value)
            made.setdefault(f"{key}_n", change.now.n)
            if change.now.low is not None:
                made[f"{key}_low"], made[f"{key}_high"] = change.now.low, change.now.high
            made[f"{key}_before"] = change.before.value
        made["late_promises"] = dict(self.board.late)
        made["topics"] = {one.topic: {"happy": one.happy, "neutral": one.neutral, "sad": one.sad}
                          for one in self.board.topics}  # fmt: skip
        made["sales"] = {currency: change.now.value for currency, change in self.board.sales.items()}
        return made


class Reports:
    """Turns a REPORT message into words."""

    def __init__(self, records: Records, program: Program, clock: Clock, login_link: Callable[[str], str]) -> None:
        self._records = records
        self._program = program
        self._clock = clock
        self._login_link = login_link
        self.figures = Figures(records, program, clock)
        self.draw = draw
        self._pictures: OrderedDict[str, File] = OrderedDict()
        self._makers: dict[str, Callable[[Parcel], Awaitable[Made]]] = {
            "summary": self._summary,
            "digest": self._digest,
            "queue": self._queue,
            "login": self._login,
            "mydata": self._my_data,
        }

    async def render(self, parcel: Parcel) -> Message:
        """The message as it goes out; others than reports pass unchanged."""
        message = parcel.message
        if message.kind is not Kind.REPORT:
            return message
        if message.report == "seize":
            return await seize_preview(message, self._records, self._program, self._clock.now())
        text, chart = await self._makers[message.report](parcel)
        shown = replace(message, text=self._signed(parcel, text))
        if chart is None or parcel.channel not in PICTURED or not chart.says_something:
            return shown
        try:
            return replace(shown, attachments=(await self._picture(parcel, chart),))
        except Exception:
            log.exception("the picture could not be drawn, so the words go without it", report=message.report)
            return shown

    async def _picture(self, parcel: Parcel, chart: Chart) -> Attachment:
        """Drawn now, kept until it is sent: the edge that sends it asks `fetch` for it."""
        ref, name = str(parcel.id), f"{parcel.message.report}.png"
        self._pictures[ref] = File(name, "image/png", await self.draw(chart))
        while len(self._pictures) > MOST_PICTURES:
            self._pictures.popitem(last=False)
        return Attachment(Media.PHOTO, PICTURE, ref, name, "image/png", len(self._pictures[ref].data))

    async def fetch(self, attachment: Attachment) -> File:
        """A picture that was drawn for a report; raises `FileUnavailable`."""
        found = self._pictures.get(attachment.ref)
        if found is None:
            raise FileUnavailable("the picture was drawn by another process")
        return found

    def _signed(self, parcel: Parcel, text: str) -> str:
        contact = self._program.shop.contact
        if parcel.side is not Side.CUSTOMER or not contact:
            return text
        return f"{text}\n\n{phrase(self._language, 'contact', contact=contact)}"

    @property
    def _language(self) -> str:
        return self._program.shop.languages[0]

    async def summary(self, period: Period | str) -> Told | None:
        """The figures of a period; None when the word names none."""
        chosen = self.figures.period(period) if isinstance(period, str) else period
        return None if chosen is None else await self._told(chosen)

    async def _told(self, period: Period) -> Told:
        board, counted = await self.figures.told(period)
        made = build_summary(tallies_of(counted, board.open_now), period.name, period.since, period.until)
        return Told(made, board)

    async def _summary(self, parcel: Parcel) -> Made:
        told = await self.summary(parcel.message.arguments.get("period", "7d"))
        if told is None:
            return phrase(self._language, "staff-period"), None
        words = summary_words(told, self._program)
        return words, chart_of(told.board, words.partition("\n")[0], self._language)

    async def _digest(self, parcel: Parcel) -> Made:
        given = parcel.message.arguments
        period = digest_period(given["period"], date.fromisoformat(given["day"]), zone_of(given["zone"]))
        told = await self._told(period)
        queue = await self._records.queue(self._clock.now())
        themes = await self.figures.themes(period) if given["period"] == WEEKLY else ()
        words = digest_words(told, queue, await self.figures.voices(period), themes, self._program)
        week = period if given["period"] == WEEKLY else replace(period, since=last_week(period))
        board = told.board if week is period else await self.figures.brief(week)
        return words, chart_of(board, self._head(week), self._language)

    def _head(self, period: Period) -> str:
        return phrase(self._language, "summary-head", shop=self._program.shop.name,
                      period=period_words(period, self._language))  # fmt: skip

    async def _queue(self, parcel: Parcel) -> Made:
        _ = parcel
        now = self._clock.now()
        return queue_words(await self._records.queue(now), now, self._language, self._program.shop.zone), None

    async def _login(self, parcel: Parcel) -> Made:
        staff = f"{parcel.channel}:{parcel.message.arguments['to']}"
        token = await self._records.issue_login(staff, self._clock.now() + LOGIN_LASTS)
        return phrase(self._language, "staff-login", link=self._login_link(token)), None

    async def _my_data(self, parcel: Parcel) -> Made:
        return my_data_words(await self._records.export(CustomerId(parcel.customer)) or {}, self._program), None


def summary_words(told: Told, program: Program) -> str:
    """A heading and five lines that can be read aloud."""
    language, summary, board = program.shop.languages[0], told.summary, told.board

    def say(key: str, **values: str | float) -> str:
        return phrase(language, key, **values)

    def show(key: str, form: Callable[[float], str]) -> str:
        return change_words(board.figures[key], language, form)

    cases = say(
        "summary-cases",
        opened=summary.cases_opened,
        resolved=summary.cases_resolved,
        open=summary.cases_open_now,
    )
    first = say("summary-first", time=show("first_human_response_median_s", lambda s: time_words(s, language)))
    return "\n".join(
        [
            say("summary-head", shop=program.shop.name, period=period_words(board.period, language)),
            say("summary-recovery", rate=show("recovery", percent)),
            say(
                "summary-asks",
                asks=summary.asks_sent,
                answered=summary.answered,
                asked=summary.asked,
                rate=show("response_rate", percent),
            ),
            say("summary-rating", rating=show("average_rating", one_digit), csat=show("csat", percent)),
            say(
                "summary-unhappy",
                unhappy=summary.unhappy,
                share=show("unhappy_share", percent),
                mood=show("sentiment", two_digits),
            ),
            f"{cases} {first}",
        ]
    )


def period_words(period: Period, language: str) -> str:
    """`the last 7 days`, or the days themselves."""
    if period.name:
        return phrase(language, f"summary-period-{period.name}")
    first, last = (day_words(day, language) for day in (period.first, period.last))
    return first if first == last else phrase(language, "summary-period-days", since=first, until=last)


def day_words(day: date, language: str) -> str:
    """`30 Nov`, as the language writes it."""
    from babel.dates import format_skeleton  # noqa: PLC0415 - 80 ms that a start doesn't need

    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    return str(format_skeleton("MMMd", noon, locale=language))


def change_words(change: Change, language: str, form: Callable[[float], str]) -> str:
    """`83 % (n = 12)`, with what it was before; or that there are too few to tell."""
    now, before = change.now, change.before
    if now.value is None:
        return phrase(language, "summary-few", n=now.n)
    if before.value is None:
        return phrase(language, "summary-of", value=form(now.value), n=now.n)
    return phrase(language, "summary-of-before", value=form(now.value), n=now.n, before=form(before.value))


def chart_of(board: Board, title: str, language: str) -> Chart:
    """Answers by day, the unhappy ones standing out; of a single day the ratings."""
    if len(board.days) <= 1:
        bars = tuple(Bar("★" * stars, count, 0) for stars, count in enumerate(board.ratings, start=1))
        return Chart(title, phrase(language, "chart-ratings", rated=sum(board.ratings)), bars)
    days = [
        Bar(day_words(day, language), round(found["answers"].value or 0), board.unhappy_days.get(day, 0))
        for day, found in board.days.items()
    ]
    answers, unhappy = sum(bar.whole for bar in days), sum(bar.part for bar in days)
    subtitle = phrase(language, "chart-answers", answers=answers, unhappy=unhappy)
    return Chart(title, subtitle, by_weeks(days), phrase(language, "chart-unhappy"), phrase(language, "chart-others"))


def digest_period(every: str, day: date, zone: ZoneInfo) -> Period:
    """What the digest of a day tells of: the day before it, or the week before it."""
    days = 7 if every == WEEKLY else 1
    return chosen_period(day - timedelta(days=days), day - timedelta(days=1), zone)


def last_week(period: Period) -> datetime:
    """Where the seven days begin that end with a period."""
    return day_begins(period.last - timedelta(days=6), period.zone)


def digest_words(
    told: Told, queue: Sequence[QueueRow], voices: Sequence[Quote], themes: Sequence[Theme], program: Program
) -> str:
    """What changed, what needs you, and what customers say."""
    language = program.shop.languages[0]
    parts = [summary_words(told, program)]
    changed = _changes(told.board, language)
    parts.append("\n".join([phrase(language, "digest-changed"), *changed]) if changed
                 else phrase(language, "digest-unchanged"))  # fmt: skip
    parts.append(_needs_you(told, queue, language))
    if themes:
        words = ", ".join(f"{_quoted(theme.words, language)} ({theme.now})" for theme in themes[:3])
        parts.append(phrase(language, "digest-themes", words=words))
    if voices:
        parts.append(
            "\n".join([phrase(language, "digest-voices"), *(_quoted(quote.text, language) for quote in voices)])
        )
    return "\n\n".join(parts)


COMPARED = ("recovery", "csat", "unhappy_share", "response_rate")


def _changes(board: Board, language: str) -> list[str]:
    """The shares that surely changed, and the topics about which people are surely more or less unhappy."""
    named = [(phrase(language, f"figure-{key}"), board.figures[key]) for key in COMPARED]
    named += [
        (phrase(language, "digest-topic", name=topic_words(language, one.topic)), one.sad_share) for one in board.topics
    ]
    return [
        phrase(language, "digest-change", what=what, before=percent(change.before.value), now=percent(change.now.value))
        for what, change in named
        if change.clear and change.now.value is not None and change.before.value is not None
    ]


def _quoted(words: str, language: str) -> str:
    return phrase(language, "digest-quote", words=words)


def _needs_you(told: Told, queue: Sequence[QueueRow], language: str) -> str:
    waiting = sum(row.owner is None for row in queue)
    late = sum(told.board.late.values())
    if not waiting and not late:
        return phrase(language, "digest-all-well")
    return phrase(language, "digest-needs", waiting=waiting, late=late)


def percent(value: float) -> str:
    """0.834 → `83 %`."""
    return f"{value * 100:.0f} %"


def one_digit(value: float) -> str:
    """4.25 → `4.2`."""
    return f"{value:.1f}"


def two_digits(value: float) -> str:
    """-0.123 → `−0.12`."""
    return f"{value:+.2f}".replace("-", "−").removeprefix("+")


def queue_words(rows: list[QueueRow], now: datetime, language: str, zone: ZoneInfo) -> str:
    """Who waits, most urgent first."""
    lines = [phrase(language, "queue-head", count=len(rows))]
    for row in rows[:QUEUE_LINES]:
        reasons = ", ".join(dict.fromkeys(row.reasons))
        urgency = " · ".join(filter(None, (urgency_of(row, now, language), promise_of(row, now, language, zone))))
        values = {"name": row.name, "reasons": reasons, "owner": row.owner or "", "urgency": urgency}
        lines.append(phrase(language, "queue-line", **values))
    return "\n".join(lines)


def urgency_of(row: QueueRow, now: datetime, language: str) -> str:
    """`angry, top customer, waits 12 min: before 3 others`."""
    waited = now - row.waiting_since if row.waits else None
    return urgency_words(language, row.mood or "calm", top=row.top, waited=waited, before=row.before)


def promise_of(row: QueueRow, now: datetime, language: str, zone: ZoneInfo) -> str:
    """By when what is promised, or was."""
    if row.due_at is None:
        return ""
    what = "resolution" if row.promise == Promise.RESOLUTION.value else "reply"
    late = "late-" if now >= row.due_at else ""
    return phrase(language, f"card-{late}{what}", time=clock_words(row.due_at, zone, now))


def my_data_words(export: dict[str, object], program: Program) -> str:
    """What a customer reads about themselves."""
    language = program.shop.languages[0]
    customer = export.get("customer")
    person = customer if isinstance(customer, dict) else {}
    language = person.get("language") or language
    identities = export.get("identities")
    places = [f"{i['channel']} {i['external']}" for i in identities] if isinstance(identities, list) else []
    lines = [phrase(language, "mydata-head", shop=program.shop.name)]
    lines += [
        phrase(language, f"mydata-{field}", **{field: person[field]})
        for field in ("name", "email", "phone")
        if person.get(field)
    ]
    if places:
        lines.append(phrase(language, "mydata-places", places=", ".join(places)))
    lines.append(phrase(language, "mydata-orders", orders=_length(export.get("purchases"))))
    lines.append(phrase(language, "mydata-lines", lines=_length(export.get("interactions"))))
    lines += _facts_words(export.get("facts"), language)
    lines.append(phrase(language, "mydata-questions", on="no" if person.get("opted_out_at") else "yes"))
    lines.append(phrase(language, "mydata-end"))
    return "\n".join(lines)


def _facts_words(facts: object, language: str) -> list[str]:
    """What is remembered, and what waits for a yes."""
    known = facts if isinstance(facts, list) else []
    found = []
    for state, key in ((FactState.KEPT, "mydata-facts"), (FactState.HELD, "mydata-facts-held")):
        words = "; ".join(fact["words"] for fact in known if fact["state"] == state.value)
        if words:
            found.append(phrase(language, key, words=words))
    return found


def _length(rows: object) -> int:
    return len(rows) if isinstance(rows, list) else 0
