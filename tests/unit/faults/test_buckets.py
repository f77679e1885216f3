"""Token buckets per partition key, and for whole tables and indexes."""

import pytest

from tests.proxy.throttle.buckets import LEAST_HELD, Buckets, Choke, Place, Rates
from tests.proxy.throttle.capacity import TABLE

HOT = Place("records", TABLE, "hot", "write")


def taken(buckets: Buckets, place: Place, now: float, units: float = 1) -> int:
    """Take until nothing is left; tell how often it worked."""
    count = 0
    while buckets.take({place: units}, now) is None:
        count += 1
    return count


@pytest.mark.parametrize(("kind", "expected"), [("write", 1_000), ("read", 3_000)])
def test_a_key_has_what_a_partition_takes_in_a_second(kind: str, expected: int) -> None:
    """A full bucket holds one second's units, however long nothing was taken, and fills by the second."""
    buckets = Buckets(Rates())
    place = HOT._replace(kind="write" if kind == "write" else "read")
    assert taken(buckets, place, 0) == expected
    assert taken(buckets, place, 0.5) == expected / 2
    assert taken(buckets, place, 1_000) == expected


def test_keys_indexes_and_kinds_have_buckets_of_their_own() -> None:
    """One that is empty does not keep the others from being read and written."""
    buckets = Buckets(Rates(total=False))
    assert taken(buckets, HOT, 0) == 1_000
    for other in (HOT._replace(key="cold"), HOT._replace(where="by-day"), HOT._replace(kind="read")):
        assert buckets.take({other: 1}, 0) is None


def test_the_scale_divides_what_is_taken() -> None:
    """With a scale of 100, a key takes 10 writes a second, after what one event may need at once."""
    buckets = Buckets(Rates(scale=100))
    assert taken(buckets, HOT, 0) == LEAST_HELD
    assert [taken(buckets, HOT, now) for now in (1, 2)] == [10, 10]


def test_a_whole_table_takes_four_times_what_a_partition_does() -> None:
    """A new table's units are shared by all its keys; which place lacks them is told."""
    buckets = Buckets(Rates(scale=10))
    for key in "abcd":
        assert taken(buckets, HOT._replace(key=key), 0) == 100
    assert buckets.take({HOT._replace(key="e"): 1}, 0) == HOT._replace(key=None)


def test_all_is_taken_or_nothing() -> None:
    """What one place lacks is not taken from the others."""
    buckets = Buckets(Rates(scale=10))
    cold = HOT._replace(key="cold")
    assert taken(buckets, HOT, 0) == 100
    assert buckets.take({cold: 1, HOT: 1}, 0) == HOT
    assert taken(buckets, cold, 0) == 100


def test_more_than_a_bucket_holds_needs_a_full_one_and_leaves_a_debt() -> None:
    """A large item can be written, at the same rate in the end."""
    buckets = Buckets(Rates(scale=10, total=False))
    assert buckets.take({HOT: 250}, 0) is None
    assert buckets.take({HOT: 1}, 1.5) == HOT
    assert buckets.take({HOT: 1}, 1.6) is None


def test_what_was_not_used_is_given_back() -> None:
    """It can be taken again."""
    buckets = Buckets(Rates())
    assert buckets.take({HOT: 1_000}, 0) is None
    buckets.give_back({HOT: 1_000}, 0)
    assert taken(buckets, HOT, 0) == 1_000


@pytest.mark.parametrize(
    ("choke", "choked", "free"),
    [
        (Choke("records", 0), HOT, HOT._replace(where="by-day")),
        (Choke("records", 0, "by-day"), HOT._replace(where="by-day"), HOT),
        (Choke("records", 0, keys="h"), HOT, HOT._replace(key="cold")),
    ],
)
def test_a_table_an_index_or_keys_can_be_choked(choke: Choke, choked: Place, free: Place) -> None:
    """Nothing is left of them, and all else takes what it always takes."""
    buckets = Buckets(Rates(chokes=[choke]))
    assert buckets.take({choked: 1}, 0) is not None
    assert buckets.take({free: 1}, 0) is None


def test_a_choke_may_leave_something() -> None:
    """A unit a second goes through."""
    buckets = Buckets(Rates(chokes=[Choke("records", 1)]))
    assert taken(buckets, HOT, 0) == 1
    assert taken(buckets, HOT, 1) == 1
