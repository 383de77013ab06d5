"""Slack as an edge. Cheap to import: without a token nothing of Slack's libraries is loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.ports import Surroundings
    from handlers.slack.workspace import Workspace


def build(surroundings: Surroundings) -> Workspace | None:
    """The workspace of SLACK_BOT_TOKEN; None without one."""
    if not surroundings.settings.slack_bot_token:
        return None
    from handlers.slack.workspace import Workspace  # noqa: PLC0415 - Bolt and aiohttp take a second to import

    return Workspace(surroundings)
