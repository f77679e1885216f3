"""Drawing a message as SVG: a text in the repository, the same for the same message."""

from collections.abc import Iterator
from html import escape
from itertools import groupby

from tests.receivers.seen import Part, Run, Seen
from tools.pictures.lines import Line, Look, broken, width
from tools.pictures.themes import THEMES, Theme

WIDTH, MARGIN, PADDING, GAP = 640, 16, 16, 8
LEADING = 1.42
"""From one line to the next, in sizes of its text."""

LABELS_WIDTH = 170
COLUMNS = 2
FACTS = ("label", "value", "field")
FONT = "-apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif"
MONO = "ui-monospace, Menlo, Consolas, monospace"
SENDER = "Backend.AI"


def draw(service: str, seen: Seen) -> str:
    """Draw what a reader of a service sees."""
    theme = THEMES[service]
    page = _Page(theme)
    page.head()
    top = page.y
    page.y += PADDING
    for is_fact, parts in groupby(seen.parts, key=lambda part: part.role in FACTS):
        if is_fact:
            page.facts(list(parts))
        else:
            for part in parts:
                page.part(part)
    page.y += PADDING - GAP
    return page.finished(top, seen.color)


class _Page:
    """A picture in the making. ``y``: where the next line's top is."""

    def __init__(self, theme: Theme) -> None:
        self.y: float = MARGIN
        self._theme = theme
        self._drawn: list[str] = []
        self._left = MARGIN + PADDING + (8 if theme.bar else 0)

    @property
    def _room(self) -> float:
        return WIDTH - MARGIN - PADDING - self._left

    def head(self) -> None:
        """Draw who sent it."""
        theme = self._theme
        self._drawn.append(f'<rect x="{MARGIN}" y="{self.y}" width="28" height="28" rx="6" fill="#2f9e44"/>')
        self._text("B", MARGIN + 9.5, self.y + 19.5, Look(15, "#ffffff", bold=True))
        self._text(SENDER, MARGIN + 38, self.y + 19, Look(15, theme.ink, bold=True))
        self._drawn.append(
            f'<text x="{WIDTH - MARGIN}" y="{self.y + 19:g}" font-size="12" text-anchor="end" '
            f'fill="{theme.muted}">{theme.title}</text>'
        )
        self.y += 28 + GAP

    def part(self, part: Part) -> None:
        """Draw a text over the whole width, or a button."""
        look = self._theme.look(part.role)
        if part.role == "button":
            wide = min(width(part.text, look) + 24, self._room)
            self._drawn.append(
                f'<rect x="{self._left}" y="{self.y:g}" width="{wide:.0f}" height="28" rx="5" '
                f'fill="none" stroke="{self._theme.link}"/>'
            )
            self._text(part.text, self._left + 11, self.y + 18.5, look)
            self.y += 28 + GAP
            return
        self.y = self._lines(broken(part, look, self._room), self._left, self.y, look) + GAP

    def facts(self, parts: list[Part]) -> None:
        """Draw labels with their values, arranged as the service does."""
        facts = list(_facts(parts))
        if self._theme.facts == "rows":
            for label, value in facts:
                below = self._cell(label, self._left, self.y, LABELS_WIDTH - GAP)
                after = self._cell(value, self._left + LABELS_WIDTH, self.y, self._room - LABELS_WIDTH)
                self.y = max(below, after) + 3
        else:
            columns = COLUMNS if self._theme.facts == "columns" else 1
            wide = self._room / columns
            for first in range(0, len(facts), columns):
                ends = [
                    self._fact(fact, self._left + number * wide, wide - GAP)
                    for number, fact in enumerate(facts[first : first + columns])
                ]
                self.y = max(ends) + GAP
        self.y += GAP / 2

    def finished(self, top: float, color: str | None) -> str:
        """Return the picture with the card behind the texts."""
        theme, high = self._theme, self.y - top
        wide = WIDTH - 2 * MARGIN
        card = (
            f'<rect x="{MARGIN}" y="{top}" width="{wide}" height="{high:g}" rx="6" fill="{theme.card}" '
            f'stroke="{theme.border}"/>'
        )
        if theme.bar and color:
            card += (
                f'<rect x="{MARGIN}" y="{top}" width="5" height="{high:g}" rx="2" fill="{escape(color)}"/>'
            )
        whole = self.y + MARGIN
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{whole:g}" '
            f'viewBox="0 0 {WIDTH} {whole:g}" font-family="{FONT}" xml:space="preserve">\n'
            f'<rect width="{WIDTH}" height="{whole:g}" fill="{theme.page}"/>\n{card}\n'
            + "\n".join(self._drawn)
            + "\n</svg>\n"
        )

    def _fact(self, fact: tuple[Part, Part], left: float, wide: float) -> float:
        label, value = fact
        return self._cell(value, left, self._cell(label, left, self.y, wide), wide)

    def _cell(self, part: Part, left: float, top: float, wide: float) -> float:
        look = self._theme.look(part.role)
        return self._lines(broken(part, look, wide), left, top, look) if part.runs else top

    def _lines(self, lines: list[Line], left: float, top: float, look: Look) -> float:
        """Draw lines, and return where the next one's top is."""
        for line in lines:
            runs = "".join(self._run(run) for run in line)
            self._drawn.append(self._element(runs, left, top + look.size * 1.05, look))
            top += look.size * LEADING
        return round(top, 2)

    def _text(self, text: str, left: float, base: float, look: Look) -> None:
        self._drawn.append(self._element(escape(text), left, base, look))

    def _element(self, inside: str, left: float, base: float, look: Look) -> str:
        weight = ' font-weight="bold"' if look.bold else ""
        return (
            f'<text x="{left:g}" y="{base:.5g}" font-size="{look.size:g}"{weight} fill="{look.color}">'
            f"{inside}</text>"
        )

    def _run(self, run: Run) -> str:
        text = escape(run.text)
        given = [attribute for style, attribute in _ATTRIBUTES.items() if style in run.styles]
        if run.link or run.mention:
            given.append(f'fill="{self._theme.link}"')
        return f"<tspan {' '.join(given)}>{text}</tspan>" if given else text


def _facts(parts: list[Part]) -> Iterator[tuple[Part, Part]]:
    """Return labels with their values; a field, which has both in one text, as a value without a label."""
    waiting: Part | None = None
    for part in parts:
        if part.role == "label":
            waiting = part
        else:
            yield waiting or Part("label", ()), part
            waiting = None


_ATTRIBUTES = {
    "bold": 'font-weight="bold"',
    "heading": 'font-weight="bold"',
    "italic": 'font-style="italic"',
    "underline": 'text-decoration="underline"',
    "strike": 'text-decoration="line-through"',
    "code": f'font-family="{MONO}"',
}
