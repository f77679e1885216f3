"""Event types: the built-in ones from the core, the custom ones in the config table."""

from collections.abc import Mapping
from typing import Any

from notifications.core.errors import EntityNotFound, EventTypeConflict
from notifications.core.model import MAX_EVENT_TYPE_CHARS, EventType
from notifications.core.nearest import quoted
from notifications.core.rule_types import BUILT_IN
from notifications.store import items, keys
from notifications.store.table import ConfigTable, new, unused, update
from notifications.store.versions import Concern


class EventTypeStore:
    """Create, read, update, delete and list event types."""

    def __init__(self, table: ConfigTable) -> None:
        self._table = table

    def create(self, event_type: EventType) -> None:
        """Store a new custom type.

        Raises:
            EventTypeConflict: there is one with this name.
        """
        taken = EventTypeConflict(f"There is an event type {event_type.name} already")
        if event_type.name in BUILT_IN:
            raise taken
        put = new(items.event_type_item(event_type))
        self._table.write(("Put", put, taken), concern=_of(event_type.name))

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

    def update(self, name: str, changes: Mapping[str, Any], rule_writes: int) -> EventType:
        """Set attributes of a custom type, if no rule on it was changed since ``rule_writes`` was read.

        Raises:
            EventTypeConflict: it is built in, or a rule on it was changed meanwhile.
        """
        refuse_built_in(name)
        parameters = update(keys.event_type(name), items.changes(changes))
        parameters["ConditionExpression"] = "rule_writes = :seen"
        parameters["ExpressionAttributeValues"] |= items.attributes({":seen": rule_writes})
        changed = EventTypeConflict(f"Rules on {name} were changed meanwhile; try again")
        self._table.write(("Update", parameters, changed), concern=_of(name))
        return self.get(name)

    def delete(self, name: str) -> None:
        """Delete a custom type that no rule uses.

        Raises:
            EntityNotFound: there is none with this name.
            EventTypeConflict: it is built in, or rules use it.
        """
        refuse_built_in(name)
        count = self._item(name)["rule_count"]["N"]
        delete = unused(keys.event_type(name))
        used = EventTypeConflict(f"{count} rule(s) use the event type {name}; delete them first")
        try:
            self._table.write(("Delete", delete, used), concern=_of(name))
        except EventTypeConflict:
            self._item(name)  # another request was faster
            raise

    def _item(self, name: str) -> items.Item:
        # A key has a limit of bytes, so a longer name cannot exist and must not be asked for.
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
