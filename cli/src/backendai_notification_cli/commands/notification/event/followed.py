"""An event and its deliveries on one line. Values in, values out."""

from collections.abc import Mapping
from typing import Any

from backendai_notification_cli.terminal.times import local_time
from backendai_notification_cli.terminal.visible import visible

STATUS_WIDTH = len("dead_letter")
MAX_REASON_CHARS = 100
UNREMARKABLE = frozenset({"pending", "delivered"})
"""The statuses of deliveries whose reasons are left out."""


def line(event: Mapping[str, Any]) -> str:
    """Write an event on one line."""
    parts = (
        visible(local_time(str(event.get("updated_at")))),
        visible(event.get("status")).ljust(STATUS_WIDTH),
        visible(event.get("rule_type")),
        visible(event.get("id")),
        _cut(event.get("reason")),
        "; ".join(_deliveries(event)),
    )
    return "  ".join(filter(None, parts)).rstrip()


def _deliveries(event: Mapping[str, Any]) -> list[str]:
    told = [_told(delivery) for delivery in event.get("deliveries") or ()]
    return [*told, *(["and others: see event info"] if event.get("more_deliveries") else [])]


def _told(delivery: Mapping[str, Any]) -> str:
    rule = visible(delivery.get("rule_name") or delivery.get("rule_id"))
    status = delivery.get("status")
    reason = "" if status in UNREMARKABLE else _cut(delivery.get("reason"))
    return f"{rule}: {visible(status)}" + (f" ({reason})" if reason else "")


def _cut(reason: object) -> str:
    text = visible(reason or "")
    return text if len(text) <= MAX_REASON_CHARS else text[:MAX_REASON_CHARS] + "…"
