"""The verdict on an import of rules."""

import pytest

from tests.faults.importing import Imported


@pytest.mark.parametrize(
    ("quiet", "importing", "expected"),
    [
        ([10, 10, 10], [11, 11, 11], 1.1),
        ([10, 800, 10], [11, 880, 11], 1.1),
        ([10, 10, 10], [11, 900, 11], 1.1),
        ([10, 10, 10], [20, 20, 11], 2.0),
    ],
)
def test_each_round_is_compared_with_itself(
    quiet: list[float], importing: list[float], expected: float
) -> None:
    """Other work that slows a whole round, or one half of one, does not decide; most rounds do."""
    measured = Imported([(1, each) for each in quiet], [(1, each) for each in importing])
    assert measured.ratio == pytest.approx(expected)
    assert (measured.fault(short=False) is None) == (expected <= 1.2)
