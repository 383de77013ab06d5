"""Telegram's door: whether it is open, and with which settings. Cheap to import; aiogram comes only with a token."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.errors import Refused
from bot.ports import Surroundings
from bot.settings import Settings
from handlers.telegram.webhook import SECRET

if TYPE_CHECKING:
    from handlers.telegram.channel import TelegramChannel


def build(surroundings: Surroundings) -> TelegramChannel | None:
    """The channel, when there is a token. Raises `Refused` for settings that can't work."""
    settings = surroundings.settings
    if not settings.telegram_bot_token:
        return None
    _check(settings)
    from handlers.telegram.channel import TelegramChannel  # noqa: PLC0415 - brings aiogram: seconds that others needn't pay

    return TelegramChannel(surroundings, settings.telegram_bot_token)


def _check(settings: Settings) -> None:
    if settings.telegram_mode != "webhook":
        return
    if not (settings.public_url or settings.telegram_api_url):
        problem = "TELEGRAM_MODE=webhook needs PUBLIC_URL"
        raise Refused(problem, "Set PUBLIC_URL to the https address under which Telegram reaches this program.")
    if settings.telegram_webhook_secret and not SECRET.fullmatch(settings.telegram_webhook_secret):
        problem = "TELEGRAM_WEBHOOK_SECRET holds characters that Telegram doesn't take"
        raise Refused(problem, "Use 1 to 256 characters of A-Z a-z 0-9 _ -, or leave it empty.")
