"""Mutes of rules with once-per or a digest."""

import pytest

from local.receiver import Receiver
from notifications.store.digests import DigestStore
from tests.cloud.gateway import call
from tests.cloud.pipeline import Pipeline
from tests.integration.collapsing import clock, digest, dispatch, once, own, texts
from tests.integration.muted import end, mute, status, suppressed

__all__ = ["clock"]


def test_what_is_skipped_opens_no_window(pipeline: Pipeline, receiver: Receiver) -> None:
    """After a mute the first event goes at once, and says of no repeats."""
    rule = once(receiver.url)
    muted = mute(rule_id=rule.id)
    dispatch(pipeline, "e-1", "e-2")
    end(muted)
    dispatch(pipeline, "e-3")
    assert texts(receiver) == ["e-3 0"]
    assert [status(rule, each) for each in ("e-1", "e-2", "e-3")] == ["skipped", "skipped", "delivered"]
    assert suppressed(muted) == 2


def test_of_what_is_held_only_the_first_is_sent(pipeline: Pipeline, receiver: Receiver) -> None:
    """A night's repeats do not come all at once in the morning."""
    rule = once(receiver.url)
    muted = mute(rule_id=rule.id, hold=True)
    dispatch(pipeline, "e-1", "e-2")
    dispatch(pipeline, "e-3")
    assert [status(rule, each) for each in ("e-1", "e-2", "e-3")] == ["held", "skipped", "skipped"]
    assert suppressed(muted) == 1
    end(muted)
    pipeline.drain()
    assert texts(receiver) == ["e-1 0"]


def test_a_digest_is_held_as_a_whole(pipeline: Pipeline, receiver: Receiver) -> None:
    """Its events are collected as ever; when it is due it waits for the end of the mute, as one message."""
    rule = digest(receiver.url)
    muted = mute(rule_id=rule.id, hold=True)
    dispatch(pipeline, "e-1", "e-2")
    assert status(rule, "e-1") == "collected"
    pipeline.drain()
    assert texts(receiver) == []
    assert (own(rule, "e-1").status, own(rule, "e-1").mute_id) == ("held", muted.id)
    dispatch(pipeline, "e-3")
    end(muted)
    pipeline.drain()
    assert sorted(texts(receiver)) == ["1: e-3 ", "2: e-1 e-2 "]
    assert own(rule, "e-1").status == "delivered"


def test_a_digest_that_was_skipped_can_be_retried(pipeline: Pipeline, receiver: Receiver) -> None:
    """One that is due while a mute skips it is found by the mute, and sent by hand with its events."""
    rule = digest(receiver.url)
    dispatch(pipeline, "e-1", "e-2")
    muted = mute(rule_id=rule.id)
    pipeline.drain()
    due = own(rule, "e-1")
    assert (due.status, due.mute_id) == ("skipped", muted.id)
    assert texts(receiver) == []
    assert call("POST", f"/notifications/deliveries/{due.id}/retry", {}).status == 202
    pipeline.drain()
    assert texts(receiver) == ["2: e-1 e-2 "]


def test_what_is_skipped_joins_no_digest(pipeline: Pipeline, receiver: Receiver) -> None:
    """An event that nobody wants is not among those that come together later."""
    rule = digest(receiver.url)
    muted = mute(condition={"session_id": ["e-1"]})
    dispatch(pipeline, "e-1", "e-2")
    pipeline.drain()
    assert texts(receiver) == ["1: e-2 "]
    assert (status(rule, "e-1"), suppressed(muted)) == ("skipped", 1)


@pytest.mark.parametrize(
    ("hold", "sessions", "expected"),
    [
        (True, ("e-1", "e-2"), "held"),
        (True, ("e-2",), "delivered"),
        (False, ("e-1", "e-2"), "delivered"),
        (False, ("e-1",), "skipped"),
    ],
)
def test_a_mute_of_some_events_meets_the_digest_that_has_them(
    pipeline: Pipeline,
    receiver: Receiver,
    hold: bool,  # noqa: FBT001 - of the cases
    sessions: tuple[str, ...],
    expected: str,
) -> None:
    """A digest is held if one of its events is muted, and skipped only if all of them are."""
    rule = digest(receiver.url)
    dispatch(pipeline, *sessions)
    muted = mute(condition={"session_id": ["e-1"]}, hold=hold)
    pipeline.drain()
    assert own(rule, sessions[0]).status == expected
    end(muted)
    pipeline.drain()
    assert len(texts(receiver)) == (0 if expected == "skipped" else 1)


def test_a_large_event_of_a_digest_is_asked_about_too(pipeline: Pipeline, receiver: Receiver) -> None:
    """An event that is not kept with its digest is read from its record."""
    rule = digest(receiver.url)
    large = "".join(chr(0x4E00 + number * 7919 % 20_000) for number in range(60_000))
    dispatch(pipeline, "e-1", session_name=large)
    mute(condition={"session_id": ["e-1"]}, hold=True)
    pipeline.drain()
    assert own(rule, "e-1").status == "held"


def test_a_digest_that_is_held_outlives_its_events(
    pipeline: Pipeline, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mute may last longer than records are kept: a digest is held with its message."""
    rule = digest(receiver.url)
    muted = mute(hold=True)
    dispatch(pipeline, "e-1", "e-2")
    pipeline.drain()
    assert (own(rule, "e-1").status, own(rule, "e-1").message) == ("held", '"2: e-1 e-2 "')
    monkeypatch.setattr(DigestStore, "members", lambda *_: iter(()))
    end(muted)
    pipeline.drain()
    assert texts(receiver) == ["2: e-1 e-2 "]
