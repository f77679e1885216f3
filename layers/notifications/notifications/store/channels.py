"""Channels in the config table."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from notifications.core import secrets
from notifications.core.errors import ChannelConflict, EntityNotFound, NotificationError, RuleConflict
from notifications.core.kinds import kind_of
from notifications.core.model import Channel
from notifications.core.search import Summary
from notifications.core.secrets import Secrets, SigningSecret
from notifications.store import items, keys
from notifications.store.listing import Listing
from notifications.store.rules import RuleStore
from notifications.store.table import ConfigTable, new, unused, update
from notifications.store.vault import Vault
from notifications.store.versions import Concern

DELETE_ROUNDS = 10
"""How often the deletion of a channel with its rules looks for rules that were created meanwhile."""

_NEW = Concern(keys.CHANNEL)


class ChannelStore:
    """Create, read, update, delete and list channels. ``vault`` seals their secrets.

    A channel that is read has a spec without secrets.
    """

    def __init__(self, table: ConfigTable, rules: RuleStore, vault: Vault) -> None:
        self._table = table
        self._rules = rules
        self._vault = vault
        self._listing = Listing(table, keys.CHANNEL)

    def create(self, channel: Channel, signing: Sequence[SigningSecret] = ()) -> None:
        """Store a new channel. ``signing``: the secrets that sign its webhooks.

        Raises:
            InvalidRequest: its secrets are too long.
        """
        spec, taken = kind_of(channel.spec).take_secrets(channel.spec)
        sealed = self._vault.seal(channel.id, replace(taken, signing=tuple(signing)))
        put = new(items.channel_item(replace(channel, spec=spec, sealed=sealed)))
        self._table.write(("Put", put, ChannelConflict(f"Channel {channel.id} exists already")), concern=_NEW)

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
        """List the summaries of all channels."""
        return self._listing.summaries()

    def update(self, channel_id: str, changes: Mapping[str, Any]) -> Channel:
        """Set attributes of a channel. ``spec``: a value of the model. A description of None is removed.

        Raises:
            EntityNotFound: there is none with this id.
            InvalidRequest: the new spec's secrets are too long.
            ChannelConflict: another request changed its secrets at the same time.
        """
        if "spec" not in changes:
            changed = items.changes(changes)
            change = update(keys.channel(channel_id), changed)
            self._table.write(("Update", change, _unknown(channel_id)), concern=_changed(channel_id))
            return self.get(channel_id)
        present = self.get(channel_id)
        spec, taken = kind_of(changes["spec"]).take_secrets(changes["spec"])
        known = self._vault.secrets(present)
        return self._reseal(present, replace(taken, signing=known.signing), {**changes, "spec": spec})

    def rotate(self, channel_id: str, secret: str, keep: timedelta, changes: Mapping[str, Any]) -> Channel:
        """Sign with a new secret from now on, and for a while with the present one too.

        Raises:
            EntityNotFound: there is none with this id.
            ChannelConflict: another request changed its secrets at the same time.
        """
        present = self.get(channel_id)
        known = self._vault.secrets(present)
        now = datetime.now(UTC)
        signing = secrets.rotated(known.signing, secret, now, now + keep)
        return self._reseal(present, replace(known, signing=signing), changes)

    def _reseal(self, present: Channel, known: Secrets, changes: Mapping[str, Any]) -> Channel:
        sealed = self._vault.seal(present.id, known)
        parameters = update(keys.channel(present.id), items.changes({**changes, "sealed": sealed}))
        # All secrets of a channel are sealed together. Of two requests that each change some of them, the
        # second would restore what the first has replaced, so it is refused instead.
        parameters["ConditionExpression"] = "sealed = :seen"
        parameters["ExpressionAttributeValues"] |= items.attributes({":seen": present.sealed})
        changed = ChannelConflict(f"Channel {present.id} was changed or deleted meanwhile; try again")
        self._table.write(("Update", parameters, changed), concern=_changed(present.id))
        return self.get(present.id)

    def delete(self, channel_id: str, *, with_rules: bool) -> None:
        """Delete a channel that no rule uses, or one together with its rules.

        Raises:
            EntityNotFound: there is none with this id.
            ChannelConflict: rules use it; ``data["rules"]`` names them. With its rules: new ones were created
                again and again while the old ones were deleted.
        """
        # The rules cannot be deleted in one transaction with the channel, because there may be thousands. So
        # a rule may be created between the two, and then the channel's count is not 0.
        for _ in range(DELETE_ROUNDS if with_rules else 1):
            self.get(channel_id)
            try:
                if with_rules:
                    self._rules.delete_many(self._rules.of_channel(channel_id))
                self._delete_unused(channel_id)
            except (ChannelConflict, RuleConflict):  # rules were created or deleted meanwhile: look again
                continue
            return
        self.get(channel_id)
        raise self._in_use(channel_id)

    def _delete_unused(self, channel_id: str) -> None:
        delete = unused(keys.channel(channel_id))
        refusal = ChannelConflict(f"Channel {channel_id} is in use, or gone")
        self._table.write(("Delete", delete, refusal), concern=_changed(channel_id))

    def _in_use(self, channel_id: str) -> NotificationError:
        users = self._rules.of_channel(channel_id)
        return ChannelConflict(
            f"Channel {channel_id} is used by {len(users)} rule(s); delete them first, or force it",
            {"rules": [{"id": user.id, "name": user.name} for user in users]},
        )


def _unknown(channel_id: str) -> EntityNotFound:
    return EntityNotFound(f"There is no channel {channel_id}")


def _changed(channel_id: str) -> Concern:
    return Concern(keys.CHANNEL, channels=frozenset({channel_id}))
