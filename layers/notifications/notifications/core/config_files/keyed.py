"""Objects of one kind in an export: which there are, under which keys, and how others refer to them."""

from collections import Counter
from collections.abc import Callable, Iterable
from operator import attrgetter
from typing import Generic, TypeVar

from notifications.core.config_files.documents import Reference
from notifications.core.config_files.literals import escaped
from notifications.core.config_files.naming import MAX_KEY_CHARS, Taken
from notifications.core.managing import Managed
from notifications.core.model import Channel, Rule
from notifications.core.mutes import Mute
from notifications.core.values import value

T = TypeVar("T", Channel, Rule, Mute)


@value
class Wanted:
    """What to export. ``set``: what a set manages, None for any. ``unmanaged``: also what none manages."""

    set: str | None
    unmanaged: bool

    def has(self, managed: Managed | None) -> bool:
        """Return whether something is wanted."""
        return self.unmanaged if managed is None else self.set in {None, managed.set}


class Keyed(Generic[T]):
    """The objects of a kind. ``of_key``: those that are wanted, in an order that is the same on every stack.

    ``name``: what an object is called, for a key if it has none. What is managed keeps its key, unless two
    sets that are exported together have the same.
    """

    def __init__(self, kind: str, stored: Iterable[T], wanted: Wanted, name: Callable[[T], str]) -> None:
        found: list[T] = sorted(stored, key=attrgetter("created_at", "id"))
        self._names = {each.id: name(each) for each in found}
        self._uses: Counter[str] = Counter(self._names.values())
        # An apply that replaces a mute, and dies, leaves two with one key: the newer one is the file's.
        newest: dict[Managed | str, str] = {
            each.managed or each.id: each.id for each in found if wanted.has(each.managed)
        }
        ids = {*newest.values()}
        chosen = [each for each in found if each.id in ids]
        taken = Taken()
        self._keys = {
            each.id: taken.free(each.managed.key, "-", MAX_KEY_CHARS) for each in chosen if each.managed
        }
        self._keys |= {each.id: taken.key(name(each), kind) for each in chosen if not each.managed}
        self.of_key: dict[str, T] = {self._keys[each.id]: each for each in sorted(chosen, key=self._key)}

    def _key(self, each: T) -> str:
        return self._keys[each.id]

    def reference(self, identity: str) -> Reference:
        """Refer to an object: by its key, by its name if it is not in the export, by its id if need be."""
        if identity in self._keys:
            return self._keys[identity]
        name = self._names.get(identity)
        if name is None or self._uses[name] > 1:
            return {"id": identity}
        return {"name": escaped(name)}
