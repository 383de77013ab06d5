"""`score corrections`: what agents corrected, as a labelled file to measure with and to learn from."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.correction import Correction
from bot.ports import Records


async def corrections(database: Records) -> list[Correction]:
    """Every correction, oldest first."""
    return await database.corrections()


def as_labelled(corrections: Iterable[Correction]) -> str:
    """Tab-separated lines under `text` and `label`, one a text; the latest correction of equal texts wins."""
    labels = {" ".join(each.text.split()): each.label for each in corrections}
    return "".join(f"{text}\t{label}\n" for text, label in [("text", "label"), *labels.items()])
