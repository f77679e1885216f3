"""Once-per: one event of a group goes, and the others are its repeats."""

from importlib import import_module

import pytest

from local.receiver import Receiver
from notifications.core.model import OncePer
from notifications.core.rule_types import BUILT_IN
from notifications.core.windows import repeats
from tests.cloud import pipeline as made
from tests.cloud.pipeline import Pipeline, add_channel, add_rule, dynamodb_calls
from tests.cloud.services import services
from tests.integration.collapsing import clock, dispatch, later, once, texts
from tests.integration.muted import mute

__all__ = ["clock"]


def test_the_first_goes_and_the_others_are_its_repeats(pipeline: Pipeline, receiver: Receiver) -> None:
    """Events of one batch and of later ones are repeats of the first, each with its number."""
    rule = once(receiver.url)
    dispatch(pipeline, "e-1", "e-2", "e-3")
    dispatch(pipeline, "e-4")
    assert texts(receiver) == ["e-1 0"]
    assert made.delivery(rule, "e-1").status == "delivered"
    for number, told in (("2", "2nd"), ("3", "3rd"), ("4", "4th")):
        record = made.delivery(rule, f"e-{number}")
        assert (record.status, record.reason) == ("skipped", f"repeat of e-1_{rule.id} ({told} in 10m)")


def test_the_window_is_fixed_and_the_next_tells_the_repeats(pipeline: Pipeline, receiver: Receiver) -> None:
    """Repeats do not prolong the window; the first event after it goes, and says how many there were."""
    once(receiver.url)
    dispatch(pipeline, "e-1")
    later(minutes=9)
    dispatch(pipeline, "e-2", "e-3")
    later(seconds=59)
    dispatch(pipeline, "e-4")
    later(seconds=1)
    dispatch(pipeline, "e-5")
    later(days=3)
    dispatch(pipeline, "e-6")
    assert texts(receiver) == ["e-1 0", "e-5 3", "e-6 0"]


def test_groups_have_windows_of_their_own(pipeline: Pipeline, receiver: Receiver) -> None:
    """Events that differ in a field of ``by`` are no repeats; an absent field is a value like any other."""
    once(receiver.url, by=("session_type", "context.project"))
    dispatch(pipeline, "e-1", session_type="batch")
    dispatch(pipeline, "e-2", session_type="interactive")
    dispatch(pipeline, "e-3", session_type="batch", context={"project": "ml"})
    dispatch(pipeline, "e-4", session_type="batch", context={"project": None})
    dispatch(pipeline, "e-5", session_type="batch", context={})
    assert texts(receiver) == ["e-1 0", "e-2 0", "e-3 0"]


def test_a_channel_that_is_off_opens_no_window(pipeline: Pipeline, receiver: Receiver) -> None:
    """What is skipped anyway is nobody's first."""
    channel = add_channel(receiver.url, enabled=False)
    rule = add_rule(channel, once_per=OncePer(600))
    dispatch(pipeline, "e-1")
    services().channels.update(channel.id, {"enabled": True})
    dispatch(pipeline, "e-2")
    assert made.delivery(rule, "e-2").status == "delivered"


def test_a_rule_that_observes_opens_no_window(pipeline: Pipeline, receiver: Receiver) -> None:
    """Each event is observed, and the first event after the rule sends again goes."""
    rule = once(receiver.url, observe=True)
    dispatch(pipeline, "e-1", "e-2")
    assert [made.delivery(rule, each).status for each in ("e-1", "e-2")] == ["observed", "observed"]
    services().rules.update(rule, {"observe": False}, BUILT_IN["session.started"])
    dispatch(pipeline, "e-3")
    assert texts(receiver) == ["e-3 0"]


def test_a_retry_by_hand_is_no_repeat(pipeline: Pipeline, receiver: Receiver) -> None:
    """An operator can send a repeat; that neither opens nor prolongs a window."""
    retry = import_module("deliveries_api.retry").retry
    rule = once(receiver.url)
    dispatch(pipeline, "e-1", "e-2")
    retry(services(), f"e-2_{rule.id}", "recorded")
    pipeline.drain()
    assert texts(receiver) == ["e-1 0", "e-2 0"]
    later(minutes=10)
    dispatch(pipeline, "e-3")
    assert texts(receiver)[-1] == "e-3 1"


def test_so_many_repeats_are_only_counted(
    pipeline: Pipeline, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beyond the limit of a rule and an hour no record is written, but all are counted; the events stay."""
    monkeypatch.setattr(repeats, "MAX_RECORDED", 3)
    rule = once(receiver.url, by=("session_type",))
    dispatch(pipeline, "e-1", "e-2", "e-3")
    dispatch(pipeline, "i-1", "i-2", "i-3", "i-4", session_type="interactive")
    known = {each for each in ("e-2", "e-3", "i-2", "i-3", "i-4") if services().records.rules_met(each)}
    assert known == {"e-2", "e-3", "i-2"}
    assert made.event("i-4").status == "dispatched"
    later(hours=1)
    dispatch(pipeline, "i-5", "i-6", session_type="interactive")
    assert texts(receiver) == ["e-1 0", "i-1 0", "i-5 3"]
    assert made.delivery(rule, "i-6").status == "skipped"


def test_a_changed_period_begins_a_new_window(pipeline: Pipeline, receiver: Receiver) -> None:
    """The period and the fields are part of the window: events are counted by what the rule says now."""
    rule = once(receiver.url)
    dispatch(pipeline, "e-1")
    services().rules.update(rule, {"once_per": OncePer(60)}, BUILT_IN["session.started"])
    dispatch(pipeline, "e-2", "e-3")
    assert texts(receiver) == ["e-1 0", "e-2 0"]


def test_whoever_has_none_of_this_pays_nothing(pipeline: Pipeline, receiver: Receiver) -> None:
    """An event of a rule without once-per and digest makes the calls that it always made."""
    add_rule(add_channel(receiver.url))
    dispatch(pipeline, "e-1")
    with dynamodb_calls() as plain:
        dispatch(pipeline, "e-2")
    assert plain == ["GetItem", "BatchExecuteStatement", "BatchWriteItem", "BatchWriteItem"]


def test_what_a_repeat_costs(pipeline: Pipeline, receiver: Receiver) -> None:
    """The first reads and writes its window; a batch of repeats reads it and the first, and counts twice."""
    once(receiver.url)
    common = ["GetItem", "BatchExecuteStatement"]
    dispatch(pipeline, "e-0", session_type="interactive")
    later(minutes=10)
    with dynamodb_calls() as first:
        dispatch(pipeline, "e-1")
    assert first == [*common, "BatchGetItem", "PutItem", "BatchWriteItem", "BatchWriteItem"]
    with dynamodb_calls() as repeated:
        dispatch(pipeline, "e-2", "e-3")
    assert repeated == [
        *common,
        "BatchGetItem",
        "BatchGetItem",
        "UpdateItem",
        "UpdateItem",
        "BatchWriteItem",
        "BatchWriteItem",
    ]


def test_of_what_a_mute_holds_the_first_is_sent_later(pipeline: Pipeline, receiver: Receiver) -> None:
    """A mute that holds delays the first of a window; the repeats are as they would have been without it."""
    rule = once(receiver.url)
    mute(channel_id=rule.channel_id, hold=True)
    dispatch(pipeline, "e-1", "e-2")
    first, second = made.delivery(rule, "e-1"), made.delivery(rule, "e-2")
    assert (first.status, first.message) == ("held", '"e-1 0"')
    assert (second.status, (second.reason or "").startswith("repeat of e-1_")) == ("skipped", True)
