"""The heartbeat's Lambda: every 15 minutes it puts an event on the bus, as a producer does.

The event takes the way that real ones take, through the bus, its rule and the queue to the dispatcher, which
counts it. An alarm rings when none has arrived for half an hour.
"""

import logging
from typing import Any

from notifications.startup import loading

with loading():
    from notifications import aws
    from notifications.core.rule_types import HEARTBEAT
    from notifications.delivering.invocation import Context

logger = logging.getLogger(__name__)


def handler(_event: dict[str, Any], _context: Context) -> None:
    """Put the event on the bus.

    Raises:
        Unavailable: the bus did not take it; the next one is due in a quarter of an hour.
    """
    logger.info("heartbeat sent", extra={"event_id": aws.event_bus().put(HEARTBEAT, {})})
