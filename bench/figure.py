"""Figures, the bounds that they must keep, and the table that shows them."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal["at most", "at least"]


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing that was measured. ``rounds``: what each round gave; the median counts.

    ``bound``: what the median must keep, None if it is only shown. ``compared_to``: says what it is beside.
    """

    name: str
    unit: str
    rounds: Sequence[float]
    kind: Kind = "at most"
    bound: float | None = None
    compared_to: str = ""

    @property
    def value(self) -> float:
        """The median of the rounds."""
        return statistics.median(self.rounds)

    @property
    def holds(self) -> bool:
        """Tell whether the bound is kept."""
        if self.bound is None:
            return True
        return self.value <= self.bound if self.kind == "at most" else self.value >= self.bound


def ratios(measured: Sequence[float], compared: Sequence[float]) -> list[float]:
    """Divide what each round measured by what the same round gave for what it is compared to."""
    return [one / other for one, other in zip(measured, compared, strict=True)]


def milliseconds(seconds: Sequence[float]) -> list[float]:
    """Write seconds as milliseconds."""
    return [1000 * each for each in seconds]


def table(figures: Sequence[Figure]) -> str:
    """Lay figures out, a line each."""
    lines = [f"{'':2}{'figure':<58} {'median':>10} {'lowest':>10} {'highest':>10}  bound"]
    for figure in figures:
        mark = " " if figure.bound is None else "✓" if figure.holds else "✗"
        numbers = " ".join(f"{value:>10.4g}" for value in (figure.value, *_ends(figure.rounds)))
        bound = "" if figure.bound is None else f"{figure.kind} {figure.bound:g}"
        beside = f" ({figure.compared_to})" if figure.compared_to else ""
        lines.append(f"{mark} {f'{figure.name}, {figure.unit}':<58} {numbers}  {bound}{beside}")
    return "\n".join(lines)


def _ends(rounds: Sequence[float]) -> tuple[float, float]:
    return min(rounds), max(rounds)
