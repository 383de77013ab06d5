"""`afterword score evaluate` and `score calibrate`, as they are typed."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app, main
from sentiment import default_scorer
from sentiment.labelled import read_labelled
from sentiment.reader import FOLDER

UNHAPPY = [
    "it broke after two days", "still waiting for my parcel", "I want a refund", "arrived cracked", "so disappointed",
    "wrong size again", "never again", "the app keeps crashing", "nobody answers my mails", "terrible quality",
]  # fmt: skip
CONTENT = [
    "love it", "works fine, thanks", "perfect fit", "my kids adore it", "what are your opening hours?",
    "all good here", "great service", "exactly what I needed", "it arrived yesterday", "best purchase this year",
]  # fmt: skip


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    path = tmp_path / "replies.tsv"
    lines = ["text\tlabel"]
    lines += [f"{text}, {number}\tnegative" for text in UNHAPPY for number in ("hello", "sorry", "bye")]
    lines += [f"{text}, {number}\tpositive" for text in CONTENT for number in ("hello", "sorry", "bye")]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_evaluate_prints_ours_beside_textblob_and_vader(labelled: Path) -> None:
    done = CliRunner().invoke(app, ["score", "evaluate", str(labelled), "--json"])
    assert done.exit_code == 0, done.output
    rows = [json.loads(line) for line in done.output.splitlines()]
    assert [row["scorer"] for row in rows] == ["Afterword", "TextBlob", "VADER"]
    ours, textblob, vader = rows
    assert (ours["replies"], ours["unhappy"]) == (60, 30)
    assert ours["found"] > max(textblob["found"], vader["found"])
    assert 0 <= ours["calibration"] <= 1
    assert textblob["calibration"] is None


def test_evaluate_draws_a_table(labelled: Path) -> None:
    done = CliRunner().invoke(app, ["score", "evaluate", str(labelled)])
    assert "60 replies, 30 of them unhappy" in done.output
    assert all(word in done.output for word in ("Afterword", "TextBlob", "VADER", "false alarms"))


def test_calibrate_writes_thresholds_that_hold_what_they_promise(labelled: Path) -> None:
    done = CliRunner().invoke(app, ["score", "calibrate", str(labelled), "--false-alarms", "0.1"])
    assert done.exit_code == 0, done.output
    told = tomllib.loads(done.output)["escalate"]
    verdicts = default_scorer().score([reply.text for reply in read_labelled(labelled)])
    alarms = [
        verdict.unhappy >= told["unhappy_from"] or verdict.score < told["unhappy_below"]
        for verdict, reply in zip(verdicts, read_labelled(labelled), strict=True)
        if reply.mood != 0
    ]
    assert sum(alarms) / len(alarms) <= 0.1


def test_fewer_false_alarms_never_lower_the_threshold(labelled: Path) -> None:
    found = []
    for share in ("0.02", "0.1", "0.3"):
        done = CliRunner().invoke(app, ["score", "calibrate", str(labelled), "--false-alarms", share, "--json"])
        found.append(json.loads(done.output)["unhappy_from"])
    assert found == sorted(found, reverse=True)


def test_calibrate_without_a_file_tells_what_the_model_was_measured_at() -> None:
    done = CliRunner().invoke(app, ["score", "calibrate", "--false-alarms", "0.05"])
    card = json.loads((FOLDER / "card.json").read_text(encoding="utf-8"))
    assert tomllib.loads(done.output)["escalate"]["unhappy_from"] == pytest.approx(
        card["settings"]["false_alarms"]["0.05"]["threshold"], abs=0.001
    )


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (None, "can't be read"),
        (b"text\tlabel\nx\tangry\n", "'angry' is no label"),
        (b"text\tlabel\n\xff\xfe\tnegative\n", "UTF-8"),
        (b"text\tlabel\n", "holds no replies"),
        (b"text\tlabel\nfine\tpositive\n", "only one kind"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_words(
    tmp_path: Path,
    content: bytes | None,
    complaint: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = tmp_path / "bad.tsv"
    if content is not None:
        path.write_bytes(content)
    monkeypatch.setattr("sys.argv", ["afterword", "score", "evaluate", str(path)])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 1
    assert complaint in capsys.readouterr().err


def test_too_few_replies_give_no_threshold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "few.tsv"
    path.write_text("text\tlabel\nit broke\tnegative\nlove it\tpositive\n")
    monkeypatch.setattr("sys.argv", ["afterword", "score", "calibrate", str(path)])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 1
    assert "at least 20 of each" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["rules", "textblob"])
def test_another_scorer_can_be_chosen(name: str) -> None:
    done = CliRunner().invoke(app, ["score", "--scorer", name, "--json", "what a terrible day"])
    verdict = json.loads(done.output)
    assert verdict["scorer"].startswith(name)
    assert verdict["label"] == "negative"


def test_an_unknown_scorer_is_a_wrong_usage() -> None:
    done = CliRunner().invoke(app, ["score", "--scorer", "oracle", "hello"])
    assert done.exit_code == 2


def test_the_word_evaluate_alone_is_a_text_like_any_other() -> None:
    done = CliRunner().invoke(app, ["score", "--json", "evaluate"])
    assert json.loads(done.output)["text"] == "evaluate"
