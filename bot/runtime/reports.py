"""Reports that are made when they are sent, from what is true then: summary, queue, a login, what we keep."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.case import Promise
from bot.domain.fact import FactState
from bot.domain.ids import CustomerId
from bot.domain.message import Kind, Message, Side
from bot.domain.presence import clock_words
from bot.domain.priority import urgency_words
from bot.domain.summary import Figure, Summary, build_summary, period_start
from bot.phrases import phrase, time_words
from bot.ports import Clock, Parcel, QueueRow, Records
from bot.program import Program

LOGIN_LASTS = timedelta(minutes=10)
QUEUE_LINES = 20


class Reports:
    """Turns a REPORT message into words."""

    def __init__(self, records: Records, program: Program, clock: Clock, login_link: Callable[[str], str]) -> None:
        self._records = records
        self._program = program
        self._clock = clock
        self._login_link = login_link
        self._makers: dict[str, Callable[[Parcel], Awaitable[str]]] = {
            "summary": self._summary,
            "queue": self._queue,
            "login": self._login,
            "mydata": self._my_data,
        }

    async def render(self, parcel: Parcel) -> Message:
        """The message as it goes out; others than reports pass unchanged."""
        message = parcel.message
        if message.kind is not Kind.REPORT:
            return message
        text = await self._makers[message.report](parcel)
        return replace(message, text=self._signed(parcel, text))

    def _signed(self, parcel: Parcel, text: str) -> str:
        contact = self._program.shop.contact
        if parcel.side is not Side.CUSTOMER or not contact:
            return text
        return f"{text}\n\n{phrase(self._language, 'contact', contact=contact)}"

    @property
    def _language(self) -> str:
        return self._program.shop.languages[0]

    async def summary(self, period: str) -> Summary | None:
        """The figures of a period; None when the word names none."""
        now = self._clock.now()
        midnight = now.astimezone(self._program.shop.zone).replace(hour=0, minute=0, second=0, microsecond=0)
        since = period_start(period, now, midnight)
        if since is None:
            return None
        return build_summary(await self._records.tallies(since, now), period, since, now)

    async def _summary(self, parcel: Parcel) -> str:
        made = await self.summary(parcel.message.arguments.get("period", "7d"))
        if made is None:
            return phrase(self._language, "staff-period")
        return summary_words(made, self._program)

    async def _queue(self, parcel: Parcel) -> str:
        _ = parcel
        now = self._clock.now()
        return queue_words(await self._records.queue(now), now, self._language, self._program.shop.zone)

    async def _login(self, parcel: Parcel) -> str:
        staff = f"{parcel.channel}:{parcel.message.arguments['to']}"
        token = await self._records.issue_login(staff, self._clock.now() + LOGIN_LASTS)
        return phrase(self._language, "staff-login", link=self._login_link(token))

    async def _my_data(self, parcel: Parcel) -> str:
        return my_data_words(await self._records.export(CustomerId(parcel.customer)) or {}, self._program)


def summary_words(summary: Summary, program: Program) -> str:
    """Five lines that can be read aloud."""
    language = program.shop.languages[0]

    def say(key: str, **values: str | float) -> str:
        return phrase(language, key, **values)

    lines = [
        say("summary-head", shop=program.shop.name, period=say(f"summary-period-{summary.period}")),
        say(
            "summary-asks",
            asks=summary.asks_sent,
            answered=summary.answered,
            asked=summary.asked,
            rate=_figure(summary.response_rate, language, percent),
        ),
        say(
            "summary-rating",
            rating=_figure(summary.average_rating, language, one_digit),
            csat=_figure(summary.csat, language, percent),
        ),
        say(
            "summary-unhappy",
            unhappy=summary.unhappy,
            share=_figure(summary.unhappy_share, language, percent),
            mood=_figure(summary.sentiment, language, two_digits),
        ),
        say(
            "summary-cases",
            opened=summary.cases_opened,
            resolved=summary.cases_resolved,
            open=summary.cases_open_now,
        ),
        say(
            "summary-first",
            time=_figure(summary.first_human_response_median_s, language, lambda s: time_words(s, language)),
        ),
    ]
    if summary.reasons:
        reasons = ", ".join(f"{reason} {count}" for reason, count in summary.reasons[:5])
        lines.append(say("summary-reasons", reasons=reasons))
    return "\n".join(lines)


def _figure(figure: Figure, language: str, form: Callable[[float], str]) -> str:
    if figure.value is None:
        return phrase(language, "summary-few", n=figure.n)
    return phrase(language, "summary-of", value=form(figure.value), n=figure.n)


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
