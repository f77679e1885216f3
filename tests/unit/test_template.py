"""What template.yaml promises, beyond what the linters look at."""

import pytest

from tests.template import resources

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


def test_queues_end_in_a_dead_letter_queue_with_an_alarm() -> None:
    """What a queue's function can not take goes to the dead letter queue, which an alarm watches."""
    for name in ("EventQueue", "DeliveryQueue", "PatientQueue"):
        queue = resources()[name]["Properties"]
        assert queue["RedrivePolicy"]["deadLetterTargetArn"] == {"GetAtt": "DeadLetterQueue.Arn"}
    (dimension,) = resources()["DeadLetterAlarm"]["Properties"]["Dimensions"]
    assert dimension["Value"] == {"GetAtt": "DeadLetterQueue.QueueName"}


def test_the_queue_waits_for_the_dispatcher() -> None:
    """An event is not given to a second dispatcher while the first may still be at it."""
    assert (
        resources()["EventQueue"]["Properties"]["VisibilityTimeout"]
        > FUNCTIONS["DispatcherFunction"]["Timeout"]
    )
