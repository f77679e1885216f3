"""Continue after interruptions: reading when Valkey is back, work when the disk has room."""

import logging
import sqlite3
import threading
import time
from collections.abc import Callable

from backendai_notification_bridge.backoff import Backoff
from backendai_notification_bridge.reading.connection import AWAY
from backendai_notification_bridge.reading.watch import Watch

logger = logging.getLogger(__name__)

STEADY_SECONDS = 5.0
"""After a connection that lasted so long, the next pause is short again."""


def follow(read: Callable[[Callable[[], bool]], None], watch: Watch, stopping: threading.Event) -> None:
    """Read, connection after connection; with a new one, too, when the master has changed."""
    backoff, told = Backoff(0.1, 5.0), ""
    while not stopping.is_set():
        generation, began = watch.generation, time.monotonic()
        try:
            read(lambda: stopping.is_set() or watch.generation != generation)  # noqa: B023 - called within
        except AWAY as error:
            steady = time.monotonic() - began > STEADY_SECONDS
            if steady or str(error) != told:  # an outage is logged once
                logger.warning("Reading is interrupted", extra={"reason": str(error)})
            told = str(error)
            if steady:
                backoff.went_well()
            backoff.failed()
            stopping.wait(backoff.left)


def on_disk(work: Callable[[], None], stopping: threading.Event) -> None:
    """Work, and try again while the disk is full, because ending would lose what readers hold in memory."""
    backoff = Backoff(0.2, 10.0)
    while not stopping.is_set():
        try:
            return work()
        except sqlite3.OperationalError as error:
            logger.warning("The spool cannot be written: work waits", extra={"reason": str(error)})
            backoff.failed()
            stopping.wait(backoff.left)
    return None
