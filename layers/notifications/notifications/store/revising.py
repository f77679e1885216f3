"""Write a change of configuration together with its revision, in one transaction.

A change is made from the live item that was read, on condition that its number is still the same. So a
revision has exactly the state that the transaction stores, and the second of two simultaneous changes is made
again from the result of the first. The previous revision begins to expire, because the new one supersedes it.
"""

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from notifications.core.errors import NotificationError, Unavailable
from notifications.core.model import timestamp
from notifications.core.revisions import Action, Author, Revision, RevisionKind, differences
from notifications.core.values import value
from notifications.store import items, keys, revision_items
from notifications.store.items import Item
from notifications.store.revision_items import NUMBER, model_from, number_of
from notifications.store.table import Operation, update

REVISION_DAYS = 400
"""How long a revision is kept after the next one, or after the deletion."""

CHANGE_TRIES = 8
"""How often a change is tried while others keep changing the item that it has read."""

_DAY_SECONDS = 86_400
_OVERTAKEN = "It was changed or deleted meanwhile"

T = TypeVar("T")


class Overtaken(NotificationError):
    """A live item was changed or deleted since it was read."""


@value
class Change:
    """A change and its author. ``at``: a timestamp. ``credentials``: the paths of those that it replaces."""

    action: Action
    by: Author | None
    at: str
    credentials: tuple[str, ...] = ()


@value
class Revised:
    """A live item after a change, and the operations that write it with its revision."""

    item: Item
    operations: tuple[Operation, ...]


def now() -> str:
    """Return the present time as a timestamp."""
    return timestamp(datetime.now(UTC))


def retried(change: Callable[[], T]) -> T:
    """Make a change; if others have changed the item that it read, make it again from their result.

    Raises:
        Unavailable: others were faster ``CHANGE_TRIES`` times.
    """
    for _ in range(CHANGE_TRIES):
        with suppress(Overtaken):
            return change()
    raise Unavailable("Others keep changing the same at this moment; try again")


def created(item: Item, change: Change, last: int = 0) -> Revised:
    """Give a new item its first revision. ``last``: the last number of a deleted item with the same name."""
    if "managed" in item:  # only applying a set creates objects of the set
        change = replace(change, action="applied")
    made = item | items.attributes({NUMBER: last + 1})
    return Revised(made, (_put(_revision(made, change), made),))


def updated(before: Item, changes: Mapping[str, Any], change: Change) -> Revised:
    """Change a live item; the first operation changes the item itself, or raises ``Overtaken``.

    ``changes``: DynamoDB attributes; None removes one. If nothing would differ, there are no operations, and
    the item stays as it is.
    """
    at = max(change.at, before["updated_at"]["S"])  # times must sort as the numbers do
    if "updated_at" in changes:
        changes = {**changes, "updated_at": items.attribute(at)}
    # An item of a former release has no number; ``_superseded`` records it as revision 1.
    number = max(number_of(before), 1) + 1
    changes = {**changes, NUMBER: items.attribute(number)}
    after = {name: part for name, part in {**before, **changes}.items() if part is not None}
    differing = differences(model_from(before), model_from(after), change.credentials)
    changed = tuple(each.field for each in differing)
    if not (changed or change.credentials):
        return Revised(before, ())
    revision = replace(_revision(after, replace(change, at=at)), changed=changed)
    live = if_unchanged(update(keys.of_item(before), changes), before)
    operation: Operation = ("Update", live, Overtaken(_OVERTAKEN))
    return Revised(after, (operation, _put(revision, after), _superseded(before)))


def deleted(
    before: Item, change: Change, condition: Mapping[str, Any] | None = None
) -> tuple[Operation, ...]:
    """Delete a live item; the first operation deletes the item itself, or raises ``Overtaken``.

    ``condition``: the parameters of a deletion that has a further condition.
    """
    at = max(change.at, before["updated_at"]["S"])
    number = items.attribute(max(number_of(before), 1) + 1)
    revision = _revision(before | {NUMBER: number}, replace(change, at=at))
    gone = revision_items.written(revision, None) | _expiry()
    live = if_unchanged(condition or {"Key": keys.of_item(before)}, before)
    return ("Delete", live, Overtaken(_OVERTAKEN)), ("Put", {"Item": gone}, None), _superseded(before)


def if_unchanged(parameters: Mapping[str, Any], before: Item) -> dict[str, Any]:
    """Add the condition that a live item is still as it was read."""
    if NUMBER in before:
        unchanged, seen = f"{NUMBER} = :seen", before[NUMBER]
    else:
        unchanged = f"attribute_not_exists({NUMBER}) AND updated_at = :seen"
        seen = before["updated_at"]
    condition = parameters.get("ConditionExpression")
    return {
        **parameters,
        "ConditionExpression": f"{condition} AND {unchanged}" if condition else unchanged,
        "ExpressionAttributeValues": parameters.get("ExpressionAttributeValues", {}) | {":seen": seen},
    }


def _superseded(before: Item) -> Operation:
    """Let the previous revision expire.

    An item of a former release has none, so its state is recorded now.
    """
    if NUMBER in before:
        key = keys.revision(*_identity(before), number_of(before))
        expiry = {"UpdateExpression": "SET expires = :expires"}
        values = {"ExpressionAttributeValues": {":expires": _expiry()["expires"]}}
        return "Update", {"Key": key, **expiry, **values}, None
    left_at = before["updated_at"]["S"]
    revision = _revision(before | items.attributes({NUMBER: 1}), Change("found", None, left_at))
    # The index by creation has ``updated_at``, which shows there that the object is older than revision 1.
    found = revision_items.written(revision, before) | items.attributes({"updated_at": left_at})
    return "Put", {"Item": found | _expiry()}, None


def _revision(live: Item, change: Change) -> Revision:
    kind, identity = _identity(live)
    # An event type's name is its id, and a mute has its reason.
    name = next((live[each]["S"] for each in ("name", "reason") if each in live), identity)
    return Revision(kind, identity, number_of(live), change.action, change.by, change.at, name)


def _put(revision: Revision, state: Item) -> Operation:
    item = revision_items.written(revision, state)
    if "expires" in state:  # no later revision will supersede that of an item that expires
        item |= items.attributes({"expires": int(state["expires"]["N"]) + REVISION_DAYS * _DAY_SECONDS})
    return "Put", {"Item": item}, None


def _identity(live: Item) -> tuple[RevisionKind, str]:
    return revision_items.KINDS[live[keys.PARTITION_KEY]["S"]], live[keys.SORT_KEY]["S"]


def _expiry() -> Item:
    return items.attributes({"expires": int(time.time()) + REVISION_DAYS * _DAY_SECONDS})
