"""Labelled files: what is read, what is refused, and the project's own corpus."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from sentiment.labelled import INTENTS, KINDS, TOPICS, BadLine, Reply, read_folder, read_labelled
from sentiment.plain import plain
from sentiment.reader import FOLDER
from sentiment.train.choosing import HELD_OUT, split, with_typos, without_repeats

CORPUS = FOLDER.parent / "corpus"


def test_a_plain_file_has_texts_and_labels(tmp_path: Path) -> None:
    path = tmp_path / "mine.tsv"
    path.write_text('text\tlabel\nit "broke\tnegative\nfine 👍\tpositive\n\n', encoding="utf-8")
    assert read_labelled(path) == [Reply('it "broke', 0, "mine"), Reply("fine 👍", 2, "mine")]


def test_more_columns_are_read_by_their_names(tmp_path: Path) -> None:
    path = tmp_path / "mine.tsv"
    path.write_text("mood\ttext\tintents\ttopics\tperson\tkind\nneutral\twhere?\tquestion,bug\tsize-\tyes\tshort\n")
    [reply] = read_labelled(path)
    assert reply.intents == tuple(int(name in {"question", "bug"}) for name in INTENTS)
    assert reply.topics == tuple(int(name == "size") for name in TOPICS)
    assert (reply.person, reply.kind) == (1, KINDS.index("short"))


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("", "first line must name"),
        ("words\tlabel\na\tnegative\n", "first line must name"),
        ("text\tlabel\na\tnegative\nb\n", "line 3: 1 columns"),
        ("text\tlabel\na\tangry\n", "line 2: .*angry"),
    ],
)
def test_what_cannot_be_used_is_named_with_its_line(tmp_path: Path, content: str, complaint: str) -> None:
    path = tmp_path / "mine.tsv"
    path.write_text(content)
    with pytest.raises(BadLine, match=complaint):
        read_labelled(path)


def test_the_corpus_is_large_of_all_kinds_and_by_many_hands() -> None:
    replies = read_folder(CORPUS)
    english = [reply for reply in replies if reply.language == "en"]
    assert len(english) > 6_000
    assert len({reply.source for reply in english}) >= 6
    kinds = Counter(reply.kind for reply in english)
    assert all(kinds[number] >= 200 for number in range(len(KINDS)))
    assert all(sum(reply.intents[at] for reply in english if reply.intents) >= 80 for at in range(len(INTENTS)))
    assert all(0.1 < share / len(english) < 0.55 for share in Counter(reply.mood for reply in english).values())


def test_no_line_of_the_corpus_is_a_template_filled_in() -> None:
    for path in CORPUS.glob("*.tsv"):
        begins = Counter(" ".join(plain(reply.text).words.split()[:4]) for reply in read_labelled(path))
        [(words, most)] = begins.most_common(1)
        assert most <= 12, f"{path.name}: {most} lines begin with {words!r}"


def test_held_out_writers_are_never_learned_from() -> None:
    held = [reply for name in HELD_OUT for reply in read_labelled(CORPUS / f"{name}.tsv")]
    learned = list(without_repeats(read_folder(CORPUS, leave_out=HELD_OUT), held))
    assert {reply.source for reply in learned}.isdisjoint(HELD_OUT)
    texts = {plain(reply.text).words.strip() for reply in held}
    assert texts.isdisjoint(plain(reply.text).words.strip() for reply in learned)


def test_a_reply_kept_aside_stays_aside_whatever_joins() -> None:
    replies = [Reply(f"reply number {number}", 0, "x") for number in range(2000)]
    learned, aside = split(replies)
    assert 80 <= len(aside) <= 160
    assert sorted(reply.text for reply in [*learned, *aside]) == sorted(reply.text for reply in replies)
    few, few_aside = split(replies[::-3])
    assert {reply.text for reply in few_aside} <= {reply.text for reply in aside}
    assert {reply.text for reply in few} <= {reply.text for reply in learned}
    shouted = split([Reply(f"  {reply.text.upper()}", 0, "y") for reply in replies])[1]
    assert len(shouted) == len(aside)


def test_slips_of_the_thumb_stay_small() -> None:
    import random  # noqa: PLC0415

    reply = Reply("the delivery was wonderful", 2, "x")
    for seed in range(50):
        text = with_typos(reply, random.Random(seed)).text
        assert abs(len(text) - len(reply.text)) <= 2
        assert text.startswith("the ")
