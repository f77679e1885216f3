"""Write CloudWatch metrics, as lines of the embedded metric format on standard output."""

import json
import os
import sys
import time
from collections.abc import Mapping, Sequence
from typing import Literal, get_args

NAMESPACE = "BackendAI/Notification"
DIMENSION = "stack"
"""The only dimension, which separates the stacks of an account. Its value is in STACK."""

Metric = Literal[
    "DeliveriesDelivered",
    "DeliveriesFailed",
    "DeliveriesHeld",
    "DeliveriesCollected",
    "DeliveriesMuted",
    "DeliveriesObserved",
    "DeliveriesPending",
    "DeliveriesSkipped",
    "EventsDispatched",
    "EventsRefused",
    "EventsUnmatched",
    "FirstAttemptMilliseconds",
    "Heartbeats",
    "OldestPendingSeconds",
    "SuspendedChannels",
    "Sweeps",
]
METRICS: tuple[Metric, ...] = get_args(Metric)
MAX_VALUES = 100
"""How many values of one metric a line may have."""

Value = float | Sequence[float]


def write(values: Mapping[Metric, Value]) -> None:
    """Write metrics; several values of one metric share a line.

    Source of the form: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/
    CloudWatch_Embedded_Metric_Format_Specification.html
    """
    definition = {
        "Namespace": NAMESPACE,
        "Dimensions": [[DIMENSION]],
        "Metrics": [{"Name": name, "Unit": _unit(name)} for name in values],
    }
    own = {"Timestamp": int(time.time() * 1000), "CloudWatchMetrics": [definition]}
    line: dict[str, object] = {"_aws": own, DIMENSION: os.environ.get("STACK", "")}
    line |= {name: _told(value) for name, value in values.items()}
    sys.stdout.write(json.dumps(line) + "\n")


def _unit(name: Metric) -> str:
    for unit in ("Milliseconds", "Seconds"):
        if name.endswith(unit):
            return unit
    return "Count"


def _told(value: Value) -> Value:
    return value if isinstance(value, (int, float)) else value[:MAX_VALUES]
