"""The sweeper's work for mutes that hold: release what they hold while they are not in force.

A dispatcher decides at one moment and records a moment later, and the index of held deliveries lags. So the
sweeper looks for a mute's held deliveries many times after its end, first each minute and later each hour.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zlib import crc32

from notifications.messaging.queues import DeliveryQueues
from notifications.store import keys
from notifications.store.records import RecordStore
from notifications.store.table import ConfigTable

if TYPE_CHECKING:
    from notifications.core.mutes import Mute
    from notifications.core.muting import Standing

EACH_MINUTE = 15
"""For how many minutes after a mute was in force each sweep looks for its deliveries; later one an hour does.
"""


class Unmuter:
    """Release what mutes hold during one sweep, at the time ``now``."""

    def __init__(
        self, configuration: ConfigTable, store: RecordStore, queues: DeliveryQueues, now: datetime
    ) -> None:
        self._configuration = configuration
        self._store = store
        self._queues = queues
        self._now = now

    def due(self) -> Iterator[str]:
        """Yield the ids of the mutes whose held deliveries this sweep looks for.

        Raises:
            Unavailable: DynamoDB failed.
        """
        holding = self._holding()
        if not holding:
            return
        from notifications.core.muting import Standing  # noqa: PLC0415 - for who has mutes

        for mute in holding:
            standing = Standing(mute)
            if not standing.is_in_force(self._now) and (self._is_recent(standing) or self._is_turn(mute.id)):
                yield mute.id

    def release(self, mute_id: str) -> int:
        """Queue the release of the deliveries that a mute holds; return 1 if it holds any, else 0.

        Raises:
            Unavailable: DynamoDB failed.
        """
        if next(self._store.held_ids(mute_id), None) is None:
            return 0
        self._queues.release_muted(mute_id)
        return 1

    def _holding(self) -> "Sequence[Mute]":
        if not self._configuration.versions().of_kind(keys.MUTE):
            return ()
        from notifications.store.mutes import MuteStore  # noqa: PLC0415 - see above

        return [mute for mute in MuteStore(self._configuration).all() if mute.hold]

    def _is_recent(self, standing: "Standing") -> bool:
        """Return whether a mute was in force within the last ``EACH_MINUTE`` minutes, however briefly."""
        then = standing.at(self._now - timedelta(minutes=EACH_MINUTE))
        return then.in_force or (then.until is not None and then.until <= self._now)

    def _is_turn(self, mute_id: str) -> bool:
        """Return whether this is the minute of the hour at which a mute's deliveries are looked for."""
        return crc32(mute_id.encode()) % 60 == self._now.minute
