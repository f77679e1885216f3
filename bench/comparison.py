"""What has become faster or slower since the results that are committed, in words."""

import json
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.figure import Figure
from local.common import ROOT

RELATIVE = frozenset({"times", "ratio", "of the function's", "events", "entries"})
"""Units of figures that another machine gives as well. Seconds and rates are not compared."""


Key = tuple[str, str]
"""A figure's name and unit: one thing may be measured in seconds, and beside something else."""


@dataclass(frozen=True, slots=True)
class Before:
    """A figure of the committed results."""

    median: float
    lowest: float
    highest: float


def committed(file: Path) -> dict[Key, Before]:
    """Read the figures of a results file as it is committed; empty if git has none.

    The file itself may be that of a run that nobody committed.
    """
    where = f"HEAD:{file.relative_to(ROOT).as_posix()}"
    shown = subprocess.run(["git", "show", where], cwd=ROOT, capture_output=True, text=True, check=False)
    if shown.returncode:
        return {}
    figures: Sequence[Mapping[str, Any]] = json.loads(shown.stdout)["figures"]
    return {
        (each["name"], each["unit"]): Before(each["median"], min(each["rounds"]), max(each["rounds"]))
        for each in figures
    }


def told(figures: Sequence[Figure], before: Mapping[Key, Before]) -> str:
    """Say what changed, what is only noise, and which bounds are not kept."""
    relative = [figure for figure in figures if figure.unit in RELATIVE]
    known = [(each, before[each.name, each.unit]) for each in relative if (each.name, each.unit) in before]
    changed = [(figure, was) for figure, was in known if _is_change(figure, was)]
    better = [_change(figure, was) for figure, was in changed if _is_better(figure, was)]
    worse = [_change(figure, was) for figure, was in changed if not _is_better(figure, was)]
    same = len(known) - len(changed)
    broken = [
        f"{figure.name}: {figure.value:.3g}, not {figure.kind} {figure.bound:g}"
        for figure in figures
        if figure.bound is not None and not figure.holds
    ]
    new = len(relative) - len(known)
    lines = [
        *_listed("Better than the committed results", better),
        *_listed("Worse than the committed results", worse),
        f"Not told apart from noise: {same} of {len(known)}, whose rounds overlap.",
        *([f"Not in the committed results: {new}."] if new else []),
        *(_listed("Bounds that are not kept", broken) or ["All bounds are kept."]),
    ]
    return "\n".join(lines)


def _is_change(figure: Figure, before: Before) -> bool:
    """Return whether the rounds of both runs are apart; of five each, chance does that once in 100 times."""
    return min(figure.rounds) > before.highest or max(figure.rounds) < before.lowest


def _is_better(figure: Figure, before: Before) -> bool:
    return (figure.value > before.median) == (figure.kind == "at least")


def _listed(title: str, lines: Sequence[str]) -> list[str]:
    return [f"{title}:", *(f"  {line}" for line in lines)] if lines else []


def _change(figure: Figure, before: Before) -> str:
    percent = f" ({(figure.value / before.median - 1) * 100:+.0f} %)" if before.median else ""
    return (
        f"{figure.name}: {before.median:.3g} then, {figure.value:.3g} now{percent}; rounds "
        f"{before.lowest:.3g} to {before.highest:.3g} then, {min(figure.rounds):.3g} to "
        f"{max(figure.rounds):.3g} now"
    )
