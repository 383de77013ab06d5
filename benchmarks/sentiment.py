"""How well replies are understood: ours, TextBlob, VADER and AFINN side by side, in one run, with 95 % intervals.

The labelled sets of other shops' texts aren't part of the project (their licences don't allow it); give their folder
with ARGS="--data FOLDER". Without it only the own held-out writers are measured. Each figure is of texts the model
never learned from. `--card` writes the figures into the model's card.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sentiment import Scorer, Verdict, default_scorer, named_scorer
from sentiment.labelled import KINDS, MOODS, Reply, read_labelled
from sentiment.measuring import auc, calibration_error, f1, found_at, timed
from sentiment.reader import FOLDER, WEIGHTS
from sentiment.rivals import Rival, afinn, available, textblob, vader
from sentiment.train.card import kept_card, save_card

CORPUS = FOLDER.parent / "corpus"
ELSEWHERE = ("airline", "alexa_stars", "flipkart_stars", "complaints", "cr", "gplay_apps")
NEARBY = (Path("labelled"), Path("../shared/sentiment/evaluate"))
WRITERS = ("rowan", "sorrel")
"""Writers of sentiment/corpus/ whose lines are never learned from."""

FLOORS = {
    "auc": 0.92, "f1": 0.74, "found": 0.78, "calibration_together": 0.06, "calibration": 0.06, "probes": 85,
    "writer": 0.75, "sarcasm": 0.5, "implicit": 0.5, "median_ms": 2.5, "p99_ms": 4.0, "megabytes": 23.0,
    "memory": 120.0,
}  # fmt: skip
SMALLER_IS_BETTER = {"calibration_together", "calibration", "median_ms", "p99_ms", "megabytes", "memory"}
ALARMS = 0.1
DRAWS = 200

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who reads replies: (unhappiness, taken for unhappy, label, whether the first is a probability)."""

    name: str
    read: Callable[[Sequence[str]], tuple[Floats, NDArray[np.bool_], list[str]]]
    probability: bool


@dataclass(frozen=True, slots=True)
class Heard:
    """What one reader makes of one set."""

    unhappy: Floats
    called: NDArray[np.bool_]
    labels: list[str]
    really: NDArray[np.bool_]


def ours(scorer: Scorer) -> Reader:
    """Afterword's scorer: unhappy as its own label says."""

    def read(texts: Sequence[str]) -> tuple[Floats, NDArray[np.bool_], list[str]]:
        verdicts: list[Verdict] = []
        for start in range(0, len(texts), 256):
            verdicts += scorer.score(texts[start : start + 256])
        labels = [verdict.label.value for verdict in verdicts]
        called = np.array([label == "negative" for label in labels])
        return np.array([verdict.unhappy for verdict in verdicts]), called, labels

    return Reader("Afterword", read, probability=True)


def known(rival: Rival) -> Reader:
    """A known tool at its customary threshold."""

    def read(texts: Sequence[str]) -> tuple[Floats, NDArray[np.bool_], list[str]]:
        polarity = np.array([rival.polarity(text) for text in texts])
        labels = [rival.label(each) for each in polarity]
        return -polarity, polarity < rival.unhappy_below, labels

    return Reader(rival.name, read, probability=False)


def hear(reader: Reader, replies: Sequence[Reply]) -> Heard:
    """Let a reader read a set."""
    unhappy, called, labels = reader.read([reply.text for reply in replies])
    return Heard(unhappy, called, labels, np.array([reply.mood == 0 for reply in replies]))


def with_interval(figure: Callable[[Heard], float], heard: Sequence[Heard]) -> tuple[float, float, float]:
    """Give a figure's mean over sets and its 95 % interval; each set is drawn anew by itself."""
    value = float(np.mean([figure(each) for each in heard]))
    chance = np.random.default_rng(7)
    draws = [float(np.mean([figure(drawn_anew(each, chance)) for each in heard])) for _ in range(DRAWS)]
    low, high = np.quantile(draws, [0.025, 0.975])
    return value, float(low), float(high)


def together(heard: Sequence[Heard]) -> tuple[float, float, float]:
    """Give the calibration error over all sets together, each set counted alike, and its 95 % interval."""

    def error(sets: Sequence[Heard]) -> float:
        counted = np.concatenate([np.full(len(each.really), 1 / len(each.really)) for each in sets])
        unhappy, really = (np.concatenate([getattr(each, name) for each in sets]) for name in ("unhappy", "really"))
        return calibration_error(unhappy, really, counted)

    chance = np.random.default_rng(7)
    draws = [error([drawn_anew(each, chance) for each in heard]) for _ in range(DRAWS)]
    low, high = np.quantile(draws, [0.025, 0.975])
    return error(heard), float(low), float(high)


def drawn_anew(heard: Heard, chance: np.random.Generator) -> Heard:
    """Draw as many replies as there are, with replacement."""
    places = chance.integers(0, len(heard.really), len(heard.really))
    return Heard(heard.unhappy[places], heard.called[places], [], heard.really[places])


def by_kind(heard: Heard, replies: Sequence[Reply]) -> dict[str, dict[str, float]]:
    """Give for each kind: replies, macro-F1 over the moods that occur, unhappy ones found, false alarms."""
    rows: dict[str, dict[str, float]] = {}
    for number, name in enumerate(KINDS):
        places = [at for at, reply in enumerate(replies) if reply.kind == number]
        if not places:
            continue
        truth = np.array([MOODS[replies[at].mood] for at in places])
        said = np.array([heard.labels[at] for at in places])
        scores = [f1(said == mood, truth == mood) for mood in sorted(set(truth))]
        really, called = heard.really[places], heard.called[places]
        rows[name] = {
            "replies": len(places),
            "macro_f1": float(np.mean(scores)),
            "found": float(called[really].mean()) if really.any() else float("nan"),
            "alarms": float(called[~really].mean()) if (~really).any() else float("nan"),
        }
    return rows


def speed(replies: Sequence[Reply]) -> dict[str, float]:
    """Time each reply by itself, on one thread, as a fresh scorer reads it: milliseconds, median and 99th of 100."""
    scorer = default_scorer()
    scorer.warm()
    _, (median, high) = timed(lambda text: scorer.score([text]), [reply.text for reply in replies])
    return {"median_ms": median, "p99_ms": high}


def memory() -> float:
    """Give the megabytes that a warm reader adds to a process, TextBlob and the lexicons not counted."""
    code = (
        "import sys;from sentiment import named_scorer\n"
        "def rss(): return int(open('/proc/self/statm').read().split()[1])*4096/1e6\n"
        "a=named_scorer('rules');a.warm();a.score(['good']);before=rss()\n"
        "b=named_scorer('reader');b.warm();[b.score(['it broke '*n]) for n in range(1,60)];print(rss()-before)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return float(done.stdout)


def main() -> None:
    """Measure everything, print it, check the floors."""
    parser = argparse.ArgumentParser(prog="make bench-sentiment", description=__doc__)
    parser.add_argument("--data", type=Path, default=next((path for path in NEARBY if path.is_dir()), None))
    parser.add_argument("--card", action="store_true", help="write the figures into the model's card")
    parser.add_argument("--scorer", default="reader", help="reader, rules or textblob")
    options = parser.parse_args()
    scorer = named_scorer(options.scorer)
    scorer.warm()
    readers = [ours(scorer), *(known(rival) for rival in available((textblob, vader, afinn)))]
    figures: dict[str, Any] = {"measured": f"{datetime.now(UTC):%Y-%m-%d}", "machine": machine()}
    print(f"{scorer.name}/{scorer.version}, {figures['machine']}, {figures['measured']}\n")
    if options.data is None:
        print('No folder with the labelled sets of other shops (ARGS="--data FOLDER"): only the own writers.\n')
    else:
        figures |= elsewhere(readers, options.data)
    figures |= own_writers(readers)
    figures |= other_languages(scorer)
    figures |= costs()
    failed = check(figures)
    if options.card:
        save(figures)
    sys.exit(1 if failed else 0)


def machine() -> str:
    """Name the kind of machine."""
    return f"{os.cpu_count()} cores {platform.machine()}, Python {platform.python_version()}"


FIGURES: dict[str, tuple[str, Callable[[Heard], float]]] = {
    "auc": ('mean AUC "negative"', lambda heard: auc(heard.unhappy, heard.really)),
    "f1": ("negative F1, one threshold", lambda heard: f1(heard.called, heard.really)),
    "found": ("unhappy found at 10 % alarms", lambda heard: found_at(heard.unhappy, heard.really, ALARMS)),
    "calibration": (
        "calibration error, each set by itself",
        lambda heard: calibration_error(heard.unhappy, heard.really),
    ),
}


def elsewhere(readers: Sequence[Reader], folder: Path) -> dict[str, Any]:
    """Measure on the sets of other shops and on the probes."""
    sets = {name: read_labelled(folder / f"{name}.tsv") for name in ELSEWHERE if (folder / f"{name}.tsv").exists()}
    heard = {reader.name: {name: hear(reader, replies) for name, replies in sets.items()} for reader in readers}
    print(f"Other shops' texts ({sum(map(len, sets.values()))} in {len(sets)} sets), mean over the sets [95 %]")
    rows: list[tuple[str, ...]] = []
    kept: dict[str, Any] = {}
    for key, (title, figure) in FIGURES.items():
        cells = []
        for reader in readers:
            if key == "calibration" and not reader.probability:
                cells.append("–")
                continue
            value, low, high = with_interval(figure, list(heard[reader.name].values()))
            cells.append(f"{value:.3f} [{low:.3f}–{high:.3f}]")
            kept.setdefault(key, {})[reader.name] = [round(each, 4) for each in (value, low, high)]
        rows.append((title, *cells))
    first, *others = readers
    value, low, high = together(list(heard[first.name].values()))
    cell = f"{value:.3f} [{low:.3f}–{high:.3f}]"
    rows.append(("calibration error, all sets together", cell, *("–" for _ in others)))
    kept["calibration_together"] = {first.name: [round(each, 4) for each in (value, low, high)]}
    for name in sets:
        cells = [f"{auc(heard[reader.name][name].unhappy, heard[reader.name][name].really):.3f}" for reader in readers]
        kept.setdefault("sets", {})[name] = dict(
            zip([reader.name for reader in readers], map(float, cells), strict=True)
        )
        rows.append((f"  AUC {name}", *cells))
    table(("", *(reader.name for reader in readers)), rows)
    return {"elsewhere": kept} | probes(readers, folder / "probes.tsv")


def probes(readers: Sequence[Reader], path: Path) -> dict[str, Any]:
    """Count the right ones among short hand-written replies."""
    if not path.exists():
        return {}
    replies = read_labelled(path)
    kept = {}
    for reader in readers:
        labels = reader.read([reply.text for reply in replies])[2]
        kept[reader.name] = sum(label == MOODS[reply.mood] for label, reply in zip(labels, replies, strict=True))
    print(f"Probes, right of {len(replies)}: " + ", ".join(f"{name} {right}" for name, right in kept.items()) + "\n")
    return {"probes": kept}


def own_writers(readers: Sequence[Reader]) -> dict[str, Any]:
    """Measure on the own corpus' writers that are kept aside."""
    kept: dict[str, Any] = {}
    for name in WRITERS:
        path = CORPUS / f"{name}.tsv"
        if not path.exists():
            continue
        replies = [reply for reply in read_labelled(path) if reply.language == "en"]
        print(f"Held-out writer {name}: {len(replies)} replies, {sum(reply.mood == 0 for reply in replies)} unhappy")
        rows = []
        for reader in readers:
            heard = hear(reader, replies)
            kinds = by_kind(heard, replies)
            value, low, high = with_interval(FIGURES["found"][1], [heard])
            row: dict[str, Any] = {
                "macro_f1_over_kinds": round(float(np.mean([row["macro_f1"] for row in kinds.values()])), 4),
                "auc": round(auc(heard.unhappy, heard.really), 4),
                "found": round(float(heard.called[heard.really].mean()), 4),
                "alarms": round(float(heard.called[~heard.really].mean()), 4),
                "found_at_tenth": [round(each, 4) for each in (value, low, high)],
                "right": round(
                    float(np.mean([s == MOODS[r.mood] for s, r in zip(heard.labels, replies, strict=True)])), 4
                ),
            }
            kept.setdefault(name, {})[reader.name] = row
            rows.append(
                (
                    reader.name,
                    f"{row['macro_f1_over_kinds']:.3f}",
                    f"{row['auc']:.3f}",
                    share(row["found"]),
                    share(row["alarms"]),
                    f"{share(value)} [{share(low)}–{share(high)}]",
                    share(row["right"]),
                )
            )
            if reader is readers[0]:
                kept[name]["kinds"] = {kind: {k: round(v, 4) for k, v in row.items()} for kind, row in kinds.items()}
        table(("", "macro-F1 over kinds", "AUC", "found", "false alarms", "found at 10 % alarms", "label right"), rows)
        table(
            ("  by kind (ours)", "replies", "macro-F1", "unhappy found", "false alarms"),
            [
                (
                    f"  {kind}",
                    f"{row['replies']:.0f}",
                    f"{row['macro_f1']:.2f}",
                    share(row["found"]),
                    share(row["alarms"]),
                )
                for kind, row in kept[name]["kinds"].items()
            ],
        )
    return {"writers": kept}


def other_languages(scorer: Scorer) -> dict[str, Any]:
    """Measure on the held-out writer of other languages, each by itself."""
    replies = read_labelled(CORPUS / "willow.tsv")
    installed = "languages" in scorer.name
    print(f"Other languages (writer willow), the extra `languages` is {'' if installed else 'not '}installed")
    kept: dict[str, Any] = {}
    rows = []
    for language in sorted({reply.language for reply in replies}):
        some = [reply for reply in replies if reply.language == language]
        heard = hear(ours(scorer), some)
        row = {
            "replies": len(some),
            "auc": round(auc(heard.unhappy, heard.really), 4),
            "found": round(float(heard.called[heard.really].mean()), 4),
            "alarms": round(float(heard.called[~heard.really].mean()), 4),
            "unknown": round(float(np.mean([label == "unknown" for label in heard.labels])), 4),
        }
        kept[language] = row
        cells = (share(row["found"]), share(row["alarms"]), share(row["unknown"]))
        rows.append((language, f"{row['replies']:.0f}", f"{row['auc']:.3f}", *cells))
    table(("", "replies", "AUC", "found", "false alarms", "unknown"), rows)
    return {"languages": {"installed": installed, "sets": kept}}


def costs() -> dict[str, Any]:
    """Measure time, size and memory."""
    replies = read_labelled(CORPUS / "rowan.tsv")
    took = speed(replies)
    size = sum((FOLDER / name).stat().st_size for name in (WEIGHTS,)) / 1e6
    added = memory()
    print(
        f"One reply at a time, one thread: median {took['median_ms']:.2f} ms, 99 % within {took['p99_ms']:.2f} ms. "
        f"Model {size:.1f} MB, memory added {added:.0f} MB.\n"
    )
    return {"costs": {**{k: round(v, 2) for k, v in took.items()}, "megabytes": round(size, 1), "memory": round(added)}}


def check(figures: dict[str, Any]) -> list[str]:
    """Hold the figures against the floors; the names of those below."""
    got: dict[str, float] = dict(figures["costs"])
    if "elsewhere" in figures:
        got |= {key: rows["Afterword"][0] for key, rows in figures["elsewhere"].items() if key in FLOORS}
    if "probes" in figures:
        got["probes"] = figures["probes"]["Afterword"]
    writers = figures["writers"]
    got["writer"] = writers["rowan"]["Afterword"]["macro_f1_over_kinds"]
    for kind in ("sarcasm", "implicit"):
        got[kind] = writers["sorrel"]["kinds"][kind]["found"]
    failed = []
    for key, floor in FLOORS.items():
        if key not in got:
            continue
        held = got[key] <= floor if key in SMALLER_IS_BETTER else got[key] >= floor
        print(f"{'✓' if held else '✗'} {key}: {got[key]:g} (floor {floor:g})")
        if not held:
            failed.append(key)
    return failed


def save(figures: dict[str, Any]) -> None:
    """Write the figures into the card, and the card for people from it."""
    save_card(FOLDER, kept_card(FOLDER) | {"figures": figures})


def share(value: float) -> str:
    """Write a share for people."""
    return "–" if np.isnan(value) else f"{100 * value:.0f} %"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print columns, the first to the left."""
    widths = [max(len(row[at]) for row in (head, *rows)) for at in range(len(head))]
    for row in (head, *rows):
        print("  ".join(cell.ljust(widths[0]) if at == 0 else cell.rjust(widths[at]) for at, cell in enumerate(row)))
    print()


if __name__ == "__main__":
    main()
