"""The Bot API's formatting: HTML, MarkdownV2 and Markdown into plain text and entities.

Refuses what the real server refuses, in its words, so that a bot which forgets to escape is caught.
Source: https://core.telegram.org/bots/api#formatting-options
"""

import html
import re
from dataclasses import dataclass, field
from typing import Any, Final

Entity = dict[str, Any]


class MarkupError(ValueError):
    """The text is not well-formed; the message is what the real server says after its prefix."""


@dataclass(slots=True)
class _Open:
    """A tag or mark that waits for its end."""

    tag: str
    at: int
    entity: Entity


@dataclass(slots=True)
class _Writer:
    """Collects plain text and finished entities; offsets are UTF-16 units, as the Bot API counts."""

    parts: list[str] = field(default_factory=list)
    length: int = 0
    entities: list[Entity] = field(default_factory=list)
    stack: list[_Open] = field(default_factory=list)

    def write(self, text: str) -> None:
        self.parts.append(text)
        self.length += utf16_len(text)

    def open(self, tag: str, at: int, entity: Entity) -> None:
        self.stack.append(_Open(tag, at, {**entity, "offset": self.length}))

    def close(self) -> None:
        entity = self.stack.pop().entity
        entity["length"] = self.length - entity["offset"]
        if entity["length"]:
            self.entities.append(entity)

    def result(self) -> tuple[str, list[Entity]]:
        return "".join(self.parts), sorted(self.entities, key=lambda e: (e["offset"], -e["length"]))


def utf16_len(text: str) -> int:
    """Return the length as the Bot API counts it: UTF-16 code units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def parse(text: str, mode: str | None) -> tuple[str, list[Entity]]:
    """Return plain text and entities; raise ``MarkupError`` with the real server's reason."""
    match (mode or "").lower():
        case "":
            return text, []
        case "html":
            return _parse_html(text)
        case "markdownv2":
            return _parse_markdown_v2(text)
        case "markdown":
            return _parse_markdown(text)
        case _:
            message = "unsupported parse_mode"
            raise MarkupError(message)


def _byte(text: str, index: int) -> int:
    return len(text[:index].encode())


# ── HTML ──────────────────────────────────────────────────────────────────────────────────────────

SIMPLE_TAGS: Final = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}
HTML_TAG: Final = re.compile(
    r"""<(/?)([a-zA-Z0-9-]+)((?:\s+[a-zA-Z-]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>"']+))?)*)\s*>"""
)
ATTRIBUTE: Final = re.compile(r"""([a-zA-Z-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+)))?""")
CHARACTER: Final = re.compile(r"&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|lt|gt|amp|quot);")


def _parse_html(text: str) -> tuple[str, list[Entity]]:
    writer, at = _Writer(), 0
    while at < len(text):
        if text[at] == "<":
            at = _html_tag(writer, text, at)
        elif text[at] == "&" and (known := CHARACTER.match(text, at)):
            writer.write(html.unescape(known.group()))
            at = known.end()
        else:
            end = min((i for i in (text.find("<", at), text.find("&", at + 1)) if i > -1), default=len(text))
            writer.write(text[at:end])
            at = end
    if writer.stack:
        message = f'can\'t find end tag corresponding to start tag "{writer.stack[-1].tag}"'
        raise MarkupError(message[0].upper() + message[1:])
    return writer.result()


def _html_tag(writer: _Writer, text: str, at: int) -> int:
    """Handle the tag that begins at ``at``; return where the text goes on."""
    tag = HTML_TAG.match(text, at)
    if tag is None:
        if ">" not in text[at:]:
            message = f"Unclosed start tag at byte offset {_byte(text, at)}"
        else:
            name = re.split(r"[\s>]", text[at + 1 :], maxsplit=1)[0]
            message = f'Unsupported start tag "{name}" at byte offset {_byte(text, at)}'
        raise MarkupError(message)
    closing, name = bool(tag.group(1)), tag.group(2).lower()
    if closing:
        _html_end(writer, text, at, name)
    else:
        entity = _html_entity(name, _attributes(tag.group(3)), inside=writer.stack)
        if entity is None:
            message = f'Unsupported start tag "{name}" at byte offset {_byte(text, at)}'
            raise MarkupError(message)
        writer.open(name, at, entity)
    return tag.end()


def _html_end(writer: _Writer, text: str, at: int, name: str) -> None:
    if not writer.stack:
        message = f"Unexpected end tag at byte offset {_byte(text, at)}"
        raise MarkupError(message)
    expected = writer.stack[-1].tag
    if expected != name:
        message = f'Unmatched end tag at byte offset {_byte(text, at)}, expected "</{expected}>", found "</{name}>"'
        raise MarkupError(message)
    writer.close()


def _attributes(text: str) -> dict[str, str]:
    return {m[1].lower(): html.unescape(m[2] or m[3] or m[4] or "") for m in ATTRIBUTE.finditer(text)}


def _html_entity(name: str, attributes: dict[str, str], inside: list[_Open]) -> Entity | None:
    """Return the entity that a tag begins, or None when Telegram doesn't know the tag."""
    if name == "span":
        return {"type": "spoiler"} if attributes.get("class") == "tg-spoiler" else None
    if name == "a":
        return {"type": "text_link", "url": attributes.get("href", "")}
    if name == "tg-emoji":
        return {"type": "custom_emoji", "custom_emoji_id": attributes.get("emoji-id", "")}
    if name == "tg-time":
        return {"type": "date_time", "unix_time": int(attributes.get("unix", "0"))}
    if name == "blockquote" and "expandable" in attributes:
        return {"type": "expandable_blockquote"}
    if name == "code" and inside and inside[-1].tag == "pre" and attributes.get("class", "").startswith("language-"):
        inside[-1].entity["language"] = attributes["class"].removeprefix("language-")
    return {"type": SIMPLE_TAGS[name]} if name in SIMPLE_TAGS else None


# ── MarkdownV2 ────────────────────────────────────────────────────────────────────────────────────

RESERVED: Final = frozenset("_*[]()~`>#+-=|{}.!")
MARKS: Final = (("||", "spoiler"), ("__", "underline"), ("*", "bold"), ("_", "italic"), ("~", "strikethrough"))
NAMES: Final = {
    "spoiler": "Spoiler",
    "underline": "Underline",
    "bold": "Bold",
    "italic": "Italic",
    "strikethrough": "Strikethrough",
    "code": "Code",
    "pre": "Pre",
    "text_link": "TextUrl",
    "blockquote": "BlockQuote",
}


def _parse_markdown_v2(text: str) -> tuple[str, list[Entity]]:
    writer, at = _Writer(), 0
    while at < len(text):
        at = _markdown_step(writer, text, at)
    _end_quote(writer)
    if writer.stack:
        top = writer.stack[-1]
        _no_end(NAMES[top.entity["type"]], text, top.at)
    return writer.result()


def _no_end(kind: str, text: str, at: int) -> None:
    message = f"Can't find end of {kind} entity at byte offset {_byte(text, at)}"
    raise MarkupError(message)


def _markdown_step(writer: _Writer, text: str, at: int) -> int:
    """Handle one character or mark of MarkdownV2; return where the text goes on."""
    here = text[at]
    if here == "\\" and at + 1 < len(text) and text[at + 1].isascii():
        writer.write(text[at + 1])
        return at + 2
    if here == "\n" and not text.startswith(">", at + 1):
        _end_quote(writer)
    if here == "`":
        return _markdown_code(writer, text, at)
    if (jump := _markdown_line_quote(writer, text, at)) or (jump := _markdown_link(writer, text, at)):
        return jump
    for mark, kind in MARKS:
        if text.startswith(mark, at):
            return _markdown_mark(writer, text, at, mark, kind)
    if here in RESERVED:
        message = f"Character '{here}' is reserved and must be escaped with the preceding '\\'"
        raise MarkupError(message)
    writer.write(here)
    return at + 1


def _end_quote(writer: _Writer) -> None:
    if writer.stack and writer.stack[-1].entity["type"] == "blockquote":
        writer.close()


def _markdown_mark(writer: _Writer, text: str, at: int, mark: str, kind: str) -> int:
    if any(item.tag == mark for item in writer.stack):
        if writer.stack[-1].tag != mark:
            top = writer.stack[-1]
            _no_end(NAMES[top.entity["type"]], text, top.at)
        writer.close()
    else:
        writer.open(mark, at, {"type": kind})
    return at + len(mark)


def _markdown_code(writer: _Writer, text: str, at: int) -> int:
    mark = "```" if text.startswith("```", at) else "`"
    end = text.find(mark, at + len(mark))
    if end < 0:
        _no_end(NAMES["pre" if len(mark) > 1 else "code"], text, at)
    inner, entity = text[at + len(mark) : end], {"type": "code"}
    if len(mark) > 1:
        entity = {"type": "pre"}
        if first := re.match(r"([^\s`]*)\n", inner):
            inner = inner[first.end() :]
            entity |= {"language": first.group(1)} if first.group(1) else {}
    writer.open(mark, at, entity)
    writer.write(re.sub(r"\\(.)", r"\1", inner))
    writer.close()
    return end + len(mark)


def _markdown_line_quote(writer: _Writer, text: str, at: int) -> int:
    """Begin or carry on a block quotation at a line's start; 0 when there is none."""
    if at and text[at - 1] != "\n":
        return 0
    if text.startswith("**>", at):
        writer.open(">", at, {"type": "blockquote"})
        return at + 3
    if text[at] != ">":
        return 0
    if not any(item.tag == ">" for item in writer.stack):
        writer.open(">", at, {"type": "blockquote"})
    return at + 1


def _markdown_link(writer: _Writer, text: str, at: int) -> int:
    """Begin or end ``[words](url)`` or ``![emoji](url)``; 0 when there is none."""
    if text[at] == "[" or text.startswith("![", at):
        writer.open("[", at, {"type": "text_link"})
        return at + (1 if text[at] == "[" else 2)
    if text[at] != "]" or not writer.stack or writer.stack[-1].tag != "[":
        return 0
    target = re.compile(r"\]\(((?:\\.|[^)\\])*)\)").match(text, at)
    if target is None:
        writer.close()
        return at + 1
    writer.stack[-1].entity["url"] = re.sub(r"\\(.)", r"\1", target.group(1))
    writer.close()
    return target.end()


# ── Markdown, the old one ─────────────────────────────────────────────────────────────────────────


def _parse_markdown(text: str) -> tuple[str, list[Entity]]:
    writer, at = _Writer(), 0
    marks = {"_": "italic", "*": "bold", "`": "code", "[": "text_link"}
    while at < len(text):
        here = text[at]
        if here == "\\" and text[at + 1 : at + 2] in set("_*`["):
            writer.write(text[at + 1])
            at += 2
        elif here in marks:
            end = text.find("]" if here == "[" else here, at + 1)
            if end < 0:
                message = f"Can't find end of the entity starting at byte offset {_byte(text, at)}"
                raise MarkupError(message)
            writer.open(here, at, {"type": marks[here]})
            writer.write(text[at + 1 : end])
            target = re.compile(r"\]\(([^)]*)\)").match(text, end) if here == "[" else None
            if target:
                writer.stack[-1].entity["url"] = target.group(1)
            writer.close()
            at = target.end() if target else end + 1
        else:
            writer.write(here)
            at += 1
    return writer.result()
