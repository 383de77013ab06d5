"""The program file: the shop's policy, in TOML. Every value has a default; a mistake stops the start."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Container
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, available_timezones

from babel.numbers import list_currencies
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from bot.errors import ProgramInvalid

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
WEEK = re.compile(r"([A-Za-z,\- ]+)\s+(\d?\d:\d\d)\s*-\s*(\d?\d:\d\d)")
LANGUAGES = ("en", "de", "es", "fr")


def parse_duration(value: object) -> timedelta:
    """`10s`, `15m`, `6h`, `3d` → timedelta. Whole numbers, one unit."""
    if isinstance(value, timedelta):
        return value
    found = re.fullmatch(r"(\d{1,6})\s*([smhd])", value.strip()) if isinstance(value, str) else None
    if not found:
        message = f"{value!r} is not a duration; allowed: 10s, 15m, 6h, 3d"
        raise ValueError(message)
    return timedelta(seconds=int(found[1]) * UNITS[found[2]])


def parse_clock(value: object) -> time:
    """`21:00` → time."""
    if isinstance(value, time):
        return value
    found = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", value.strip()) if isinstance(value, str) else None
    if not found:
        message = f"{value!r} is not a time of day; allowed: 00:00 to 23:59"
        raise ValueError(message)
    return time(int(found[1]), int(found[2]))


@dataclass(frozen=True, slots=True)
class Cap:
    """At most `number` within any `span`."""

    number: int
    span: timedelta


def parse_cap(value: object) -> Cap:
    """`1 per 7d` → Cap(1, 7 days)."""
    if isinstance(value, Cap):
        return value
    found = re.fullmatch(r"(\d{1,4})\s+per\s+(\d{1,6}\s*[smhd])", value.strip()) if isinstance(value, str) else None
    if not found:
        message = f"{value!r} is not a limit; allowed: “1 per 7d”, “2 per 24h”"
        raise ValueError(message)
    return Cap(int(found[1]), parse_duration(found[2]))


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """When people of the shop answer. `days`: 0 = Monday."""

    days: frozenset[int]
    opens: time
    closes: time


def parse_hours(value: object) -> OpeningHours:
    """`Mon-Fri 09:00-18:00` or `Mon,Wed,Sat 10:00-14:00`."""
    if isinstance(value, OpeningHours):
        return value
    found = WEEK.fullmatch(value.strip()) if isinstance(value, str) else None
    if not found:
        message = f"{value!r} is not a week; allowed: “Mon-Fri 09:00-18:00”, “Mon,Wed,Sat 10:00-14:00”"
        raise ValueError(message)
    days: set[int] = set()
    for part in found[1].replace(" ", "").split(","):
        first, _, last = part.partition("-")
        start, end = _day(first), _day(last or first)
        days |= {(start + i) % 7 for i in range((end - start) % 7 + 1)}
    return OpeningHours(frozenset(days), parse_clock(found[2]), parse_clock(found[3]))


def _day(name: str) -> int:
    short = name[:3].title()
    if short not in DAYS:
        message = f"{name!r} is not a day; allowed: {', '.join(DAYS)}"
        raise ValueError(message)
    return DAYS.index(short)


def parse_amount(value: object) -> Decimal:
    """`"20"`, `"20.50"` → Decimal. Not from a float: it can't hold every amount."""
    if isinstance(value, Decimal):
        return value
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(text, str) or not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,4})?", text.strip()):
        message = f"{value!r} is not an amount; allowed: “20” or “20.50”, in quotes"
        raise ValueError(message)
    return Decimal(text.strip())


@cache
def public_holidays(place: str) -> Container[date]:
    """The public holidays of `FR` or `DE-BY` (ISO 3166 country and part of it), whatever the year."""
    from holidays import country_holidays  # noqa: PLC0415 - only a shop that names a place needs it

    country, _, part = place.partition("-")
    found: Container[date] = country_holidays(country, subdiv=part or None)
    return found


def _holidays(value: object) -> str:
    problem = f"{value!r} is no place with known holidays; allowed: a country such as FR, or a part of it such as DE-BY"
    if not isinstance(value, str):
        raise ValueError(problem)  # noqa: TRY004 - pydantic takes ValueError for a mistake of the file
    place = value.strip().upper()
    if place:
        try:
            public_holidays(place)
        except (NotImplementedError, KeyError, AttributeError):
            raise ValueError(problem) from None
    return place


def _day_of_year(value: object) -> date:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        message = f"{value!r} is not a day; allowed: 2026-12-24"
        raise ValueError(message) from None


@cache
def _timezones() -> frozenset[str]:
    return frozenset(available_timezones())


def _timezone(value: object) -> str:
    if not isinstance(value, str) or value not in _timezones():
        message = f"{value!r} is not a time zone; allowed: names such as Europe/Paris or America/New_York"
        raise ValueError(message)
    return value


def _currency(value: object) -> str:
    if not isinstance(value, str) or value not in known_currencies():
        message = f"{value!r} is not a currency; allowed: ISO 4217 codes such as EUR, USD or GBP"
        raise ValueError(message)
    return value


@cache
def known_currencies() -> frozenset[str]:
    """Every ISO 4217 code that the world's locale data knows."""
    return frozenset(list_currencies())


Duration = Annotated[timedelta, BeforeValidator(parse_duration)]
Clock = Annotated[time, BeforeValidator(parse_clock)]
Limit = Annotated[Cap, BeforeValidator(parse_cap)]
Amount = Annotated[Decimal, BeforeValidator(parse_amount)]
Hours = Annotated[OpeningHours, BeforeValidator(parse_hours)]
TimeZone = Annotated[str, BeforeValidator(_timezone)]
Holidays = Annotated[str, BeforeValidator(_holidays)]
Day = Annotated[date, BeforeValidator(_day_of_year)]
Currency = Annotated[str, BeforeValidator(_currency)]
Level = Literal["basic", "reactive", "accountable", "proactive", "partnership"]
Language = Literal["en", "de", "es", "fr"]


class Section(BaseModel):
    """A table of the program file. Unknown keys are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class Shop(Section):
    """Who speaks. `contact` is shown with every message of the bot."""

    name: str = Field(default="Our shop", min_length=1, max_length=80)
    contact: str = Field(default="", max_length=120)
    languages: tuple[Language, ...] = Field(default=("en",), min_length=1)
    timezone: TimeZone = "UTC"

    @property
    def zone(self) -> ZoneInfo:
        """The shop's own time zone."""
        return ZoneInfo(self.timezone)


class Ask(Section):
    """When customers are asked. `delivery_guess` counts from payment for a shop that never reports delivery."""

    after: Duration = timedelta(days=3)
    from_: Literal["paid", "delivered"] = Field(default="delivered", alias="from")
    delivery_guess: Duration = timedelta(0)
    reminder_after: Duration = timedelta(days=2)
    reminder: bool = True
    expires_after: Duration = timedelta(days=14)
    max_per_customer: Limit = Cap(1, timedelta(days=7))


class Quiet(Section):
    """Hours of the customer's own day in which the bot does not start to speak."""

    enabled: bool = True
    from_: Clock = Field(default=time(21, 0), alias="from")
    until: Clock = time(8, 0)


class Escalate(Section):
    """What brings a person in. `unhappy_below` is a score (−1…1), `unsure_below` a confidence (0…1)."""

    unhappy_below: float = Field(default=-0.25, ge=-1, le=1)
    unhappy_from: float = Field(default=0.5, ge=0, le=1)
    unsure_below: float = Field(default=0.55, ge=0, le=1)
    high_value: bool = True
    words: tuple[str, ...] = ("lawyer", "injury")


class Value(Section):
    """Who matters most: the top `top_share` by money net of refunds in the `window`."""

    top_share: float = Field(default=0.20, gt=0, lt=1)
    window: Duration = timedelta(days=365)
    currency: Currency = "EUR"
    rates: dict[Currency, Decimal] = Field(default_factory=dict)
    least_customers: int = Field(default=5, ge=2)


class Desk(Section):
    """Where agents work. The console shows every case, whatever this says.

    `channel` names the main desk; without it: Telegram when a desk chat is set, else Slack when a desk channel is set,
    else the console. With `mirror` every case shows on every desk that the settings name.
    """

    channel: Literal["telegram", "slack", "console"] | None = None
    mirror: bool = True
    follow_up_after: Duration = timedelta(days=1)
    openers: bool = True
    """Whether the thread offers first sentences when somebody claims; `/open` offers them anyway."""


class Sla(Section):
    """What the shop promises, counted in its opening hours. `0s` = no such promise.

    `warn_from`: the desk is warned when this share of a promise's time is used.
    """

    first_reply: Duration = timedelta(minutes=15)
    next_reply: Duration = timedelta(hours=1)
    resolution: Duration = timedelta(hours=24)
    warn_from: float = Field(default=0.75, gt=0, lt=1)
    hours: Hours = OpeningHours(frozenset(range(5)), time(9, 0), time(18, 0))
    holidays: Holidays = ""
    closed: tuple[Day, ...] = ()

    def is_closed(self, day: date) -> bool:
        """A public holiday, or a day off of the shop's own."""
        return day in self.closed or bool(self.holidays and day in public_holidays(self.holidays))


class Routing(Section):
    """Whom a case is offered to: one agent, after a while everybody, then a manager. Anybody may claim all the same."""

    enabled: bool = True
    to_all_after: Duration = timedelta(minutes=5)
    to_manager_after: Duration = timedelta(minutes=15)
    capacity: int = Field(default=5, ge=1)
    away_after: Duration = timedelta(0)


class Agent(Section):
    """What is known of one agent: languages, skills (topics and wishes), own hours, how many cases at once.

    `also`: further chat identities of the same person, who then goes on with a case wherever they are.
    """

    languages: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    hours: Hours | None = None
    capacity: int | None = Field(default=None, ge=1)
    also: tuple[Annotated[str, Field(pattern=r"^[a-z]+:\S+$")], ...] = ()


class Levels(Section):
    """How far the relationship goes: basic, reactive, accountable, proactive, partnership."""

    default: Level = "accountable"
    top: Level = "proactive"


class Link(Section):
    """How long a link token can be used."""

    expires_after: Duration = timedelta(days=30)


class Gifts(Section):
    """What agents may give by themselves, in `value.currency`. Months are the shop's own calendar months.

    `rule`: pool = single-use codes that were imported; random = a code is made, and the shop creates the coupon when it
    learns of it.
    """

    rule: Literal["pool", "random"] = "pool"
    prefix: str = Field(default="GIFT", pattern=r"^[A-Z0-9]{0,12}$")
    monthly_budget: Amount = Decimal(100)
    largest: Amount = Decimal(50)
    valid: Duration = Field(default=timedelta(days=90), gt=timedelta(0))


class Digest(Section):
    """When digests come to managers who don't name an hour, and on which day the weekly ones."""

    at: Clock = time(8, 0)
    weekly_on: Literal["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] = "Mon"


class Alerts(Section):
    """Whether managers are told at once of what is unusual, and how often it is looked for."""

    enabled: bool = True
    every: Duration = Field(default=timedelta(minutes=15), ge=timedelta(seconds=1))


class Remembering(Section):
    """How long facts about a person are remembered, with their consent. `0s` = nothing is remembered."""

    keep: Duration = timedelta(days=365)


class Program(Section):
    """The whole policy of a shop."""

    shop: Shop = Shop()
    ask: Ask = Ask()
    quiet: Quiet = Quiet()
    escalate: Escalate = Escalate()
    value: Value = Value()
    desk: Desk = Desk()
    sla: Sla = Sla()
    routing: Routing = Routing()
    agents: dict[str, Agent] = Field(default_factory=dict)
    levels: Levels = Levels()
    link: Link = Link()
    gifts: Gifts = Gifts()
    digest: Digest = Digest()
    alerts: Alerts = Alerts()
    memory: Remembering = Remembering()


def parse_program(text: str, source: str = "program.toml") -> Program:
    """The program in `text`; a mistake becomes `ProgramInvalid` naming file, key and what is allowed."""
    try:
        data: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        problem = f"{source}: not valid TOML: {error}"
        raise ProgramInvalid(problem, "Compare it with program.example.toml.") from None
    try:
        return Program.model_validate(data)
    except ValidationError as error:
        lines = [f"{source}: {_key(e['loc'])}: {_problem(e)}" for e in error.errors()]
        raise ProgramInvalid("\n".join(lines), "Correct the file and start again.") from None


def _key(location: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in location) or "the file"


def _problem(error: Any) -> str:  # noqa: ANN401 - pydantic's ErrorDetails
    if error["type"] == "extra_forbidden":
        return f"unknown key; allowed here: {', '.join(_allowed(error['loc']))}"
    message: str = error["msg"].removeprefix("Value error, ")
    return f"{message} (given: {error['input']!r})" if "allowed" not in message else message


def _allowed(location: tuple[int | str, ...]) -> list[str]:
    model: type[BaseModel] = Agent if location[0] == "agents" else Program
    for part in location[:-1] if model is Program else ():
        inner = model.model_fields[str(part)].annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            model = inner
    return [field.alias or name for name, field in model.model_fields.items()]


def load_program(path: str | Path) -> Program:
    """The program file at `path`; the defaults when there is none."""
    file = Path(path)
    if not file.exists():
        return Program()
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        problem = f"{file}: can't be read: {error}"
        raise ProgramInvalid(problem, "Save it as a UTF-8 text file.") from None
    return parse_program(text, str(file))


def valid_timezone(name: str | None) -> str | None:
    """`name` when it is a time zone of the tz database, else None."""
    return name if name and name in _timezones() else None
