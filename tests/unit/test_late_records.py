"""Records that go by a queue come out of it as they were."""

import json
import zlib
from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.core.records import DeliveryRecord
from notifications.delivering.late_records import LAST_DELAY_SECONDS, delay, kept, read
from tests.samples.records import delivery, delivery_records

MAX_MESSAGE_BYTES = 1024 * 1024


@given(delivery_records, st.integers(0, 200))
def test_round_trip(record: DeliveryRecord, tries: int) -> None:
    """Every record comes back from its message, which is JSON."""
    assert read(json.loads(json.dumps(kept(record, tries)))) == (record, tries)


def test_the_largest_fits() -> None:
    """A message that nothing can be made of shorter is within what SQS takes."""
    noise = "".join(chr(0x10000 + number * 7919 % 0xF0000) for number in range(64 * 1024))
    record = delivery(message=noise)
    assert len(noise.encode()) == 256 * 1024
    assert len(json.dumps(kept(record))) < MAX_MESSAGE_BYTES
    assert read(kept(record)) == (record, 0)


def test_what_is_none_of_ours_is_bounded() -> None:
    """A message that would unpack to gigabytes is cut, and refused."""
    bomb = b64encode(zlib.compress(b"[" * 50_000_000)).decode()
    with pytest.raises((ValueError, RecursionError)):
        read({"record": bomb, "tries": 0})


@given(st.integers(0, 10_000))
def test_delays_rise_to_a_bound(tries: int) -> None:
    """Each pause is as long as the one before or longer, and none is longer than SQS can delay a message."""
    assert delay(tries) <= delay(tries + 1) <= LAST_DELAY_SECONDS
