"""Count the messages that once-per and a digest make of events, by the events alone: for backtests.

The count is as if the rule had always existed and every message had been delivered.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from notifications.core.errors import InvalidRequest
from notifications.core.model import Digest, OncePer, Rule
from notifications.core.windows import schedules
from notifications.core.windows.grouping import group_of

NAME_CHARS = 16
"""How much of a group's name distinguishes it from others within one backtest."""

MAX_OPEN = 2_000
"""How many windows a page passes on to the next; if there are more, those that end first are dropped."""


class MessageTally:
    """Counts the messages of one rule, event by event in their order.

    ``windows``: the windows that the tally of the previous page left open, as ``left`` wrote them; None at
    the beginning.
    """

    def __init__(self, rule: Rule, windows: str | None) -> None:
        self.messages = 0
        self._once_per = rule.once_per
        self._digest = rule.digest
        self._schedule = None if rule.digest is None else schedules.parse(rule.digest.period)
        self._until, self._open = _read(windows)
        self._now = 0.0

    def add(self, at: datetime, data: Mapping[str, Any]) -> None:
        """Count a hit."""
        self._now = at.timestamp()
        if self._once_per is not None and self._is_repeat(self._once_per, data):
            return
        if self._digest is None or not self._joins(self._digest, data):
            self.messages += 1
            if self._digest is not None:
                self._opens(self._digest, at, data)

    def left(self) -> str:
        """Write the windows that are open after the last event."""
        until = _last({name: end for name, end in self._until.items() if end > self._now})
        closing = _last({name: (end, n) for name, (end, n) in self._open.items() if end > self._now})
        return json.dumps([until, closing], separators=(",", ":"))

    def _is_repeat(self, once_per: OncePer, data: Mapping[str, Any]) -> bool:
        name = _name(data, once_per.by)
        if self._now < self._until.get(name, 0.0):
            return True
        self._until[name] = self._now + once_per.period
        return False

    def _joins(self, digest: Digest, data: Mapping[str, Any]) -> bool:
        name = _name(data, digest.by)
        end, count = self._open.get(name, (0.0, 0))
        if self._now >= end or count >= digest.max:
            return False
        self._open[name] = end, count + 1
        return True

    def _opens(self, digest: Digest, at: datetime, data: Mapping[str, Any]) -> None:
        assert self._schedule is not None  # noqa: S101 - it has one if there is a digest
        self._open[_name(data, digest.by)] = schedules.closes_at(self._schedule, at).timestamp(), 1


def _name(data: Mapping[str, Any], by: tuple[str, ...]) -> str:
    return group_of(data, by, None).name[:NAME_CHARS]


def _last(windows: dict[str, Any]) -> dict[str, Any]:
    """Keep the windows that end last, if there are too many."""
    return dict(sorted(windows.items(), key=lambda item: item[1])[-MAX_OPEN:])


def _read(windows: str | None) -> tuple[dict[str, float], dict[str, tuple[float, int]]]:
    """Read what ``left`` wrote.

    Raises:
        InvalidRequest: this is not what ``left`` writes.
    """
    try:
        until, closing = ({}, {}) if windows is None else json.loads(windows)
        return (
            {str(name): float(end) for name, end in until.items()},
            {str(name): (float(end), int(count)) for name, (end, count) in closing.items()},
        )
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError):
        raise InvalidRequest("windows: no page of this backtest has given these") from None
