"""Every edge, both directions: a folder each. A new channel is one new folder with an `edge.py`, and nothing else.

An `edge.py` has `build(Surroundings) -> Edge | None` (None = not configured) and is cheap to import: whatever is heavy
(a chat platform's library, a page framework) it imports inside `build`, once it knows that it is wanted.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.ports import Edge, Surroundings

FOLDER = Path(__file__).parent


def edge_names(folder: Path = FOLDER) -> tuple[str, ...]:
    """The folders that have an `edge.py`, by name. Imports nothing."""
    return tuple(sorted(path.parent.name for path in folder.glob("*/edge.py") if path.parent.name.isidentifier()))


def build_edge(name: str, surroundings: Surroundings) -> Edge | None:
    """The edge of one folder; None when it isn't configured."""
    edge: Edge | None = import_module(f"{__name__}.{name}.edge").build(surroundings)
    return edge


def build_edges(surroundings: Surroundings, names: Sequence[str] | None = None) -> list[Edge]:
    """Every configured edge, or those of `names` that are configured."""
    wanted = edge_names() if names is None else names
    return [edge for name in wanted if (edge := build_edge(name, surroundings)) is not None]
