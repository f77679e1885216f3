"""Have moto's DynamoDB do one request after another, as if each were alone.

A transaction that fails puts moto's tables back as they were when it began, which loses what others wrote
meanwhile. DynamoDB loses nothing.
"""

import threading
from typing import Any

from moto.dynamodb.responses import DynamoHandler

_LOCK = threading.Lock()
_call_action = DynamoHandler.call_action


def teach() -> None:
    """Make moto wait for the request before; once is enough."""
    DynamoHandler.call_action = _alone  # type: ignore[method-assign]


def _alone(handler: DynamoHandler) -> Any:
    with _LOCK:
        return _call_action(handler)
