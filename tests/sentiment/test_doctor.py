"""What `doctor` says of the reader."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.commands.running import understanding
from bot.settings import Settings
from sentiment import reader


def test_a_whole_model_is_well() -> None:
    said: list[str] = []
    assert understanding(Settings(), said.append) == []
    assert said == ["✓ model that reads replies"]


def test_a_missing_model_is_told_with_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(reader.Reader.__init__, "__defaults__", (tmp_path,))
    said: list[str] = []
    [problem] = understanding(Settings(), said.append)
    assert "rules and TextBlob only" in problem
    assert str(tmp_path) in problem
    assert "Install Afterword again" in problem
    assert said == []


@pytest.mark.parametrize("name", ["rules", "textblob"])
def test_a_choice_is_no_problem(name: str) -> None:
    said: list[str] = []
    assert understanding(Settings.model_validate({"scorer": name}), said.append) == []
    assert name in said[0]
