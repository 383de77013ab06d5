"""What a shop's own format is read into, and how its loose values are put into the generic event's strict ones.

A shop can't correct what its software sends, and a webhook that is refused again and again gets switched off. So what
doesn't decide anything (a very long title, a broken address) is cut or left out here; what does (ids, moments, money)
is handed on as it is and refused by the generic event, in the shop's own field names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from bot.domain.money import Money
from handlers.shops.fields import LONGEST_TEXT, MOST_PIECES, is_email, kind_of, tidy
from handlers.shops.generic import Problem, Unreadable

Json = dict[str, Any]
PLACES: Final = 4
DECIMALS: Final = Decimal(1).scaleb(-PLACES)


@dataclass(frozen=True, slots=True)
class Report:
    """An order: `event` in the generic form. `names`: its fields → what the shop calls them.

    `anonymous`: the customer is not in it; it can only concern a purchase that we know.
    `refunded`: what was given back, when only the purchase can say whether that is everything.
    """

    event: Json
    names: Mapping[str, str] = field(default_factory=dict)
    anonymous: bool = False
    refunded: Money | None = None


@dataclass(frozen=True, slots=True)
class Ignored:
    """Nothing for us, and why. `notice`: what a person of the shop must hear of."""

    why: str
    notice: Mapping[str, Any] = field(default_factory=dict)


Reading = Report | Ignored


def told(values: Mapping[str, Any]) -> Json:
    """Without what is empty: a field that a shop leaves blank is missing. Lists stay: an order may have no items."""
    return {name: value for name, value in values.items() if value not in (None, "", {})}


def translated(found: Unreadable, names: Mapping[str, str]) -> Unreadable:
    """The same problems in the shop's own field names."""
    return Unreadable(tuple(Problem(_name(problem.field, names), problem.problem) for problem in found.problems))


def _name(path: str, names: Mapping[str, str]) -> str:
    for ours, theirs in names.items():
        if path == ours or path.startswith(f"{ours}."):
            return theirs + path[len(ours) :]
    return path


# ---------------------------------------------------------------- loose values


def an_object(value: object, name: str) -> Json:
    """A JSON object; raises `Unreadable` for anything else."""
    if not isinstance(value, dict):
        problem = "is missing" if value is None else f"must be an object, not {kind_of(value)}"
        raise Unreadable((Problem(name, problem),))
    return value


def part(parent: Mapping[str, Any], name: str) -> Json:
    """An inner object; empty when there is none."""
    value = parent.get(name)
    return value if isinstance(value, dict) else {}


def listed(parent: Mapping[str, Any], name: str) -> list[Json]:
    """The objects of an inner list; empty when there is none."""
    value = parent.get(name)
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def words(*values: object, longest: int = LONGEST_TEXT) -> str:
    """The first that has words, in one line, cut to what is kept."""
    for value in values:
        if isinstance(value, str) and (text := tidy(value)):
            return text[: longest - 1] + "…" if len(text) > longest else text
    return ""


def number_or_string(value: object) -> Any:  # noqa: ANN401 - refused later if it is neither
    """An id: shops count, we name."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def email_of(*values: object) -> str:
    """The first that is an email address."""
    return next((text for value in values if isinstance(value, str) and is_email(text := value.strip().lower())), "")


def amount_of(value: object) -> Any:  # noqa: ANN401 - refused later if it is no amount
    """A price as a decimal string with at most four decimals; whatever is no number is handed on as it is."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return value
    try:
        amount = Decimal(str(value).strip())
        cut = amount.quantize(DECIMALS)  # raises for what is absurdly large
        exponent = amount.as_tuple().exponent
        return format(cut if isinstance(exponent, int) and exponent < -PLACES else amount, "f")
    except InvalidOperation:
        return str(value)


def pieces(value: object) -> int:
    """How many; at least one, so that an odd line doesn't cost the order."""
    return min(max(int(value), 1), MOST_PIECES) if isinstance(value, int | float) else 1


def items_of(entries: list[Json], name: Callable[[Json], str], price: str) -> list[Json]:
    """The lines of an order that have a name. `price`: which field holds the price of one piece."""
    found = []
    for entry in entries:
        item = {"name": name(entry), "sku": words(entry.get("sku")), "quantity": pieces(entry.get("quantity"))}
        value = amount_of(entry.get(price))
        if isinstance(value, str) and not value.startswith("-"):
            item["price"] = value
        if item["name"]:
            found.append(item)
    return found


def without_blanks(values: Mapping[str, Any]) -> Json:
    """Only what says something."""
    return {name: value for name, value in values.items() if value not in (None, "", [], {})}
