"""How often the reader was wrong, counted from what agents corrected."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from bot.commands.correcting import as_labelled, row_as_json
from bot.domain.correction import Correction
from bot.domain.ids import StaffId
from bot.domain.interval import wilson
from bot.domain.reading import Mistakes, Readings, Said, measure
from sentiment.labelled import TOPICS, read_labelled
from tests.domain.world import MONDAY_NOON


def correction(label: str, scored: str, text: str = "hm", **more: object) -> Correction:
    return Correction(MONDAY_NOON, MONDAY_NOON, text, label, scored, 0.5, "s", StaffId(1), "Kim", **more)  # type: ignore[arg-type]


def said(label: str, *topics: str) -> Said:
    return Said(label, frozenset(topics))


def read(**labels: int) -> Readings:
    found = Readings()
    for label, count in labels.items():
        for _ in range(count):
            found.count(label, ())
    return found


def line(rows: list[Mistakes], group: str, name: str) -> tuple[int, int, int, int]:
    row = next(row for row in rows if (row.group, row.name) == (group, name))
    return (row.wrong, row.n, row.now_wrong, row.now_n)


def test_false_alarms_and_missed_ones_are_told_apart_with_what_they_are_of() -> None:
    made = [correction("neutral", "negative"), correction("positive", "negative"), correction("negative", "neutral")]
    today = [said("neutral"), said("negative"), said("negative")]
    rows = measure(made, today, read(negative=20, neutral=30, positive=50))
    assert line(rows, "all", "mood") == (3, 100, 1, 3)
    assert line(rows, "kind", "false alarm") == (2, 20, 1, 2)
    assert line(rows, "kind", "missed") == (1, 80, 0, 1)
    assert line(rows, "mood", "negative") == (2, 20, 1, 2)
    assert line(rows, "mood", "neutral") == (1, 30, 0, 1)


def test_words_of_two_minds_that_are_unhappy_were_seen_and_a_confirmation_is_no_mistake() -> None:
    made = [correction("negative", "mixed"), correction("negative", "negative")]
    rows = measure(made, [said("mixed"), said("negative")], read(mixed=4, negative=4))
    assert line(rows, "all", "mood") == (0, 8, 0, 2)


def test_topics_seen_where_they_arent_and_unseen_where_they_are() -> None:
    about = correction("", "negative", topics=("delivery",), scored_topics=("quality",))
    readings = read(negative=10)
    readings.count("negative", ("quality", "quality"))
    rows = measure([about], [said("negative", "delivery")], readings)
    assert line(rows, "all", "topics") == (1, 11, 0, 1)
    assert line(rows, "topic", "delivery, not seen") == (1, 1, 0, 1)
    assert line(rows, "topic", "quality, not meant") == (1, 1, 0, 1)
    assert line(rows, "all", "mood")[0] == 0


LABELS = st.sampled_from(["negative", "neutral", "positive"])
SCORED = st.sampled_from(["negative", "neutral", "positive", "mixed", "unknown"])
ABOUT = st.one_of(st.none(), st.lists(st.sampled_from(TOPICS), unique=True, max_size=3).map(tuple))


@given(st.lists(st.tuples(st.one_of(st.just(""), LABELS), SCORED, ABOUT, SCORED), max_size=30))
def test_no_line_tells_more_mistakes_than_there_are_readings(rows: list[tuple[str, str, tuple[str, ...], str]]) -> None:
    made = [correction(label, scored, topics=topics) for label, scored, topics, _ in rows]
    found = measure(made, [said(now) for *_, now in rows], read(negative=1))
    assert all(0 <= each.wrong <= each.n and 0 <= each.now_wrong <= each.now_n for each in found)


def test_a_share_of_few_is_not_told_and_of_many_has_its_interval() -> None:
    few = row_as_json(Mistakes("all", "mood", 1, 9, "replies read", 1, 3))
    assert (few["share"], few["interval"], few["now_share"]) == (None, None, None)
    many = row_as_json(Mistakes("all", "mood", 5, 200, "replies read", 1, 20))
    assert many["share"] == 0.025
    assert many["interval"] == [round(edge, 4) for edge in wilson(5 / 200, 200)]
    assert many["interval"][0] < 0.025 < many["interval"][1]
    assert many["now_share"] == 0.05


def test_the_labelled_file_holds_topics_and_can_be_learned_from(tmp_path: Path) -> None:
    made = [
        correction("neutral", "negative", "late, but fine"),
        correction("", "negative", "late again", topics=("delivery",)),
        correction("", "unknown", "asdf", topics=("delivery",)),
        correction("negative", "neutral", "late, but fine", topics=()),
    ]
    text = as_labelled(made)
    assert text.splitlines() == [
        "text\tlabel\ttopics",
        "late, but fine\tnegative\t-",
        "late again\tnegative\tdelivery",
    ]
    path = tmp_path / "corrections.tsv"
    path.write_text(text + "only a mood\tpositive\t\n", encoding="utf-8")
    replies = read_labelled(path)
    assert [reply.topics and sum(reply.topics) for reply in replies] == [0, 1, None]
