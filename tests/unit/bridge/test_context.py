"""Who and what a session is leaves as ``context``, as far as the operator allows it."""

from backendai_notification_bridge.core.context import CONTEXT_FIELDS, context_of
from backendai_notification_bridge.core.making import MakeOptions
from backendai_notification_bridge.core.sessions import Session
from tests.samples.bridge import SESSION, Bridge, changed, received, session


def test_all_that_is_known_is_there() -> None:
    """Every field, as the service's schema has it."""
    assert context_of(session(), CONTEXT_FIELDS) == {
        "project": "vision",
        "domain": "default",
        "user_id": "f38dea23-50fa-42a0-b5ae-338f5f4693f4",
        "user_email": "ada@example.com",
        "access_key": "AKIAIOSFODNN7EXAMPLE",
        "resource_group": "gpu",
        "image": "registry.example/python:3.13",
        "requested_slots": {"cpu": "2", "mem": "1073741824"},
        "created_at": "2026-01-15T08:59:00Z",
        "started_at": "2026-01-15T09:00:00Z",
        "duration_seconds": 3600,
        "exit_code": 0,
        "agent_ids": ["i-agent01"],
    }


def test_what_is_not_known_is_left_out() -> None:
    """A session that never ran has no start and no duration, not a wrong one."""
    assert context_of(session(started_at=None), frozenset({"started_at", "duration_seconds"})) is None
    assert context_of(Session(SESSION), CONTEXT_FIELDS) is None
    assert context_of(None, CONTEXT_FIELDS) is None


def test_only_what_may_leave_leaves() -> None:
    """A list of fields, on every type of event about a session; without any there is no ``context``."""
    batch = received("session_success", {"session_id": SESSION, "reason": "task-finished", "exit_code": 0})
    for allowed in (frozenset({"project", "image"}), frozenset[str]()):
        bridge = Bridge(options=MakeOptions(allowed))
        for entry in (
            changed("RUNNING"),
            changed("TERMINATED"),
            changed("TERMINATING", "idle-timeout"),
            batch,
        ):
            (event,) = bridge.make(entry).events
            assert event.detail.get("context", {}).keys() == allowed
            assert "ada@example.com" not in str(event.detail)
