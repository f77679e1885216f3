"""Write logs as JSON lines on standard output.

On AWS the Lambda runtime does that, with the request's id, because template.yaml asks it for JSON. Elsewhere,
as on the local stack, this module writes the same fields.
"""

import json
import logging
import os
import sys
import traceback
from datetime import UTC, datetime

_OWN = frozenset(vars(logging.LogRecord("", 0, "", 0, "", None, None))) | {"message", "taskName"}


def set_up() -> None:
    """Make the loggers write JSON. LOG_LEVEL: the lowest level that is logged."""
    if os.environ.get("AWS_LAMBDA_LOG_FORMAT") == "JSON":
        return
    root = logging.getLogger()
    root.setLevel(os.environ.get("LOG_LEVEL", "INFO"))
    if not root.handlers:
        root.addHandler(logging.StreamHandler(sys.stdout))
    for handler in root.handlers:
        handler.setFormatter(_Formatter())


class _Formatter(logging.Formatter):
    """Format a record with the field names of Lambda's runtime."""

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
