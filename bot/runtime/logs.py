"""Logging: readable lines, or JSON for machines. Tokens and secrets are never logged."""

from __future__ import annotations

import logging
import sys

import structlog

QUIET = ("aiogram", "slack_bolt", "slack_sdk", "uvicorn.error", "uvicorn.access", "alembic", "nicegui")

KEEPS_LOGGERS = True
"""A logger that was used keeps its set-up: faster, and right where there is one set-up a process."""


def configure(level: str, form: str) -> None:
    """Set up structlog and the standard library's logging, once, at start."""
    number = logging.getLevelNamesMapping()[level]
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if form == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), pad_event_to=0)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info if form == "json" else _as_it_is,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=KEEPS_LOGGERS,
    )
    logging.basicConfig(level=number, stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    for name in QUIET:
        logging.getLogger(name).setLevel(max(number, logging.WARNING))


def _as_it_is(_logger: object, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    return event
