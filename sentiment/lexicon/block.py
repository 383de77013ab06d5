"""One block of a lexicon: phrases that say the same."""

from __future__ import annotations

from dataclasses import dataclass, field

from sentiment.verdict import Intent


@dataclass(frozen=True, slots=True)
class Block:
    """Phrases with one meaning.

    `phrases`: separated by commas; `(a|b c)` alternatives, `[x]` optional, `~` up to two
    words between, `stem*` any ending; lower-case, without diacritics; English negated
    auxiliaries ("don't", "did not") are all written `n't`; `'s`, `'re`, `'ve` … are left out.
    `weight`: −1…1, 0 = says nothing about the mood. `firm`: a "not" before it changes nothing
    ("not a refund yet"). `topic`: what it speaks about. `whole`: only as the whole message.
    """

    language: str
    weight: float
    phrases: str = field(repr=False)
    intents: tuple[Intent, ...] = ()
    topic: str = ""
    firm: bool = False
    whole: bool = False

    def patterns(self) -> list[str]:
        """Give the phrases one by one."""
        return [each.strip() for each in self.phrases.split(",") if each.strip()]
