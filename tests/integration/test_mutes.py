"""Events under mutes: what the dispatcher sends, skips and holds."""

from datetime import UTC, datetime
from typing import Any

import pytest

from local.receiver import Receiver
from notifications.core.model import Rule, timestamp
from notifications.core.rule_types import BUILT_IN
from tests.cloud import pipeline as made
from tests.cloud.pipeline import DATA, Pipeline, add_channel, add_rule, document
from tests.cloud.services import services
from tests.integration.muted import HOUR, end, mute, rule, status, suppressed

__all__ = ["rule"]


def about(name: str, rule: Rule) -> dict[str, Any]:
    """Say in one way what a rule's deliveries are."""
    ways: dict[str, dict[str, Any]] = {
        "everything": {},
        "rule": {"rule_id": rule.id},
        "channel": {"channel_id": rule.channel_id},
        "type": {"rule_type": rule.rule_type},
        "where": {"condition": {"status": [DATA["status"]]}},
        "all": {
            "rule_id": rule.id,
            "channel_id": rule.channel_id,
            "rule_type": rule.rule_type,
            "condition": {"status": [DATA["status"]]},
        },
    }
    return ways[name]


@pytest.mark.parametrize("name", ["everything", "rule", "channel", "type", "where", "all"])
def test_what_a_mute_is_about_is_skipped(
    pipeline: Pipeline, receiver: Receiver, rule: Rule, name: str
) -> None:
    """Nothing is sent, and the record says why, by which mute and until when."""
    muted = mute(**about(name, rule))
    pipeline.dispatch(document())
    record = made.delivery(rule)
    until = datetime.fromisoformat(muted.until or "")
    expected = f"muted: maintenance (mute {muted.id}, until {until:%Y-%m-%dT%H:%M:%SZ})"
    assert (record.status, record.reason, record.mute_id) == ("skipped", expected, muted.id)
    assert made.event().status == "dispatched"
    assert receiver.received == []
    assert suppressed(muted) == 1


def test_what_it_is_not_about_is_sent(pipeline: Pipeline, receiver: Receiver, rule: Rule) -> None:
    """Other rules, channels, types and events are as if there were no mute."""
    other = add_rule(add_channel(receiver.url))
    for changes in (
        {"rule_id": other.id},
        {"channel_id": other.channel_id},
        {"rule_id": rule.id, "channel_id": other.channel_id},
        {"rule_type": "session.terminated"},
        {"condition": {"status": ["ERROR"]}},
        {"created_at": timestamp(datetime.now(UTC) + HOUR), "updated_at": "2099"},
        {"ended_at": timestamp(datetime.now(UTC) - HOUR / 2)},
        {"until": timestamp(datetime.now(UTC) - HOUR / 2)},
    ):
        mute(**changes)
    pipeline.dispatch(document())
    assert (status(rule), status(other)) == ("delivered", "skipped")


def test_the_next_batch_knows_a_mute_and_its_end(pipeline: Pipeline, rule: Rule) -> None:
    """A dispatcher that is at work sees both without being started anew."""
    pipeline.dispatch(document("before"))
    muted = mute(channel_id=rule.channel_id)
    pipeline.dispatch(document("meanwhile"))
    end(muted)
    pipeline.dispatch(document("after"))
    assert [status(rule, each) for each in ("before", "meanwhile", "after")] == [
        "delivered",
        "skipped",
        "delivered",
    ]


def test_without_mutes_nothing_more_is_read(pipeline: Pipeline, rule: Rule) -> None:
    """A dispatcher makes the same calls as ever; also with mutes, as long as none is written."""
    pipeline.dispatch(document("warm"))
    with made.dynamodb_calls() as without:
        pipeline.dispatch(document("e-1"))
    mute(rule_id="another")
    pipeline.dispatch(document("reads-it"))
    with made.dynamodb_calls() as with_one:
        pipeline.dispatch(document("e-2"))
    assert without == with_one
    assert status(rule, "e-2") == "delivered"


def test_a_mute_reads_no_rules_again(pipeline: Pipeline, rule: Rule) -> None:
    """A new mute is read by itself, and not the rules and channels of each type."""
    pipeline.dispatch(document("warm"))
    with made.dynamodb_calls() as before:
        pipeline.dispatch(document("e-1"))
    mute(rule_id=rule.id)
    with made.dynamodb_calls() as after:
        pipeline.dispatch(document("e-2"))
    assert sorted(after) == sorted([*before, "Query"])


def test_a_rule_that_is_off_says_so(pipeline: Pipeline, rule: Rule) -> None:
    """What a rule withholds is not the mute's doing."""
    mute()
    services().rules.update(rule, {"enabled": False}, BUILT_IN[rule.rule_type])
    pipeline.dispatch(document())
    record = made.delivery(rule)
    assert (record.status, record.reason, record.mute_id) == ("skipped", "rule_disabled", None)


def test_a_rule_that_only_observes_goes_on(pipeline: Pipeline, receiver: Receiver) -> None:
    """It sends nothing, so there is nothing to keep back."""
    watching = add_rule(add_channel(receiver.url), observe=True)
    mute()
    pipeline.dispatch(document())
    assert status(watching) == "observed"


def test_what_is_held_is_rendered_at_once(pipeline: Pipeline, receiver: Receiver, rule: Rule) -> None:
    """It is sent later as it would have been now; what cannot be rendered fails now."""
    broken = add_rule(add_channel(receiver.url), message_template="{{ 1 // 0 }}")
    muted = mute(hold=True)
    pipeline.dispatch(document())
    record = made.delivery(rule)
    assert (record.status, record.message, record.mute_id) == ("held", '"s-1"', muted.id)
    assert (record.reason or "").startswith("muted: maintenance (mute ")
    assert status(broken) == "failed"
    assert receiver.received == []
    assert suppressed(muted) == 1


def test_one_that_skips_goes_before_one_that_holds(pipeline: Pipeline, rule: Rule) -> None:
    """Nobody wants the message later whose like somebody does not want at all."""
    mute(hold=True)
    skipping = mute()
    pipeline.dispatch(document())
    assert (status(rule), made.delivery(rule).mute_id) == ("skipped", skipping.id)


def test_an_event_that_is_dispatched_again_meets_the_mutes_of_then(pipeline: Pipeline, rule: Rule) -> None:
    """A rule that has its skipped delivery gets no second one."""
    mute()
    pipeline.dispatch(document())
    record = made.delivery(rule)
    made.end_leases("e-1")
    pipeline.dispatch(document(), receives=2)
    assert made.delivery(rule) == record


@pytest.mark.parametrize("hold", ["held", "skipped"])
def test_what_is_muted_has_a_metric_of_its_own(
    pipeline: Pipeline, rule: Rule, capsys: pytest.CaptureFixture[str], hold: str
) -> None:
    """The alarm about suspended channels counts held deliveries, and these are none of it."""
    mute(rule_id=rule.id, hold=hold == "held")
    pipeline.dispatch(document())
    told = capsys.readouterr().out
    assert '"DeliveriesMuted": 1' in told
    assert "DeliveriesHeld" not in told
    assert "DeliveriesSkipped" not in told
