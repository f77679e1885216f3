"""Logs and metrics, as JSON lines on standard output.

On AWS the runtime writes what is logged, with the request's id, since template.yaml asks it for JSON. Where
it does not, as on the local stack, this module writes the same fields.
"""

import json
import logging
import os
import sys
import time
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime

NAMESPACE = "BackendAI/Notification"
SERVICE = "notification"
"""The one dimension of the metrics."""

_OWN = frozenset(vars(logging.LogRecord("", 0, "", 0, "", None, None))) | {"message", "taskName"}


def set_up() -> None:
    """See to it that what is logged comes out as JSON. LOG_LEVEL says what is logged at least."""
    if os.environ.get("AWS_LAMBDA_LOG_FORMAT") == "JSON":
        return
    root = logging.getLogger()
    root.setLevel(os.environ.get("LOG_LEVEL", "INFO"))
    if not root.handlers:
        root.addHandler(logging.StreamHandler(sys.stdout))
    for handler in root.handlers:
        handler.setFormatter(_Formatter())


def count(numbers: Mapping[str, int]) -> None:
    """Add to metrics of CloudWatch, by name.

    Source of the form: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/
    CloudWatch_Embedded_Metric_Format_Specification.html
    """
    definition = {
        "Namespace": NAMESPACE,
        "Dimensions": [["service"]],
        "Metrics": [{"Name": name, "Unit": "Count"} for name in numbers],
    }
    own = {"Timestamp": int(time.time() * 1000), "CloudWatchMetrics": [definition]}
    sys.stdout.write(json.dumps({"_aws": own, "service": SERVICE, **numbers}) + "\n")


class _Formatter(logging.Formatter):
    """Writes a record with the names that Lambda's runtime uses."""

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, object] = {
            "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "message": record.getMessage(),
            "logger": record.name,
        }
        if record.exc_info and record.exc_info[1]:
            error = record.exc_info[1]
            told |= {
                "errorType": type(error).__name__,
                "errorMessage": str(error),
                "stackTrace": traceback.format_tb(error.__traceback__),
            }
        extra = {name: value for name, value in vars(record).items() if name not in _OWN}
        return json.dumps({**told, **extra}, default=str, ensure_ascii=False)
