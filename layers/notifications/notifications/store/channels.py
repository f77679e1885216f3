"""Channels in the config table."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from notifications.core import secrets
from notifications.core.errors import ChannelConflict, EntityNotFound, NotificationError
from notifications.core.kinds import kind_of
from notifications.core.model import Channel
from notifications.core.search import Summary
from notifications.core.secrets import Secrets, SigningSecret
from notifications.core.texts import counted
from notifications.store import items, keys
from notifications.store.listing import Listing
from notifications.store.rules import RuleStore
from notifications.store.table import ConfigTable, new, unused
from notifications.store.vault import Vault
from notifications.store.versions import Concern

if TYPE_CHECKING:
    from notifications.core.revisions import Action, Author
    from notifications.store.revising import Change

DELETE_ROUNDS = 10
"""How often the deletion of a channel with its rules looks for rules that were created meanwhile."""

_NEW = Concern(keys.CHANNEL)


class ChannelStore:
    """Creates, reads, updates, deletes and lists channels, whose secrets ``vault`` encrypts.

    The channels that it returns have specs without secrets.
    """

    def __init__(self, table: ConfigTable, rules: RuleStore, vault: Vault) -> None:
        self._table = table
        self._rules = rules
        self._vault = vault
        self._listing = Listing(table, keys.CHANNEL)

    def create(
        self, channel: Channel, signing: Sequence[SigningSecret] = (), by: "Author | None" = None
    ) -> None:
        """Store a new channel. ``signing``: the secrets that sign its webhooks.

        Raises:
            InvalidRequest: its secrets are too long.
        """
        from notifications.store import revising  # noqa: PLC0415 - only the API writes

        spec, taken = kind_of(channel.spec).take_secrets(channel.spec)
        sealed = self._vault.seal(channel.id, replace(taken, signing=tuple(signing)))
        item = items.channel_item(replace(channel, spec=spec, sealed=sealed))
        made = revising.created(item, revising.Change("created", by, channel.created_at))
        exists = ChannelConflict(f"Channel {channel.id} exists already")
        self._table.write(("Put", new(made.item), exists), *made.operations, concern=_NEW)

    def get(self, channel_id: str) -> Channel:
        """Read a channel.

        Raises:
            EntityNotFound: there is none with this id.
        """
        return items.channel_from(self._item(channel_id))

    def _item(self, channel_id: str) -> items.Item:
        item = self._table.get(keys.channel(channel_id))
        if item is None:
            raise _unknown(channel_id)
        return item

    def get_many(self, channel_ids: Sequence[str]) -> dict[str, Channel]:
        """Read channels by id; unknown ones are left out."""
        wanted = [keys.channel(channel_id) for channel_id in dict.fromkeys(channel_ids)]
        channels = map(items.channel_from, self._table.get_many(wanted))
        return {channel.id: channel for channel in channels}

    def summaries(self) -> list[Summary]:
        """List the summaries of all channels."""
        return self._listing.summaries()

    def update(
        self,
        channel_id: str,
        changes: Mapping[str, Any],
        by: "Author | None" = None,
        action: "Action" = "updated",
    ) -> Channel:
        """Set attributes of a channel; a description of None is removed. A new ``spec`` has its secrets.

        Raises:
            EntityNotFound: there is none with this id.
            InvalidRequest: the new spec's secrets are too long.
            ChannelConflict: another request changed its secrets at the same time.
        """
        from notifications.store import revising  # noqa: PLC0415 - only the API writes

        change = revising.Change(action, by, changes.get("updated_at") or revising.now())
        if "spec" not in changes:
            return revising.retried(partial(self._update, channel_id, items.changes(changes), change))
        present = self.get(channel_id)
        spec, taken = kind_of(changes["spec"]).take_secrets(changes["spec"])
        known = self._vault.secrets(present)
        new_secrets = replace(taken, signing=known.signing)
        return self._reseal(present, (known, new_secrets), {**changes, "spec": spec}, change)

    def rotate(
        self,
        channel_id: str,
        secret: str,
        keep: timedelta,
        changes: Mapping[str, Any],
        by: "Author | None" = None,
    ) -> Channel:
        """Sign with a new secret from now on, and for the time ``keep`` also with the present one.

        Raises:
            EntityNotFound: there is no such channel.
            ChannelConflict: another request changed its secrets at the same time.
        """
        from notifications.store import revising  # noqa: PLC0415 - only the API writes

        present = self.get(channel_id)
        known = self._vault.secrets(present)
        now = datetime.now(UTC)
        signing = secrets.rotated(known.signing, secret, now, now + keep)
        change = revising.Change("updated", by, changes.get("updated_at") or revising.now())
        return self._reseal(present, (known, replace(known, signing=signing)), changes, change)

    def _reseal(
        self, present: Channel, known: tuple[Secrets, Secrets], changes: Mapping[str, Any], change: "Change"
    ) -> Channel:
        """Replace the first of the secrets ``known`` by the second."""
        from notifications.core.revisions import changed_credentials  # noqa: PLC0415 - only the API writes
        from notifications.store import revising  # noqa: PLC0415 - only the API writes

        change = replace(change, credentials=tuple(changed_credentials(*known)))
        attributes = items.changes({**changes, "sealed": self._vault.seal(present.id, known[1])})
        return revising.retried(partial(self._update, present.id, attributes, change, present.sealed))

    def _update(
        self, channel_id: str, changes: Mapping[str, Any], change: "Change", sealed: bytes | None = None
    ) -> Channel:
        """Change a channel. ``sealed``: its encrypted secrets, if these must not have changed."""
        from notifications.store import revising  # noqa: PLC0415 - only the API writes

        before = self._item(channel_id)
        # All secrets of a channel are sealed together. Of two requests that each change some of them, the
        # second would restore what the first has replaced, so it is refused instead.
        if sealed is not None and items.plain(before)["sealed"] != sealed:
            raise ChannelConflict(f"The secrets of channel {channel_id} were changed meanwhile; try again")
        revised = revising.updated(before, changes, change)
        if revised.operations:
            self._table.write(*revised.operations, concern=_changed(channel_id))
        return items.channel_from(revised.item)

    def delete(self, channel_id: str, *, with_rules: bool, by: "Author | None" = None) -> None:
        """Delete a channel that no rule uses, or one together with its rules.

        Raises:
            EntityNotFound: there is none with this id.
            ChannelConflict: rules use it; ``data["rules"]`` names them. If ``with_rules`` is true, others
                created new rules again and again.
        """
        from notifications.store import revising  # noqa: PLC0415 - only the API writes

        # The rules cannot be deleted in one transaction with the channel, because there may be thousands. So
        # a rule may be created between the two, and then the channel's count is not 0.
        for _ in range(DELETE_ROUNDS):
            before = self._item(channel_id)
            if not with_rules and items.plain(before)["rule_count"]:
                break
            try:
                if with_rules:
                    self._rules.delete_many(self._rules.of_channel(channel_id), by)
                change = revising.Change("deleted", by, revising.now())
                gone = revising.deleted(before, change, unused(keys.channel(channel_id)))
                self._table.write(*gone, concern=_changed(channel_id))
            except revising.Overtaken:  # it was changed, or rules were created or deleted: look again
                continue
            return
        self.get(channel_id)
        raise self._in_use(channel_id)

    def _in_use(self, channel_id: str) -> NotificationError:
        users = self._rules.of_channel(channel_id)
        return ChannelConflict(
            f"Channel {channel_id} is used by {counted(len(users), 'rule', 'rules')}; delete "
            f"{'it' if len(users) == 1 else 'them'} first, or force it",
            {"rules": [{"id": user.id, "name": user.name} for user in users]},
        )


def _unknown(channel_id: str) -> EntityNotFound:
    return EntityNotFound(f"There is no channel {channel_id}")


def _changed(channel_id: str) -> Concern:
    return Concern(keys.CHANNEL, channels=frozenset({channel_id}))
