"""Channels in the config table."""

from collections.abc import Mapping, Sequence
from typing import Any

from notifications.core.errors import ChannelConflict, EntityNotFound, NotificationError, RuleConflict
from notifications.core.model import Channel
from notifications.core.search import Summary
from notifications.store import items, keys
from notifications.store.listing import Listing
from notifications.store.rules import RuleStore
from notifications.store.table import ConfigTable, new, unused, update

DELETE_ROUNDS = 10
"""How often the deletion of a channel with its rules looks for rules that came meanwhile."""


class ChannelStore:
    """Create, read, update, delete and list channels."""

    def __init__(self, table: ConfigTable, rules: RuleStore) -> None:
        self._table = table
        self._rules = rules
        self._listing = Listing(table, keys.CHANNEL)

    def create(self, channel: Channel) -> None:
        """Keep a new channel."""
        put = new(items.channel_item(channel))
        self._table.write(("Put", put, ChannelConflict(f"Channel {channel.id} exists already")))

    def get(self, channel_id: str) -> Channel:
        """Read a channel.

        Raises:
            EntityNotFound: there is none with this id.
        """
        item = self._table.get(keys.channel(channel_id))
        if item is None:
            raise _unknown(channel_id)
        return items.channel_from(item)

    def get_many(self, channel_ids: Sequence[str]) -> dict[str, Channel]:
        """Read channels by id; unknown ones are left out."""
        wanted = [keys.channel(channel_id) for channel_id in dict.fromkeys(channel_ids)]
        channels = map(items.channel_from, self._table.get_many(wanted))
        return {channel.id: channel for channel in channels}

    def summaries(self) -> list[Summary]:
        """List what searching needs to know of all channels."""
        return self._listing.summaries()

    def update(self, channel_id: str, changes: Mapping[str, Any]) -> Channel:
        """Set attributes of a channel, ``spec`` as a value of the model; a description of None is removed.

        Raises:
            EntityNotFound: there is none with this id.
        """
        changed = items.changes(changes)
        self._table.write(("Update", update(keys.channel(channel_id), changed), _unknown(channel_id)))
        return self.get(channel_id)

    def delete(self, channel_id: str, *, with_rules: bool) -> None:
        """Delete a channel that no rule uses, or one together with its rules.

        Raises:
            EntityNotFound: there is none with this id.
            ChannelConflict: rules use it; ``data["rules"]`` names them. With its rules: new ones came
                again and again while the old ones were deleted.
        """
        for _ in range(DELETE_ROUNDS if with_rules else 1):
            self.get(channel_id)
            try:
                if with_rules:
                    self._rules.delete_many(self._rules.of_channel(channel_id))
                self._delete_unused(channel_id)
            except (ChannelConflict, RuleConflict):  # rules came or went meanwhile: look again
                continue
            return
        self.get(channel_id)
        raise self._in_use(channel_id)

    def _delete_unused(self, channel_id: str) -> None:
        delete = unused(keys.channel(channel_id))
        self._table.write(("Delete", delete, ChannelConflict(f"Channel {channel_id} is in use, or gone")))

    def _in_use(self, channel_id: str) -> NotificationError:
        users = self._rules.of_channel(channel_id)
        return ChannelConflict(
            f"Channel {channel_id} is used by {len(users)} rule(s); delete them first, or force it",
            {"rules": [{"id": user.id, "name": user.name} for user in users]},
        )


def _unknown(channel_id: str) -> EntityNotFound:
    return EntityNotFound(f"There is no channel {channel_id}")
