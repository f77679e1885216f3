"""The rules in force, cached until a write of configuration concerns them.

One strongly consistent read per batch shows what was written, so a rule that was just disabled is not used
even once. A write that concerns one event type leaves the cached rules of the others valid, and a changed
channel is read again alone, however many rules its type has. Mutes are read together, and only if there ever
was one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from notifications.core.cache import Cache
from notifications.core.errors import EntityNotFound
from notifications.core.matching import IndexedRules
from notifications.core.model import Channel, EventType, Rule, timestamp
from notifications.core.routing import Routing
from notifications.core.values import value
from notifications.store import keys
from notifications.store.channels import ChannelStore
from notifications.store.event_types import EventTypeStore
from notifications.store.rules import RuleStore
from notifications.store.table import ConfigTable
from notifications.store.versions import Versions

if TYPE_CHECKING:
    from notifications.core.mutes import Mute
    from notifications.core.muting import Mutes

MAX_ROUTINGS = 1_000
"""How many event types' routings are cached; events may name any number of types that do not exist."""

MAX_CHANNELS = 10_000
"""How many channels are cached."""


@value
class _Known:
    """A cached routing, the version of its rules, and the versions when it was last checked."""

    routing: Routing
    version: int
    seen: Versions


class Configuration:
    """Read and cache routings, and read again what a write of configuration concerns."""

    def __init__(
        self, table: ConfigTable, rules: RuleStore, channels: ChannelStore, event_types: EventTypeStore
    ) -> None:
        self._table = table
        self._rules = rules
        self._channels = channels
        self._event_types = event_types
        self._versions = Versions({})
        self._refreshed_at = ""
        self._known: Cache[str, _Known] = Cache(MAX_ROUTINGS)
        self._in_memory: Cache[str, Channel] = Cache(MAX_CHANNELS)
        self._mutes: Sequence[Mute] = ()
        self._mutes_version = 0

    def refresh(self) -> None:
        """Read what was written since the last call, and drop the channels that may have changed.

        Raises:
            Unavailable: the versions cannot be read.
        """
        self._refreshed_at = timestamp(datetime.now(UTC))
        before, now = self._versions, self._table.versions()
        if now == before:
            return
        self._versions = now
        if before.everything != now.everything:
            self._known.clear()
            self._in_memory.clear()
        self._in_memory.retain(lambda channel_id: before.of_channel(channel_id) == now.of_channel(channel_id))

    def routing(self, rule_type: str) -> Routing:
        """Return the routing of events of this type.

        Raises:
            Unavailable: the config table cannot be read.
        """
        known = self._known.get(rule_type)
        if known is None or known.seen is not self._versions:
            known = self._looked_at(rule_type, known)
            self._known.put(rule_type, known)
        return known.routing

    def decided_at(self, routing: Routing) -> str:
        """Return the latest time at which a routing is known to have been in force, as a timestamp.

        That is the last refresh, which found no change of it, or the time when it was read, if that was
        later.
        """
        return max(routing.as_of, self._refreshed_at)

    def _looked_at(self, rule_type: str, known: _Known | None) -> _Known:
        if known is None:
            return self._read(rule_type, self._table.type_version(rule_type))
        if known.seen.of_event_type(rule_type) != self._versions.of_event_type(rule_type):
            version = self._table.type_version(rule_type)
            if version != known.version:
                return self._read(rule_type, version)
        routing = known.routing
        mutes = self._mutes_of(routing.event_type)
        routing = replace(routing, channels=self._channels_of(routing.rules), mutes=mutes)
        return replace(known, routing=routing, seen=self._versions)

    def _read(self, rule_type: str, version: int) -> _Known:
        # The version was read before the rules: a write in between makes the cache look outdated, which costs
        # one more read. In the other order the cache would look current and stay wrong.
        as_of = timestamp(datetime.now(UTC))
        try:
            event_type = self._event_types.get(rule_type)
        except EntityNotFound:
            return _Known(Routing(None, IndexedRules(()), {}, as_of), version, self._versions)
        rules = IndexedRules(self._rules.of_type(rule_type))
        channels, mutes = self._channels_of(rules), self._mutes_of(event_type)
        return _Known(Routing(event_type, rules, channels, as_of, mutes), version, self._versions)

    def _mutes_of(self, event_type: EventType | None) -> "Mutes | tuple[()]":
        """Return the mutes of events of a type; read and import nothing if there never was a mute."""
        version = self._versions.of_kind(keys.MUTE)
        if version == 0 or event_type is None:
            return ()
        from notifications.core.muting import Mutes  # noqa: PLC0415 - for who has mutes
        from notifications.store.mutes import MuteStore  # noqa: PLC0415 - likewise

        if version != self._mutes_version:
            self._mutes = MuteStore(self._table).not_over(self._refreshed_at)
            self._mutes_version = version
        return Mutes(self._mutes, event_type)

    def _channels_of(self, rules: Iterable[Rule]) -> Mapping[str, Channel]:
        wanted = {rule.channel_id for rule in rules}
        found = {channel_id: self._in_memory.get(channel_id) for channel_id in wanted}
        missing = [channel_id for channel_id, channel in found.items() if channel is None]
        read = self._channels.get_many(missing) if missing else {}
        for channel_id, channel in read.items():
            self._in_memory.put(channel_id, channel)
        found |= read
        return {channel_id: channel for channel_id, channel in found.items() if channel is not None}
