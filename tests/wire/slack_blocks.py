"""Check Block Kit as Slack does: a list of faults, each with where it is.

Limits: docs.slack.dev/reference/block-kit, also kept in slack_sdk's own models.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from .slack_spec import BLOCK_FIELDS, ELEMENT_FIELDS

Json = dict[str, Any]
Faults = Iterator[str]

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
VIEW_BYTES = 250_000
MARKDOWN_TOTAL = 12_000
STYLES = ("primary", "danger")
INPUTS = frozenset(
    {
        "plain_text_input",
        "email_text_input",
        "url_text_input",
        "number_input",
        "rich_text_input",
        "file_input",
    }
)
SELECTS = frozenset(kind for kind in ELEMENT_FIELDS if kind.endswith("_select"))
PICKERS = frozenset({"datepicker", "timepicker", "datetimepicker"})
CHOICES = frozenset({"checkboxes", "radio_buttons", "overflow"})
CLICKS = frozenset({"button", "workflow_button"})
IN_ACTIONS = SELECTS | PICKERS | CHOICES | CLICKS | {"rich_text_input"}
IN_SECTION = SELECTS | PICKERS | CHOICES | CLICKS | {"image"}
IN_INPUT = SELECTS | PICKERS | INPUTS | {"checkboxes", "radio_buttons"}
ONLY_IN_VIEWS = frozenset({"file_input"})
INITIAL = "initial_"


def fault(where: str, words: str) -> str:
    """Word a fault as Slack's response_metadata does."""
    return f"[ERROR] {words} [json-pointer:{where}]"


def blocks_faults(blocks: object, *, surface: str = "message", where: str = "/blocks") -> list[str]:
    """Find every fault in `blocks`; `surface` is message, modal or home."""
    limit = MESSAGE_BLOCKS if surface == "message" else VIEW_BLOCKS
    if not isinstance(blocks, list):
        return [fault(where, "must be an array")]
    found: list[str] = []
    if len(blocks) > limit:
        found.append(fault(where, f"no more than {limit} items allowed"))
    for number, block in enumerate(blocks):
        found += _block(block, f"{where}/{number}", surface)
    found += _repeats(blocks, "block_id", where)
    found += _totals(blocks, where)
    return found


def view_faults(view: object) -> list[str]:
    """Find every fault in a modal or home view."""
    if not isinstance(view, dict):
        return [fault("/view", "must be an object")]
    kind = view.get("type")
    if kind not in ("modal", "home"):
        return [fault("/view/type", "must be modal or home")]
    found = blocks_faults(view.get("blocks"), surface=kind, where="/view/blocks")
    found += _length(view, "private_metadata", 3000, "/view")
    found += _length(view, "callback_id", 255, "/view")
    found += _length(view, "external_id", 255, "/view")
    if len(str(view)) > VIEW_BYTES:
        found.append(fault("/view", "view_too_large"))
    if kind == "modal":
        found += _modal(view)
    return found


def attachment_faults(attachments: object) -> list[str]:
    """Find faults in secondary attachments and in the blocks inside them."""
    if not isinstance(attachments, list):
        return [fault("/attachments", "must be an array")]
    found: list[str] = []
    for number, attachment in enumerate(attachments):
        where = f"/attachments/{number}"
        if not isinstance(attachment, dict):
            found.append(fault(where, "must be an object"))
        elif "blocks" in attachment:
            found += blocks_faults(attachment["blocks"], where=f"{where}/blocks")
    return found


def _modal(view: Json) -> Faults:
    yield from _text(view.get("title"), "/view/title", 24, plain=True)
    for name in ("submit", "close"):
        if name in view:
            yield from _text(view[name], f"/view/{name}", 24, plain=True)
    blocks = view.get("blocks") if isinstance(view.get("blocks"), list) else []
    kinds = {block.get("type") for block in blocks or [] if isinstance(block, dict)}
    if "input" in kinds and "submit" not in view:
        yield fault("/view", "missing required field: submit")


def _totals(blocks: list[Any], where: str) -> Faults:
    whole = [block for block in blocks if isinstance(block, dict)]
    markdown = sum(len(str(b.get("text", ""))) for b in whole if b.get("type") == "markdown")
    if markdown > MARKDOWN_TOTAL:
        yield fault(where, f"markdown must be less than {MARKDOWN_TOTAL + 1} characters in all")
    if sum(block.get("type") == "table" for block in whole) > 1:
        yield fault(where, "only_one_table_allowed")


def _repeats(items: list[Any], name: str, where: str) -> Faults:
    seen: set[object] = set()
    for item in items:
        value = item.get(name) if isinstance(item, dict) else None
        if value is not None and str(value) in seen:
            yield fault(where, f"`{name}` must be unique: {value}")
        seen.add(str(value))


def _unknown_fields(item: Json, known: frozenset[str], where: str) -> Faults:
    for name in item:
        if name not in known:
            yield fault(where, f"invalid additional property: {name}")
        elif item[name] is None:
            yield fault(f"{where}/{name}", "must not be null")


def _length(item: Json, name: str, most: int, where: str, least: int = 0) -> Faults:
    value = item.get(name)
    if value is None:
        return
    if not isinstance(value, str):
        yield fault(f"{where}/{name}", "must be a string")
    elif len(value) > most:
        yield fault(f"{where}/{name}", f"must be less than {most + 1} characters")
    elif len(value) < least:
        yield fault(f"{where}/{name}", f"must be more than {least - 1} characters")


def _text(value: object, where: str, most: int, *, plain: bool = False) -> Faults:
    if not isinstance(value, dict):
        yield fault(where, "missing required field: text object")
        return
    kind = value.get("type")
    if kind not in ("plain_text", "mrkdwn") or (plain and kind != "plain_text"):
        yield fault(f"{where}/type", f"must be {'plain_text' if plain else 'a text type'}")
    extra = "emoji" if kind == "plain_text" else "verbatim"
    yield from _unknown_fields(value, frozenset({"type", "text", extra}), where)
    if "text" not in value:
        yield fault(where, "missing required field: text")
    yield from _length(value, "text", most, where, least=1)


def _block(block: object, where: str, surface: str) -> Faults:
    if not isinstance(block, dict):
        yield fault(where, "must be an object")
        return
    kind = block.get("type")
    known = BLOCK_FIELDS.get(str(kind))
    if known is None:
        yield fault(f"{where}/type", f"unsupported type: {kind}")
        return
    yield from _unknown_fields(block, known, where)
    yield from _length(block, "block_id", 255, where)
    check = _CHECKS.get(str(kind))
    if check is not None:
        yield from check(block, where, surface)


def _section(block: Json, where: str, surface: str) -> Faults:
    if "text" not in block and not block.get("fields"):
        yield fault(where, "missing required field: text or fields")
    if "text" in block:
        yield from _text(block["text"], f"{where}/text", 3000)
    yield from _many(block, "fields", 10, where, optional=True)
    for number, field in enumerate(_list(block, "fields")):
        yield from _text(field, f"{where}/fields/{number}", 2000)
    if "accessory" in block:
        yield from _element(block["accessory"], f"{where}/accessory", IN_SECTION, surface)


def _header(block: Json, where: str, _surface: str) -> Faults:
    yield from _text(block.get("text"), f"{where}/text", 150, plain=True)


def _markdown(block: Json, where: str, _surface: str) -> Faults:
    if not block.get("text"):
        yield fault(where, "missing required field: text")


def _actions(block: Json, where: str, surface: str) -> Faults:
    yield from _many(block, "elements", 25, where)
    elements = _list(block, "elements")
    for number, element in enumerate(elements):
        yield from _element(element, f"{where}/elements/{number}", IN_ACTIONS, surface)
    yield from _repeats(elements, "action_id", where)


def _context(block: Json, where: str, _surface: str) -> Faults:
    yield from _many(block, "elements", 10, where)
    for number, element in enumerate(_list(block, "elements")):
        spot = f"{where}/elements/{number}"
        if isinstance(element, dict) and element.get("type") == "image":
            yield from _unknown_fields(element, ELEMENT_FIELDS["image"], spot)
            yield from _image(element, spot, "")
        else:
            yield from _text(element, spot, 3000)


def _image(block: Json, where: str, _surface: str) -> Faults:
    if not block.get("alt_text"):
        yield fault(where, "missing required field: alt_text")
    if not block.get("image_url") and not block.get("slack_file"):
        yield fault(where, "missing required field: image_url")
    yield from _length(block, "alt_text", 2000, where)
    yield from _length(block, "image_url", 3000, where)
    if "title" in block:
        yield from _text(block["title"], f"{where}/title", 2000, plain=True)


def _input(block: Json, where: str, surface: str) -> Faults:
    yield from _text(block.get("label"), f"{where}/label", 2000, plain=True)
    if "hint" in block:
        yield from _text(block["hint"], f"{where}/hint", 2000, plain=True)
    yield from _element(block.get("element"), f"{where}/element", IN_INPUT, surface)


def _rich_text(block: Json, where: str, _surface: str) -> Faults:
    if not isinstance(block.get("elements"), list):
        yield fault(where, "missing required field: elements")
    for number, element in enumerate(_list(block, "elements")):
        kind = element.get("type") if isinstance(element, dict) else None
        if not str(kind).startswith("rich_text_"):
            yield fault(f"{where}/elements/{number}", f"unsupported type: {kind}")


def _table(block: Json, where: str, _surface: str) -> Faults:
    yield from _many(block, "rows", 100, where)
    for number, row in enumerate(_list(block, "rows")):
        if not isinstance(row, list) or len(row) > 20:
            yield fault(f"{where}/rows/{number}", "no more than 20 items allowed")


def _list(item: Json, name: str) -> list[Any]:
    value = item.get(name)
    return value if isinstance(value, list) else []


def _many(item: Json, name: str, most: int, where: str, *, optional: bool = False) -> Faults:
    if name not in item and optional:
        return
    value = item.get(name)
    if not isinstance(value, list) or not value:
        yield fault(f"{where}/{name}", "no fewer than 1 items allowed")
    elif len(value) > most:
        yield fault(f"{where}/{name}", f"no more than {most} items allowed")


def _element(element: object, where: str, allowed: frozenset[str], surface: str) -> Faults:
    if not isinstance(element, dict):
        yield fault(where, "must be an object")
        return
    kind = str(element.get("type"))
    if kind not in allowed or (kind in ONLY_IN_VIEWS and surface == "message"):
        yield fault(f"{where}/type", f"unsupported type: {kind}")
        return
    yield from _unknown_fields(element, ELEMENT_FIELDS[kind], where)
    yield from _length(element, "action_id", 255, where, least=1)
    if "placeholder" in element:
        yield from _text(element["placeholder"], f"{where}/placeholder", 150, plain=True)
    if "confirm" in element:
        yield from _confirm(element["confirm"], f"{where}/confirm")
    if kind == "image":
        yield from _image(element, where, surface)
    elif kind in CLICKS:
        yield from _button(element, where)
    elif kind in CHOICES or kind.endswith("static_select"):
        yield from _choices(element, where)
    elif kind == "plain_text_input":
        yield from _text_input(element, where)


def _button(element: Json, where: str) -> Faults:
    yield from _text(element.get("text"), f"{where}/text", 75, plain=True)
    yield from _length(element, "value", 2000, where)
    yield from _length(element, "url", 3000, where)
    yield from _length(element, "accessibility_label", 75, where)
    if "style" in element and element["style"] not in STYLES:
        yield fault(f"{where}/style", "must be a valid enum value: primary, danger")


def _choices(element: Json, where: str) -> Faults:
    kind = element["type"]
    most = {"overflow": 5, "checkboxes": 10, "radio_buttons": 10}.get(kind, 100)
    if "option_groups" in element:
        yield from _groups(element, where)
    else:
        yield from _many(element, "options", most, where)
        yield from _options(element, where, kind)
    for name in element:
        if name.startswith(INITIAL) and not _offered(element, element[name]):
            yield fault(f"{where}/{name}", "must match one of the options")


def _groups(element: Json, where: str) -> Faults:
    yield from _many(element, "option_groups", 100, where)
    for number, group in enumerate(_list(element, "option_groups")):
        spot = f"{where}/option_groups/{number}"
        if not isinstance(group, dict):
            yield fault(spot, "must be an object")
            continue
        yield from _text(group.get("label"), f"{spot}/label", 75, plain=True)
        yield from _many(group, "options", 100, spot)
        yield from _options(group, spot, element["type"])


def _options(holder: Json, where: str, kind: str) -> Faults:
    plain = kind not in ("checkboxes", "radio_buttons")
    most = 150 if kind != "overflow" else 75
    for number, option in enumerate(_list(holder, "options")):
        spot = f"{where}/options/{number}"
        if not isinstance(option, dict):
            yield fault(spot, "must be an object")
            continue
        yield from _unknown_fields(option, frozenset({"text", "value", "description", "url"}), spot)
        yield from _text(option.get("text"), f"{spot}/text", 75, plain=plain)
        if "value" not in option:
            yield fault(spot, "missing required field: value")
        yield from _length(option, "value", most, spot)
        if "description" in option:
            yield from _text(option["description"], f"{spot}/description", 75, plain=plain)


def _offered(element: Json, initial: object) -> bool:
    offered = _list(element, "options") + [
        option for group in _list(element, "option_groups") for option in _list(group, "options")
    ]
    chosen = initial if isinstance(initial, list) else [initial]
    return bool(chosen) and all(choice in offered for choice in chosen)


def _text_input(element: Json, where: str) -> Faults:
    for name in ("min_length", "max_length"):
        value = element.get(name, 1)
        if not isinstance(value, int) or not 0 <= value <= 3000:
            yield fault(f"{where}/{name}", "must be an integer of at most 3000")


def _confirm(confirm: object, where: str) -> Faults:
    if not isinstance(confirm, dict):
        yield fault(where, "must be an object")
        return
    known = frozenset({"title", "text", "confirm", "deny", "style"})
    yield from _unknown_fields(confirm, known, where)
    yield from _text(confirm.get("title"), f"{where}/title", 100, plain=True)
    yield from _text(confirm.get("text"), f"{where}/text", 300)
    for name in ("confirm", "deny"):
        yield from _text(confirm.get(name), f"{where}/{name}", 30, plain=True)
    if "style" in confirm and confirm["style"] not in STYLES:
        yield fault(f"{where}/style", "must be a valid enum value: primary, danger")


_CHECKS: dict[str, Callable[[Json, str, str], Faults]] = {
    "section": _section,
    "header": _header,
    "markdown": _markdown,
    "actions": _actions,
    "context": _context,
    "image": _image,
    "input": _input,
    "rich_text": _rich_text,
    "table": _table,
}
