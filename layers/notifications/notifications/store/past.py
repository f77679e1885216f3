"""The configuration as of a time: the present one, rolled back by the revisions written since then.

An object that was not changed since then is as it is now. One that was changed is as the revision before its
first change says; if that change created it, it did not exist. Live items are read before the list of
changes: a change in between is then in the list, and rolled back. In the other order it would be taken for
the earlier state.
"""

from collections.abc import Collection, Iterable, Mapping

from notifications.core.matching import IndexedRules
from notifications.core.model import MAX_EVENT_TYPE_CHARS, EventType
from notifications.core.muting import Mutes
from notifications.core.revisions import RevisionKind
from notifications.core.routing import Routing
from notifications.core.rule_types import BUILT_IN
from notifications.core.values import value
from notifications.store import items, keys, revision_items
from notifications.store.items import Item
from notifications.store.mute_items import mute_from
from notifications.store.revision_items import NUMBER
from notifications.store.table import ConfigTable

PRESENT = "9999"
"""The time that means the present configuration, because no change is later."""


@value
class AsOf:
    """The routing of one event type at one time.

    ``revisions``: the number of the revision in force, by the object's id (for an event type, its name);
    objects of a former release have none. ``unknown``: objects that were changed since, but whose state at
    that time was not kept, like "rule ID", "channel ID", "mute ID" or "event type NAME". The routing has the
    oldest state of these that was kept, if any.
    """

    routing: Routing
    revisions: Mapping[str, int]
    unknown: tuple[str, ...]


@value
class _First:
    """The first change of an object since a time. ``is_older``: whether the object existed before it."""

    number: int
    is_older: bool


class _Changes:
    """The objects that were changed since a time, and their states before."""

    def __init__(self, table: ConfigTable, at: str) -> None:
        self._table = table
        self._at = at
        self._firsts: dict[tuple[str, str], _First] = {}
        self.unknown: list[str] = []
        for row in table.query(keys.REVISION, keys.BY_CREATION, ("created_at", at), ">"):
            kind, identity, number = keys.revised(row[keys.SORT_KEY]["S"])
            known = self._firsts.get((kind, identity))
            if known is None or number < known.number:
                # Only a revision of the kind "found" has ``updated_at``: the object is older than it.
                self._firsts[kind, identity] = _First(number, number > 1 or "updated_at" in row)

    def rolled_back(self, kind: RevisionKind, live: Iterable[Item], wanted: Collection[str]) -> list[Item]:
        """Return live items as they were, and those of ``wanted`` that existed then but were deleted since.

        Items that did not exist at that time are left out.
        """
        same = [
            item for item in live if (kind, _identity(item)) not in self._firsts and self._was_there(item)
        ]
        self.unknown += [
            _named(kind, item) for item in same if NUMBER not in item and item["updated_at"]["S"] > self._at
        ]
        return same + self._before(kind, wanted)

    def of_kind(self, kind: RevisionKind) -> set[str]:
        """Return the ids of changed objects of a kind."""
        return {identity for known, identity in self._firsts if known == kind}

    def _before(self, kind: RevisionKind, wanted: Collection[str]) -> list[Item]:
        firsts = {identity: self._firsts.get((kind, identity)) for identity in wanted}
        older = {identity: first.number for identity, first in firsts.items() if first and first.is_older}
        found = self._read(kind, {identity: number - 1 for identity, number in older.items() if number > 1})
        missing = {identity: number for identity, number in older.items() if identity not in found}
        # If the earlier state has expired, or was never kept, the one after the change is closest to it.
        for identity, item in self._read(kind, missing).items():
            if self._was_there(item):
                self.unknown.append(_named(kind, item))
                found[identity] = item
        return [*found.values()]

    def _read(self, kind: RevisionKind, numbers: Mapping[str, int]) -> dict[str, Item]:
        places = [keys.revision(kind, identity, number) for identity, number in numbers.items()]
        states = map(revision_items.live_item, self._table.get_many(places))
        return {_identity(state): state for state in states if state is not None}

    def _was_there(self, item: Item) -> bool:
        return bool(item["created_at"]["S"] <= self._at)


class Past:
    """Read the configuration as of a time."""

    def __init__(self, table: ConfigTable) -> None:
        self._table = table

    def routing(self, event_type: str, at: str) -> AsOf:
        """Return the routing of events of a type as of a time. ``at``: a timestamp.

        Raises:
            Unavailable: the config table cannot be read.
        """
        live_types = self._live_types(event_type)
        live_mutes = [*self._table.query(keys.MUTE, keys.BY_TYPE)]
        live_rules = [*self._table.query(keys.RULE, keys.BY_TYPE, ("rule_type", event_type))]
        changes = _Changes(self._table, at)
        types = changes.rolled_back("event_type", live_types, [event_type])
        if not types and event_type not in BUILT_IN:
            return AsOf(Routing(None, IndexedRules(()), {}, at), {}, tuple(changes.unknown))
        found = changes.rolled_back("rule", live_rules, changes.of_kind("rule"))
        rules = sorted((item for item in found if item["rule_type"]["S"] == event_type), key=_identity)
        mutes = changes.rolled_back("mute", live_mutes, changes.of_kind("mute"))
        channels, unknown_channels = self._channels({item["channel_id"]["S"] for item in rules}, at)
        routing = _routing(_event_type(event_type, types), rules, channels, mutes, at)
        numbered = (item for item in (*types, *rules, *channels) if NUMBER in item)
        revisions = {_identity(item): revision_items.number_of(item) for item in numbered}
        # Changed rules are found by the keys of revisions, which have no type: some are rules of other types.
        others = {_named("rule", item) for item in found} - {_named("rule", item) for item in rules}
        unknown_rules = tuple(name for name in changes.unknown if name not in others)
        return AsOf(routing, revisions, unknown_rules + unknown_channels)

    def _live_types(self, name: str) -> list[Item]:
        # DynamoDB refuses keys that are too long, and so a longer name cannot exist.
        if name in BUILT_IN or len(name) > MAX_EVENT_TYPE_CHARS:
            return []
        item = self._table.get(keys.event_type(name))
        return [] if item is None else [item]

    def _channels(self, wanted: set[str], at: str) -> tuple[list[Item], tuple[str, ...]]:
        if not wanted:
            return [], ()
        live = self._table.get_many([*map(keys.channel, wanted)])
        changes = _Changes(self._table, at)  # again: a channel may have changed since the first time
        return changes.rolled_back("channel", live, wanted), tuple(changes.unknown)


def _routing(
    event_type: EventType, rules: Iterable[Item], channels: Iterable[Item], mutes: Iterable[Item], at: str
) -> Routing:
    """Make the routing of a type of items as they were."""
    return Routing(
        event_type,
        IndexedRules([*map(items.rule_from, rules)]),
        {_identity(item): items.channel_from(item) for item in channels},
        at,
        Mutes(map(mute_from, mutes), event_type),
    )


def _event_type(name: str, types: list[Item]) -> EventType:
    return BUILT_IN.get(name) or items.event_type_from(types[0])


def _identity(item: Item) -> str:
    return str(item[keys.SORT_KEY]["S"])


def _named(kind: RevisionKind, item: Item) -> str:
    return f"{kind.replace('_', ' ')} {_identity(item)}"
