"""Settings from the environment or `.env`. Names are fixed by the outer interface."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import SettingsInvalid

SHORTEST_SECRET = 32


class Settings(BaseSettings):
    """Everything that differs from machine to machine. An empty value counts as not set."""

    model_config = SettingsConfigDict(
        env_file=".env", env_file_encoding="utf-8", env_ignore_empty=True, extra="ignore", frozen=True
    )

    database_url: str = "sqlite+aiosqlite:///afterword.db"
    program_file: str = "program.toml"
    secret_key: str | None = None
    public_url: str | None = None
    http_host: str = "127.0.0.1"
    http_port: int = Field(default=8080, ge=0, le=65535)
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["text", "json"] = "text"

    telegram_bot_token: str | None = None
    telegram_mode: Literal["polling", "webhook"] = "polling"
    telegram_webhook_secret: str | None = None
    telegram_desk_chat: int | None = None
    telegram_api_url: str | None = None

    slack_bot_token: str | None = None
    slack_app_token: str | None = None
    slack_signing_secret: str | None = None
    slack_desk_channel: str | None = None
    slack_api_url: str | None = None

    orders_webhook_secret: str | None = None
    shopify_webhook_secret: str | None = None
    woocommerce_webhook_secret: str | None = None
    stripe_webhook_secret: str | None = None

    agents: str = ""
    managers: str = ""

    scorer: Literal["reader", "rules", "textblob"] = "reader"
    sending_limits: Literal["on", "off"] = "on"

    @field_validator("log_level", mode="before")
    @classmethod
    def _upper(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value

    @field_validator("secret_key")
    @classmethod
    def _long_enough(cls, value: str | None) -> str | None:
        if value is not None and len(value) < SHORTEST_SECRET:
            message = f"must have {SHORTEST_SECRET} characters or more"
            raise ValueError(message)
        return value

    @property
    def agent_identities(self) -> tuple[tuple[str, str], ...]:
        """(channel, id) of everybody named in AGENTS."""
        return parse_identities(self.agents, "AGENTS")

    @property
    def manager_identities(self) -> tuple[tuple[str, str], ...]:
        """(channel, id) of everybody named in MANAGERS."""
        return parse_identities(self.managers, "MANAGERS")

    @property
    def base_url(self) -> str:
        """Where a browser reaches this program."""
        return (self.public_url or f"http://{self.http_host}:{self.http_port}").rstrip("/")


def parse_identities(text: str, name: str) -> tuple[tuple[str, str], ...]:
    """`telegram:12345, slack:U0ABC` → (("telegram", "12345"), ("slack", "U0ABC"))."""
    found = []
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        channel, colon, external = part.partition(":")
        if not (channel and colon and external):
            problem = f"{name}: “{part}” is not a chat identity."
            raise SettingsInvalid(problem, "Write it as channel:id, for example telegram:12345 or slack:U0ABC.")
        found.append((channel.strip().lower(), external.strip()))
    return tuple(found)


def load_settings(**overrides: object) -> Settings:
    """Read the settings; a mistake becomes `SettingsInvalid` that names the variable."""
    try:
        settings = Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        lines = [f"{'.'.join(str(p) for p in e['loc']).upper()}: {e['msg']}" for e in error.errors()]
        problem = "The settings have a mistake.\n" + "\n".join(lines)
        raise SettingsInvalid(problem, "Correct it in the environment or in .env.") from None
    _ = settings.agent_identities, settings.manager_identities
    return settings
