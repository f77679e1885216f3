"""One hostile request."""

from dataclasses import dataclass, field
from typing import Any

CHANNELS = "/notifications/channels"


@dataclass(frozen=True)
class HostileRequest:
    """One request, and with which statuses it may be refused. ``takes``: statuses that do no harm either."""

    name: str
    method: str
    path: str
    statuses: tuple[int, ...] = (400,)
    options: dict[str, Any] = field(default_factory=dict)
    takes: tuple[int, ...] = ()
