"""The program file: the shop's policy, in TOML. Every value has a default; a mistake stops the start."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale
from babel.numbers import list_currencies
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

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


def _country(value: object) -> str:
    found = value.strip().upper() if isinstance(value, str) else ""
    if found not in known_countries():
        message = f"{value!r} is not a country; allowed: ISO 3166 codes such as FR, DE or US"
        raise ValueError(message)
    return found


@cache
def known_countries() -> frozenset[str]:
    """Every two-letter country code that the world's locale data knows."""
    names = [str(code) for code in Locale("en").territories]
    return frozenset(code for code in names if re.fullmatch(r"[A-Z]{2}", code) and code not in {"EU", "UN", "EZ", "ZZ"})


@dataclass(frozen=True, slots=True)
class Moment:
    """When a campaign speaks to somebody: `offset` from a happening, a day, or a likelihood.

    `of`: paid, delivered, resolved (after them), next (before the predicted next purchase), lapse (once it is as likely
    as `likely` that they don't come back), anniversary (of the first purchase), day, now.
    """

    of: str
    offset: timedelta = timedelta(0)
    day: date | None = None
    likely: float = 0.0


MOMENTS = (
    "“14d after delivered”, “2d after paid”, “30d after resolved”, “5d before next purchase”, “lapse 60%”, "
    "“anniversary”, “on 2026-12-01”, “now”"
)


def parse_moment(value: object) -> Moment:
    """`14d after delivered` → Moment("delivered", 14 days)."""
    if isinstance(value, Moment):
        return value
    text = " ".join(value.split()) if isinstance(value, str) else ""
    if text in {"anniversary", "now"}:
        return Moment(text)
    if found := re.fullmatch(r"(\d+[smhd]) after (paid|delivered|resolved)", text):
        return Moment(found[2], parse_duration(found[1]))
    if found := re.fullmatch(r"(\d+[smhd]) before next purchase", text):
        return Moment("next", parse_duration(found[1]))
    if (found := re.fullmatch(r"lapse (\d{1,2})%", text)) and int(found[1]):
        return Moment("lapse", likely=int(found[1]) / 100)
    if text.startswith("on "):
        return Moment("day", day=_day_of_year(text.removeprefix("on ")))
    message = f"{value!r} is not a moment; allowed: {MOMENTS}"
    raise ValueError(message)


@dataclass(frozen=True, slots=True)
class Occasion:
    """What a reward is for: an answer (whatever it says), the n-th purchase, a year since the first one."""

    of: str
    number: int = 0
    """Which purchase; of a surprise: one in so many orders of the best customers."""


def parse_occasion(value: object) -> Occasion:
    """`purchase 5` → Occasion("purchase", 5)."""
    if isinstance(value, Occasion):
        return value
    text = " ".join(value.split()) if isinstance(value, str) else ""
    if text in {"answer", "anniversary"}:
        return Occasion(text)
    if (found := re.fullmatch(r"purchase (\d{1,2})", text)) and 1 < int(found[1]) <= MOST_PURCHASES:
        return Occasion("purchase", int(found[1]))
    if (found := re.fullmatch(r"surprise 1 in (\d{1,3})", text)) and int(found[1]):
        return Occasion("surprise", int(found[1]))
    message = (
        f"{value!r} is no occasion; allowed: “answer”, “purchase 5” (2 to {MOST_PURCHASES}), “anniversary”, "
        "“surprise 1 in 10”"
    )
    raise ValueError(message)


MOST_PURCHASES = 20
PLACES = frozenset({"name", "item", "shop"})
PLACE = re.compile(r"\{([^{}]*)\}")


def _words(value: object) -> str:
    text = value.strip() if isinstance(value, str) else ""
    if not text or len(text) > MOST_WORDS:
        message = f"words must be a text of 1 to {MOST_WORDS} letters; allowed places: {{name}}, {{item}}, {{shop}}"
        raise ValueError(message)
    wrong = sorted(set(PLACE.findall(text)) - PLACES)
    if wrong:
        message = f"{{{wrong[0]}}} is no place that can be filled; allowed: {{name}}, {{item}}, {{shop}}"
        raise ValueError(message)
    return text


MOST_WORDS = 1500


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
Country = Annotated[str, BeforeValidator(_country)]
When = Annotated[Moment, BeforeValidator(parse_moment)]
For = Annotated[Occasion, BeforeValidator(parse_occasion)]
Words = Annotated[str, BeforeValidator(_words)]
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
    """When customers are asked. `delivery_guess` counts from payment for a shop that never reports delivery.

    `ease_off`: each ask in a row that was not answered, from the second on, doubles the cap's time. `review_link` is
    shown with every answer, whatever it says. `cool_down` counts from the end of a case; unless given it is `after`.
    """

    after: Duration = timedelta(days=3)
    cool_down: Duration | None = None
    from_: Literal["paid", "delivered"] = Field(default="delivered", alias="from")
    delivery_guess: Duration = timedelta(0)
    reminder_after: Duration = timedelta(days=2)
    reminder: bool = True
    expires_after: Duration = timedelta(days=14)
    max_per_customer: Limit = Cap(1, timedelta(days=7))
    ease_off: bool = True
    review_link: str = Field(default="", max_length=300, pattern=r"^(https://\S+)?$")

    @property
    def calm(self) -> timedelta:
        """So long nobody is asked after a case of theirs."""
        return self.after if self.cool_down is None else self.cool_down


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
    """How far the relationship goes: basic, reactive, accountable, proactive, partnership.

    A customer's own level (set by hand) goes before a segment's, that before a country's, that before the tier's.
    """

    default: Level = "accountable"
    top: Level = "proactive"
    segments: dict[str, Level] = Field(default_factory=dict)
    countries: dict[Country, Level] = Field(default_factory=dict)


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


class Outreach(Section):
    """What holds for everything that the bot begins by itself beside asking about a purchase.

    `max_per_customer` counts asks and outreach together, over all channels. `cool_down` counts from the end of a case;
    `care` from words of mourning, illness or danger, and `calm` from angry ones.
    """

    max_per_customer: Limit = Cap(2, timedelta(days=30))
    cool_down: Duration = timedelta(days=14)
    care: Duration = timedelta(days=90)
    calm: Duration = timedelta(days=30)
    invite: bool = True
    holidays: bool = True
    plan_every: Duration = Field(default=timedelta(hours=1), gt=timedelta(0))
    stop_above: float = Field(default=0.02, ge=0, lt=1)
    sure: float = Field(default=0.995, gt=0.5, lt=1)


class Variant(Section):
    """One wording of a campaign, per language."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")
    words: dict[Language, Words] = Field(min_length=1)


class Audience(Section):
    """Whom a campaign is for: everything that is given must be true of a customer, one of each list is enough.

    `topics`: what they complained about, as the reader of their words names it. `told_within`: only what they wrote or
    rated lately counts for `told`, `topics` and `unhappy`.
    """

    items: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    told_within: Duration | None = None
    countries: tuple[Country, ...] = ()
    languages: tuple[Language, ...] = ()
    segments: tuple[str, ...] = ()
    levels: tuple[Level, ...] = ()
    top: bool | None = None
    unhappy: bool | None = None
    least_orders: int = Field(default=0, ge=0)
    most_orders: int | None = Field(default=None, ge=0)
    least_value: Amount | None = None
    bought_within: Duration | None = None
    not_bought_within: Duration | None = None


class Campaign(Section):
    """A piece of outreach: whom, when, in which words, how many; and who is left out to compare with.

    `service`: about what they bought or told us, so that it needs no consent to outreach. `partner`: who stands behind
    it too, said in the message. `window`: how long an answer or a purchase counts as its success.
    """

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")
    moment: When
    audience: Audience = Audience()
    variant: tuple[Variant, ...] = Field(min_length=1, max_length=8)
    goal: Literal["answer", "purchase"] = "answer"
    hold_out: float = Field(default=0.1, ge=0, le=0.5)
    per_day: int = Field(default=200, ge=1)
    window: Duration = Field(default=timedelta(days=7), gt=timedelta(0))
    service: bool = False
    partner: str = Field(default="", max_length=80)
    enabled: bool = True

    @model_validator(mode="after")
    def _variants_differ(self) -> Campaign:
        names = [variant.name for variant in self.variant]
        if len(set(names)) < len(names) or HOLD_OUT in names:
            message = f"each variant needs a name of its own; allowed: any but {HOLD_OUT!r}"
            raise ValueError(message)
        return self

    def must_speak(self, language: str) -> None:
        """Every wording has words in the shop's first language, for whoever reads none of the others."""
        for variant in self.variant:
            if language not in variant.words:
                message = f"campaign {self.name}: variant {variant.name} has no words.{language}; allowed: words "
                raise ValueError(message + f"for the shop's first language ({language}) and any other")


HOLD_OUT = "hold-out"


class Reward(Section):
    """What customers are given for an occasion, in `value.currency`: a single-use code like those of `[gifts]`.

    A surprise is a `task` for the back office instead (an upgrade nobody announces), and `amount` what it costs.
    """

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")
    on: For
    amount: Amount
    valid: Duration = Field(default=timedelta(days=60), gt=timedelta(0))
    after: Duration = timedelta(0)
    task: str = Field(default="", max_length=200)

    @model_validator(mode="after")
    def _surprises_are_tasks(self) -> Reward:
        if (self.on.of == "surprise") != bool(self.task):
            message = "task says what the back office does for a surprise; allowed: with on = “surprise 1 in …” alone"
            raise ValueError(message)
        return self


class Rewards(Section):
    """The program's own budget for rewards, by the shop's calendar month; and when their end is remembered."""

    monthly_budget: Amount = Decimal(0)
    remind_before: Duration = timedelta(days=7)


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
    outreach: Outreach = Outreach()
    campaign: tuple[Campaign, ...] = ()
    rewards: Rewards = Rewards()
    reward: tuple[Reward, ...] = ()
    memory: Remembering = Remembering()

    @model_validator(mode="after")
    def _names_and_words(self) -> Program:
        for kind, names in (("campaign", [c.name for c in self.campaign]), ("reward", [r.name for r in self.reward])):
            if len(set(names)) < len(names):
                message = f"each {kind} needs a name of its own; allowed: every name once"
                raise ValueError(message)
        for campaign in self.campaign:
            campaign.must_speak(self.shop.languages[0])
        return self


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


def parse_campaign(data: Mapping[str, Any], program: Program, source: str) -> Campaign:
    """One campaign by itself; the same mistakes are named in the same way."""
    try:
        made = Campaign.model_validate(data)
        made.must_speak(program.shop.languages[0])
    except ValidationError as error:
        lines = [
            f"{source}: {_key(e['loc'])}: {_problem({**e, 'loc': ('campaign', 0, *e['loc'])})}" for e in error.errors()
        ]
        raise ProgramInvalid("\n".join(lines), "Correct the file and try again.") from None
    except ValueError as error:
        raise ProgramInvalid(f"{source}: {error}", "Correct the file and try again.") from None
    return made


def _key(location: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in location) or "the file"


def _problem(error: Any) -> str:  # noqa: ANN401 - pydantic's ErrorDetails
    if error["type"] == "extra_forbidden":
        return f"unknown key; allowed here: {', '.join(_allowed(error['loc']))}"
    message: str = error["msg"].removeprefix("Value error, ")
    return f"{message} (given: {error['input']!r})" if "allowed" not in message else message


LISTED: dict[str, type[BaseModel]] = {"agents": Agent, "campaign": Campaign, "variant": Variant, "reward": Reward}
"""Tables that may be given several times, or by names of the shop's own."""


def _allowed(location: tuple[int | str, ...]) -> list[str]:
    model: type[BaseModel] = Program
    for part in location[:-1]:
        if str(part) in LISTED:
            model = LISTED[str(part)]
        elif str(part) in model.model_fields:
            inner = model.model_fields[str(part)].annotation
            model = inner if isinstance(inner, type) and issubclass(inner, BaseModel) else model
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
