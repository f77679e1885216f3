"""What is new about deliveries since they were last looked at, a line each. Values in, values out."""

from collections.abc import Iterable, Mapping
from typing import Any

from backendai_notification_cli.terminal.times import local_time
from backendai_notification_cli.terminal.visible import visible

STATUS_WIDTH = len("delivered")


class Seen:
    """The deliveries that were seen, and in which state."""

    def __init__(self) -> None:
        self._known: dict[str, Mapping[str, Any]] = {}

    def news(self, found: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        """Return the deliveries that are new or changed, in the order of their changes."""
        changed = [item for item in found if self._is_news(item)]
        self._known.update((str(item.get("id")), item) for item in changed)
        return sorted(changed, key=_updated)

    def forget_before(self, since: str) -> None:
        """Drop the deliveries that were created before: they are not asked for any more."""
        self._known = {key: item for key, item in self._known.items() if _created(item) >= since}

    def _is_news(self, item: Mapping[str, Any]) -> bool:
        known = self._known.get(str(item.get("id")))
        if known is None:
            return True
        # A read from an index may be older than the one before.
        return _state(item) != _state(known) and _updated(item) >= _updated(known)


def line(item: Mapping[str, Any]) -> str:
    """Write a delivery on one line."""
    return "  ".join(
        (
            visible(local_time(_updated(item))),
            visible(item.get("status")).ljust(STATUS_WIDTH),
            *(visible(item.get(key)) for key in ("rule_type", "id", "channel_id", "attempt_count")),
            visible(item.get("reason") or ""),
        )
    ).rstrip()


def _state(item: Mapping[str, Any]) -> tuple[object, object]:
    return item.get("status"), item.get("attempt_count")


def _updated(item: Mapping[str, Any]) -> str:
    return str(item.get("updated_at"))


def _created(item: Mapping[str, Any]) -> str:
    return str(item.get("created_at"))
