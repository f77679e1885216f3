"""The heartbeat's Lambda handler: every 15 minutes it puts an event on the bus, as a producer does.

The event takes the path of real ones, through the bus, its rule and the queue to the dispatcher, which counts
it. An alarm fires if none has arrived for half an hour.
"""

import logging
import os
from typing import Any

from notifications.cold_start import loading

with loading():
    from notifications.core.rule_types import HEARTBEAT
    from notifications.delivering.invocation import Context
    from notifications.wiring import Services

logger = logging.getLogger(__name__)


class Handler:
    """Handle the schedule's invocations."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def __call__(self, _event: dict[str, Any], _context: Context) -> None:
        """Put the event on the bus.

        Raises:
            Unavailable: the bus did not accept it; the next one is due in a quarter of an hour.
        """
        event_id = self._services.event_bus.put(HEARTBEAT, {})
        logger.info("heartbeat sent", extra={"event_id": event_id})


with loading():
    handler = Handler(Services(os.environ))
