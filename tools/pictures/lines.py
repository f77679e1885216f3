"""Breaking styled text into lines, by the widths that common sans-serif typefaces have."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from tests.receivers.seen import Part, Run

NARROW, SLIM, WIDE, USUAL, CAPITAL, FULL, MONO = 0.33, 0.42, 0.96, 0.62, 0.7, 1.1, 0.63
BOLD = 1.07
WORD = re.compile(r"\s+|\S+")


@dataclass(frozen=True)
class Look:
    """How a part's text is drawn: its size in pixels, colour and weight."""

    size: float
    color: str
    bold: bool = False


Line = list[Run]


def width(text: str, look: Look, *, bold: bool = False, code: bool = False) -> float:
    """Return about how many pixels wide a text is, rather too many than too few."""
    ems = sum(MONO if code else _ems(character) for character in text)
    return ems * look.size * (BOLD if bold or look.bold else 1)


def broken(part: Part, look: Look, limit: float) -> list[Line]:
    """Break a part into lines of at most so many pixels."""
    lines: list[Line] = [[]]
    used = 0.0
    for piece in _pieces(part):
        if piece.text == "\n":
            lines.append([])
            used = 0.0
            continue
        wide = _width(piece, look)
        if used + wide > limit and lines[-1] and not piece.text.isspace():
            lines.append([])
            used = 0.0
        for run in _fitted(piece, look, limit):
            if used and used + _width(run, look) > limit:
                lines.append([])
                used = 0.0
            lines[-1].append(run)
            used += _width(run, look)
    return [_joined(line) for line in lines if line or len(lines) > 1]


def _pieces(part: Part) -> Iterator[Run]:
    for run in part.runs:
        for number, line in enumerate(run.text.split("\n")):
            if number:
                yield Run("\n")
            for word in WORD.findall(line):
                yield Run(word, run.styles, run.link, run.mention)


def _fitted(piece: Run, look: Look, limit: float) -> list[Run]:
    """Cut a word that is wider than a line."""
    pieces: list[Run] = []
    rest = piece.text
    while rest:
        count = len(rest)
        while count > 1 and _width(Run(rest[:count], piece.styles), look) > limit:
            count -= 1
        pieces.append(Run(rest[:count], piece.styles, piece.link, piece.mention))
        rest = rest[count:]
    return pieces


def _width(run: Run, look: Look) -> float:
    return width(run.text, look, bold="bold" in run.styles, code="code" in run.styles)


def _joined(line: Line) -> Line:
    alike = groupby(line, key=lambda run: (run.styles, run.link, run.mention))
    return [Run("".join(run.text for run in runs), *key) for key, runs in alike]


def _ems(character: str) -> float:
    if character in "iljI.,:;|!'` ":
        return NARROW
    if character in 'ftr()[]{}/\\-"*':
        return SLIM
    if character in "mwMW@%—…":
        return WIDE
    if character > "\u2e80":
        return FULL
    return CAPITAL if character.isupper() else USUAL
