"""Classes of values."""

import dataclasses

import pytest

from notifications.core.records import DeliveryRecord
from notifications.core.values import mutable, replace, value
from tests.samples.configuration import rule

RECORD = DeliveryRecord("event", "rule", "channel", "session.started", "pending", None, "then", "then")


def test_replacing_is_that_of_dataclasses() -> None:
    """Fields that are named change, the others and the original stay."""
    changes = {"status": "delivered", "revision": 2, "attempts": (), "reason": "status 200"}
    changed = replace(RECORD, **changes)
    assert changed == dataclasses.replace(RECORD, **changes)  # type: ignore[arg-type]
    assert (RECORD.status, RECORD.revision) == ("pending", 1)
    assert replace(RECORD) == RECORD
    assert replace(RECORD) is not RECORD


def test_a_field_that_is_not_there_cannot_be_replaced() -> None:
    """A name that is misspelt is not passed over."""
    with pytest.raises(KeyError):
        replace(RECORD, state="delivered")


@value
class Point:
    """A value. ``note`` does not count, and is not shown."""

    x: int
    y: object = None
    note: str = dataclasses.field(default="", compare=False, repr=False)


@value
class Empty:
    """A value without fields."""


@value
class Named:
    """A value that shows itself."""

    name: str

    def __repr__(self) -> str:
        return "hidden"


def test_values_are_equal_by_their_fields() -> None:
    """Those that are to be compared count, and only within one class."""
    assert Point(1, note="a") == Point(1, note="b")
    assert hash(Point(1, note="a")) == hash(Point(1, note="b"))
    assert Point(1) != Point(2)
    assert Point(1) != dataclasses.make_dataclass("Point", ["x", "y"])(1, None)
    assert Empty() == Empty()
    assert {Empty(): 1}[Empty()] == 1
    with pytest.raises(TypeError, match="unhashable"):
        hash(Point(1, {}))


def test_a_field_that_is_not_hashed() -> None:
    """A field whose value cannot be hashed counts when values are compared, and not when they are hashed."""
    one, same, other = (rule(condition={"a": [number]}) for number in (1, 1, 2))
    assert one == same
    assert one != other
    assert len({one, same, other}) == len({hash(one)}) + 1


def test_values_show_their_fields() -> None:
    """Except those that are secret; and a class may show itself."""
    assert repr(Point(1, "2", "a secret")) == "Point(x=1, y='2')"
    assert repr(Named("a secret")) == "hidden"


@mutable
class Count:
    """What changes."""

    number: int = 0
    names: list[str] = dataclasses.field(default_factory=list)


def test_what_is_mutable_is_equal_by_its_fields_and_has_no_hash() -> None:
    """Its fields can be set, and no dictionary takes it as a key, since its hash would change."""
    count = Count()
    count.number += 1
    assert count == Count(1)
    assert count != Count()
    assert repr(count).endswith("Count(number=1, names=[])")
    with pytest.raises(TypeError):
        hash(count)
