"""A session's start and end make one event each, whichever ways a release tells them, and however often."""

from datetime import timedelta

import pytest

from backendai_notification_bridge.core.errors import LookupFailed, ManagerUnavailable, Refused, TryLater
from backendai_notification_bridge.core.makers.lookup import FAILED_TRIES, UNAVAILABLE_TRIES, UNKNOWN_TRIES
from backendai_notification_bridge.core.making import MakeOptions, make, session_asked_for
from backendai_notification_bridge.core.sessions import Session
from backendai_notification_bridge.core.wire import decode_published
from backendai_notification_bridge.manager.catch_up import MARGIN, catch_up
from tests.samples.bridge import (
    BEGAN,
    CAME,
    SESSION,
    Bridge,
    Cluster,
    Memory,
    changed,
    received,
    session,
)

FIELDS = {
    "session_id": SESSION,
    "session_name": "train-01",
    "session_type": "interactive",
    "cluster_mode": "single-node",
}


def notified(rule_type: str, **more: str) -> dict[str, object]:
    """Make the body of a notification on a session."""
    status = {"session.started": "RUNNING", "session.terminated": "TERMINATED"}[rule_type]
    data = {**FIELDS, "status": status, **more}
    return {"rule_type": rule_type, "timestamp": "2026-01-15T10:30:00.5+00:00", "notification_data": data}


def test_running_makes_started_with_what_the_manager_knows() -> None:
    """Name, type and cluster mode come from the manager, the status from the event, which may be older."""
    (event,) = Bridge().make(changed("RUNNING")).events
    context = event.detail["context"]
    assert {**event.detail, "context": None} == {**FIELDS, "status": "RUNNING", "context": None}
    assert event.came == BEGAN
    assert context["started_at"] == "2026-01-15T09:00:00Z"
    assert not {"duration_seconds", "exit_code"} & context.keys()


def test_terminated_says_how_long_and_how_it_ended() -> None:
    """The end has the whole seconds from start to end, and the main container's exit code."""
    (event,) = Bridge(Cluster({SESSION: session(exit_code=137)})).make(changed("TERMINATED")).events
    assert event.detail["status"] == "TERMINATED"
    assert (event.detail["context"]["duration_seconds"], event.detail["context"]["exit_code"]) == (3600, 137)


@pytest.mark.parametrize(
    "status", ["PENDING", "SCHEDULED", "PREPARING", "PULLING", "CREATING", "CANCELLED", "PREEMPTED", "NEW"]
)
def test_other_changes_make_nothing(status: str) -> None:
    """Neither those on the way nor those that a newer release may add."""
    bridge = Bridge()
    assert bridge.make(changed(status)).dropped == "noise"
    assert bridge.cluster.asked == 0


@pytest.mark.parametrize(
    ("before", "at_end", "status_info", "reason"),
    [
        ("user-requested", "triggered-by-scheduler", "", "user-requested"),
        (None, "triggered-by-scheduler", "ABNORMAL_TERMINATION", "ABNORMAL_TERMINATION"),
        (None, "force-terminated", "force-terminated", "force-terminated"),
        (None, "user-requested", None, "user-requested"),
        ("triggered-by-scheduler", "", "triggered-by-scheduler", None),
        (None, "triggered-by-scheduler", None, None),
    ],
)
def test_the_reason_is_the_true_one(
    before: str | None, at_end: str, status_info: str | None, reason: str | None
) -> None:
    """Never the scheduler's own; what TERMINATING said, or what the API still knows, or none."""
    bridge = Bridge(Cluster({SESSION: session(status_info=status_info)}))
    if before is not None:
        bridge.make(changed("TERMINATING", before))
    (event,) = bridge.make(changed("TERMINATED", at_end)).events
    assert event.detail.get("termination_reason") == reason


@pytest.mark.parametrize("notification_first", [True, False])
def test_notification_and_scheduling_make_one_event(notification_first: bool) -> None:  # noqa: FBT001
    """Releases 25.17 to 25.19 send both, in no order: the first counts, the other is a repeat."""
    for rule_type, status in (("session.started", "RUNNING"), ("session.terminated", "TERMINATED")):
        both = [received("notification_triggered", notified(rule_type)), changed(status)]
        bridge = Bridge()
        first, second = [bridge.make(one) for one in (both if notification_first else both[::-1])]
        assert [event.detail_type for event in first.events] == [rule_type]
        assert (second.events, second.dropped) == ((), "repeat")


def test_a_reschedule_is_another_start() -> None:
    """RUNNING that comes again counts as a copy only if the session began to run at the same moment."""
    bridge = Bridge()
    first = bridge.make(changed("RUNNING"))
    assert bridge.make(changed("RUNNING", via="key")).dropped == "repeat"
    bridge.cluster.known[SESSION] = session(started_at=BEGAN + timedelta(minutes=5))
    again = bridge.make(changed("RUNNING"))
    assert len({event.event_id for event in (*first.events, *again.events)}) == 2


def test_the_old_scheduler_is_heard() -> None:
    """Releases until 25.12 tell starts and ends on the stream, without name or type."""
    bridge = Bridge()
    started = bridge.make(
        received("session_started", {"session_id": SESSION, "creation_id": "c", "reason": "x"})
    )
    ended = bridge.make(received("session_terminated", {"session_id": SESSION, "reason": "idle-timeout"}))
    assert [event.detail_type for event in started.events + ended.events] == [
        "session.started",
        "session.terminated",
    ]
    assert ended.events[0].detail["termination_reason"] == "idle-timeout"


def test_two_bridges_and_a_catch_up_agree_on_ids() -> None:
    """What a list of the manager's API tells another bridge later has the ids of what was heard at once."""
    one, other = Bridge(), Bridge(Cluster({SESSION: session()}))
    ids = [
        event.event_id for status in ("RUNNING", "TERMINATED") for event in one.make(changed(status)).events
    ]
    listed = [
        event.event_id
        for message in catch_up(other.cluster, BEGAN)
        for event in other.make(decode_published(message, "api", CAME + timedelta(hours=5))).events
    ]
    assert ids == listed
    assert len(set(ids)) == 2


def test_a_catch_up_allows_for_clocks_that_differ() -> None:
    """What the manager's clock dates a little before the absence is listed, too."""
    cluster = Cluster({SESSION: session(terminated_at=None)})
    assert len(list(catch_up(cluster, BEGAN + MARGIN))) == 1
    assert not list(catch_up(cluster, BEGAN + MARGIN + timedelta(seconds=1)))


def test_a_session_that_ended_is_not_asked_for_again() -> None:
    """A repeat of an end is known without the manager."""
    bridge = Bridge()
    bridge.make(changed("TERMINATED"))
    asked = bridge.cluster.asked
    assert bridge.make(changed("TERMINATED", via="key")).dropped == "repeat"
    assert bridge.cluster.asked == asked


def test_a_manager_that_is_away_is_waited_for() -> None:
    """What needs the manager waits as long as it takes; nothing is remembered of a try that failed."""
    bridge = Bridge(Cluster(away=True))
    for tries in (0, 1, 10_000):
        with pytest.raises(ManagerUnavailable):
            bridge.make(changed("RUNNING"), tries)
    assert bridge.memory.kept == {}
    bridge.cluster.away = False
    assert bridge.make(changed("RUNNING")).events


def test_what_can_do_without_the_manager_does_in_the_end() -> None:
    """A notification, a batch's end and an idle session go without context after the stated tries."""
    bridge = Bridge(Cluster(away=True))
    batch = received("session_failure", {"session_id": SESSION, "reason": "task-failed", "exit_code": 1})
    reclaimed = received("do_terminate_session", {"session_id": SESSION, "reason": "idle-timeout"})
    for entry in (received("notification_triggered", notified("session.started")), batch, reclaimed):
        with pytest.raises(TryLater):
            bridge.make(entry, UNAVAILABLE_TRIES - 1)
        (event,) = bridge.make(entry, UNAVAILABLE_TRIES).events
        assert event.detail["session_id"] == SESSION
        assert "context" not in event.detail


def test_an_unknown_session_is_given_up() -> None:
    """One that the manager does not know is tried again, then refused, or done without."""
    bridge = Bridge(Cluster({SESSION: None}))
    with pytest.raises(TryLater):
        bridge.make(changed("RUNNING"), UNKNOWN_TRIES - 1)
    with pytest.raises(Refused, match=SESSION):
        bridge.make(changed("RUNNING"), UNKNOWN_TRIES)
    body = {"session_id": SESSION, "reason": "task-failed", "exit_code": 1}
    (event,) = bridge.make(received("session_failure", body), UNKNOWN_TRIES).events
    assert event.detail == body


def test_a_lookup_that_always_fails_is_given_up() -> None:
    """A session on which the manager's GraphQL fails each time ends as refused."""

    class Failing(Cluster):
        def session(self, session_id: str) -> Session | None:
            raise LookupFailed(f"no {session_id}")

    bridge = Bridge(Failing())
    with pytest.raises(LookupFailed):
        bridge.make(changed("RUNNING"), FAILED_TRIES - 1)
    with pytest.raises(Refused):
        bridge.make(changed("RUNNING"), FAILED_TRIES)


def test_without_a_manager_only_whole_notifications_are_made() -> None:
    """Notifications have all that they need, changes of status are refused with the reason."""
    started = received("notification_triggered", notified("session.started"))
    assert make(started, Memory(), None, MakeOptions()).events[0].detail == {**FIELDS, "status": "RUNNING"}
    with pytest.raises(Refused, match="manager"):
        make(changed("RUNNING"), Memory(), None, MakeOptions())


def test_a_session_without_a_type_is_refused() -> None:
    """The contract requires it, so that the service would refuse the event."""
    with pytest.raises(Refused, match="session_type is missing"):
        Bridge(Cluster({SESSION: session(type=None)})).make(changed("RUNNING"))


@pytest.mark.parametrize("session_id", [None, 5, "", "x" * 36, SESSION + "\n", '" } { user { email } }'])
def test_only_a_uuid_is_asked_for(session_id: object) -> None:
    """Nothing else reaches the manager."""
    bridge = Bridge()
    with pytest.raises(Refused, match="UUID"):
        bridge.make(
            received("scheduling", {"session_id": session_id, "status_transition": "RUNNING"}, "pubsub")
        )
    assert bridge.cluster.asked == 0


def test_what_will_be_asked_for_is_known_beforehand() -> None:
    """So that a burst's sessions can be looked up together."""
    batch = received("session_failure", {"session_id": SESSION, "reason": "task-failed", "exit_code": 1})
    for asking in (
        changed("RUNNING"),
        changed("TERMINATED"),
        batch,
        received("notification_triggered", notified("session.started")),
    ):
        assert session_asked_for(asking) == SESSION
    other = received(
        "notification_triggered", {"rule_type": "artifact.download.completed", "notification_data": {}}
    )
    for silent in (
        changed("PENDING"),
        other,
        received("agent_started", {"reason": "revived"}),
        received("session_failure", {}),
    ):
        assert session_asked_for(silent) is None
