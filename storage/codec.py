"""Values ↔ what lies in columns: moments as microseconds, amounts as ten-thousandths, the rest as JSON text."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any, Protocol, TypeVar, overload

import msgspec
import orjson

from bot.domain.event import PAYLOADS, Payload
from bot.domain.interaction import Interaction
from bot.domain.message import Message, Ref

T = TypeVar("T")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SCALE = Decimal(10_000)
_encoder = msgspec.json.Encoder(decimal_format="string")


class _Decoder(Protocol):
    def decode(self, text: str) -> Any: ...  # noqa: ANN401 - of the type that it was made for


# ---------------------------------------------------------------- moments and amounts


@overload
def micros(moment: datetime) -> int: ...
@overload
def micros(moment: None) -> None: ...
@overload
def micros(moment: datetime | None) -> int | None: ...
def micros(moment: datetime | None) -> int | None:
    """Microseconds since 1970 UTC."""
    return None if moment is None else round(moment.timestamp() * 1_000_000)


@overload
def moment(number: int) -> datetime: ...
@overload
def moment(number: None) -> None: ...
@overload
def moment(number: int | None) -> datetime | None: ...
def moment(number: int | None) -> datetime | None:
    """The aware UTC moment of a number of microseconds."""
    return None if number is None else EPOCH + timedelta(microseconds=number)


def units(amount: Decimal) -> int:
    """Whole ten-thousandths of a currency's unit."""
    return round(amount * SCALE)


@lru_cache(16_384)
def amount(number: int) -> Decimal:
    """The amount of a number of ten-thousandths, with two decimals where that is exact."""
    value = Decimal(number) / SCALE
    return value.quantize(Decimal("0.01")) if number % 100 == 0 else value


# ---------------------------------------------------------------- text


def plain(text: str) -> str:
    """Text that every database takes: no zero characters (PostgreSQL) and no halves of surrogate pairs (UTF-8)."""
    if "\x00" in text:
        text = text.replace("\x00", "")
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def to_json(value: object) -> str:
    """JSON text of a dataclass or of plain values."""
    return _encoder.encode(value).decode()


def payload_json(value: Payload) -> str:
    """A payload's JSON, from which every text that later goes into a column is taken: clean from here on."""
    try:
        text = to_json(value)
    except UnicodeEncodeError:
        text = r"\u0000"
    return to_json(_cleaned(msgspec.to_builtins(value, builtin_types=(Decimal,)))) if r"\u0000" in text else text


def _cleaned(value: Any) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, list | tuple):
        return [_cleaned(part) for part in value]
    if isinstance(value, dict):
        return {_cleaned(key): _cleaned(part) for key, part in value.items()}
    return value


def from_json(text: str) -> Any:  # noqa: ANN401 - any JSON
    """Plain values of JSON text."""
    return orjson.loads(text)


@cache
def decoder(kind: object) -> _Decoder:
    """The decoder of a type, made once."""
    return msgspec.json.Decoder(kind)


def payload(kind: str, text: str) -> Payload:
    """The payload of an event."""
    shape: type = PAYLOADS[kind]
    found: Payload = decoder(shape).decode(text)
    return found


def message(text: str) -> Message:
    """A message of the outbox."""
    found: Message = decoder(Message).decode(text)
    return found


def interactions(texts: Iterable[str]) -> list[Interaction]:
    """Lines of a log, all in one go: a busy batch reads hundreds."""
    found: list[Interaction] = decoder(list[Interaction]).decode(f"[{','.join(texts)}]")
    return found


def ref(text: str | None) -> Ref | None:
    """A message on a platform."""
    return Ref(*orjson.loads(text)) if text else None


def ref_json(value: Ref | None) -> str | None:
    """A short list instead of an object: there is one in nearly every line."""
    return None if value is None else to_json((value.channel, value.chat, value.message))
