"""Figures, their bounds and ratios."""

import pytest

from bench.figure import Figure, Kind, ratios, table


@pytest.mark.parametrize(
    ("kind", "bound", "holds"),
    [("at most", 2.0, True), ("at most", 1.9, False), ("at least", 2.0, True), ("at least", 2.1, False)],
)
def test_the_median_must_keep_the_bound(kind: Kind, bound: float, holds: bool) -> None:  # noqa: FBT001
    """One round that is far off does not decide, and the bound itself is kept."""
    figure = Figure("f", "ms", [1.0, 2.0, 900.0], kind, bound)
    assert figure.holds is holds
    assert ("✓" if holds else "✗") in table([figure])


def test_without_a_bound_it_is_only_shown() -> None:
    """A figure without a bound never fails."""
    figure = Figure("f", "ms", [1e9])
    assert figure.holds
    assert "✓" not in table([figure])


def test_ratios_are_of_one_round() -> None:
    """What is compared was measured in the same round."""
    assert ratios([2.0, 9.0], [1.0, 3.0]) == [2.0, 3.0]
    with pytest.raises(ValueError, match="longer"):
        ratios([1.0], [1.0, 2.0])
