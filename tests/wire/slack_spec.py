"""What Slack's Web API allows: parameters, their types and the rate tier of each method.

The facts come from `slack_methods.json` (see `extract_slack_spec.py`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Json = dict[str, Any]

#: Parameters any method takes; `_x_…` and `slack_route` are tolerated as by Slack.
COMMON = frozenset({"token", "team_id"})
#: Documented parameters that neither the old spec nor the SDK signatures name.
LATER = {
    "chat.postMessage": frozenset({"client_msg_id"}),
    "files.completeUploadExternal": frozenset({"blocks"}),
    "conversations.open": frozenset({"prevent_creation"}),
    "conversations.history": frozenset({"include_all_metadata"}),
    "conversations.replies": frozenset({"include_all_metadata"}),
}
#: Documented limits of the special tiers, calls a minute ("hundreds per minute").
SPECIAL_PER_MINUTE = 300
BOOLEANS = frozenset({"true", "false", "1", "0", "True", "False"})


@dataclass(frozen=True, slots=True)
class Method:
    """One Web API method: its parameters (name → type), the required ones, its tier."""

    name: str
    params: dict[str, str]
    required: frozenset[str]
    reads_json: bool
    per_minute: int

    def problems(self, given: Json, *, as_json: bool) -> list[str]:
        """Say what is wrong with a call's arguments, in Slack's manner."""
        found = [
            f"[ERROR] missing required field: {name}" for name in sorted(self.required) if given.get(name) in (None, "")
        ]
        if as_json and not self.reads_json:
            found.append(f"[ERROR] {self.name} reads no JSON body: arguments are ignored")
        for name, value in given.items():
            kind = self.params.get(name)
            if kind is not None and value is not None and not fits(kind, value):
                found.append(f"[ERROR] must be a {kind}: {name}={value!r:.60}")
        return found

    def unknown(self, given: Json) -> list[str]:
        """Name the parameters that Slack doesn't know; it ignores them in silence."""
        later = LATER.get(self.name, frozenset())
        known = self.params.keys() | COMMON | later
        return [name for name in given if name not in known and not name.startswith("_x_")]


def fits(kind: str, value: object) -> bool:
    """Tell whether a value, from a form or a JSON body, has the type `kind`."""
    if kind == "boolean":
        return isinstance(value, bool) or value in (0, 1) or value in BOOLEANS
    if kind == "integer":
        return not isinstance(value, bool) and str(value).lstrip("-").isdigit()
    if kind == "number":
        return isinstance(value, (int, float)) or is_float(str(value))
    return True


def is_float(text: str) -> bool:
    """Tell whether a text reads as a number."""
    try:
        float(text)
    except ValueError:
        return False
    return True


def _method(name: str, fact: Json, tiers: dict[str, int]) -> Method:
    params = {key: kind.rstrip("!") for key, kind in fact["params"].items()}
    return Method(
        name=name,
        params=params,
        required=frozenset(key for key, kind in fact["params"].items() if kind.endswith("!")),
        reads_json=fact.get("json", True),
        per_minute=tiers.get(fact.get("tier", "Tier3"), SPECIAL_PER_MINUTE),
    )


FACTS: Json = json.loads((Path(__file__).parent / "slack_methods.json").read_text("utf-8"))
METHODS: dict[str, Method] = {name: _method(name, fact, FACTS["tiers"]) for name, fact in FACTS["methods"].items()}
BLOCK_FIELDS: dict[str, frozenset[str]] = {kind: frozenset(names) for kind, names in FACTS["blocks"].items()}
ELEMENT_FIELDS: dict[str, frozenset[str]] = {kind: frozenset(names) for kind, names in FACTS["elements"].items()}
PAYLOAD_FIELDS: dict[str, dict[str, list[str]]] = FACTS["payloads"]
