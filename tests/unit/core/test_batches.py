"""Things are parted into batches within bounds, and none is lost."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from notifications.core.batches import batches


@given(st.lists(st.integers(0, 50)), st.integers(1, 10), st.integers(1, 100))
def test_batches_are_within_their_bounds(weights: list[int], most: int, heaviest: int) -> None:
    """All come in their order; no batch has too many or is too heavy, but for what is so by itself."""
    made = [*batches(weights, most, heaviest=heaviest, weigh=lambda weight: weight)]
    assert [weight for batch in made for weight in batch] == weights
    assert all(0 < len(batch) <= most for batch in made)
    assert all(sum(batch) <= heaviest or len(batch) == 1 for batch in made)


@given(st.lists(st.integers(0, 50)), st.integers(1, 10), st.integers(1, 100))
def test_no_batch_is_smaller_than_it_must_be(weights: list[int], most: int, heaviest: int) -> None:
    """A batch ends only where the next thing has no room in it."""
    made = [*batches(weights, most, heaviest=heaviest, weigh=lambda weight: weight)]
    for batch, following in itertools.pairwise(made):
        assert len(batch) == most or sum(batch) + following[0] > heaviest
