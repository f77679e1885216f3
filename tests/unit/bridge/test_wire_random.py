"""Whatever bytes are on the wire, they become an event or are refused with our own errors."""

import json
import struct
from base64 import b64encode
from collections.abc import Callable
from typing import Any

import msgpack
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backendai_notification_bridge.core.errors import BridgeError, Undecodable
from backendai_notification_bridge.core.pickled import last_text
from backendai_notification_bridge.core.positions import POSITIONS
from backendai_notification_bridge.core.received import ReceivedEntry
from backendai_notification_bridge.core.wire import (
    decode_entry,
    decode_published,
)
from notifications.core.rule_types import BUILT_IN
from notifications.core.schemas import check_data
from tests.samples.bridge import CAME, SESSION, Bridge, recordings
from tests.unit.bridge.entries import packed

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | st.text() | st.binary(),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text() | st.integers(0, 9), inner, max_size=4)
    ),
    max_leaves=12,
)
NAMES = st.sampled_from(sorted(POSITIONS))
TELLING = st.sampled_from(
    [SESSION, "RUNNING", "TERMINATED", "TERMINATING", "agent-lost", "idle-timeout", "text"]
)
"""What lets an event be made more often than chance would."""


def made(attempt: Callable[[], ReceivedEntry]) -> list[tuple[str, Any]]:
    """Return type and data of the events that an entry makes, as the bus gets them; none if it is refused."""
    try:
        events = Bridge().make(attempt(), tries=100).events
    except BridgeError:
        return []
    return [(event.detail_type, _parsed(event.entry("bus")["Detail"])) for event in events]


def _parsed(detail: str) -> Any:
    return json.loads(detail.encode(), parse_constant=lambda _: pytest.fail("not JSON"))


@given(NAMES, st.lists(JSON_VALUES | TELLING, max_size=8))
def test_any_arguments_make_events_or_are_refused(name: str, arguments: list[Any]) -> None:
    """Whatever MessagePack can say as arguments makes an event that fits its type, or is refused."""
    events = made(lambda: decode_entry(packed(name, *arguments), CAME))
    assert {detail_type for detail_type, _ in events} <= BUILT_IN.keys()
    for detail_type, data in events:
        check_data(BUILT_IN[detail_type], data)


@given(NAMES, st.binary(max_size=300))
def test_any_bytes_end_in_an_event_or_a_refusal(name: str, data: bytes) -> None:
    """Random bytes as arguments, payload, message or pickle raise nothing but our own errors."""
    message = json.dumps({"name": name, "source": "i", "args": b64encode(data).decode()}).encode()
    extension = msgpack.packb([msgpack.ExtType(6, data)])
    attempts: tuple[Callable[[], ReceivedEntry], ...] = (
        lambda: decode_entry({b"name": name.encode(), b"args": data}, CAME),
        lambda: decode_entry({b"name": name.encode(), b"payload": data}, CAME),
        lambda: decode_entry({b"name": data, b"source": data, b"args": extension}, CAME),
        lambda: decode_published(message, "pubsub", CAME),
        lambda: decode_published(data, "key", CAME),
        lambda: decode_entry({b"name": name.encode(), b"args": extension}, CAME),
    )
    for attempt in attempts:
        assert {detail_type for detail_type, _ in made(attempt)} <= BUILT_IN.keys()


@given(st.sampled_from([one for one in recordings() if one.fields]), st.data())
def test_any_cut_of_a_recording_is_refused_or_taken(recording: Any, data: st.DataObject) -> None:
    """Cut or with one byte changed anywhere, a real entry raises nothing but our own errors."""
    form = b"args" if b"args" in recording.fields else b"payload"
    whole = recording.fields[form]
    at = data.draw(st.integers(0, max(len(whole) - 1, 0)))
    tail = whole[at + 1 :]
    changed = whole[:at] + data.draw(st.sampled_from([b"", tail, struct.pack("B", at % 256) + tail]))
    events = made(lambda: decode_entry({**recording.fields, form: changed}, CAME))
    assert {detail_type for detail_type, _ in events} <= BUILT_IN.keys()


@given(st.binary(max_size=200))
def test_any_pickle_is_text_or_refused(data: bytes) -> None:
    """Reading a pickle's last text ends in a text or in ``Undecodable``, whatever the bytes are."""
    try:
        assert isinstance(last_text(b"\x80\x04" + data), str)
    except Undecodable:
        return
