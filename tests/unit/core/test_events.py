"""EventBridge documents in both shapes become events; anything else is refused by name."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.core.errors import MalformedEvent
from notifications.core.events import MAX_FIELDS_BYTES, parse, read, usable_id
from notifications.core.json_text import compact
from tests.samples.configuration import STARTED

PLAIN: dict[str, Any] = {
    "id": "e-1",
    "source": "backend.ai",
    "time": "2026-01-15T10:30:00Z",
    "detail-type": "session.started",
    "detail": STARTED,
}
TRIGGERED: dict[str, Any] = {
    "id": "e-2",
    "source": "backend.ai.manager",
    "time": "2026-01-15T10:31:00Z",
    "detail-type": "notification_triggered",
    "detail": {
        "rule_type": "session.started",
        "timestamp": "2026-01-15T10:30:00.123456Z",
        "notification_data": STARTED,
    },
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda children: st.lists(children) | st.dictionaries(st.text(), children),
)


def without(document: dict[str, Any], key: str) -> dict[str, Any]:
    """Leave out one part."""
    return {name: value for name, value in document.items() if name != key}


def test_plain_shape() -> None:
    """The detail-type is the rule type, and the detail has the fields."""
    event = parse(PLAIN)
    assert (event.id, event.rule_type, event.data) == ("e-1", "session.started", STARTED)
    assert event.timestamp == datetime(2026, 1, 15, 10, 30, tzinfo=UTC)


def test_triggered_shape() -> None:
    """Backend.AI's own event carries type, time and fields in its detail."""
    event = parse(TRIGGERED)
    assert (event.id, event.rule_type, event.data) == ("e-2", "session.started", STARTED)
    assert event.timestamp == datetime(2026, 1, 15, 10, 30, 0, 123456, tzinfo=UTC)


def test_rule_type_in_any_case() -> None:
    """A rule type's case does not matter, in either shape."""
    assert parse({**PLAIN, "detail-type": "Session.Started"}).rule_type == "session.started"
    detail = {**TRIGGERED["detail"], "rule_type": "SESSION.STARTED"}
    assert parse({**TRIGGERED, "detail": detail}).rule_type == "session.started"


@pytest.mark.parametrize("key", ["id", "source", "time", "detail-type", "detail"])
@pytest.mark.parametrize("wrong", ["absent", None, "", 5, []])
def test_missing_part(key: str, wrong: object) -> None:
    """A part that is missing or of the wrong kind is named."""
    document = without(PLAIN, key) if wrong == "absent" else {**PLAIN, key: wrong}
    with pytest.raises(MalformedEvent, match=f"^{key} must be"):
        parse(document)


@pytest.mark.parametrize("key", ["rule_type", "timestamp", "notification_data"])
@pytest.mark.parametrize("wrong", ["absent", None, "", 5, []])
def test_missing_part_of_triggered(key: str, wrong: object) -> None:
    """A part of Backend.AI's own event that is missing or of the wrong kind is named."""
    detail = without(TRIGGERED["detail"], key) if wrong == "absent" else {**TRIGGERED["detail"], key: wrong}
    with pytest.raises(MalformedEvent, match=f"^{key} must be"):
        parse({**TRIGGERED, "detail": detail})


@pytest.mark.parametrize("text", ["yesterday", "1768473000", "2026-13-01T00:00:00Z", "2026-01-15T25:00:00Z"])
def test_bad_time(text: str) -> None:
    """What is no ISO 8601 time is refused."""
    with pytest.raises(MalformedEvent, match="time must be an ISO 8601 time"):
        parse({**PLAIN, "time": text})


def test_naive_time_is_utc() -> None:
    """A time without offset is taken as UTC."""
    assert parse({**PLAIN, "time": "2026-01-15T10:30:00"}).timestamp.utcoffset() == timedelta(0)


def test_offset_is_kept() -> None:
    """A time with an offset is that time."""
    time = parse({**PLAIN, "time": "2026-01-15T19:30:00+09:00"}).timestamp
    assert time == datetime(2026, 1, 15, 10, 30, tzinfo=UTC)


@pytest.mark.parametrize("source", ["aws.ec2", "Backend.AI", "my.backend.ai"])
def test_foreign_source(source: str) -> None:
    """Events of other sources are refused."""
    with pytest.raises(MalformedEvent, match=r"must begin with 'backend\.ai'"):
        parse({**PLAIN, "source": source})


@pytest.mark.parametrize("others", [[], ["arn:aws:ec2:x"], ["backend.ai:event-id:order-7"], [7, None]])
def test_chosen_id(others: list[Any]) -> None:
    """An entry of the resources says the event's id; others, and the bus's own id, do not matter then."""
    entries = [*others, "backend.ai:event-id:order-7"]
    assert parse({**PLAIN, "resources": entries}).id == "order-7"
    assert parse({**TRIGGERED, "id": None, "resources": entries}).id == "order-7"
    assert usable_id({**PLAIN, "resources": entries}) == "order-7"


@pytest.mark.parametrize(
    "resources", [None, [], "backend.ai:event-id:x", {}, ["backend.ai:event:x"], [[], 7]]
)
def test_no_chosen_id(resources: Any) -> None:
    """Without such an entry the event has the id that the bus gave it."""
    assert parse({**PLAIN, "resources": resources}).id == "e-1"


@pytest.mark.parametrize("chosen", [[""], ["a.b"], ["x" * 129], ["a", "b"], ["한"], ["a "]])
def test_bad_chosen_id(chosen: list[str]) -> None:
    """An id that cannot be one, and two different ones, are refused and the bus's id names the refusal."""
    document = {**PLAIN, "resources": [f"backend.ai:event-id:{event_id}" for event_id in chosen]}
    with pytest.raises(MalformedEvent, match=r"backend\.ai:event-id:"):
        parse(document)
    assert usable_id(document) == "e-1"


@pytest.mark.parametrize("letter", ["x", "세", "🚀", "\\", '"', "\x01", "\x7f", "\u2028"])
def test_size_is_counted_in_one_form(letter: str) -> None:
    """Fields are as large as their compact JSON in UTF-8, however the document spells them."""
    each = len(json.dumps(letter, ensure_ascii=False).encode()) - 2
    count = (MAX_FIELDS_BYTES - len('{"a":""}')) // each
    for fields, fits in (({"a": letter * count}, True), ({"a": letter * (count + each)}, False)):
        for text in (json.dumps({**PLAIN, "detail": fields}, indent=1), compact({**PLAIN, "detail": fields})):
            if fits:
                assert read(text).data == fields
            else:
                with pytest.raises(MalformedEvent, match=f"larger than {MAX_FIELDS_BYTES} bytes"):
                    read(text)


@given(st.dictionaries(st.sampled_from(list(PLAIN)), JSON))
def test_anything_is_an_event_or_malformed(changes: dict[str, Any]) -> None:
    """Whatever the parts of a document are, it becomes an event or a MalformedEvent."""
    document = {**PLAIN, **changes}
    try:
        event = parse(document)
    except MalformedEvent as error:
        assert error.message.split()[0] in {*PLAIN, *TRIGGERED["detail"]}  # noqa: PT017
    else:
        assert event.timestamp.tzinfo
        assert event.id == document["id"]
