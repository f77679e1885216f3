"""The page of the figures."""

import json

from bench.page import page
from local.common import ROOT

RESULTS = {
    "measured_at": "2026-11-29T15:00:00+00:00",
    "machine": {"cpu": "CPU", "cores": 2, "python": "3.11.7"},
    "figures": [
        {"part": "a", "name": "slowness", "unit": "times", "rounds": [1.0, 3.0, 2.0], "median": 2.0,
         "kind": "at most", "bound": 2.5, "compared_to": "a loop"},
        {"part": "b", "name": "rate", "unit": "a second", "rounds": [12345.6], "median": 12345.6,
         "kind": "at least", "bound": None, "compared_to": ""},
    ],
}  # fmt: skip


def test_tables_have_the_figures_of_their_part() -> None:
    """The text around tables stays, and what a table had goes."""
    text = "A\n<!-- measured -->\n<!-- end -->\nB\n<!-- figures: a -->\nold\n<!-- end -->\nC\n"
    assert page(text, RESULTS) == (
        "A\n<!-- measured -->\nCPU, 2 cores; Python 3.11.7; 2026-11-29.\n<!-- end -->\nB\n"
        "<!-- figures: a -->\n"
        "| | median | lowest to highest | bound |\n|---|---:|---:|---|\n"
        "| slowness, times | 2 | 1 to 3 | at most 2.5, beside a loop |\n"
        "<!-- end -->\nC\n"
    )


def test_a_large_number_is_grouped() -> None:
    """A figure without a bound has none."""
    assert "| rate, a second | 12,346 | 12,346 to 12,346 |  |" in page(
        "<!-- figures: b -->\n<!-- end -->", RESULTS
    )


def test_the_page_shows_the_results() -> None:
    """docs/performance.md has the figures of bench/results.json."""
    text = (ROOT / "docs" / "performance.md").read_text()
    assert page(text, json.loads((ROOT / "bench" / "results.json").read_text())) == text
