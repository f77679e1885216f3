"""Map mutes to items of the config table and back."""

import json
from dataclasses import asdict
from typing import Any

from notifications.core.mutes import Mute
from notifications.core.revisions import Author
from notifications.store import items, keys
from notifications.store.items import Item

ANY_TYPE = "*"
"""The stored type of a mute of all event types, which the index by type must have too."""

_PLAIN = ("reason", "created_at", "updated_at", "rule_id", "channel_id", "until", "hold", "ended_at")


def mute_item(mute: Mute, expires: int | None) -> Item:
    """Write a mute. ``expires``: when its item expires, in seconds since 1970; None if that is not known."""
    by = mute.created_by
    values = {
        **{name: getattr(mute, name) for name in _PLAIN},
        "rule_type": mute.rule_type or ANY_TYPE,
        "condition": None if mute.condition is None else items.condition_text(mute.condition),
        "weekly": json.dumps(mute.weekly) if mute.weekly else None,
        "by_access_key": by.access_key,
        "by_user_id": by.user_id,
        "by_name": by.name,
        "expires": expires,
        "managed": mute.managed and asdict(mute.managed),
    }
    return keys.mute(mute.id) | items.attributes(values)


def mute_from(item: Item) -> Mute:
    """Read a mute."""
    values = items.plain(item)
    given: dict[str, Any] = {name: values.get(name) for name in _PLAIN}
    return Mute(
        id=values[keys.SORT_KEY],
        created_by=Author(values["by_access_key"], values["by_user_id"], values.get("by_name")),
        rule_type=None if values["rule_type"] == ANY_TYPE else values["rule_type"],
        condition=json.loads(values["condition"]) if "condition" in values else None,
        weekly=tuple(json.loads(values.get("weekly", "[]"))),
        managed=items.managed_of(values),
        **given,
    )
