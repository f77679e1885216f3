"""Mutes in the config table. They are never deleted: they end, and expire some time after that."""

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from notifications.core.errors import EntityNotFound, MuteConflict
from notifications.core.mutes import KEPT_DAYS, Mute
from notifications.store import items, keys
from notifications.store.mute_items import mute_from, mute_item
from notifications.store.table import ConfigTable, new
from notifications.store.versions import Concern

if TYPE_CHECKING:
    from notifications.core.revisions import Action, Author
    from notifications.store.revising import Change

MAX_MUTES = 2_000
"""How many mutes there may be, including those that have ended, because dispatchers read all of them."""

_DAY_SECONDS = 86_400
_WRITTEN = Concern(keys.MUTE)


class MuteStore:
    """Create, read, list and end mutes. ``days``: how long records are kept; a mute is kept as long."""

    def __init__(self, table: ConfigTable, days: int = KEPT_DAYS) -> None:
        self._table = table
        self._days = max(days, KEPT_DAYS)  # so that what it did to an event can be explained

    def create(self, mute: Mute) -> None:
        """Store a new mute.

        Raises:
            MuteConflict: there are too many.
        """
        from notifications.store import revising  # noqa: PLC0415 - only the API writes

        if len(self.all()) >= MAX_MUTES:
            raise MuteConflict(
                f"There are {MAX_MUTES:,} mutes already, with those of the last {self._days} days"
            )
        item = mute_item(mute, self._expiry(mute.over_at))
        made = revising.created(item, revising.Change("created", mute.created_by, mute.created_at))
        exists = MuteConflict(f"Mute {mute.id} exists already")
        self._table.write(("Put", new(made.item), exists), *made.operations, concern=_WRITTEN)

    def get(self, mute_id: str) -> Mute:
        """Read a mute.

        Raises:
            EntityNotFound: there is none with this id, or it ended long ago.
        """
        return mute_from(self._item(mute_id))

    def all(self) -> list[Mute]:
        """Read all mutes, those that have ended too."""
        return [*map(mute_from, self._table.query(keys.MUTE, keys.BY_TYPE))]

    def not_over(self, at: str) -> list[Mute]:
        """Read the mutes that may be in force at a time or later. ``at``: a timestamp."""
        return [mute for mute in self.all() if mute.over_at is None or mute.over_at > at]

    def end(self, mute_id: str, by: "Author", action: "Action" = "updated") -> Mute:
        """End a mute now.

        Raises:
            EntityNotFound: there is none with this id, or it ended long ago.
            MuteConflict: it has ended already.
        """
        from notifications.store import revising  # noqa: PLC0415 - only the API writes

        return revising.retried(partial(self._end, mute_id, revising.Change(action, by, revising.now())))

    def _end(self, mute_id: str, change: "Change") -> Mute:
        from notifications.store import revising  # noqa: PLC0415 - only the API writes

        before = self._item(mute_id)
        over_at = mute_from(before).over_at
        if over_at is not None and over_at <= change.at:
            raise MuteConflict(f"Mute {mute_id} has ended already, at {over_at}")
        changes = {"ended_at": change.at, "updated_at": change.at, "expires": self._expiry(change.at)}
        revised = revising.updated(before, items.changes(changes), change)
        self._table.write(*revised.operations, concern=_WRITTEN)
        return mute_from(revised.item)

    def _item(self, mute_id: str) -> items.Item:
        item = self._table.get(keys.mute(mute_id))
        if item is None:
            raise EntityNotFound(f"There is no mute {mute_id}")
        return item

    def _expiry(self, over_at: str | None) -> int | None:
        if over_at is None:
            return None
        return int(datetime.fromisoformat(over_at).timestamp()) + self._days * _DAY_SECONDS
