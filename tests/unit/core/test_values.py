"""Classes of values."""

import dataclasses

import pytest

from notifications.core.records import DeliveryRecord
from notifications.core.values import replace

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
