"""What template.yaml promises, beyond what the linters look at."""

from typing import Any

import pytest

from tests.template import resources

FUNCTIONS = {
    name: resource["Properties"]
    for name, resource in resources().items()
    if resource["Type"] == "AWS::Serverless::Function"
}


def _statements(function: dict[str, Any]) -> list[dict[str, Any]]:
    return [statement for policy in function["Policies"] for statement in policy["Statement"]]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_each_function_logs_to_a_group_with_retention(name: str) -> None:
    """Each function names its own log group, which keeps logs for a set time."""
    group = FUNCTIONS[name]["LoggingConfig"]["LogGroup"]["Ref"]
    assert "RetentionInDays" in resources()[group]["Properties"]
    assert [other["LoggingConfig"]["LogGroup"]["Ref"] for other in FUNCTIONS.values()].count(group) == 1


@pytest.mark.parametrize("name", FUNCTIONS)
def test_no_function_may_do_everything_or_anything_anywhere(name: str) -> None:
    """No statement has a wildcard, neither in its actions nor in its resources; no table is scanned."""
    for statement in _statements(FUNCTIONS[name]):
        for action in _listed(statement["Action"]):
            assert "*" not in action
            assert not action.endswith(":Scan")
        assert all(resource != "*" for resource in _listed(statement["Resource"]))


def test_queues_end_in_a_dead_letter_queue_with_an_alarm() -> None:
    """What the dispatcher can not take goes to the dead letter queue, which an alarm watches."""
    queue = resources()["EventQueue"]["Properties"]
    assert queue["RedrivePolicy"]["deadLetterTargetArn"] == {"GetAtt": "DeadLetterQueue.Arn"}
    (dimension,) = resources()["DeadLetterAlarm"]["Properties"]["Dimensions"]
    assert dimension["Value"] == {"GetAtt": "DeadLetterQueue.QueueName"}


def test_the_queue_waits_for_the_dispatcher() -> None:
    """An event is not given to a second dispatcher while the first may still be at it."""
    assert (
        resources()["EventQueue"]["Properties"]["VisibilityTimeout"]
        > FUNCTIONS["DispatcherFunction"]["Timeout"]
    )
