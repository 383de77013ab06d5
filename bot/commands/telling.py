"""How a story is told in a terminal: a narrator, headings, who says what. Colours only where somebody looks."""

from __future__ import annotations

from rich.console import Console
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from bot.ports import Line

WIDEST = 96
NAMES = 11
STYLES = {"customer": "bold cyan", "bot": "bold", "agent": "bold green"}
OBVIOUS = frozenset({"rating", "tap"})


class Teller:
    """Writes to stdout, wrapped to the terminal's width."""

    def __init__(self) -> None:
        console = Console(highlight=False, soft_wrap=False)
        console.width = min(console.width, WIDEST)
        self._out = console

    def says(self, words: str) -> None:
        """The narrator."""
        self._out.print()
        self._out.print(Text(words, style="italic"))

    def heading(self, words: str) -> None:
        """Whom we look at from here on."""
        self._out.print()
        self._out.print(Rule(Text(words, style="bold"), align="left", style="dim"))

    def plain(self, words: str) -> None:
        """As it is: a report, an address. Long lines stay whole, so that they can be copied."""
        self._out.print(Text(words), soft_wrap=True)

    def line(self, line: Line, name: str, *, faces: bool) -> None:
        """A line of a conversation, with the verdict behind it and (when `faces`) what can be tapped."""
        words = line.text.split("\n\n")[0]
        style = STYLES.get(line.author, "")
        if line.kind == "link":
            words, style = "(opens the link on the thank-you page)", "dim"
        if line.inside:
            words, style = f"(inside) {words}", "yellow"
        self._row(Text(name, style=style), Text(words, style="yellow" if line.inside else ""))
        if line.author == "customer":
            self._aside(verdict_words(line))
        if faces:
            self._aside("  ".join(f"[{button.label}]" for row in line.buttons for button in row))

    def desk(self, name: str, reasons: str) -> None:
        """What the people of the shop see."""
        self._row(Text("the desk", style="bold green"), Text(f"▲ {name}: {reasons}", style="green"))

    def _row(self, who: Text, words: Text) -> None:
        grid = Table.grid(padding=(0, 2))
        grid.add_column(width=NAMES, justify="right")
        grid.add_column(ratio=1)
        grid.add_row(who, words)
        self._out.print(grid)

    def _aside(self, words: str) -> None:
        if words:
            self._out.print(Padding(Text(words, style="dim"), (0, 0, 0, NAMES + 2)))


def verdict_words(line: Line) -> str:
    """`read as mixed, unhappy 0.91: “broken”, “want a refund”`; nothing for a tap, which speaks for itself."""
    verdict = line.verdict
    if not verdict or line.kind in OBVIOUS:
        return ""
    decisive = [line.text[each["start"] : each["end"]] for each in verdict["evidence"]]
    because = f": “{'”, “'.join(decisive)}”" if decisive else ""
    return f"read as {verdict['label']}, unhappy {verdict['unhappy']:.2f}{because}"
