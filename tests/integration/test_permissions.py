"""What holds the functions to their policies in these tests holds."""

import pytest

from local.receiver import Receiver, Reply
from tests.cloud import pipeline as made
from tests.cloud.permissions import NotPermitted, acting_as, aside, needed
from tests.cloud.pipeline import Pipeline, document
from tests.cloud.services import services


@pytest.mark.usefixtures("cloud")
def test_what_is_not_granted_is_refused() -> None:
    """A call that the template does not allow a function is refused, also when the function hides it."""
    refusal = pytest.raises(NotPermitted, match="SweeperFunction may not do dynamodb:Scan on ConfigTable")
    with refusal, acting_as("SweeperFunction"):
        with pytest.raises(NotPermitted):
            services().client("dynamodb").call("Scan", TableName="config")
        with aside():
            services().client("dynamodb").call("Scan", TableName="config")


def test_what_a_transaction_needs() -> None:
    """A transaction needs the action of each of its parts."""
    parts = [{kind: {"TableName": "config"}} for kind in ("Put", "Update", "Delete", "ConditionCheck")]
    assert {action for action, _ in needed("TransactWriteItems", {"TransactItems": parts})} == {
        f"dynamodb:{kind}Item" for kind in ("Put", "Update", "Delete", "ConditionCheck")
    }


@pytest.mark.parametrize("redelivered", [False, True])
def test_a_channel_that_is_gone_can_be_disabled(pipeline: Pipeline, redelivered: bool) -> None:  # noqa: FBT001
    """Whichever function meets a 410 may disable the channel."""
    statuses = iter([503, 410] if redelivered else [410])
    with Receiver(lambda _: Reply(status=next(statuses))) as receiver:
        rule = made.add_rule(made.add_channel(receiver.url, retry=(1,) * 5))
        pipeline.dispatch(document("e-1"))
        if redelivered:
            pipeline.redeliver(made.hint(made.delivery(rule, "e-1")))
    assert not services().channels.get(rule.channel_id).enabled
