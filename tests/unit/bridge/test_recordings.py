"""Each of the recordings of seven releases makes what it should, and the service takes it."""

import json

import pytest

from backendai_notification_bridge.core.names import unwanted
from notifications.core.rule_types import BUILT_IN
from notifications.core.schemas import check_data
from tests.samples.bridge import Bridge, Recording, recordings, releases

NOISE = frozenset(
    [
        "agent_heartbeat",
        "bgtask_updated",
        "do_idle_check",
        "do_sokovan_process_if_needed",
        "image_pull_finished",
        "image_pull_started",
        "kernel_creating",
        "kernel_preparing",
        "kernel_pulling",
        "kernel_started",
        "kernel_terminated",
        "session_enqueued",
        "session_preparing",
        "session_scheduled",
        "session_terminating",
        "vfolder_deletion_failure",
        "vfolder_deletion_success",
    ]
)
STREAM_ONLY = frozenset(["session_failure", "session_started", "session_success", "session_terminated"])
BY_NAME = {
    "session_started": "session.started",
    "session_terminated": "session.terminated",
    "session_success": "session.succeeded",
    "session_failure": "session.failed",
    "agent_started": "agent.started",
    "agent_error": "agent.error",
    "bgtask_done": "bgtask.done",
    "bgtask_failed": "bgtask.failed",
    "bgtask_cancelled": "bgtask.failed",
    "bgtask_partial_success": "bgtask.failed",
    "image_pull_failed": "image.pull.failed",
    "model_import_done": "model.import.done",
}
BY_STATUS = {"RUNNING": "session.started", "TERMINATED": "session.terminated"}


def _expected(recording: Recording) -> str | None:
    """Say what type an entry alone makes, None for nothing."""
    body = recording.received().body
    if recording.name == "notification_triggered":
        return str(body["rule_type"])
    if recording.name == "scheduling":
        if body["status_transition"] == "TERMINATING" and body["reason"].startswith("idle-"):
            return "session.idle-reclaimed"
        return BY_STATUS.get(body["status_transition"])
    if recording.name == "agent_terminated":
        return "agent.lost" if body["reason"] == "agent-lost" else None
    return BY_NAME[recording.name]


@pytest.mark.parametrize("release", releases())
def test_each_entry_makes_what_its_name_and_body_say(release: str) -> None:
    """Alone, every entry is dropped for a stated reason, or makes one event of the expected type."""
    for recording in (one for one in recordings() if one.release == release):
        reason = unwanted(recording.name, recording.via)
        if recording.name in NOISE:
            assert reason == "noise", recording
        elif recording.name in STREAM_ONLY and recording.via != "stream":
            assert reason == "other way", recording
        else:
            assert reason is None, recording
            made = Bridge().make(recording.received())
            expected = _expected(recording)
            assert [event.detail_type for event in made.events] == ([expected] if expected else []), recording
            assert bool(made.events) != bool(made.dropped), recording


@pytest.mark.parametrize("release", releases())
def test_the_service_takes_every_event(release: str) -> None:
    """Every event that any recording makes fits the schema of its built-in type, and is plain JSON."""
    for recording in (one for one in recordings() if one.release == release):
        if unwanted(recording.name, recording.via) is None:
            for event in Bridge().make(recording.received()).events:
                entry = event.entry("bus")
                data = json.loads(entry["Detail"])
                check_data(BUILT_IN[entry["DetailType"]], data)
                assert data == event.detail
                assert entry["Resources"] == [f"backend.ai:event-id:{event.event_id}"]


def test_a_whole_release_makes_each_event_once() -> None:
    """One bridge that reads all of a release's recordings makes no two events with one id."""
    for release in releases():
        bridge = Bridge()
        ids = [
            event.event_id
            for recording in recordings()
            if recording.release == release and unwanted(recording.name, recording.via) is None
            for event in bridge.make(recording.received()).events
        ]
        assert len(ids) == len(set(ids)) > 5


def test_both_wire_forms_of_an_event_are_one_event() -> None:
    """MessagePack of 26.4 and JSON of 26.9 give the same body and the same id: an upgrade doubles nothing."""
    by_what: dict[tuple[str, str], dict[str, Recording]] = {}
    for recording in recordings():
        if unwanted(recording.name, recording.via) is None:
            by_what.setdefault((recording.via, recording.what), {})[recording.release] = recording
    compared = 0
    for found in by_what.values():
        if {"26.4.10", "26.9.6"} <= found.keys() and found["26.4.10"].name != "notification_triggered":
            old, new = found["26.4.10"].received(), found["26.9.6"].received()
            assert old.name == new.name
            assert {k: v for k, v in old.body.items() if v is not None} == {
                k: v for k, v in new.body.items() if v is not None
            }
            old_made, new_made = Bridge().make(old), Bridge().make(new)
            assert [event.detail for event in old_made.events] == [event.detail for event in new_made.events]
            compared += 1
    assert compared > 15
