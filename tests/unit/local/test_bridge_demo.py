"""A recording is played again about others, so that the service does not take it for a repeat."""

import json
from datetime import UTC, datetime

from backendai_notification_bridge.core.names import unwanted
from backendai_notification_bridge.core.wire import decode_entry, decode_published
from local.bridge_demo import fresh_fields, fresh_message
from local.recordings import Recording, recordings

NOW = datetime(2026, 1, 15, 10, 30, tzinfo=UTC)


def heard(recording: Recording, mark: str) -> object:
    """Decode what is played of a recording."""
    if recording.via == "stream":
        return decode_entry(fresh_fields(recording, mark), NOW)
    return decode_published(fresh_message(recording.message, mark), "pubsub", NOW)


def test_what_is_played_can_be_read_and_is_about_others() -> None:
    """In both wire forms the other names have their place; the same run is about the same ones."""
    wanted = [one for one in recordings() if one.via != "key" and _is_wanted(one)]
    assert len(wanted) > 100
    for recording in wanted:
        assert heard(recording, "one") == heard(recording, "one") != heard(recording, "two")


def _is_wanted(recording: Recording) -> bool:
    if recording.via == "stream":
        return unwanted(recording.fields[b"name"].decode(), "stream") is None
    return unwanted(json.loads(recording.message)["name"], "pubsub") is None
