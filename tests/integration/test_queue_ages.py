"""The ages of the queues' oldest messages in the status, as CloudWatch has them, or does not."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from local.receiver import Receiver, Reply
from notifications.awsapi.client import Client
from notifications.awsapi.credentials import CredentialSource
from notifications.core.service_status import MAX_AGES
from notifications.messaging import ages
from tests.cloud.aws import ENVIRONMENT, client
from tests.cloud.gateway import KEYS_OF_ROLES, call
from tests.cloud.services import services

pytestmark = pytest.mark.usefixtures("cloud")

QUEUES = {"events": "event", "deliveries": "delivery", "slow": "slow", "dead_events": "dead_letter"}


def fill(*names: str) -> None:
    """Put a message on each of these queues."""
    for name in names:
        url = ENVIRONMENT[f"{QUEUES[name].upper()}_QUEUE_URL"]
        client("sqs").send_message(QueueUrl=url, MessageBody="{}")


def measure(name: str, age: float, **ago: float) -> datetime:
    """Have CloudWatch an age that was measured so long ago; return when that was."""
    measured = datetime.now(UTC).replace(microsecond=0) - timedelta(**ago)
    dimensions = [{"Name": "QueueName", "Value": QUEUES[name]}]
    datum = {"MetricName": ages.METRIC, "Dimensions": dimensions, "Value": age, "Timestamp": measured}
    client("cloudwatch").put_metric_data(Namespace="AWS/SQS", MetricData=[datum])
    return measured


def asked() -> Any:
    """Ask for the status as a viewer, with the queues by name."""
    answer = call("GET", "/notifications/status", key=KEYS_OF_ROLES["viewer"])
    assert answer.status == 200, answer.text
    found = answer.json
    return {**found, "queues": {queue["name"]: queue for queue in found["queues"]}}


def age(found: Any, name: str) -> tuple[Any, Any]:
    """Return a queue's age, and when it was measured."""
    return found["queues"][name]["oldest_age_seconds"], found["queues"][name]["age_measured_at"]


def test_the_newest_measurement_counts() -> None:
    """A queue's age is the one that was measured last, with its time; each queue has its own."""
    fill("events", "slow")
    measure("events", 20, minutes=4)
    last = measure("events", 200.4, minutes=2)
    other = measure("slow", 1700, minutes=1)
    found = asked()
    measured = datetime.fromisoformat(age(found, "events")[1])
    assert age(found, "events")[0] == 200
    assert timedelta(0) <= last - measured < timedelta(minutes=1)
    assert age(found, "slow")[0] == 1700
    assert timedelta(0) <= other - datetime.fromisoformat(age(found, "slow")[1]) < timedelta(minutes=1)
    assert found["well"]


@pytest.mark.parametrize("name", sorted(MAX_AGES))
def test_what_has_waited_for_too_long_is_not_well(name: str) -> None:
    """A queue that is older than its alarm allows is a problem of the status, of a kind of its own."""
    fill(name)
    measure(name, MAX_AGES[name] + 1, minutes=1)
    found = asked()
    assert not found["well"]
    assert found["problems"][0].startswith("The oldest ")
    assert found["causes"] == [{"kind": f"old_{name}", "count": None, "channel_id": None}]


def test_old_dead_letters_are_only_dead_letters() -> None:
    """The age of a dead letter is told, and is no problem besides that there is one."""
    fill("dead_events")
    measure("dead_events", 90_000, minutes=1)
    found = asked()
    assert age(found, "dead_events")[0] == 90_000
    assert [cause["kind"] for cause in found["causes"]] == ["dead_events"]


def test_an_old_measurement_is_none() -> None:
    """What was measured too long ago may be about messages that are gone, so the age is not known."""
    fill("events")
    measure("events", 900, seconds=ages.WINDOW_SECONDS + 90)
    found = asked()
    assert (age(found, "events"), found["well"]) == ((None, None), True)


def test_an_empty_queue_has_no_age(calls: list[dict[str, Any]]) -> None:
    """Of queues that are empty CloudWatch is not asked, though it has an age of what is gone."""
    measure("events", 900, minutes=1)
    measure("slow", 10, minutes=1)
    assert age(asked(), "events") == (0, None)
    assert calls == []
    fill("slow")
    found = asked()
    assert (age(found, "events"), age(found, "slow")[0], found["well"]) == ((0, None), 10, True)
    assert [query["Id"] for query in calls[0]["MetricDataQueries"]] == ["slow"]


def test_all_ages_are_one_call(calls: list[dict[str, Any]]) -> None:
    """However many queues have messages, CloudWatch is asked once."""
    fill(*QUEUES)
    asked()
    assert [len(asking["MetricDataQueries"]) for asking in calls] == [len(QUEUES)]


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Note what CloudWatch is asked."""
    found: list[dict[str, Any]] = []
    call = Client.call

    def noted(aws_client: Client, operation: str, **parameters: Any) -> dict[str, Any]:
        if operation == "GetMetricData":
            found.append(parameters)
        return call(aws_client, operation, **parameters)

    monkeypatch.setattr(Client, "call", noted)
    return found


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Reply]]:
    """Have CloudWatch give the reply that the test chooses."""
    replies: list[Reply] = []
    with Receiver(lambda _: replies[0]) as receiver:
        away = Client("monitoring", "us-east-1", CredentialSource(), receiver.url)
        monkeypatch.setitem(services()._clients, "monitoring", away)  # noqa: SLF001
        yield replies


SILENT_SECONDS = ages.WAIT_SECONDS + 3
REFUSED = {"__type": "com.amazonaws.cloudwatch#AccessDeniedException", "message": "not authorized"}


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (Reply(status=400, body=json.dumps(REFUSED).encode()), "AccessDeniedException"),
        (Reply(status=503, body=b"<html>busy</html>"), "Status503"),
        (Reply(delay_seconds=SILENT_SECONDS), "NotReached"),
    ],
    ids=["refused", "busy", "silent"],
)
def test_without_cloudwatch_the_rest_is_told(
    broken: list[Reply], reply: Reply, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If CloudWatch refuses, fails or is silent, only the ages are unknown, soon, and the log says why."""
    told: list[dict[str, Any]] = []
    monkeypatch.setattr(ages.logger, "warning", lambda _, extra: told.append(extra))
    broken.append(reply)
    fill("events")
    began = time.monotonic()
    found = asked()
    assert time.monotonic() - began < SILENT_SECONDS
    assert found["queues"]["events"]["waiting"] == 1
    assert (age(found, "events"), found["well"]) == ((None, None), True)
    assert told == [{"code": code}]
