"""What the documents show of the program file can be used as it stands."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from bot.domain.level import LADDER
from bot.program import Program, load_program, parse_campaign, parse_program

ROOT = Path(__file__).parents[1]
LEVELS = ROOT / "docs" / "levels"
BLOCK = re.compile(r"```toml\n(.*?)```", re.DOTALL)


@pytest.mark.parametrize("level", LADDER)
def test_each_level_has_a_page_whose_snippets_work(level: str) -> None:
    blocks = BLOCK.findall((LEVELS / f"{level}.md").read_text())
    assert blocks
    for block in blocks:
        if block.startswith("# late.toml"):
            assert parse_campaign({"moment": "now", **tomllib.loads(block)}, Program(), "late.toml").service
        else:
            parse_program(block)


def test_the_example_shows_every_key_with_its_default() -> None:
    plain, shown = Program(), load_program(ROOT / "program.example.toml")
    changed = [name for name in Program.model_fields if getattr(plain, name) != getattr(shown, name)]
    assert changed == ["shop"]  # its name and contact
    text = (ROOT / "program.example.toml").read_text()
    for section in ("levels", "outreach", "rewards", "ask"):
        for name, field in type(getattr(plain, section)).model_fields.items():
            assert re.search(rf"(?m)^(# )?{field.alias or name} = ", text), f"{section}.{name}"
