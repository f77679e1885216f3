"""The fake of PagerDuty answers as its Events API is documented to."""

import json
from typing import Any

import pytest

from tests.unit.receivers.asking import ask, seen

KEY = "samplekeyheresamplekeyheresample"
PAYLOAD = {
    "summary": "Example alert on host1.example.com",
    "timestamp": "2015-07-17T08:42:58.315+0000",
    "source": "monitoringtool:cloudvendor:central-region-dc-01:852559987:cluster/api-stats-prod-003",
    "severity": "info",
    "component": "postgres",
    "group": "prod-datapipe",
    "class": "deploy",
    "custom_details": {"ping time": "1500ms", "load avg": 0.75},
}
EVENT = {
    "payload": PAYLOAD,
    "routing_key": KEY,
    "dedup_key": "samplekeyhere",
    "links": [{"href": "https://example.com/", "text": "Link text"}],
    "event_action": "trigger",
}


def test_example() -> None:
    """The documented event is taken, and shown with its details."""
    answer = ask("pagerduty", EVENT)
    assert (answer.status, json.loads(answer.body)["dedup_key"]) == (202, "samplekeyhere")
    shown = seen("pagerduty", EVENT)
    assert shown.parts[0].text == PAYLOAD["summary"]
    assert "load avg\n0.75" in shown.text
    assert shown.active == {"link": 1}


@pytest.mark.parametrize("action", ["acknowledge", "resolve"])
def test_follow_up(action: str) -> None:
    """What acknowledges or resolves needs a key and no payload."""
    event = {"routing_key": KEY, "event_action": action}
    assert ask("pagerduty", {**event, "dedup_key": "x"}).status == 202
    assert ask("pagerduty", event).status == 400


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"routing_key": "short"}, "routing_key"),
        ({"event_action": "open"}, "event_action"),
        ({"dedup_key": "x" * 256}, "dedup_key"),
        ({"payload": None}, "payload"),
        ({"payload": {**PAYLOAD, "summary": ""}}, "payload.summary"),
        ({"payload": {**PAYLOAD, "summary": "x" * 1_025}}, "payload.summary"),
        ({"payload": {**PAYLOAD, "source": None}}, "payload.source"),
        ({"payload": {**PAYLOAD, "severity": "success"}}, "payload.severity"),
        ({"payload": {**PAYLOAD, "timestamp": "today"}}, "payload.timestamp"),
        ({"payload": {**PAYLOAD, "custom_details": []}}, "payload.custom_details"),
        ({"links": [{"href": "javascript:1"}]}, "links.href"),
    ],
)
def test_invalid(change: dict[str, Any], named: str) -> None:
    """What is wrong stands in a list."""
    answer = ask("pagerduty", {**EVENT, **change})
    told = json.loads(answer.body)
    assert (answer.status, told["status"]) == (400, "invalid event")
    assert [error for error in told["errors"] if f"'{named}'" in error]


def test_size() -> None:
    """An event has at most 512 KB."""
    large = {**PAYLOAD, "custom_details": {"text": "x" * 512_000}}
    assert ask("pagerduty", {**EVENT, "payload": large}).status == 413
    assert ask("pagerduty", b"{").status == 400
