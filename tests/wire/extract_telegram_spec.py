"""Make ``telegram_methods.json`` from the machine-readable Bot API description.

Usage: ``python -m tests.wire.extract_telegram_spec /path/to/telegram_api.json``

Only facts are kept (names, types, limits), none of the prose. A parameter becomes one short line:

    types ! limits…      "Integer|String !"   "String ! chars=1..4096 parsed"   "[[InlineKeyboardButton]] !"

``!`` required, ``[X]`` an array of X, ``chars``/``bytes``/``items``/``range`` a span, ``parsed`` counted
after the markup is taken out, ``increasing`` strictly growing, ``const`` the one value, ``in`` the allowed
values (comma-separated), ``re`` a full-match pattern.
"""

import json
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

TARGET: Final = Path(__file__).with_name("telegram_methods.json")

Spec = Mapping[str, Any]

HAND: Final[Mapping[tuple[str, str], str]] = {
    ("BotCommand", "command"): "re=[a-z0-9_]+",
    ("InlineKeyboardButton", "style"): "in=danger,success,primary",
    ("sendChatAction", "action"): (
        "in=typing,upload_photo,record_video,upload_video,record_voice,upload_voice,upload_document,"
        "choose_sticker,find_location,record_video_note,upload_video_note"
    ),
    ("setWebhook", "secret_token"): "re=[A-Za-z0-9_-]+",
}
"""Limits that the description gives in free words only."""

SPANS: Final = (
    (re.compile(r"(\d+)-(\d+) (?:characters|chars)"), "chars={0}..{1}"),
    (re.compile(r"(\d+)-(\d+) bytes"), "bytes={0}..{1}"),
    (re.compile(r"must include (\d+)-(\d+) items"), "items={0}..{1}"),
    (re.compile(r"list of (\d+)-(\d+) "), "items={0}..{1}"),
    (re.compile(r"[Aa]t most (\d+) (?:commands|custom emoji)"), "items=0..{0}"),
    (re.compile(r"up to (\d+) items"), "items=1..{0}"),
    (re.compile(r"(?:Values between|delivery,|meters;) (\d+)-(\d+)"), "range={0}..{1}"),
    (re.compile(r"Must be between (\d+) and (\d+)"), "range={0}..{1}"),
)
CONST: Final = re.compile(r'(?:, must be|, always) "?([a-z0-9_]+)"?$')
QUOTED: Final = re.compile(r"[“\"]([^”\"]+)[”\"]")


def compact_type(names: Iterable[str]) -> str:
    """Return ``Array of A, Array of B`` as ``[A|B]`` and ``A, B`` as ``A|B``."""
    names = list(names)
    if all(name.startswith("Array of ") for name in names):
        return f"[{compact_type(name.removeprefix('Array of ') for name in names)}]"
    return "|".join(f"[{compact_type([n[9:]])}]" if n.startswith("Array of ") else n for n in names)


def limits(owner: str, field: Spec) -> list[str]:
    """Return every limit that a field's description names."""
    words = field["description"]
    found = [shape.format(*match.groups()) for pattern, shape in SPANS if (match := pattern.search(words))]
    if re.search(r"after entit(?:y|ies) parsing", words):
        found.append("parsed")
    if "strictly increasing" in words and "Integer" in field["types"][0]:
        found.append("increasing")
    if (const := CONST.search(words)) and field["name"] in {"type", "source"}:
        found.append(f"const={const.group(1)}")
    if "it can be one of" in words and field["name"] == "emoji":
        found.append("in=" + ",".join(QUOTED.findall(words.split("it can be one of")[1])))
    if hand := HAND.get((owner, field["name"])):
        found.append(hand)
    return found


def line(owner: str, field: Spec) -> str:
    """Return the compact line of one parameter or object field."""
    parts = [compact_type(field["types"])]
    if field["required"]:
        parts.append("!")
    return " ".join(parts + limits(owner, field))


def inner_names(fields: Iterable[Spec]) -> set[str]:
    """Return the names of the types that the fields use, out of their arrays."""
    return {name.replace("Array of ", "") for field in fields for name in field["types"]}


def reachable(api: Spec) -> list[str]:
    """Return the objects and unions that methods take, directly or inside others."""
    todo = set().union(*(inner_names(method.get("fields", ())) for method in api["methods"].values()))
    seen: set[str] = set()
    while todo:
        name = todo.pop()
        if name in seen or name not in api["types"] or name == "InputFile":
            continue
        seen.add(name)
        todo |= set(api["types"][name].get("subtypes", ())) | inner_names(api["types"][name].get("fields", ()))
    return sorted(seen)


def extract(api: Spec) -> dict[str, Any]:
    """Return the compact facts of the whole Bot API."""
    types = {name: api["types"][name] for name in reachable(api)}
    return {
        "version": api["version"],
        "methods": {
            name: {field["name"]: line(name, field) for field in method.get("fields", ())}
            for name, method in api["methods"].items()
        },
        "objects": {
            name: {field["name"]: line(name, field) for field in kind.get("fields", ())}
            for name, kind in types.items()
            if not kind.get("subtypes")
        },
        "unions": {name: kind["subtypes"] for name, kind in types.items() if kind.get("subtypes")},
    }


def main() -> None:
    """Read the description named on the command line; write the facts beside this file."""
    facts = extract(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
    TARGET.write_text(json.dumps(facts, indent=0, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
