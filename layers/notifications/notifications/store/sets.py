"""Sets of configuration in the config table: the members of each, and the numbers of their revisions."""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from notifications.core.errors import ConfigurationChanged, EntityNotFound
from notifications.core.managing import Managed
from notifications.core.revisions import Author, Revision, RevisionKind, State
from notifications.core.values import value
from notifications.store import items, keys, revision_items
from notifications.store.items import Item
from notifications.store.revision_items import AUDITED, KINDS, NUMBER, model_from, number_of
from notifications.store.table import ConfigTable
from notifications.store.versions import Concern

if TYPE_CHECKING:
    from notifications.store.revising import Change

ObjectRef = tuple[RevisionKind, str]
"""An object of the configuration: its kind, and its id or, for an event type, its name."""

_UNSEEN = Concern()
"""The concern of a change of membership: no dispatcher needs to read anything again."""


@value
class Member:
    """An object that belongs to a set. ``key``: its name in the set. ``number``: of its last revision."""

    kind: RevisionKind
    key: str
    state: State
    number: int

    @property
    def id(self) -> str:
        """Return the object's id; for an event type, its name."""
        return identity(self.state)


def identity(state: State) -> str:
    """Return an object's id; for an event type, its name."""
    found: str = state.id if hasattr(state, "id") else state.name
    return found


class SetStore:
    """Reads the members of sets, and changes which set an object belongs to."""

    def __init__(self, table: ConfigTable) -> None:
        self._table = table

    def members(self, name: str) -> list[Member]:
        """Read all members of a set as they are now, including mutes that have ended."""
        return [
            Member(kind, item["managed"]["M"]["key"]["S"], model_from(item), number_of(item))
            for partition, kind in KINDS.items()
            for item in self._items(partition, name)
        ]

    def _items(self, partition: str, name: str) -> Iterator[Item]:
        start: dict[str, Any] = {}
        while True:
            # No index has the attribute of the set. Plans are rare, so the whole partition is read.
            found, following = self._table.page(
                KeyConditionExpression="pk = :pk",
                FilterExpression="managed.#set = :set",
                ExpressionAttributeNames={"#set": "set"},
                ExpressionAttributeValues=items.attributes({":pk": partition, ":set": name}),
                **start,
            )
            yield from found
            if following is None:
                return
            start = {"ExclusiveStartKey": following}

    def numbers(self, refs: Iterable[ObjectRef]) -> dict[ObjectRef, int]:
        """Read the numbers of the last revisions of objects; unknown ones are left out."""
        wanted = [keys.live(*ref) for ref in dict.fromkeys(refs)]
        found = self._table.get_many(wanted, (keys.PARTITION_KEY, keys.SORT_KEY, NUMBER)) if wanted else []
        return {_ref(item): number_of(item) for item in found}

    def last_changes(self, members: Iterable[Member]) -> Mapping[ObjectRef, Revision]:
        """Read the last revisions of members, without their states; unknown ones are left out."""
        wanted = [keys.revision(member.kind, member.id, member.number) for member in members]
        found = self._table.get_many(wanted, (keys.SORT_KEY, *AUDITED)) if wanted else []
        read = map(revision_items.read, found)
        return {(revision.kind, revision.id): revision for revision in read}

    def get(self, kind: RevisionKind, identity: str) -> State:
        """Read an object of any kind.

        Raises:
            EntityNotFound: there is none with this id.
        """
        return model_from(self._item(kind, identity))

    def mark(self, seen: State, kind: RevisionKind, managed: Managed | None, by: Author) -> State:
        """Make an object a member of a set, or of none; return it as it is then.

        ``seen``: the object as it was when the change was planned.

        Raises:
            EntityNotFound: it was deleted since.
            ConfigurationChanged: another set has adopted it since.
        """
        from notifications.store import revising  # noqa: PLC0415 - only the API writes

        change = revising.Change("applied", by, revising.now())
        return revising.retried(partial(self._mark, (kind, identity(seen)), (seen.managed, managed), change))

    def _mark(self, ref: ObjectRef, owners: tuple[Managed | None, Managed | None], change: "Change") -> State:
        from notifications.store import revising  # noqa: PLC0415 - only the API writes

        before = self._item(*ref)
        owner = model_from(before).managed
        if owner is not None and owner not in owners:
            taken = f"The {ref[0].replace('_', ' ')} {ref[1]} was taken by the set {owner.set} meanwhile"
            raise ConfigurationChanged(f"{taken}: adopt again")
        changes = items.changes({"managed": owners[1], "updated_at": change.at})
        revised = revising.updated(before, changes, change)
        if revised.operations:
            self._table.write(*revised.operations, concern=_UNSEEN)
        return model_from(revised.item)

    def _item(self, kind: RevisionKind, identity: str) -> Item:
        item = self._table.get(keys.live(kind, identity))
        if item is None:
            raise EntityNotFound(f"There is no {kind.replace('_', ' ')} {identity}")
        return item


def _ref(item: Item) -> ObjectRef:
    return KINDS[item[keys.PARTITION_KEY]["S"]], item[keys.SORT_KEY]["S"]
