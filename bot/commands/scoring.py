"""`score evaluate` and `score calibrate`: how well replies are understood, and from where on one counts as unhappy."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from bot.domain.escalating import is_unhappy
from bot.errors import Refused
from bot.program import Escalate
from sentiment import Scorer, default_alarms
from sentiment.labelled import MOODS, BadLine, Reply, read_labelled
from sentiment.measuring import Figures, measure, threshold_for, timed
from sentiment.rivals import Rival, available, textblob, vader

FEWEST = 20
"""Replies of a kind (unhappy, content) below which a threshold would be chance."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: who, what was reached, and how long one reply took (milliseconds, median and 99th)."""

    name: str
    figures: Figures
    median_ms: float
    p99_ms: float


@dataclass(frozen=True, slots=True)
class Advice:
    """Thresholds for the program, and what they do on the labelled replies: shares 0…1."""

    unhappy_from: float
    unhappy_below: float
    found: float
    false_alarms: float
    replies: int
    unhappy: int


def replies_of(path: Path) -> list[Reply]:
    """Read a labelled file; refused with what to do when it can't be used."""
    try:
        replies = read_labelled(path)
    except OSError as error:
        raise Refused(f"{path} can't be read: {error.strerror or error}.") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise Refused(f"{path} is not text in UTF-8; save it as a tab-separated file.") from error
    except BadLine as error:
        raise Refused(f"{error}. Each line needs a text, a tab, and one of {', '.join(MOODS)}.") from error
    if not replies:
        raise Refused(f"{path} holds no replies.")
    return replies


def evaluate(path: Path, scorer: Scorer, rules: Escalate) -> list[Row]:
    """Measure our scorer, TextBlob and VADER on a labelled file, one reply after the other."""
    replies = replies_of(path)
    scorer.warm()
    try:
        rows = [_ours(replies, scorer, rules)]
    except ValueError as error:
        raise Refused(f"{path}: {error}.") from error
    return rows + [_rival(replies, rival) for rival in available((textblob, vader))]


def _ours(replies: Sequence[Reply], scorer: Scorer, rules: Escalate) -> Row:
    verdicts, took = timed(lambda text: scorer.score([text])[0], [reply.text for reply in replies])
    unhappy = np.array([verdict.unhappy for verdict in verdicts])
    called = np.array([is_unhappy(verdict, rules) for verdict in verdicts])
    labels = [verdict.label.value for verdict in verdicts]
    figures = measure(unhappy, called, labels, _truth(replies), probability=True)
    return Row("Afterword", figures, *took)


def _rival(replies: Sequence[Reply], rival: Rival) -> Row:
    said, took = timed(rival.polarity, [reply.text for reply in replies])
    polarity = np.array(said)
    labels = [rival.label(each) for each in said]
    figures = measure(-polarity, polarity < rival.unhappy_below, labels, _truth(replies), probability=False)
    return Row(rival.name, figures, *took)


def _truth(replies: Sequence[Reply]) -> list[str]:
    return [MOODS[reply.mood] for reply in replies]


def as_json(row: Row) -> dict[str, Any]:
    """A row as one object; shares are rounded to four places."""
    figures = {
        name: round(value, 4) if isinstance(value, float) else value for name, value in asdict(row.figures).items()
    }
    return {"scorer": row.name, **figures, "median_ms": row.median_ms, "p99_ms": row.p99_ms}


def show(rows: Sequence[Row], name: str) -> None:
    """The table, for people."""
    first = rows[0].figures
    table = Table(
        box=SIMPLE_HEAD, title=f"{name}: {first.replies} replies, {first.unhappy} of them unhappy", title_justify="left"
    )
    table.add_column("")
    for head in (
        "found", "false alarms", "found at 10 %", "AUC", "F1", "label right", "calibration", "ms", "ms p99"
    ):  # fmt: skip
        table.add_column(head, justify="right", no_wrap=True)
    for row in rows:
        seen = row.figures
        table.add_row(
            row.name, _share(seen.found), _share(seen.false_alarms), _share(seen.found_at_tenth), f"{seen.auc:.3f}",
            f"{seen.f1:.2f}", _share(seen.right), "–" if seen.calibration is None else f"{seen.calibration:.3f}",
            f"{row.median_ms:.2f}", f"{row.p99_ms:.2f}",
        )  # fmt: skip
    console = Console(highlight=False)
    console.width = max(console.width, 120)
    console.print(table)
    console.print(
        "False alarms: content customers taken for unhappy. AUC: how often an unhappy one ranks above a content one.\n"
        "Calibration: mean distance between the stated probability and what came true; smaller is better."
    )


def _share(value: float) -> str:
    return f"{100 * value:.0f} %"


def advise(path: Path, scorer: Scorer, alarms: float) -> Advice:
    """Find the thresholds at which at most the share `alarms` of content customers is taken for unhappy."""
    replies = replies_of(path)
    verdicts = scorer.score([reply.text for reply in replies])
    # A rating of 1 or 2 always counts and a text nobody could read never does: thresholds decide the rest.
    open_ = [at for at, verdict in enumerate(verdicts) if verdict.rating is None and verdict.label.value != "unknown"]
    really = np.array([replies[at].mood == 0 for at in open_], dtype=bool)
    if min(int(really.sum()), int((~really).sum())) < FEWEST:
        raise Refused(
            f"{path} holds {int(really.sum())} unhappy and {int((~really).sum())} other replies in words that can be "
            f"read; at least {FEWEST} of each are needed for thresholds that mean something."
        )
    unhappy = np.array([verdicts[at].unhappy for at in open_])
    score = np.array([verdicts[at].score for at in open_])
    least = _just_above(threshold_for(unhappy[~really], alarms))
    lowest = _just_below(float(min(score[~really & (unhappy < least)], default=-0.25)))
    called: NDArray[np.bool_] = (unhappy >= least) | (score < lowest)
    return Advice(
        unhappy_from=least,
        unhappy_below=max(-1.0, min(-0.05, lowest)),
        found=round(float(called[really].mean()), 4),
        false_alarms=round(float(called[~really].mean()), 4),
        replies=len(open_),
        unhappy=int(really.sum()),
    )


def _just_above(value: float) -> float:
    return float(min(1.0, np.floor(value * 1000 + 1) / 1000))


def _just_below(value: float) -> float:
    return float(np.floor(value * 1000) / 1000)


def tell(advice: Advice, alarms: float) -> str:
    """Words and the lines for the program file."""
    return f"""\
# On {advice.replies} labelled replies, {advice.unhappy} of them unhappy:
# these thresholds find {_share(advice.found)} of the unhappy and take {_share(advice.false_alarms)} of the others
# for unhappy (wanted: at most {_share(alarms)}). Put this into your program file:
[escalate]
unhappy_from = {advice.unhappy_from:.3f}
unhappy_below = {advice.unhappy_below:.3f}"""


def tell_default(alarms: float) -> str:
    """The same from the model's card, when there is no labelled file: the nearest share that was measured."""
    known = default_alarms()
    if not known:
        raise Refused("The model can't be used (see `afterword doctor`): give a file with labelled replies.")
    share = min(known, key=lambda each: abs(each - alarms))
    threshold, found = known[share]
    return "\n".join(
        [
            f"# Measured when the model was made, on replies it had not learned from: at {_share(share)} false alarms",
            f"# it finds {_share(found)} of the unhappy. Your own labelled replies tell more: score calibrate FILE.tsv",
            "[escalate]",
            f"unhappy_from = {threshold:.3f}",
            "unhappy_below = -1.0",
        ]
    )
