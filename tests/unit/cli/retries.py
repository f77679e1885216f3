"""Deliveries that are to be retried, and a clock that only pauses move."""

from typing import Any

from tests.unit.cli.records import DELIVERIES, delivery, page

RETRY = ("notification", "delivery", "retry")
FAILED = (*RETRY, "--status", "failed")


class Clock:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.pauses: list[float] = []

    def monotonic(self) -> float:
        """Tell the time."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.pauses.append(round(seconds, 6))
        self.now += seconds


def found(service: Any, *deliveries: dict[str, Any]) -> None:
    """Let the service have these deliveries, on pages of two, and retry them."""
    pages = [deliveries[start : start + 2] for start in range(0, len(deliveries), 2)] or [()]
    for number, members in enumerate(pages, start=1):
        following = str(number) if number < len(pages) else None
        service.answers("GET", f"{DELIVERIES}?*", page(*members, following=following))
    for item in deliveries:
        service.answers("POST", f"{DELIVERIES}/{item['id']}/retry", {"delivery": item}, status=202)


def many(count: int) -> list[dict[str, Any]]:
    """Return so many failed deliveries."""
    return [delivery(number) for number in range(count)]


def retried(service: Any) -> list[str]:
    """Return which events' deliveries were asked to be retried, in order."""
    posts = [request["path"] for request in service.requests if request["method"] == "POST"]
    return [path.removeprefix(f"{DELIVERIES}/").partition("_")[0] for path in posts]
