"""Rules in the config table.

Channels and custom event types count their rules. To create a rule and to delete its channel or type both
write the item with the count, and so no rule can be created for one that is being deleted.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from notifications.core.errors import EntityNotFound, InvalidRequest, RuleConflict
from notifications.core.model import EventType, Rule
from notifications.core.rule_types import BUILT_IN
from notifications.core.search import Summary
from notifications.core.values import value
from notifications.store import items, keys, rule_counts
from notifications.store.listing import Listing
from notifications.store.table import ConfigTable, Operation, new
from notifications.store.versions import Concern

if TYPE_CHECKING:
    from notifications.core.revisions import Action, Author
    from notifications.store.revising import Change

TRANSACTION_ITEMS = 100
"""DynamoDB's limit of items in one transaction."""

ITEMS_PER_DELETE = 3
"""The rule, the revision of the deletion, and the revision before it, which will expire."""


@value
class RuleName:
    """The attributes of a rule that an error names, or that are needed to delete it."""

    id: str
    name: str
    rule_type: str
    channel_id: str


class RuleStore:
    """Create, read, update, delete and list rules."""

    def __init__(self, table: ConfigTable) -> None:
        self._table = table
        self._listing = Listing(table, keys.RULE)

    def create(self, rule: Rule, event_type: EventType, by: "Author | None" = None) -> None:
        """Store a new rule whose template and condition were checked against ``event_type``.

        Raises:
            InvalidRequest: its channel does not exist.
            EventTypeConflict: the event type was changed or deleted meanwhile.
        """
        from notifications.store import revising  # noqa: PLC0415 - only the API writes

        # The channel's count is raised in the same transaction, on condition that the channel exists, so a
        # deletion of the channel cannot pass between a check and this write.
        change = revising.Change("created", by, rule.created_at)
        made = revising.created(items.rule_item(rule), change)
        no_channel = InvalidRequest(f"channel_id: there is no channel {rule.channel_id}")
        self._table.write(
            ("Put", new(made.item), RuleConflict(f"Rule {rule.id} exists already")),
            ("Update", rule_counts.count(keys.channel(rule.channel_id), 1), no_channel),
            *rule_counts.on_event_type(event_type, 1),
            *made.operations,
            concern=_of(rule.rule_type),
        )

    def get(self, rule_id: str) -> Rule:
        """Read a rule.

        Raises:
            EntityNotFound: there is none with this id.
        """
        return items.rule_from(self._item(rule_id))

    def _item(self, rule_id: str) -> items.Item:
        item = self._table.get(keys.rule(rule_id))
        if item is None:
            raise _unknown(rule_id)
        return item

    def get_many(self, rule_ids: Sequence[str]) -> dict[str, Rule]:
        """Read rules by id; unknown ones are left out."""
        rules = map(items.rule_from, self._table.get_many([keys.rule(rule_id) for rule_id in rule_ids]))
        return {rule.id: rule for rule in rules}

    def names(self, rule_ids: Sequence[str]) -> dict[str, str]:
        """Read the names of rules by id, without their templates; unknown ones are left out."""
        named = [keys.SORT_KEY, "name"]
        found = self._table.get_many([keys.rule(rule_id) for rule_id in rule_ids], named)
        return {item[keys.SORT_KEY]["S"]: item["name"]["S"] for item in found}

    def summaries(self) -> list[Summary]:
        """List the summaries of all rules."""
        return self._listing.summaries()

    def of_type(self, rule_type: str) -> list[Rule]:
        """Read the rules of one event type, disabled ones too."""
        found = self._table.query(keys.RULE, keys.BY_TYPE, ("rule_type", rule_type))
        return [items.rule_from(item) for item in found]

    def of_channel(self, channel_id: str) -> list[RuleName]:
        """List the rules that use a channel."""
        return self._names(("channel_id", channel_id))

    def by_channel(self) -> list[RuleName]:
        """List all rules, ordered by channel."""
        return self._names(None)

    def _names(self, sort: tuple[str, str] | None) -> list[RuleName]:
        found = map(items.plain, self._table.query(keys.RULE, keys.BY_CHANNEL, sort))
        return [RuleName(item["sk"], item["name"], item["rule_type"], item["channel_id"]) for item in found]

    def update(
        self,
        rule: Rule,
        changes: Mapping[str, Any],
        event_type: EventType,
        by: "Author | None" = None,
        action: "Action" = "updated",
    ) -> Rule:
        """Set attributes of a rule and return it; None as a value removes an attribute.

        ``event_type``: the one with which a new template or condition was checked.

        Raises:
            EntityNotFound: the rule was deleted meanwhile.
            InvalidRequest: its new channel does not exist.
            EventTypeConflict: the event type was changed or deleted meanwhile.
        """
        from notifications.store import revising  # noqa: PLC0415 - only the API writes

        change = revising.Change(action, by, changes.get("updated_at") or revising.now())
        return revising.retried(partial(self._update, rule.id, items.changes(changes), event_type, change))

    def _update(
        self, rule_id: str, changes: Mapping[str, Any], event_type: EventType, change: "Change"
    ) -> Rule:
        from notifications.store import revising  # noqa: PLC0415 - only the API writes

        # A new template or condition also raises the type's ``rule_writes``: a new schema that is being
        # checked with the type's rules at the same time is then refused, as it has not seen this change.
        checked = changes.keys() & {"message_template", "condition", "message", "once_per", "digest"}
        counts = rule_counts.on_event_type(event_type, 0) if checked else []
        before = self._item(rule_id)
        revised = revising.updated(before, changes, change)
        rule = items.rule_from(revised.item)
        if revised.operations:
            moved = rule_counts.moved(before["channel_id"]["S"], rule.channel_id)
            self._table.write(*revised.operations, *moved, *counts, concern=_of(rule.rule_type))
        return rule

    def delete(self, rule_id: str, by: "Author | None" = None) -> None:
        """Delete a rule.

        Raises:
            EntityNotFound: there is none with this id.
        """
        from notifications.store import revising  # noqa: PLC0415 - only the API writes

        def delete() -> None:
            rule = self.get(rule_id)
            self.delete_many([RuleName(rule.id, rule.name, rule.rule_type, rule.channel_id)], by)

        revising.retried(delete)

    def delete_many(self, rules: Sequence[RuleName], by: "Author | None" = None) -> None:
        """Delete rules, as many at a time as a transaction takes.

        Raises:
            Overtaken: one of them was changed or deleted meanwhile, so none of its portion was deleted.
        """
        for portion in _portions(rules):
            self._delete(portion, by)

    def _delete(self, portion: Sequence[RuleName], by: "Author | None") -> None:
        from notifications.store import revising  # noqa: PLC0415 - only the API writes

        change = revising.Change("deleted", by, revising.now())
        found = self._table.get_many([keys.rule(rule.id) for rule in portion])
        known = {rule.id: rule.channel_id for rule in portion}
        # A rule that was moved to another channel meanwhile must not be deleted with its former channel.
        present = [item for item in found if item["channel_id"]["S"] == known[item[keys.SORT_KEY]["S"]]]
        if len(present) < len(portion):
            raise revising.Overtaken("A rule was deleted or moved meanwhile")
        gone = [operation for item in found for operation in revising.deleted(item, change)]
        # One count per channel and type, because a transaction may name each item only once.
        channels = Counter(rule.channel_id for rule in portion)
        types = Counter(rule.rule_type for rule in portion if rule.rule_type not in BUILT_IN)
        counts: list[Operation] = [
            ("Update", rule_counts.count(keys.channel(channel_id), -number), None)
            for channel_id, number in channels.items()
        ]
        counts += [
            ("Update", rule_counts.count(keys.event_type(name), -number, writes=True), None)
            for name, number in types.items()
        ]
        self._table.write(*gone, *counts, concern=_of(*(rule.rule_type for rule in portion)))


def _portions(rules: Iterable[RuleName]) -> Iterator[list[RuleName]]:
    """Divide rules so that each portion fits into a transaction, with the counts and versions it changes."""
    portion: list[RuleName] = []
    for rule in rules:
        whole = [*portion, rule]
        types = {each.rule_type for each in whole}
        others = len({each.channel_id for each in whole}) + len(types - BUILT_IN.keys()) + len(types)
        if ITEMS_PER_DELETE * len(whole) + others + 1 > TRANSACTION_ITEMS:
            yield portion
            whole = [rule]
        portion = whole
    if portion:
        yield portion


def _of(*rule_types: str) -> Concern:
    return Concern(keys.RULE, event_types=frozenset(rule_types))


def _unknown(rule_id: str) -> EntityNotFound:
    return EntityNotFound(f"There is no rule {rule_id}")
