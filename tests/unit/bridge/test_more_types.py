"""Agents, tasks, images, folders, models: one event each time something happened, none in a storm."""

from dataclasses import replace
from datetime import timedelta

import pytest

from backendai_notification_bridge.core.errors import Refused
from backendai_notification_bridge.core.gap import gap_message
from backendai_notification_bridge.core.makers.once import STORM_SECONDS
from backendai_notification_bridge.core.makers.tasks import MAX_ERRORS
from backendai_notification_bridge.core.received import ReceivedEntry
from backendai_notification_bridge.core.wire import decode_published
from notifications.core.rule_types import BUILT_IN
from notifications.core.schemas import check_data
from tests.samples.bridge import BEGAN, CAME, SESSION, Bridge, Cluster, changed, received, session

AGENT = "i-agent01"


def lost(seconds: float = 0, agent: str = AGENT) -> ReceivedEntry:
    """Tell that an agent is lost."""
    return received(
        "agent_terminated", {"reason": "agent-lost"}, source=agent, came=CAME + timedelta(seconds=seconds)
    )


def back(seconds: float) -> ReceivedEntry:
    """Tell that the agent is back."""
    return received(
        "agent_started", {"reason": "revived"}, source=AGENT, came=CAME + timedelta(seconds=seconds)
    )


def test_a_lost_agent_makes_one_event_until_it_is_back() -> None:
    """Three managers that tell it each second make one event; the next loss after a return makes another."""
    bridge = Bridge()
    made = [bridge.make(lost(seconds + manager / 10)) for seconds in range(60) for manager in range(3)]
    assert [event.detail for one in made for event in one.events] == [
        {"agent_id": AGENT, "reason": "agent-lost"}
    ]
    assert {one.dropped for one in made[1:]} == {"storm"}
    assert bridge.make(lost(1, "i-agent02")).events
    assert bridge.make(back(60)).events[0].detail == {"agent_id": AGENT, "reason": "revived"}
    assert bridge.make(lost(61)).events


def test_a_lost_agent_is_told_again_after_ten_minutes() -> None:
    """A storm that goes on is told once in 10 minutes, with an id of its own."""
    bridge = Bridge()
    first = bridge.make(lost()).events[0]
    bridge.memory.now = STORM_SECONDS - 1
    assert bridge.make(lost(STORM_SECONDS - 1)).dropped == "storm"
    bridge.memory.now = STORM_SECONDS
    assert bridge.make(lost(STORM_SECONDS)).events[0].event_id != first.event_id


def test_an_agent_that_was_told_to_end_is_not_lost() -> None:
    """Shutdown and restart make nothing."""
    for reason in ("shutdown", "agent-restart", "self-terminated", None, 5):
        assert (
            Bridge().make(received("agent_terminated", {"reason": reason}, source=AGENT)).dropped == "noise"
        )


def test_an_entry_that_was_put_again_is_a_repeat() -> None:
    """``_retry_count`` with a body seen before makes nothing; one whose first copy was missed is made."""
    body = {"image": "a", "agent_id": AGENT, "msg": "no space left"}
    bridge, later = Bridge(), CAME + timedelta(minutes=5)
    again = received("image_pull_failed", body, came=later, retried=True)
    assert bridge.make(received("image_pull_failed", body)).events
    assert bridge.make(again).dropped == "repeat"
    assert bridge.make(received("image_pull_failed", body, came=later)).events
    assert Bridge().make(again).events


def test_errors_of_an_agent_are_told_without_what_may_be_secret() -> None:
    """No traceback, no environment; the same error of an agent once in 10 minutes."""
    body = {
        "message": "x" * 5_000,
        "traceback": "secret",
        "user": "secret",
        "context_env": {"KEY": "secret"},
        "severity": "ERROR",
    }
    bridge = Bridge()
    (event,) = bridge.make(received("agent_error", body, source=AGENT)).events
    assert event.detail == {"agent_id": AGENT, "message": "x" * 1_999 + "…", "severity": "ERROR"}
    assert (
        bridge.make(received("agent_error", body, source=AGENT, came=CAME + timedelta(seconds=1))).dropped
        == "storm"
    )
    assert bridge.make(received("agent_error", {**body, "message": "y"}, source=AGENT)).events


def test_a_task_ends_once() -> None:
    """The end that the channel, the cache key or, until 25.10, the stream tells is one event."""
    body = {"task_id": "t-1", "message": "made-up", "errors": [str(number) for number in range(100)]}
    bridge = Bridge()
    one = received("bgtask_partial_success", body, "pubsub")
    (event,) = bridge.make(one).events
    assert (event.detail_type, event.detail["status"]) == ("bgtask.failed", "partial_success")
    assert len(event.detail["errors"]) == MAX_ERRORS
    assert bridge.make(replace(one, via="key", came=CAME + timedelta(minutes=4))).dropped == "repeat"
    assert bridge.make(replace(one, via="stream")).dropped == "repeat"
    with pytest.raises(Refused):
        bridge.make(received("bgtask_done", {"task_id": 5}, "pubsub"))


@pytest.mark.parametrize("reason", ["idle-timeout", "idle-session-lifetime", "idle-utilization"])
def test_an_idle_session_is_told_once(reason: str) -> None:
    """The idle checker's request, repeated at each check, and the change of status make one event."""
    request = received("do_terminate_session", {"session_id": SESSION, "reason": reason})
    bridge = Bridge()
    (event,) = bridge.make(request).events
    assert (event.detail_type, event.detail["reason"]) == ("session.idle-reclaimed", reason)
    assert event.detail["context"]["user_email"] == "ada@example.com"
    later = replace(request, came=CAME + timedelta(seconds=15))
    assert bridge.make(later).dropped == bridge.make(changed("TERMINATING", reason)).dropped == "repeat"
    assert Bridge().make(changed("TERMINATING", reason)).events[0].event_id == event.event_id


def test_a_session_that_is_ended_for_another_reason_is_not_reclaimed() -> None:
    """``do_terminate_session`` serves more than the idle checker."""
    reasons: tuple[object, ...] = ("user-requested", "", None, [], 5)
    for reason in reasons:
        request = received("do_terminate_session", {"session_id": SESSION, "reason": reason})
        assert Bridge().make(request).dropped == "noise"


def test_a_batch_tells_its_exit_code_in_both_places() -> None:
    """The event's exit code is the command's, whatever the manager knows by then."""
    bridge = Bridge(Cluster({SESSION: session(type="batch", exit_code=None)}))
    body = {"session_id": SESSION, "reason": "task-failed", "exit_code": 137}
    (event,) = bridge.make(received("session_failure", body)).events
    assert (event.detail["exit_code"], event.detail["context"]["exit_code"]) == (137, 137)
    assert (event.detail_type, event.detail["session_type"]) == ("session.failed", "batch")
    assert event.detail["context"]["duration_seconds"] == (CAME - BEGAN).total_seconds()


@pytest.mark.parametrize("exit_code", [None, True, "1", 1.5, 2**60, [], {}])
def test_an_exit_code_of_another_form_is_left_out(exit_code: object) -> None:
    """It is no reason to lose the event, nor for the service to refuse it."""
    bridge = Bridge(Cluster({SESSION: session(exit_code=5)}))
    body = {"session_id": SESSION, "reason": "task-failed", "exit_code": exit_code}
    (event,) = bridge.make(received("session_failure", body)).events
    assert event.detail.get("exit_code") is None
    assert "exit_code" not in event.detail["context"]
    check_data(BUILT_IN["session.failed"], dict(event.detail))


def test_the_end_of_a_batch_session_has_its_exit_code() -> None:
    """What the command's end told is in ``session.terminated``, too, if the manager does not tell it."""
    bridge = Bridge(Cluster({SESSION: session(type="batch", exit_code=None)}))
    bridge.make(received("session_failure", {"session_id": SESSION, "reason": "task-failed", "exit_code": 3}))
    (event,) = bridge.make(changed("TERMINATED")).events
    assert event.detail["context"]["exit_code"] == 3


def test_a_folder_that_could_not_be_cloned_is_told() -> None:
    """From which, to which, and why."""
    body = {"vfid": "user:u/1", "dst_vfid": "user:u/2", "message": "quota"}
    (event,) = Bridge().make(received("vfolder_clone_failure", body)).events
    assert event.detail == {"vfolder_id": "user:u/1", "target_vfolder_id": "user:u/2", "message": "quota"}


def test_fields_of_a_newer_release_stay() -> None:
    """What the service's schema does not have is left out, so that the event is not refused."""
    body = {
        "model_id": "m",
        "revision": "r",
        "registry_type": "hf",
        "registry_name": "n",
        "size": 5,
        "success": "?",
    }
    (event,) = Bridge().make(received("model_import_done", body)).events
    assert event.detail == {
        name: body[name] for name in ("model_id", "revision", "registry_type", "registry_name")
    }


def test_a_rule_type_of_a_newer_release_makes_nothing() -> None:
    """It is counted, and nothing else is stopped by it."""
    body = {"rule_type": "session.paused", "timestamp": "now", "notification_data": {}}
    assert Bridge().make(received("notification_triggered", body)).dropped == "unknown rule type"


def test_a_gap_is_told_by_the_bridge_alone() -> None:
    """From, to, how many; the same message on Backend.AI's own channel is an unknown way."""
    message = gap_message(12, CAME, CAME + timedelta(seconds=9), "stream")
    bridge = Bridge()
    (event,) = bridge.make(decode_published(message, "bridge", CAME)).events
    assert event.detail == {
        "place": "stream",
        "lost": 12,
        "from": "2026-01-15T10:30:00Z",
        "to": "2026-01-15T10:30:09Z",
    }
    assert bridge.make(decode_published(message, "pubsub", CAME)).dropped == "other way"
    unknown = Bridge().make(decode_published(gap_message(None, CAME, CAME, "pubsub"), "bridge", CAME))
    assert unknown.events[0].detail["lost"] is None


@pytest.mark.parametrize("exit_code", ["1", True, 1.5, 2**70, None, [1]])
def test_only_an_integer_is_an_exit_code(exit_code: object) -> None:
    """In the event, in its context, and at the session's end: the service refuses any other."""
    bridge = Bridge(Cluster({SESSION: session(exit_code=None)}))
    body = {"session_id": SESSION, "reason": "task-failed", "exit_code": exit_code}
    (failed,) = bridge.make(received("session_failure", body)).events
    (ended,) = bridge.make(changed("TERMINATED")).events
    assert failed.detail.get("exit_code") is None
    assert "exit_code" not in failed.detail["context"]
    assert "exit_code" not in ended.detail["context"]
