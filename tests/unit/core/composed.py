"""What tests of default messages share: composing one, and texts that must not become markup."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from notifications.core import rendering
from notifications.core.composing import compose_message
from notifications.core.messages import Message
from notifications.core.model import Event, EventType, MessageParts
from notifications.core.rule_types import BUILT_IN
from tests.samples.configuration import rule

AT = datetime(2026, 1, 15, 10, 30, tzinfo=UTC)
OPEN, CLOSE = "\u27e6", "\u27e7"
"""Around what is escaped."""

HOSTILE = ["<!channel>", "<@U1>", "@everyone", "[x](http://x)", "<users/all>", "*bold*", "<b>x</b>", "`x`"]
TEXTS = st.sampled_from([*HOSTILE, "\ud800", "\u202eabc", "{{ 7 * 7 }}", "x" * 300_000]) | st.text()


def escape(text: str) -> str:
    """Mark what is escaped."""
    return f"{OPEN}{text}{CLOSE}"


def composed(
    data: Mapping[str, Any],
    kind: EventType = BUILT_IN["session.started"],
    more: Mapping[str, Any] | None = None,
    zone: str | None = None,
    **parts: Any,
) -> Message:
    """Compose a message of an event with this data, without an escape."""
    variables = rendering.variables(Event("e-1", kind.name, AT, data), kind).having(more or {})
    return compose_message(rule(message=MessageParts(**parts)), variables, str, zone)
