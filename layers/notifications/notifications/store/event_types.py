"""Event types: the built-in ones from the core, the custom ones in the config table."""

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from notifications.core.errors import EntityNotFound, EventTypeConflict
from notifications.core.model import MAX_EVENT_TYPE_CHARS, EventType
from notifications.core.nearest import quoted
from notifications.core.rule_types import BUILT_IN
from notifications.core.rule_types.own import DIGEST
from notifications.core.texts import counted
from notifications.store import items, keys
from notifications.store.table import ConfigTable, new, unused
from notifications.store.versions import Concern

if TYPE_CHECKING:
    from notifications.core.revisions import Action, Author
    from notifications.store.revising import Change


class EventTypeStore:
    """Create, read, update, delete and list event types."""

    def __init__(self, table: ConfigTable) -> None:
        self._table = table

    def create(self, event_type: EventType, by: "Author | None" = None) -> None:
        """Store a new custom type.

        Raises:
            EventTypeConflict: there is one with this name.
        """
        taken = EventTypeConflict(f"There is an event type {event_type.name} already")
        if event_type.name in BUILT_IN or event_type.name == DIGEST:
            raise taken
        from notifications.store import revising, revisions  # noqa: PLC0415 - only the API writes

        # A deleted type may have had the same name, and its revisions are kept for a while.
        last = revisions.last_number(self._table, "event_type", event_type.name)
        change = revising.Change("created", by, event_type.created_at or revising.now())
        made = revising.created(items.event_type_item(event_type), change, last)
        busy = EventTypeConflict(f"Others create and delete the event type {event_type.name}; try again")
        ((_, put, _),) = made.operations
        self._table.write(
            ("Put", new(made.item), taken), ("Put", new(put["Item"]), busy), concern=_of(event_type.name)
        )

    def get(self, name: str) -> EventType:
        """Read a type, built-in or custom.

        Raises:
            EntityNotFound: there is none with this name.
        """
        return BUILT_IN.get(name) or items.event_type_from(self._item(name))

    def rule_writes(self, name: str) -> int:
        """Return the number of changes of rules on a custom type, for ``update``."""
        return int(self._item(name)["rule_writes"]["N"])

    def all(self) -> list[EventType]:
        """List the built-in types, then the custom ones in the order of their creation."""
        custom = self._table.query(keys.EVENT_TYPE, keys.BY_CREATION)
        names = [keys.event_type(item[keys.SORT_KEY]["S"]) for item in custom]
        stored = sorted(map(items.event_type_from, self._table.get_many(names)), key=_created)
        return [*BUILT_IN.values(), *stored]

    def update(
        self,
        name: str,
        changes: Mapping[str, Any],
        rule_writes: int,
        by: "Author | None" = None,
        action: "Action" = "updated",
    ) -> EventType:
        """Set attributes of a custom type, if no rule on it was changed since ``rule_writes`` was read.

        Raises:
            EventTypeConflict: it is built in, or a rule on it was changed meanwhile.
        """
        from notifications.store import revising  # noqa: PLC0415 - only the API writes

        refuse_built_in(name)
        change = revising.Change(action, by, changes.get("updated_at") or revising.now())
        return revising.retried(partial(self._update, name, items.changes(changes), rule_writes, change))

    def _update(self, name: str, changes: Mapping[str, Any], rule_writes: int, change: "Change") -> EventType:
        from notifications.store import revising  # noqa: PLC0415 - only the API writes

        before = self._table.get(keys.event_type(name))
        if before is None or items.plain(before)["rule_writes"] != rule_writes:
            raise EventTypeConflict(f"Rules on {name} were changed meanwhile; try again")
        revised = revising.updated(before, changes, change)
        if not revised.operations:
            return items.event_type_from(before)
        _, live, _ = revised.operations[0]
        live["ConditionExpression"] += " AND rule_writes = :writes"
        live["ExpressionAttributeValues"] |= items.attributes({":writes": rule_writes})
        self._table.write(*revised.operations, concern=_of(name))
        return items.event_type_from(revised.item)

    def delete(self, name: str, by: "Author | None" = None) -> None:
        """Delete a custom type that no rule uses.

        Raises:
            EntityNotFound: there is none with this name.
            EventTypeConflict: it is built in, or rules use it.
        """
        from notifications.store import revising  # noqa: PLC0415 - only the API writes

        refuse_built_in(name)
        revising.retried(partial(self._delete, name, revising.Change("deleted", by, revising.now())))

    def _delete(self, name: str, change: "Change") -> None:
        from notifications.store import revising  # noqa: PLC0415 - only the API writes

        before = self._item(name)
        count = items.plain(before)["rule_count"]
        if count:
            users = counted(count, "rule uses", "rules use")
            them = "it" if count == 1 else "them"
            raise EventTypeConflict(f"{users} the event type {name}; delete {them} first")
        gone = revising.deleted(before, change, unused(keys.event_type(name)))
        self._table.write(*gone, concern=_of(name))

    def _item(self, name: str) -> items.Item:
        # DynamoDB refuses keys that are too long, and so a longer name cannot exist.
        item = self._table.get(keys.event_type(name)) if len(name) <= MAX_EVENT_TYPE_CHARS else None
        if item is None:
            raise EntityNotFound(f"There is no event type {quoted(name)}")
        return item


def _of(name: str) -> Concern:
    return Concern(event_types=frozenset({name}))


def _created(event_type: EventType) -> tuple[str, str]:
    return event_type.created_at or "", event_type.name


def refuse_built_in(name: str) -> None:
    """Refuse to change a built-in type.

    Raises:
        EventTypeConflict: the type is built in.
    """
    if name in BUILT_IN:
        raise EventTypeConflict(f"The event type {name} is built in and cannot be changed")
