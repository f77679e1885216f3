"""Log losses."""

import logging
from collections.abc import Sequence

from backendai_notification_bridge.spool.rows import Dropped

logger = logging.getLogger(__name__)


def tell_dropped(dropped: Sequence[Dropped]) -> None:
    """Log what was dropped because the spool or its quarantine is full."""
    for each in dropped:
        logger.error("Dropped, because the spool is full", extra={"what": each.what, "came": each.came})
