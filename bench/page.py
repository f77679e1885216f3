"""The tables of docs/performance.md, written from the results so that they say the same."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

_TABLE = re.compile(r"(<!-- figures: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
_MEASURED = re.compile(r"(<!-- measured -->\n).*?(<!-- end -->)", re.DOTALL)
HEAD = "| | median | lowest to highest | bound |\n|---|---:|---:|---|\n"
LARGE = 1_000

Results = Mapping[str, Any]


def page(text: str, results: Results) -> str:
    """Put the figures of each part into its table, and tell where and when they were measured."""
    machine = results["machine"]
    day = results["measured_at"][:10]
    measured = f"{machine['cpu']}, {machine['cores']} cores; Python {machine['python']}; {day}.\n"
    text = _MEASURED.sub(lambda found: f"{found[1]}{measured}{found[2]}", text)
    return _TABLE.sub(lambda found: f"{found[1]}{_table(results['figures'], found[2])}{found[3]}", text)


def _table(figures: Sequence[Results], part: str) -> str:
    return HEAD + "".join(_row(figure) for figure in figures if figure["part"] == part)


def _row(figure: Results) -> str:
    lowest, highest = (_number(end(figure["rounds"])) for end in (min, max))
    bound = "" if figure["bound"] is None else f"{figure['kind']} {figure['bound']:g}"
    beside = figure["compared_to"]
    told = ", ".join(filter(None, (bound, beside and f"beside {beside}")))
    what, median = f"{figure['name']}, {figure['unit']}", _number(figure["median"])
    return f"| {what} | {median} | {lowest} to {highest} | {told} |\n"


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= LARGE else f"{value:.3g}"
