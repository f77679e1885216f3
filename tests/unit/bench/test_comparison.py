"""What the benchmark says of its figures and those that are committed."""

import json
import time

import pytest

from bench import comparison
from bench.comparison import Before, committed, told
from bench.figure import Figure, Kind
from bench.limit import limited
from local.common import ROOT, StackError

RESULTS = ROOT / "bench" / "results.json"


@pytest.mark.parametrize(
    ("kind", "rounds", "said"),
    [
        ("at most", [1.0, 1.1, 1.2], "Better than the committed results:\n  f: 2 then, 1.1 now (-45 %)"),
        ("at least", [1.0, 1.1, 1.2], "Worse than the committed results:\n  f: 2 then, 1.1 now (-45 %)"),
        ("at most", [2.3, 2.4, 2.5], "Worse than the committed results:\n  f: 2 then, 2.4 now (+20 %)"),
        ("at most", [1.0, 1.1, 1.9], "noise: 1 of 1, whose rounds overlap."),
    ],
)
def test_a_change_is_told_when_the_rounds_do_not_overlap(kind: Kind, rounds: list[float], said: str) -> None:
    """What is better depends on the figure; where rounds of both runs meet, it is noise."""
    before = {("f", "times"): Before(2.0, 1.9, 2.2)}
    assert said in told([Figure("f", "times", rounds, kind)], before)


def test_seconds_of_another_machine_are_not_compared() -> None:
    """Only ratios are."""
    assert "noise: 0 of 0," in told([Figure("f", "s", [1.0])], {("f", "s"): Before(2.0, 2.0, 2.0)})


def test_bounds_that_are_not_kept_are_named() -> None:
    """With their figure, also where there is nothing to compare to."""
    said = told([Figure("f", "times", [3.0], bound=2.5), Figure("g", "times", [1.0], bound=2.5)], {})
    assert said.endswith(
        "Not in the committed results: 2.\nBounds that are not kept:\n  f: 3, not at most 2.5"
    )
    assert told([], {}).endswith("All bounds are kept.")


def test_the_committed_results_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each figure with the ends of its rounds; without git there are none."""
    names = {(figure["name"], figure["unit"]) for figure in json.loads(RESULTS.read_text())["figures"]}
    found = committed(RESULTS)
    assert not found or found.keys() & names
    assert all(each.lowest <= each.median <= each.highest for each in found.values())
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    assert comparison.committed(RESULTS) == {}


def test_what_hangs_is_ended() -> None:
    """A part that does not end in time is ended where it waits."""
    began = time.monotonic()
    with pytest.raises(StackError, match="it has not ended after 1 s"), limited(1, "it"):
        time.sleep(60)
    assert time.monotonic() - began < 30
    with limited(1, "it"):
        pass
