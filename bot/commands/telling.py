"""How a story is told in a terminal: a narrator, headings, who says what. Colours only where somebody looks."""

from __future__ import annotations

from rich.console import Console
from rich.rule import Rule
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
        for part in Text(words, style="italic").wrap(self._out, self._out.width):
            part.rstrip()
            self._out.print(part)

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
        if line.kind == "link":
            self._row(name, "dim", "(opens the link on the thank-you page)", "dim")
        elif line.kind == "notice":
            self.desk(words)
        elif line.inside:
            self._row(name, "yellow", f"(inside) {words}", "yellow")
        else:
            self._row(name, STYLES.get(line.author, ""), words, "")
        if line.author == "customer":
            self._aside(verdict_words(line))
        if faces:
            self._aside("  ".join(f"[{button.label}]" for row in line.buttons for button in row))

    def desk(self, words: str) -> None:
        """What only the people of the shop see."""
        self._row("the desk", "bold green", words, "green")

    def _row(self, who: str, who_style: str, words: str, style: str) -> None:
        for number, part in enumerate(Text(words, style=style).wrap(self._out, self._out.width - NAMES - 2)):
            part.rstrip()
            self._out.print(Text.assemble((f"{who if number == 0 else '':>{NAMES}}  ", who_style), part))

    def _aside(self, words: str) -> None:
        if words:
            self._row("", "", words, "dim")


def verdict_words(line: Line) -> str:
    """`read as mixed, unhappy 0.91: “broken”, “want a refund”`; nothing for a tap, which speaks for itself."""
    verdict = line.verdict
    if not verdict or line.kind in OBVIOUS:
        return ""
    decisive = [line.text[each["start"] : each["end"]] for each in verdict["evidence"]]
    because = f": “{'”, “'.join(decisive)}”" if decisive else ""
    return f"read as {verdict['label']}, unhappy {verdict['unhappy']:.2f}{because}"
