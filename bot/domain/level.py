"""How far the relationship with one customer goes, and why; what a level allows. Each contains the ones before."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.customer import Customer
from bot.domain.standing import Standing
from bot.program import Levels, known_countries

BASIC, REACTIVE, ACCOUNTABLE, PROACTIVE, PARTNERSHIP = LADDER = (
    "basic",
    "reactive",
    "accountable",
    "proactive",
    "partnership",
)
"""basic: answers. reactive: invites comments, seizes the moment. accountable: asks, thanks. proactive: campaigns.
partnership: every step is told to partners, and partners join in."""


@dataclass(frozen=True, slots=True)
class Reached:
    """A level, and what of the program (or by whose hand) it comes from."""

    level: str
    why: str

    def allows(self, needed: str) -> bool:
        """Whether it goes as far as `needed`."""
        return LADDER.index(self.level) >= LADDER.index(needed)


def level_of(customer: Customer, standing: Standing, levels: Levels) -> Reached:
    """Their own, else the highest of their segments', else their country's, else the tier's."""
    if customer.level in LADDER:
        return Reached(customer.level, "set for this customer")
    theirs = [(levels.segments[name], f"segment {name}") for name in customer.segments if name in levels.segments]
    if theirs:
        return Reached(*max(theirs, key=lambda found: LADDER.index(found[0])))
    country = country_of(customer) if levels.countries else ""
    if country in levels.countries:
        return Reached(levels.countries[country], f"country {country}")
    if standing.top:
        return Reached(levels.top, "top customer")
    return Reached(levels.default, "everybody")


def country_of(customer: Customer) -> str:
    """Where they live: as the shop said, else by phone, else by time zone, else by locale. "" = unknown."""
    if customer.country:
        return customer.country
    return _by_phone(customer.phone) or _by_timezone(customer.timezone) or _by_locale(customer.locale)


def _by_phone(phone: str) -> str:
    if not phone.startswith("+"):
        return ""
    import phonenumbers  # noqa: PLC0415 - only customers whose country nobody told need it

    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(phone)) or ""
    except phonenumbers.NumberParseException:
        return ""


def _by_timezone(name: str) -> str:
    if not name:
        return ""
    from babel.core import get_global  # noqa: PLC0415 - as above

    code = str(get_global("zone_territories").get(name, ""))
    return code if code in known_countries() else ""


def _by_locale(locale: str) -> str:
    parts = locale.replace("_", "-").split("-")
    code = parts[-1].upper() if len(parts) > 1 else ""
    return code if code in known_countries() else ""
