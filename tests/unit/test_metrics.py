"""Metrics are told as CloudWatch reads them, and what watches them watches what there is."""

import json
import re
from typing import Any

import pytest

from notifications import metrics
from notifications.core.service_status import MAX_AGES, OVERDUE_SECONDS
from notifications.messaging import ages
from tests.template import resources

AWS = {
    "AWS/ApiGateway": {"4XXError", "5XXError", "Count", "Latency"},
    "AWS/DynamoDB": {"ReadThrottleEvents", "WriteThrottleEvents"},
    "AWS/Events": {"FailedInvocations"},
    "AWS/Lambda": {"ConcurrentExecutions", "Duration", "Errors", "Throttles"},
    "AWS/SQS": {"ApproximateAgeOfOldestMessage", "ApproximateNumberOfMessagesVisible"},
}
"""Metrics that AWS writes by itself, as its documentation of each service names them."""

ALARMS = {
    name: resource["Properties"]
    for name, resource in resources().items()
    if resource["Type"] == "AWS::CloudWatch::Alarm"
}


def dashboard() -> list[dict[str, Any]]:
    """Read the widgets of the dashboard."""
    (body,) = [
        resource["Properties"]["DashboardBody"]["Sub"]
        for resource in resources().values()
        if resource["Type"] == "AWS::CloudWatch::Dashboard"
    ]
    widgets: list[dict[str, Any]] = json.loads(body[0])["widgets"]
    return widgets


def watched() -> set[tuple[str, str]]:
    """Name each metric that an alarm or the dashboard looks at."""
    drawn = {(line[0], line[1]) for widget in dashboard() for line in widget["properties"]["metrics"]}
    return drawn | {(alarm["Namespace"], alarm["MetricName"]) for alarm in ALARMS.values()}


def test_form(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Each number is defined as a metric of this stack, in its unit."""
    monkeypatch.setenv("STACK", "notification-dev")
    metrics.write({"DeliveriesFailed": 2, "FirstAttemptMilliseconds": [3.5, 4]})
    line = json.loads(capsys.readouterr().out)
    (definition,) = line["_aws"]["CloudWatchMetrics"]
    assert (line["stack"], line["DeliveriesFailed"]) == ("notification-dev", 2)
    assert line["FirstAttemptMilliseconds"] == [3.5, 4]
    assert (definition["Namespace"], definition["Dimensions"]) == ("BackendAI/Notification", [["stack"]])
    assert definition["Metrics"] == [
        {"Name": "DeliveriesFailed", "Unit": "Count"},
        {"Name": "FirstAttemptMilliseconds", "Unit": "Milliseconds"},
    ]


def test_a_line_has_no_more_values_than_cloudwatch_reads(capsys: pytest.CaptureFixture[str]) -> None:
    """CloudWatch refuses a line with more than 100 values of one metric, so no more are written."""
    metrics.write({"FirstAttemptMilliseconds": [*range(150)]})
    assert len(json.loads(capsys.readouterr().out)["FirstAttemptMilliseconds"]) == 100


@pytest.mark.parametrize(("namespace", "name"), sorted(watched()))
def test_what_is_watched_is_written(namespace: str, name: str) -> None:
    """Each metric that an alarm or the dashboard names is written by this service or by AWS."""
    assert name in ({*metrics.METRICS} if namespace == metrics.NAMESPACE else AWS[namespace])


def test_ours_are_watched_in_this_stack() -> None:
    """An alarm on a metric of this service looks at this stack's alone."""
    own = [alarm for alarm in ALARMS.values() if alarm["Namespace"] == metrics.NAMESPACE]
    assert own
    for alarm in own:
        assert alarm["Dimensions"] == [{"Name": metrics.DIMENSION, "Value": {"Ref": "AWS::StackName"}}]


def test_alarms_and_status_agree() -> None:
    """What the alarms on waiting messages and on what is overdue call too long, the status does, too."""
    thresholds = {
        alarm["Dimensions"][0]["Value"]["GetAtt"]: alarm["Threshold"]
        for alarm in ALARMS.values()
        if alarm["MetricName"] == ages.METRIC
    }
    names = {"events": "EventQueue", "deliveries": "DeliveryQueue", "slow": "SlowQueue"}
    assert thresholds == {f"{names[name]}.QueueName": age for name, age in MAX_AGES.items()}
    assert ALARMS["OldestPendingAlarm"]["Threshold"] == OVERDUE_SECONDS


def test_each_index_has_an_alarm() -> None:
    """A throttled index holds up its table, so each has an alarm of its own."""
    alarmed = {
        dimension["Value"]
        for alarm in ALARMS.values()
        for dimension in alarm["Dimensions"]
        if dimension["Name"] == "GlobalSecondaryIndexName"
    }
    indexes = resources()["DeliveriesTable"]["Properties"]["GlobalSecondaryIndexes"]
    assert alarmed == {index["IndexName"] for index in indexes}


@pytest.mark.parametrize("name", ["SweeperAlarm", "HeartbeatAlarm"])
def test_silence_is_an_alarm(name: str) -> None:
    """Where nothing is written at all, the alarm rings too."""
    assert ALARMS[name]["TreatMissingData"] == "breaching"
    assert ALARMS[name]["ComparisonOperator"] == "LessThanThreshold"


def test_the_dashboard_names_what_there_is() -> None:
    """Each name that the dashboard has filled in is a resource of the template, or given beside it."""
    (body, given) = resources()["NightDashboard"]["Properties"]["DashboardBody"]["Sub"]
    named = set(re.findall(r"\$\{(\w+)\}", body))
    assert named - given.keys() <= resources().keys()
    assert {value["GetAtt"].split(".")[0] for value in given.values()} <= resources().keys()
