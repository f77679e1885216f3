"""Asking a fake service."""

import json
from typing import Any

from local.receiver import Received
from tests.receivers import SERVICES
from tests.receivers.seen import Seen
from tests.receivers.service import Answer


def ask(name: str, body: Any, path: str | None = None) -> Answer:
    """Send a body to a service: a document, or bytes."""
    raw = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
    service = SERVICES[name]
    return service.answer(Received("POST", path or service.path, {"content-type": "application/json"}, raw))


def seen(name: str, body: Any) -> Seen:
    """Send a body that the service shows, and return what it shows."""
    answer = ask(name, body)
    assert answer.seen is not None, answer
    return answer.seen
