"""Boil Slack's published specs and the installed slack_sdk down to `slack_methods.json`.

Run it when slack_sdk is upgraded::

    python tests/wire/extract_slack_spec.py FOLDER_OF_THE_SPECS

Only facts leave the sources: names, types, what is required, rate tiers, field
names of blocks and of event payloads. Descriptions and samples stay behind.
"""

from __future__ import annotations

import inspect
import json
import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from slack_sdk.models import blocks as sdk_blocks
from slack_sdk.models.blocks import block_elements
from slack_sdk.web.async_client import AsyncWebClient

Json = dict[str, Any]

HERE = Path(__file__).parent
TIERS_PER_MINUTE = {"Tier1": 1, "Tier2": 20, "Tier3": 50, "Tier4": 100}
SAMPLES = {
    "app_home_opened": "AppHomeOpenedPayload",
    "app_mention": "AppMentionPayload",
    "block_actions": "BlockActionPayload",
    "command": "SlashCommandPayload",
    "file_share": "MessageFileSharePayload",
    "message": "MessagePayload",
    "view_submission": "ViewSubmissionPayload",
}
LEFT_OUT = ("admin.", "channels.", "groups.", "im.", "mpim.", "rtm.", "migration.")
#: Parameters every method takes: the token, and the team for org-wide tokens.
COMMON = ("token", "team_id")


def methods_of_spec(spec: Json) -> Json:
    """Give method → parameters, whether JSON bodies are read, and its errors."""
    found: Json = {}
    for path, verbs in spec["paths"].items():
        for operation in verbs.values():
            params = {
                item["name"]: item.get("type", "string") + "!" * bool(item.get("required"))
                for item in operation["parameters"]
                if item["name"] not in COMMON
            }
            found[path.strip("/")] = {
                "params": params,
                "json": "application/json" in operation.get("consumes", []),
            }
    return found


def methods_of_sdk() -> Json:
    """Give method → parameter names of the client's own signatures."""
    found: Json = {}
    for name, function in inspect.getmembers(AsyncWebClient, inspect.isfunction):
        source = inspect.getsource(function)
        called = re.search(r'self\.api_call\(\s*"([\w.]+)"', source)
        if name.startswith("_") or called is None:
            continue
        signature = inspect.signature(function)
        found[called.group(1)] = {
            "params": {
                key: parameter.default is inspect.Parameter.empty
                for key, parameter in signature.parameters.items()
                if key not in ("self", "kwargs", "app_token", *COMMON)
            },
            "json": "json=kwargs" in source,
        }
    return found


def merged_methods(spec: Json, tiers: Json) -> Json:
    """Join spec, SDK and rate tiers: `{"params": {"channel": "string!"}, "tier": …}`.

    The exclamation mark means required. `"json": false` means that the method reads
    forms and query strings only. Methods that no bot of a shop calls stay out.
    """
    old, sdk = methods_of_spec(spec), methods_of_sdk()
    result: Json = {}
    for name in sorted(old | sdk | tiers):
        if name.startswith(LEFT_OUT):
            continue
        params: dict[str, str] = dict(old.get(name, {}).get("params", {}))
        for key, required in sdk.get(name, {}).get("params", {}).items():
            params[key] = params.get(key, "any").rstrip("!") + "!" * required
        fact: Json = {"params": params}
        if name in old and not old[name]["json"] and not sdk.get(name, {}).get("json"):
            fact["json"] = False
        if name in tiers:
            fact["tier"] = tiers[name]
        result[name] = fact
    return result


def fields_of_sdk(module: ModuleType, base: type) -> dict[str, set[str]]:
    """Give block or element type → the attributes its SDK class has."""
    found: dict[str, set[str]] = {}
    for _, cls in inspect.getmembers(module, inspect.isclass):
        kind = getattr(cls, "type", None)
        if not issubclass(cls, base) or not isinstance(kind, str):
            continue
        given = inspect.signature(cls.__init__).parameters
        names = {name for name in given if name not in ("self", "others", "kwargs")}
        attributes = getattr(cls, "attributes", None)
        if isinstance(attributes, (set, frozenset)):
            names |= attributes
        found.setdefault(kind, set()).update(names | {"type"})
    return found


def block_fields() -> Json:
    """Give the field names of each block and each element (an image is both)."""
    blocks = fields_of_sdk(sdk_blocks, sdk_blocks.Block)
    elements = fields_of_sdk(block_elements, block_elements.BlockElement)
    return {
        "blocks": {kind: sorted(names | {"block_id"}) for kind, names in sorted(blocks.items())},
        "elements": {kind: sorted(names) for kind, names in sorted(elements.items())},
    }


def payload_fields(samples: Path) -> Json:
    """Give the field names of each payload Slack sends, and of its event."""
    result: Json = {}
    for kind, file in SAMPLES.items():
        sample = json.loads((samples / f"{file}.json").read_text())
        result[kind] = {"top": sorted(sample)}
        for part in ("event", "container", "view"):
            if isinstance(sample.get(part), dict):
                result[kind][part] = sorted(sample[part])
    return result


def compact(facts: Json) -> str:
    """Write one method, block or payload a line: small and good to diff."""
    lines = ["{"]
    for section, content in facts.items():
        lines.append(f"{json.dumps(section)}: {{")
        entries = (f"{json.dumps(k)}: {json.dumps(v)}" for k, v in content.items())
        lines += [",\n".join(entries), "},"]
    lines[-1] = "}"
    return "\n".join([*lines, "}", ""])


def main(folder: Path) -> None:
    """Read the specs in `folder`; write slack_methods.json beside this file."""
    spec = json.loads((folder / "slack_web_openapi_v2.json").read_text())
    tiers = json.loads((folder / "slack_rate_tiers.json").read_text())
    samples = folder / "slack_samples"
    facts = {
        "tiers": TIERS_PER_MINUTE,
        "methods": merged_methods(spec, tiers),
        **block_fields(),
        "payloads": payload_fields(samples),
    }
    (HERE / "slack_methods.json").write_text(compact(facts))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
