"""Emoji, emoticons and Slack codes, and what each says about the mood.

Weights −1…1. Signs that people use in both moods (😂, 🙏, 😅) are weak or left out.
"""

from __future__ import annotations

import re

_WEIGHED = {
    1.0: "😍🥰🤩",
    0.9: "👍😻💯🏆",
    0.8: "❤🧡💛💚💙💜🖤🤍🤎💕💖💗💓💞💘♥💝😘🥳🙌👏👌🤗😃😄😁😊☺🫶",
    0.6: "😀🙂😎😋🤤😇💪🎉👑💐🌹😌🤝🌟✨🔥🆗✅",
    0.3: "😉🙏",
    0.0: "🤷🤔😐😶😅😂🤣🥲",
    -0.3: "😬🙄😑🥴😱🤨",
    -0.5: "😕😟😒😓😥😢😭🤦🫤🥺🤡❌🚫",
    -0.7: "🙁☹😞😔😣😖😫😩😾😿",
    -0.9: "👎💔🤢🤮💩🤬🖕",
    -1.0: "😠😡😤👿",
}
SIGNS = {sign: weight for weight, signs in _WEIGHED.items() for sign in signs}
"""One folded emoji (no skin tone, no variation selector) → weight."""

SLACK_CODES = {
    "+1": "👍", "thumbsup": "👍", "-1": "👎", "thumbsdown": "👎", "heart": "❤",
    "heart_eyes": "😍", "smile": "😄", "smiley": "😃", "grinning": "😀", "grin": "😁",
    "blush": "😊", "slightly_smiling_face": "🙂", "relaxed": "☺", "ok_hand": "👌",
    "clap": "👏", "raised_hands": "🙌", "tada": "🎉", "100": "💯", "fire": "🔥",
    "star": "⭐", "star2": "🌟", "star-struck": "🤩", "pray": "🙏", "wink": "😉",
    "white_check_mark": "✅", "muscle": "💪", "sparkles": "✨", "hugging_face": "🤗",
    "rage": "😡", "angry": "😠", "face_with_symbols_on_mouth": "🤬", "cry": "😢",
    "sob": "😭", "disappointed": "😞", "pensive": "😔", "confused": "😕", "worried": "😟",
    "unamused": "😒", "slightly_frowning_face": "🙁", "white_frowning_face": "☹",
    "broken_heart": "💔", "triumph": "😤", "weary": "😩", "tired_face": "😫", "x": "❌",
    "face_with_rolling_eyes": "🙄", "hankey": "💩", "poop": "💩", "shrug": "🤷",
    "face_palm": "🤦", "neutral_face": "😐", "expressionless": "😑", "joy": "😂",
    "face_vomiting": "🤮", "nauseated_face": "🤢", "one": "1", "two": "2", "three": "3",
    "four": "4", "five": "5", "middle_finger": "🖕", "thinking_face": "🤔",
}  # fmt: skip
"""Name between the colons of a Slack message → what it stands for."""

EMOTICONS = {
    ":)": 0.6, ":-)": 0.6, "=)": 0.6, ":d": 0.8, ":-d": 0.8, "=d": 0.8, ";)": 0.3,
    ";-)": 0.3, "<3": 0.8, "(y)": 0.9, "^^": 0.5, "^_^": 0.6, ":(": -0.7, ":-(": -0.7,
    "=(": -0.7, ":'(": -0.7, ">:(": -1.0, ":/": -0.4, ":-/": -0.4, ":|": -0.2,
    "</3": -0.8, "(n)": -0.9, "d:": -0.6, "-_-": -0.5,
}  # fmt: skip

_EMOJI = re.compile("[" + "".join(SIGNS) + "]")
_EMOTICON = re.compile(
    r"(?<![\w:;=>])(?:" + "|".join(re.escape(each) for each in sorted(EMOTICONS, key=len, reverse=True)) + r")(?![\w/])"
)
_EMOTICON_HINTS = frozenset(":;=<(^-")
_MOST = 40


def find_signs(words: str) -> list[tuple[int, int, float]]:
    """Find emoji and emoticons in folded text: (start, end, weight), at most the first 40."""
    found = []
    if not words.isascii():
        for match in _EMOJI.finditer(words):
            found.append((match.start(), match.end(), SIGNS[match.group()]))
            if len(found) == _MOST:
                break
    if not _EMOTICON_HINTS.isdisjoint(words):
        for match in _EMOTICON.finditer(words):
            found.append((match.start(), match.end(), EMOTICONS[match.group()]))
            if len(found) == 2 * _MOST:
                break
    return sorted(found)
