"""Map revisions to items of the config table and back.

The state is the JSON text of the live item's attributes, so that one reader serves live items and revisions.
It is a single attribute, deflated if that is shorter, because attributes with the names of a rule's would
enter the indexes. A channel's secrets stay sealed, in an attribute of their own.
"""

import json
from collections.abc import Callable, Mapping
from typing import cast

from notifications.core.revisions import Author, Revision, RevisionKind, State
from notifications.store import compression, items, keys
from notifications.store.items import Item
from notifications.store.mute_items import mute_from

NUMBER = "revision"
"""The attribute of a live item with the number of its last revision. Items of former releases have none."""

AUDITED = ("action", "name", "changed", "created_at", "by_access_key", "by_user_id", "by_name")
"""The attributes of a revision that describe the change, without the state."""

KINDS: Mapping[str, RevisionKind] = {
    keys.RULE: "rule",
    keys.CHANNEL: "channel",
    keys.EVENT_TYPE: "event_type",
    keys.MUTE: "mute",
}
"""The kind of object in each partition."""

_BESIDE = ("sealed",)
_NOT_STATE = {keys.PARTITION_KEY, keys.SORT_KEY, NUMBER, "rule_count", "rule_writes", "expires", *_BESIDE}

_READERS: Mapping[str, Callable[[Item], State]] = {
    keys.RULE: items.rule_from,
    keys.CHANNEL: items.channel_from,
    keys.EVENT_TYPE: items.event_type_from,
    keys.MUTE: mute_from,
}


def number_of(live: Item) -> int:
    """Return the number of a live item's last revision; 0 if it has none."""
    return int(live[NUMBER]["N"]) if NUMBER in live else 0


def model_from(live: Item) -> State:
    """Read a live item of any kind."""
    return _READERS[live[keys.PARTITION_KEY]["S"]](live)


def written(revision: Revision, state: Item | None) -> Item:
    """Make the item of a revision. ``state``: the live item after the change, None if it was deleted."""
    by = revision.by
    values = {
        "created_at": revision.at,
        "action": revision.action,
        "name": revision.name,
        "changed": json.dumps(revision.changed, ensure_ascii=False),
        "by_access_key": by and by.access_key,
        "by_user_id": by and by.user_id,
        "by_name": by and by.name,
    }
    item = keys.revision(revision.kind, revision.id, revision.number) | items.attributes(values)
    if state is not None:
        kept = {name: part for name, part in state.items() if name not in _NOT_STATE}
        item |= compression.attributes("state", json.dumps(kept, ensure_ascii=False, separators=(",", ":")))
        item |= {name: state[name] for name in _BESIDE if name in state}
    return item


def read(item: Item) -> Revision:
    """Make the revision of an item; it has a state only if the item was read with that attribute."""
    kind, identity, number = keys.revised(item[keys.SORT_KEY]["S"])
    values = items.plain({name: item[name] for name in AUDITED if name in item})
    by = None
    if "by_access_key" in values:
        by = Author(values["by_access_key"], values["by_user_id"], values.get("by_name"))
    return Revision(
        kind=cast(RevisionKind, kind),
        id=identity,
        number=number,
        action=values["action"],
        by=by,
        at=values["created_at"],
        name=values["name"],
        changed=tuple(json.loads(values["changed"])),
        state=_state(item),
    )


def _state(item: Item) -> State | None:
    live = live_item(item)
    return None if live is None else model_from(live)


def live_item(item: Item) -> Item | None:
    """Make the live item as it was after a revision; None if it was deleted, or not read."""
    text = compression.text_of("state", item)
    if text is None:
        return None
    kind, identity, number = keys.revised(item[keys.SORT_KEY]["S"])
    kept: Item = json.loads(text) | {name: item[name] for name in _BESIDE if name in item}
    return keys.live(kind, identity) | kept | items.attributes({NUMBER: number})
