"""What template.yaml promises, beyond what the linters look at."""

import pytest

from notifications.core.event_records import MAX_CLAIMS
from notifications.delivering.invocation import LEASE_AFTER_END
from tests.template import parameters, resources, routes

FUNCTIONS = {
    name: resource["Properties"]
    for name, resource in resources().items()
    if resource["Type"] == "AWS::Serverless::Function"
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_each_function_logs_to_a_group_with_retention(name: str) -> None:
    """Each function names its own log group, which keeps logs for a set time."""
    group = FUNCTIONS[name]["LoggingConfig"]["LogGroup"]["Ref"]
    assert "RetentionInDays" in resources()[group]["Properties"]
    assert [other["LoggingConfig"]["LogGroup"]["Ref"] for other in FUNCTIONS.values()].count(group) == 1


@pytest.mark.parametrize(
    ("queue", "dead", "alarm"),
    [
        ("EventQueue", "DeadLetterQueue", "DeadLetterAlarm"),
        ("DeliveryQueue", "HintDeadLetterQueue", "HintDeadLetterAlarm"),
        ("SlowQueue", "HintDeadLetterQueue", "HintDeadLetterAlarm"),
    ],
)
def test_queues_end_in_a_dead_letter_queue_with_an_alarm(queue: str, dead: str, alarm: str) -> None:
    """What a queue's function cannot take ends where an alarm watches; events have a place of their own."""
    assert resources()[queue]["Properties"]["RedrivePolicy"]["deadLetterTargetArn"] == {
        "GetAtt": f"{dead}.Arn"
    }
    (dimension,) = resources()[alarm]["Properties"]["Dimensions"]
    assert dimension["Value"] == {"GetAtt": f"{dead}.QueueName"}


def test_the_queue_waits_for_the_dispatcher() -> None:
    """An event is not given to a second dispatcher while the first may still have it, and soon after that."""
    longest_wait = parameters()["DispatchBatchingWindow"]["MaxValue"]
    held = longest_wait + FUNCTIONS["DispatcherFunction"]["Timeout"] + LEASE_AFTER_END.total_seconds()
    assert held < resources()["EventQueue"]["Properties"]["VisibilityTimeout"] <= 90


def test_a_browser_may_ask_at_every_path() -> None:
    """Each path takes OPTIONS, which the service answers, so that pages of allowed origins can call it."""
    asked = {
        route.path for route in routes() if (route.function, route.method) == ("ServiceFunction", "OPTIONS")
    }
    assert asked == {route.path for route in routes() if "+" not in route.path}


@pytest.mark.parametrize("name", ["ChannelsFunction", "DispatcherFunction", "RedelivererFunction"])
def test_what_calls_receivers_can_be_in_a_vpc(name: str) -> None:
    """All that calls receivers does so from the subnets that are named, so that its addresses are known."""
    where = FUNCTIONS[name]["VpcConfig"]["If"]
    assert where[0] == "HasVpc"
    assert where[1].keys() == {"SubnetIds", "SecurityGroupIds"}


def test_a_poisonous_event_is_buried_before_the_queue_gives_it_up() -> None:
    """More dispatchers get an event than may die over it: one before its first claim, one to bury it."""
    redrive = resources()["EventQueue"]["Properties"]["RedrivePolicy"]
    assert redrive["maxReceiveCount"] >= MAX_CLAIMS + 2
