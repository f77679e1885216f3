"""Two events that the recordings lack, as the classes of three releases write them."""

import json
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest

from backendai_notification_bridge.core.wire import decode_entry
from tests.samples.bridge import CAME, SESSION, Bridge

FILE = Path(__file__).parents[2] / "data" / "more-events.jsonl"
EVENTS: list[dict[str, Any]] = [json.loads(line) for line in FILE.read_text("utf-8").splitlines()]
OWNER = "user:e5e5e5e5-8888-4b5c-8d6e-000000000001"


def made(event: dict[str, Any]) -> dict[str, Any]:
    """Make an event of what a release wrote; return its fields."""
    fields = {b"name": event["name"].encode(), b"source": b"storage-01"}
    if "payload" in event:
        fields[b"payload"] = event["payload"].encode()
    else:
        fields[b"args"] = b64decode(event["args"])
    (one,) = Bridge().make(decode_entry(fields, CAME)).events
    return {"type": one.detail_type, **one.detail}


@pytest.mark.parametrize("release", ["26.4.16", "26.8.3", "26.9.6"])
def test_requests_to_end_an_idle_session_are_read(release: str) -> None:
    """Each of the idle checkers' reasons, packed as an enum or as text."""
    found = [
        made(event)
        for event in EVENTS
        if (event["produced_by"], event["name"]) == (release, "do_terminate_session")
    ]
    assert {event["type"] for event in found} == {"session.idle-reclaimed"}
    assert {event["session_id"] for event in found} == {SESSION}
    reasons = {"idle-timeout", "idle-session-lifetime", "idle-utilization"}
    assert {event["reason"] for event in found} == reasons


@pytest.mark.parametrize("release", ["26.4.16", "26.8.3", "26.9.6"])
def test_a_clone_that_failed_is_read(release: str) -> None:
    """From which folder, to which, and why."""
    (event,) = [
        made(event)
        for event in EVENTS
        if (event["produced_by"], event["name"]) == (release, "vfolder_clone_failure")
    ]
    assert event == {
        "type": "vfolder.clone.failed",
        "vfolder_id": f"{OWNER}/f6f6f6f699994b5c8d6e000000000001",
        "target_vfolder_id": f"{OWNER}/f6f6f6f699994b5c8d6e000000000002",
        "message": "quota exceeded",
    }
