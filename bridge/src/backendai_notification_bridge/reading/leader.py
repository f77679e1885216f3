"""Decide which of several bridges puts events: the one that holds a key in Valkey."""

import time

from backendai_notification_bridge.reading.connection import Connection

KEY = "backendai-notification-bridge.leader"
HELD_MILLISECONDS = 10_000
"""How long the key outlives the leader."""

MARGIN_SECONDS = 2.0
"""How much before the key's expiry the leader stops, if it cannot renew the key."""

_TAKE = """
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
"""
_LEAVE = """
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1
"""


class Leadership:
    """Whether this bridge leads. ``identity``: that of its spool, so that it leads again after a restart."""

    def __init__(self, identity: str) -> None:
        self._me = identity
        self._until = 0.0
        self.other_leads = False
        """Whether another bridge held the key at the last look."""

    @property
    def leads(self) -> bool:
        """Return whether this bridge leads now."""
        return time.monotonic() < self._until

    def renew(self, connection: Connection) -> bool:
        """Take or renew the key; return whether this bridge leads.

        Raises:
            ValkeyError, OSError: Valkey does not answer, or is no master any more.
        """
        # The time before the request, because the response may take long and the key's time runs from in
        # between.
        asked = time.monotonic()
        taken = bool(connection.ask("EVAL", _TAKE, 1, KEY, self._me, HELD_MILLISECONDS))
        self.other_leads = not taken
        self._until = asked + HELD_MILLISECONDS / 1000 - MARGIN_SECONDS if taken else 0.0
        return taken

    def leave(self, connection: Connection) -> None:
        """Release the key, so that another bridge can lead at once.

        Raises:
            ValkeyError, OSError: Valkey does not answer.
        """
        self._until = 0.0
        connection.ask("EVAL", _LEAVE, 1, KEY, self._me)
