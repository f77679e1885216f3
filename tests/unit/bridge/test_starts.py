"""A session's start makes one event, however it is told, and whatever hides it."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from backendai_notification_bridge.core.makers.lookup import UNAVAILABLE_TRIES
from backendai_notification_bridge.core.makers.starts import MISSED_START
from backendai_notification_bridge.core.making import MakeOptions
from backendai_notification_bridge.core.sessions import Session
from backendai_notification_bridge.manager.catch_up import catch_up
from tests.samples.bridge import CAME, SESSION, Bridge, Cluster, changed, received, session

DATA = {
    "session_id": SESSION,
    "session_name": "train-01",
    "session_type": "interactive",
    "cluster_mode": "single-node",
    "status": "RUNNING",
}


def notified(**data: object) -> dict[str, object]:
    """Make the body of a notification that tells a start."""
    timestamp = CAME.isoformat()
    return {
        "rule_type": "session.started",
        "timestamp": timestamp,
        "notification_data": {**DATA, **data},
    }


def test_a_notification_made_without_the_manager_is_the_start_that_scheduling_tells() -> None:
    """Though only the second knows the time; a start a while later is another one."""
    bridge = Bridge(Cluster({SESSION: session(started_at=CAME - timedelta(seconds=2))}, away=True))
    assert bridge.make(received("notification_triggered", notified()), UNAVAILABLE_TRIES).events
    bridge.cluster.away = False
    assert bridge.make(changed("RUNNING")).dropped == "repeat"
    bridge.cluster.known[SESSION] = session(started_at=CAME + timedelta(minutes=5))
    assert bridge.make(changed("RUNNING")).events


@pytest.mark.parametrize("notification_first", [True, False])
def test_without_a_moment_the_two_reports_are_one_start(notification_first: bool) -> None:  # noqa: FBT001
    """A manager that does not say when a session began leaves the times of the reports to tell."""
    bridge = Bridge(Cluster({SESSION: session(started_at=None)}))
    both = [received("notification_triggered", notified()), changed("RUNNING")]
    first, second = [bridge.make(one) for one in (both if notification_first else both[::-1])]
    assert (len(first.events), second.dropped) == (1, "repeat")


def test_what_a_notification_leaves_open_is_filled_in() -> None:
    """A null hides nothing that the manager knows, and the type is in lower case, as the contract has it."""
    body = notified(session_type=None, cluster_mode=None, session_name=None)
    (event,) = Bridge().make(received("notification_triggered", body)).events
    assert {**event.detail, "context": None} == {**DATA, "context": None}
    (event,) = Bridge().make(received("notification_triggered", notified(session_type="BATCH"))).events
    assert event.detail["session_type"] == "batch"


def test_a_context_in_a_notification_does_not_leave() -> None:
    """What may leave is for the operator to say, so that only the bridge's own context does."""
    bridge = Bridge(options=MakeOptions(frozenset({"project"})))
    body = notified(context={"user_email": "ada@example.com"})
    (event,) = bridge.make(received("notification_triggered", body)).events
    assert event.detail["context"] == {"project": "vision"}


@pytest.mark.parametrize("status", ["TERMINATING", "TERMINATED"])
def test_a_cache_key_hides_no_start(status: str) -> None:
    """It holds the last change alone: the bridge was away while the session began, and lived on or ended."""
    bridge = Bridge(Cluster({SESSION: session(started_at=CAME - timedelta(seconds=20))}))
    made = bridge.make(changed(status, via="key"))
    assert made.dropped is None
    ended = ["session.terminated"] if status == "TERMINATED" else []
    assert [event.detail_type for event in made.events] == ["session.started", *ended]
    assert bridge.make(changed("RUNNING")).dropped == "repeat"


def test_a_start_that_was_heard_is_not_asked_for_again() -> None:
    """Nor is an old one told anew."""
    bridge = Bridge(Cluster({SESSION: session(started_at=CAME)}))
    bridge.make(changed("RUNNING"))
    asked = bridge.cluster.asked
    assert bridge.make(changed("TERMINATING", via="key")).events == ()
    assert bridge.cluster.asked == asked
    old = session(started_at=CAME - MISSED_START - timedelta(seconds=1))
    assert Bridge(Cluster({SESSION: old})).make(changed("TERMINATING", via="key")).events == ()


class NoStarts(Cluster):
    """A manager whose list of starts lacks what has ended since."""

    def started_since(self, at: datetime) -> Iterator[Session]:
        """List none."""
        del at
        return iter(())


def test_a_catch_up_lists_starts_of_what_has_ended() -> None:
    """Until 26.1 the manager's list of starts does not have them; older starts were received."""
    known = NoStarts({SESSION: session(started_at=CAME, terminated_at=CAME + timedelta(hours=1))})
    starts = [b"RUNNING" in message for message in catch_up(known, CAME)]
    assert starts == [True, False]
    starts = [b"RUNNING" in message for message in catch_up(known, CAME + timedelta(minutes=30))]
    assert starts == [False]


def test_a_session_that_runs_again_ends_for_another_reason() -> None:
    """The reason of a TERMINATING before it is forgotten."""
    bridge = Bridge(Cluster({SESSION: session(status_info="self-terminated")}))
    for status, reason in (("TERMINATING", "preempted"), ("RUNNING", "triggered-by-scheduler")):
        bridge.make(changed(status, reason))
    bridge.memory.now += 1
    (event,) = bridge.make(changed("TERMINATED")).events
    assert event.detail["termination_reason"] == "self-terminated"


@pytest.mark.parametrize(
    ("status", "made"), [("running", "session.started"), ("Terminated", "session.terminated")]
)
def test_the_case_of_a_status_does_not_count(status: str, made: str) -> None:
    """Backend.AI reads them in any case, too."""
    assert [event.detail_type for event in Bridge().make(changed(status)).events] == [made]
