"""Watch whether Valkey's master has changed, and which bridge leads."""

import time
from contextlib import suppress

from backendai_notification_bridge.reading.connection import AWAY, Connection, Connections, NotMaster
from backendai_notification_bridge.reading.leader import Leadership

TICK_SECONDS = 3.0
STANDBY_TICK_SECONDS = 1.0
FRESH_SECONDS = 5.0


class Watch:
    """Look every few seconds. ``lead``: whether this bridge may lead.

    ``generation``: grows when the readers must connect again.
    """

    def __init__(self, connections: Connections, leadership: Leadership, *, lead: bool = True) -> None:
        self._connections = connections
        self._leadership = leadership
        self._lead = lead
        self._connection: Connection | None = None
        self._address: tuple[str, int] | None = None
        self.generation = 0
        self.alive: float | None = None

    @property
    def pause(self) -> float:
        """Return how long to wait until the next look."""
        return TICK_SECONDS if self._leadership.leads else STANDBY_TICK_SECONDS

    @property
    def other_leads(self) -> bool:
        """Return whether another bridge is known to lead now."""
        fresh = self.alive is not None and time.monotonic() - self.alive < FRESH_SECONDS
        return fresh and self._leadership.other_leads

    def look(self) -> None:
        """Look once. A demoted node continues to serve its readers, so only its role shows the change.

        Raises:
            ValkeyError, OSError: Valkey does not answer, or the node is no master any more.
        """
        try:
            address = self._connections.master()
            if address != self._address:
                if self._address is not None:
                    self.generation += 1
                self._forget()
                self._address = address
            if self._connection is None:
                self._connection = self._connections.open(self._connections.endpoint.lock_database, address)
            self._check_role(self._connection)
            if self._lead:
                self._leadership.renew(self._connection)
        except AWAY:
            self._forget()
            raise
        self.alive = time.monotonic()

    def _check_role(self, connection: Connection) -> None:
        if connection.ask("ROLE")[0] != b"master":
            self.generation += 1
            raise NotMaster("The node is a replica now")

    def _forget(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def leave(self) -> None:
        """Let another bridge lead."""
        if self._connection is not None:
            with suppress(*AWAY):
                self._leadership.leave(self._connection)
        self._forget()
