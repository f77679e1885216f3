"""How old the queues' oldest messages are: SQS does not say, but measures it for CloudWatch once a minute."""

import logging
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from notifications.awsapi.client import Client
from notifications.awsapi.errors import CallFailed
from notifications.core.values import value

METRIC = "ApproximateAgeOfOldestMessage"
PERIOD_SECONDS = 60

WAIT_SECONDS = 2.0
"""How long CloudWatch is waited for, since the status can be told without it."""

WINDOW_SECONDS = 300
"""How old a measurement may be. CloudWatch has most of them within three minutes; an older one may be about
messages that are gone."""

logger = logging.getLogger(__name__)


@value
class Age:
    """How old a queue's oldest message was when that was measured."""

    seconds: float
    measured_at: datetime


def ages(client: Client, urls: Mapping[str, str], now: datetime) -> dict[str, Age]:
    """Ask CloudWatch for the newest ages, by one call; ``urls``: of the queues, by name.

    Queues that CloudWatch knows no age of are left out; all are if it fails, which is only logged.
    """
    client.give_up_at = time.monotonic() + WAIT_SECONDS
    try:
        found = client.call(
            "GetMetricData",
            tries=1,
            MetricDataQueries=[_query(name, url.rpartition("/")[2]) for name, url in urls.items()],
            StartTime=int(now.timestamp()) - WINDOW_SECONDS,
            EndTime=int(now.timestamp()) + PERIOD_SECONDS,
        )
    except CallFailed as error:
        logger.warning("the ages of messages are unknown", extra={"code": error.code})
        return {}
    return {result["Id"]: _newest(result) for result in found["MetricDataResults"] if result["Timestamps"]}


def _query(name: str, queue_name: str) -> dict[str, Any]:
    dimensions = [{"Name": "QueueName", "Value": queue_name}]
    metric = {"Namespace": "AWS/SQS", "MetricName": METRIC, "Dimensions": dimensions}
    return {"Id": name, "MetricStat": {"Metric": metric, "Period": PERIOD_SECONDS, "Stat": "Maximum"}}


def _newest(result: Mapping[str, Any]) -> Age:
    measured, seconds = max(zip(result["Timestamps"], result["Values"], strict=True))
    return Age(seconds, datetime.fromtimestamp(measured, UTC))
