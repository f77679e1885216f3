"""Rules through the API, as tests of their routes make them."""

from typing import Any

from tests.cloud.gateway import call

RULES = "/notifications/rules"
INVALID = (400, "generic-bad-request", "api_parsing_invalid-parameters")
UNKNOWN_RULE = (404, "notification-rule-not-found", "notification_read_not-found")
BAD_TEMPLATE = (400, "notification-template-rendering-failure", "notification_generic_invalid-parameters")


def create_channel() -> str:
    """Create a channel and return its id."""
    spec = {"url": "https://example.com"}
    made = call("POST", "/notifications/channels", {"name": "c", "spec": spec}).json["channel"]
    return str(made["id"])


def request(**changes: Any) -> dict[str, Any]:
    """Make a request for a rule."""
    fields = {"name": "A rule", "rule_type": "session.started", "message_template": "{{ session_id }}"}
    return {**fields, **changes}


def create(**changes: Any) -> dict[str, Any]:
    """Create a rule on a channel of its own."""
    answer = call("POST", RULES, request(**{"channel_id": create_channel(), **changes}))
    assert answer.status == 201, answer
    rule: dict[str, Any] = answer.json["rule"]
    return rule
