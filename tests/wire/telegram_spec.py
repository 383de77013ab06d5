"""The Bot API's own rules for calls: every parameter's type and limits, from ``telegram_methods.json``."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, TypeAlias
from urllib.parse import parse_qs, urlsplit

from tests.wire.telegram_markup import Entity, MarkupError, parse, utf16_len

Kind: TypeAlias = "str | tuple[Kind, ...]"
"""A type's name, or a tuple of what an array may hold."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came inside a multipart body."""

    name: str
    data: bytes
    mime: str = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Problem:
    """One broken rule: where, what, and the real server's words for it (None: it lets that pass)."""

    path: str
    text: str
    answer: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """What one parameter or object field must be."""

    kinds: tuple[Kind, ...]
    required: bool = False
    limits: Mapping[str, str] = field(default_factory=dict)
    flags: frozenset[str] = frozenset()


Rules = Mapping[str, Rule]


def read_kinds(text: str) -> tuple[Kind, ...]:
    """Read ``A|[B|C]`` as ``("A", ("B", "C"))``."""
    kinds: list[Kind] = []
    depth, begin = 0, 0
    for at, char in enumerate(text + "|"):
        depth += (char == "[") - (char == "]")
        if char == "|" and depth == 0:
            name = text[begin:at]
            kinds.append(read_kinds(name[1:-1]) if name.startswith("[") else name)
            begin = at + 1
    return tuple(kinds)


def read_rule(line: str) -> Rule:
    """Read one line of the facts file."""
    first, *rest = line.split(" ")
    return Rule(
        kinds=read_kinds(first),
        required="!" in rest,
        limits=dict(part.split("=", 1) for part in rest if "=" in part),
        flags=frozenset(part for part in rest if "=" not in part and part != "!"),
    )


def read_span(text: str) -> tuple[int, int]:
    """Read ``1..4096``."""
    low, high = text.split("..")
    return int(low), int(high)


TOO_LONG: Final = {
    "text": "message is too long",
    "caption": "message caption is too long",
    "callback_data": "BUTTON_DATA_INVALID",
    "media": "too many messages to send as an album",
    "commands": "BOT_COMMANDS_TOO_MUCH",
    "command": "BOT_COMMAND_INVALID",
    "description": "BOT_COMMAND_DESCRIPTION_INVALID",
    "message_ids": "too many message identifiers specified",
    "action": "wrong parameter action in request",
    "emoji": "REACTION_INVALID",
    "secret_token": "secret token contains unallowed characters",
    "name": "TOPIC_TITLE_INVALID",
}
"""The real server's words when a limit is broken, by the parameter's last name."""

MISSING: Final = {
    "text": "message text is empty",
    "message_id": "message identifier is not specified",
    "message_ids": "message identifiers are not specified",
    "callback_query_id": "query is too old and response timeout expired or query ID is invalid",
    "reply_markup": "object expected as reply markup",
    "message_thread_id": "message thread not found",
    "name": "TOPIC_TITLE_INVALID",
    "file_id": "file_id not specified",
    "user_id": "invalid user_id specified",
}
OWN_WORDS: Final = {
    ("answerCallbackQuery", "text"): "MESSAGE_TOO_LONG",
    ("setMyDescription", "description"): "bot description is too long",
    ("setMyName", "name"): "bot name is too long",
}

MOST_BUTTONS: Final = 100
START: Final = re.compile(r"[A-Za-z0-9_-]{0,64}")
BUTTON_KINDS: Final = frozenset(
    "url callback_data web_app login_url switch_inline_query switch_inline_query_current_chat "
    "switch_inline_query_chosen_chat copy_text callback_game pay".split()
)


@dataclass(slots=True)
class Check:
    """The check of one call: collects problems while it turns wire values into typed ones."""

    spec: "Spec"
    method: str
    uploads: Mapping[str, Upload]
    problems: list[Problem] = field(default_factory=list)
    attached: set[str] = field(default_factory=set)

    def problem(self, path: str, text: str, answer: str | None) -> None:
        self.problems.append(Problem(path, text, answer))

    def fields(self, rules: Rules, given: Mapping[str, Any], path: str, *, top: bool) -> dict[str, Any]:
        """Check one level of names; return the typed values."""
        typed: dict[str, Any] = {}
        for name, value in given.items():
            where = f"{path}{name}"
            rule = rules.get(name)
            if rule is None:
                self.problem(where, "unknown parameter" if top else "unknown field", None)
                continue
            typed[name] = self.value(rule.kinds, decode(rule, value) if top else value, where)
            self.limit(rule, name, typed[name], where)
        for name, rule in rules.items():
            if rule.required and name not in given:
                default = f"{name} is empty" if top else f'can\'t parse {path}: field "{name}" must be present'
                self.problem(f"{path}{name}", "is required", MISSING.get(name, default) if top else default)
        return typed

    def value(self, kinds: tuple[Kind, ...], value: Any, path: str) -> Any:
        """Return the value in the first kind that takes it; note a problem when none does."""
        for kind in kinds:
            if isinstance(kind, tuple):
                if isinstance(value, list):
                    return [self.value(kind, item, f"{path}[{i}]") for i, item in enumerate(value)]
            elif (plain := take_plain(kind, value)) is not None:
                return self.attachment(plain, path) if isinstance(plain, str) else plain
        if isinstance(value, dict) and (name := self.spec.pick(kinds, value)):
            return self.object(name, value, path)
        expected = " or ".join(kind if isinstance(kind, str) else "array" for kind in kinds)
        self.problem(path, f"wrong type: {type(value).__name__} where {expected} is expected", wrong_type(path))
        return value

    def attachment(self, value: str, path: str) -> str:
        """Remember ``attach://name`` and check that the part came along."""
        if value.startswith("attach://"):
            part = value.removeprefix("attach://")
            self.attached.add(part)
            if part not in self.uploads:
                self.problem(path, f"no part {part!r} in the body", f"file part {part} not found")
        return value

    def object(self, name: str, value: Mapping[str, Any], path: str) -> dict[str, Any]:
        """Check an object of a known kind."""
        typed = self.fields(self.spec.objects[name], value, f"{path}.", top=False)
        if name == "InlineKeyboardButton":
            self.button(typed, path)
        rows = typed.get("inline_keyboard") if name == "InlineKeyboardMarkup" else None
        if isinstance(rows, list) and sum(len(row) for row in rows if isinstance(row, list)) > MOST_BUTTONS:
            self.problem(path, f"more than {MOST_BUTTONS} buttons", "reply markup is too long")
        return typed

    def button(self, button: Mapping[str, Any], path: str) -> None:
        """Check that a button has words, exactly one purpose, and a link that Telegram would open."""
        if not str(button.get("text", "")).strip():
            self.problem(f"{path}.text", "button without text", "inline keyboard button text must be non-empty")
        if len(BUTTON_KINDS & button.keys()) != 1:
            answer = "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
            self.problem(path, "a button needs exactly one purpose", answer)
        if "url" in button and not good_link(button["url"]):
            answer = f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL"
            self.problem(f"{path}.url", "a link that Telegram refuses", answer)

    def limit(self, rule: Rule, name: str, value: Any, path: str) -> None:
        """Check the limits that need no markup parsing."""
        answer = OWN_WORDS.get((self.method, name)) or TOO_LONG.get(name) or f"{name} is invalid"
        for limit, words in rule.limits.items():
            if limit == "chars" and "parsed" in rule.flags:
                continue
            if fault := broken(limit, words, value):
                empty = self.method != "answerCallbackQuery" and value in ("", [])
                self.problem(path, fault, MISSING.get(name, answer) if empty else answer)
        if "increasing" in rule.flags and isinstance(value, list) and value != sorted(set(value)):
            words = "message identifiers must be in a strictly increasing order"
            self.problem(path, "must be strictly increasing", words)


def decode(rule: Rule, value: Any) -> Any:
    """Turn a form's text into what the rule wants: a number, a truth, an object; text stays text."""
    if not isinstance(value, str):
        return value
    if "String" in rule.kinds or "InputFile" in rule.kinds:
        return int(value) if "Integer" in rule.kinds and re.fullmatch(r"-?\d{1,18}", value) else value
    if rule.kinds == ("Boolean",):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def take_plain(kind: str, value: Any) -> Any:  # noqa: PLR0911 - one line per kind
    """Return the value as a plain kind, or None when it isn't one."""
    match kind:
        case "Integer":
            if isinstance(value, int) and not isinstance(value, bool):
                return value
            return int(value) if isinstance(value, str) and re.fullmatch(r"-?\d{1,18}", value) else None
        case "Float":
            return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
        case "Boolean" | "True":
            truths: dict[Any, bool] = {True: True, False: False, "true": True, "false": False, "True": True}
            return truths.get(value) if isinstance(value, bool | str) else None
        case "String":
            return value if isinstance(value, str) else None
        case "InputFile":
            return value if isinstance(value, Upload | str) else None
    return None


def wrong_type(path: str) -> str:
    """Return the real server's words for a value that it can't read."""
    name = path.split(".", maxsplit=1)[0].split("[", maxsplit=1)[0]
    if name.endswith("chat_id"):
        return "chat not found"
    return "object expected as reply markup" if name == "reply_markup" else f"can't parse {name} JSON object"


def broken(limit: str, words: str, value: Any) -> str | None:
    """Return what is wrong with a value under one limit, or None."""
    if limit in {"chars", "bytes", "items", "range"}:
        low, high = read_span(words)
        size = measure(limit, value)
        return None if size is None or low <= size <= high else f"{limit} must be {words}, is {size}"
    if not isinstance(value, str):
        return None
    if limit == "const":
        return None if value == words else f"must be {words!r}"
    if limit == "in":
        allowed = words.replace("\ufe0f", "").split(",")
        return None if value.replace("\ufe0f", "") in allowed else f"{value!r} is not one of the allowed values"
    return None if re.fullmatch(words, value) else f"does not match {words}"


def measure(limit: str, value: Any) -> float | None:
    """Return how much there is of what the limit counts."""
    if limit == "range":
        return value if isinstance(value, int | float) else None
    if limit == "items":
        return len(value) if isinstance(value, list) else None
    if not isinstance(value, str):
        return None
    return utf16_len(value) if limit == "chars" else len(value.encode())


def good_link(url: object) -> bool:
    """Say whether Telegram takes this URL on a button: http(s) with a real host, tg://, a sound t.me start."""
    parts = urlsplit(str(url))
    if parts.scheme == "tg":
        return True
    host = parts.hostname or ""
    if parts.scheme not in {"http", "https"} or "." not in host:
        return False
    payloads = parse_qs(parts.query, keep_blank_values=True).get("start", [])
    return host != "t.me" or all(START.fullmatch(payload) for payload in payloads)


class Spec:
    """All methods and objects of the Bot API."""

    def __init__(self, facts: Mapping[str, Any]) -> None:
        """Read the facts that ``extract_telegram_spec`` wrote."""
        self.version: str = facts["version"]
        self.methods: dict[str, Rules] = {n: _rules(lines) for n, lines in facts["methods"].items()}
        self.objects: dict[str, Rules] = {n: _rules(lines) for n, lines in facts["objects"].items()}
        self.unions: dict[str, list[str]] = facts["unions"]
        self.by_lower = {name.lower(): name for name in self.methods}

    def pick(self, kinds: tuple[Kind, ...], value: Mapping[str, Any]) -> str | None:
        """Return the object kind that a JSON object means: its constants fit, and most of its names."""
        names = [n for kind in kinds if isinstance(kind, str) for n in self.unions.get(kind, [kind])]
        known = [name for name in names if name in self.objects]

        def fit(name: str) -> tuple[int, int, int]:
            rules = self.objects[name]
            constants = sum(value.get(n) == r.limits["const"] for n, r in rules.items() if "const" in r.limits)
            missing = sum(rule.required and n not in value for n, rule in rules.items())
            return constants, -missing, len(rules.keys() & value.keys())

        return max(known, key=fit, default=None)

    def check(
        self, method: str, given: Mapping[str, Any], uploads: Mapping[str, Upload]
    ) -> tuple[dict[str, Any], list[Problem]]:
        """Return the typed parameters and every broken rule."""
        check = Check(self, method, uploads)
        rules = self.methods[method]
        merged = {**given, **{name: part for name, part in uploads.items() if name in rules}}
        typed = check.fields(rules, merged, "", top=True)
        for name in uploads.keys() - rules.keys() - check.attached:
            check.problem(name, "a part that nothing refers to", None)
        return typed, check.problems

    def plain(self, method: str, typed: Mapping[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
        """Take the markup out of every text; return the plain parameters and the broken rules."""
        problems: list[Problem] = []
        result = dict(typed)
        for rules, target, path in self._texts(method, result):
            for name, rule in rules.items():
                if "parsed" in rule.flags and isinstance(target.get(name), str):
                    problems += _plain_text(name, rule, rules, target, path)
        return result, problems

    def _texts(self, method: str, result: dict[str, Any]) -> Iterator[tuple[Rules, dict[str, Any], str]]:
        """Walk over the places that may hold formatted text: the call itself, its media, its reply."""
        yield self.methods[method], result, ""
        if isinstance(result.get("reply_parameters"), dict):
            result["reply_parameters"] = reply = dict(result["reply_parameters"])
            yield self.objects["ReplyParameters"], reply, "reply_parameters."
        media = result.get("media")
        if isinstance(media, dict):
            result["media"] = media = dict(media)
            yield self.objects[self.pick(("InputMedia",), media) or "InputMediaPhoto"], media, "media."
        elif isinstance(media, list):
            result["media"] = media = [dict(item) if isinstance(item, dict) else item for item in media]
            for at, item in enumerate(media):
                if isinstance(item, dict):
                    rules = self.objects[self.pick(("InputMedia",), item) or "InputMediaPhoto"]
                    yield rules, item, f"media[{at}]."


def _rules(lines: Mapping[str, str]) -> Rules:
    return {name: read_rule(line) for name, line in lines.items()}


def _plain_text(name: str, rule: Rule, rules: Rules, target: dict[str, Any], path: str) -> Iterator[Problem]:
    own = f"{name}_parse_mode"
    mode = target.get(own if own in rules else "parse_mode")
    try:
        text, entities = parse(target[name], mode)
    except MarkupError as error:
        words = str(error)
        answer = words if words.startswith("unsupported") else f"can't parse entities: {words}"
        yield Problem(path + name, answer, answer)
        return
    text, entities = _strip(text, entities)
    low, high = read_span(rule.limits["chars"])
    size = utf16_len(text)
    if size > high:
        yield Problem(path + name, f"{size} UTF-16 units after entities parsing, at most {high}", TOO_LONG.get(name))
    if size < low:
        words = "message text is empty" if not target[name] else "text must be non-empty"
        yield Problem(path + name, f"{size} characters after entities parsing, at least {low}", words)
    target[name] = text
    if entities:
        target[{"text": "entities", "quote": "quote_entities"}.get(name, f"{name}_entities")] = entities


BLANK: Final = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u2800\u3164"


def _strip(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Trim as the server does; a text of invisible characters alone is nothing."""
    if not text.strip().strip(BLANK).strip():
        return "", []
    lead = utf16_len(text) - utf16_len(text.lstrip())
    moved = [{**entity, "offset": max(0, entity["offset"] - lead)} for entity in entities]
    return text.strip(), moved


@lru_cache(maxsize=1)
def load_spec() -> Spec:
    """Return the rules of the Bot API, read once."""
    return Spec(json.loads(Path(__file__).with_name("telegram_methods.json").read_text(encoding="utf-8")))
