"""What a visitor's page shows of their conversation: lines as plain values. Nothing from inside ever gets here."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from bot.domain.staff import public_name
from bot.ports import Line
from handlers.pages import file_view, in_order, signed_apart

WORDS = Path(__file__).with_name("words.toml")
SILENT_KINDS = frozenset({"reach", "link", "lookup"})
RATED = re.compile(r"([1-5])\D*")
RATE = re.compile(r"rate:[^:]+:([1-5])")


@cache
def words_in(language: str) -> dict[str, str]:
    """What the page says, in this language or else in English."""
    known: dict[str, dict[str, str]] = tomllib.loads(WORDS.read_text(encoding="utf-8"))
    return known["en"] | known.get(language, {})


def language_of(accepted: str, offered: Sequence[str]) -> str:
    """The first language that the browser accepts (Accept-Language) and the shop speaks, else the shop's first."""
    for part in accepted.split(","):
        tongue = part.partition(";")[0].strip().lower().partition("-")[0]
        if tongue in offered:
            return tongue
    return offered[0]


def chat_view(lines: Sequence[Line], contact: str = "") -> dict[str, Any]:
    """The lines by their number, oldest first, each with the buttons that can still be tapped."""
    seen = [line for line in lines if _is_shown(line)]
    live = zip(in_order(seen), live_buttons(seen), strict=True)
    return {str(line.id): _line(line, buttons, contact) | {"order": order} for (line, order), buttons in live}


def _is_shown(line: Line) -> bool:
    return not line.inside and line.kind not in SILENT_KINDS and bool(line.text or line.attachments or line.buttons)


def _line(line: Line, buttons: list[dict[str, Any]], contact: str) -> dict[str, Any]:
    mine = line.author == "customer"
    text, signature = (line.text, "") if mine else signed_apart(line.text, contact)
    return {
        "id": line.id,
        "at": line.at.isoformat(),
        "who": "me" if mine else line.author,
        "name": public_name(line.name) if line.author == "agent" else "",
        "quote": line.quote,
        "text": text,
        "signature": signature,
        "stars": stars_of(line) if mine else 0,
        "edited": line.kind == "edit",
        "files": [file_view(each, f"/chat/files/{line.id}/{i}") for i, each in enumerate(line.attachments)],
        "buttons": buttons,
    }


def stars_of(line: Line) -> int:
    """How many stars a rating line gave; 0 when it is none."""
    if line.kind != "rating":
        return 0
    if line.verdict and line.verdict.get("rating"):
        return int(line.verdict["rating"])
    found = RATED.search(line.text)
    return int(found[1]) if found else min(line.text.count("★"), 5)


def live_buttons(lines: Sequence[Line]) -> list[list[dict[str, Any]]]:
    """The buttons of each line that still mean something.

    A rating counts until it was given; everything else belongs to the last question and goes when it was tapped. The
    way to a person stays until a person is there.
    """
    result: list[list[dict[str, Any]]] = []
    rated = tapped = False
    last = True
    for line in reversed(lines):
        buttons: list[dict[str, Any]] = []
        if line.author == "customer":
            rated |= line.kind == "rating"
            tapped |= line.kind in {"tap", "rating"}
        elif line.buttons:
            for button in (button for row in line.buttons for button in row):
                found = RATE.fullmatch(button.action)
                if found and not rated:
                    buttons.append({"label": button.label, "action": button.action, "face": int(found[1])})
                elif not found and last and (button.action == "human" or not tapped):
                    buttons.append({"label": button.label, "action": button.action, "face": 0})
            last = False
            rated |= any(RATE.fullmatch(button.action) for row in line.buttons for button in row)
        elif line.author == "agent":
            last = False
        result.append(buttons)
    return result[::-1]


def offered_actions(lines: Sequence[Line]) -> frozenset[str]:
    """Every action that this conversation ever offered, and the way to a person: nothing else can be tapped."""
    offered = {button.action for line in lines if not line.inside for row in line.buttons for button in row}
    return frozenset(offered | {"human"})
