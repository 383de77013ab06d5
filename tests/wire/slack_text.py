"""Slack's ways with text: what typing becomes on the wire, and what a reader sees of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

Json = dict[str, Any]

#: Slack sends emoji as short codes, whatever the keyboard produced. The common ones.
EMOJI = {
    "👍": "+1", "👎": "-1", "❤️": "heart", "❤": "heart", "💔": "broken_heart",
    "😀": "grinning", "😃": "smiley", "😄": "smile", "😁": "grin", "😆": "laughing",
    "😂": "joy", "🤣": "rolling_on_the_floor_laughing", "🙂": "slightly_smiling_face",
    "🙃": "upside_down_face", "😉": "wink", "😊": "blush", "😍": "heart_eyes",
    "🥰": "smiling_face_with_3_hearts", "😘": "kissing_heart", "🤩": "star-struck",
    "😎": "sunglasses", "🤔": "thinking_face", "😐": "neutral_face", "😑": "expressionless",
    "😶": "no_mouth", "🙄": "face_with_rolling_eyes", "😏": "smirk", "😒": "unamused",
    "😕": "confused", "🙁": "slightly_frowning_face", "☹️": "white_frowning_face",
    "😞": "disappointed", "😢": "cry", "😭": "sob", "😤": "triumph", "😠": "angry",
    "😡": "rage", "🤬": "face_with_symbols_on_mouth", "😱": "scream", "😴": "sleeping",
    "🤮": "face_vomiting", "🤢": "nauseated_face", "😷": "mask", "🥺": "pleading_face",
    "😳": "flushed", "🙏": "pray", "👏": "clap", "🙌": "raised_hands", "👌": "ok_hand",
    "💪": "muscle", "🔥": "fire", "⭐": "star", "🌟": "star2", "✨": "sparkles",
    "🎉": "tada", "💩": "hankey", "💯": "100", "✅": "white_check_mark", "❌": "x",
    "🎁": "gift", "👋": "wave", "🤷": "shrug", "🤦": "face_palm", "😇": "innocent",
    "1️⃣": "one", "2️⃣": "two", "3️⃣": "three", "4️⃣": "four", "5️⃣": "five", "🔟": "keycap_ten",
    "🏻": "skin-tone-2", "🏼": "skin-tone-3", "🏽": "skin-tone-4", "🏾": "skin-tone-5",
    "🏿": "skin-tone-6",
}  # fmt: skip
UNICODE = {code: emoji for emoji, code in reversed(EMOJI.items())}

_EMOJI = re.compile("|".join(sorted(map(re.escape, EMOJI), key=len, reverse=True)))
_CODE = re.compile(r":([a-z0-9_+-]+):")
_LINKED = re.compile(
    r"(?P<url>https?://[^\s<>|]*[^\s<>|.,;:!?)'\"])"
    r"|(?P<mail>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    r"|(?P<bare>\b(?:[a-z0-9-]+\.)+(?:com|org|net|io|dev|eu|fr|de|uk|shop)\b(?:/[^\s<>|]*)?)",
    re.IGNORECASE,
)
_NAMED = re.compile(r"(?<![\w<])([@#])([\w.-]*[\w-])")
_MARKUP = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")
BROADCASTS = ("here", "channel", "everyone")


def escape(text: str) -> str:
    """Escape the three characters that Slack reserves."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    """Undo `escape`."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def typed(text: str, users: Mapping[str, str], channels: Mapping[str, str]) -> str:
    """Give what events carry when a person types `text`.

    Escapes, links, mentions of known `users` (name → id) and `channels`, emoji codes.
    """
    plain = escape(text)
    parts: list[str] = []
    at = 0
    for match in _LINKED.finditer(plain):
        parts += [_names(plain[at : match.start()], users, channels), _link(match)]
        at = match.end()
    parts.append(_names(plain[at:], users, channels))
    return _EMOJI.sub(lambda match: f":{EMOJI[match.group()]}:", "".join(parts))


def _link(match: re.Match[str]) -> str:
    whole = match.group()
    if match.group("mail"):
        return f"<mailto:{whole}|{whole}>"
    if match.group("bare"):
        return f"<http://{whole}|{whole}>"
    return f"<{whole}>"


def _names(text: str, users: Mapping[str, str], channels: Mapping[str, str]) -> str:
    def name(match: re.Match[str]) -> str:
        sign, word = match.groups()
        if sign == "#" and word in channels:
            return f"<#{channels[word]}|{word}>"
        if sign == "@" and word in BROADCASTS:
            return f"<!{word}>"
        if sign == "@" and word in users:
            return f"<@{users[word]}>"
        return match.group()

    return _NAMED.sub(name, text)


def shown(text: str, names: Mapping[str, str]) -> str:
    """Give what a reader sees of mrkdwn text; `names` is user id → name."""

    def read(match: re.Match[str]) -> str:
        target, label = match.groups()
        if target.startswith("@"):
            return "@" + names.get(target[1:], target[1:])
        if target.startswith("#"):
            return "#" + (label or target[1:])
        if target.startswith("!"):
            return label or "@" + target[1:].split("^")[0]
        return label or target

    return unescape(emojied(_MARKUP.sub(read, text)))


def emojied(text: str) -> str:
    """Turn the short codes that we know into emoji."""
    return _CODE.sub(lambda match: UNICODE.get(match.group(1), match.group()), text)


def broadcasts(text: str) -> list[str]:
    """Name the @here, @channel, @everyone that a text would ring."""
    found = [match.group(1) for match in _MARKUP.finditer(text)]
    return [word[1:] for word in found if word.startswith("!") and word[1:] in BROADCASTS]


def rich_text(text: str) -> list[Json]:
    """Give the blocks that Slack's own clients send along with a typed text."""
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return [{"type": "rich_text", "block_id": "rt0", "elements": [section]}]


def texts_of(blocks: list[Json]) -> Iterator[tuple[str, bool]]:
    """Give every text in `blocks` in reading order, with whether it is mrkdwn."""
    for block in blocks:
        yield from _texts(block)


def _texts(item: object) -> Iterator[tuple[str, bool]]:
    if isinstance(item, list):
        for part in item:
            yield from _texts(part)
    elif isinstance(item, dict):
        kind = item.get("type")
        if isinstance(item.get("text"), str):
            yield item["text"], kind in ("mrkdwn", "markdown")
        if kind == "image":
            yield str(item.get("alt_text", "")), False
        for name in _SEEN:
            yield from _texts(item.get(name))


#: Where blocks hold what a reader sees: confirm dialogs and values stay unseen.
_SEEN = (
    "text", "title", "label", "fields", "elements", "element", "accessory", "options",
    "placeholder", "hint", "rows",
)  # fmt: skip


def clickable(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Give every interactive element with the block it is in."""
    for block in blocks:
        elements = [*block.get("elements", []), block.get("accessory"), block.get("element")]
        for element in elements:
            if isinstance(element, dict) and "action_id" in element:
                yield block, element
