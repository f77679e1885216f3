"""What tests of simulations share."""

from typing import Any

from tests.cloud.gateway import call
from tests.cloud.pipeline import DATA
from tests.integration.rules import BAD_TEMPLATE, INVALID

SIMULATIONS = "/notifications/simulations"
TEMPLATE = '{"text": "{{ session_id }}"}'


def simulated(**request: Any) -> dict[str, Any]:
    """Simulate an event, by default a started session."""
    body = {"rule_type": "session.started", "notification_data": DATA} | request
    answer = call("POST", SIMULATIONS, body)
    assert answer.status == 200, answer
    told: dict[str, Any] = answer.json
    return told


def refused(**request: Any) -> str:
    """Simulate what cannot be; return why."""
    answer = call("POST", SIMULATIONS, {"rule_type": "session.started", "notification_data": DATA} | request)
    assert answer.kind in {INVALID, BAD_TEMPLATE}, answer
    return str(answer.json["msg"])
