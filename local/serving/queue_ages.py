"""What ministack's SQS does not measure for CloudWatch: how old each queue's oldest message is."""

import time
from typing import Any

from ministack.services import cloudwatch, sqs

METRIC = ("AWS/SQS", "ApproximateAgeOfOldestMessage")
RECEIVED_OFTEN = 3
"""A message that was received so often does not count on AWS.

Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
"""

_get_metric_data = cloudwatch._get_metric_data  # noqa: SLF001


def teach() -> None:
    """Have CloudWatch measure the queues whenever somebody asks it for metrics: AWS does so each minute."""
    cloudwatch._get_metric_data = _measured  # noqa: SLF001


def _measured(*request: Any) -> Any:
    now = time.time()
    for queue in sqs._queues.values():  # noqa: SLF001 - those of who asks, as in all of ministack's stores
        ages = [
            now - message["sent_at"]
            for message in queue["messages"]
            if message["receive_count"] < RECEIVED_OFTEN
        ]
        dimensions = {"QueueName": queue["name"]}
        key = (*METRIC, cloudwatch._dims_key(dimensions))  # noqa: SLF001
        point = {"Timestamp": now, "Value": max(ages, default=0), "Unit": "Seconds", "Dimensions": dimensions}
        # Only the newest, so that whoever watches a queue does not fill the memory.
        cloudwatch._metrics[key] = [point] if ages else []  # noqa: SLF001
    return _get_metric_data(*request)
