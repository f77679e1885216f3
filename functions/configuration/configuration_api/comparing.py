"""Compare what is stored with what is to be: values in, values out."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from configuration_api.models import SECTIONS, Action
from notifications.core import revisions, rule_parts
from notifications.core.masking import MASK, masked_url
from notifications.core.mutes import Mute
from notifications.core.revisions import Difference, RevisionKind, State
from notifications.core.values import value
from notifications.store.sets import identity

_REFERENCES = {"channel_id": "channel", "rule_id": "rule"}
_NOT_TOLD = {"id", "managed", "ended_at"}
"""What is no part of a document."""

Naming = Callable[[str, str], Any]
"""Name what an id refers to: kind and id in, a key or an id with a name out."""


@value
class Step:
    """One thing of a set, and what it is to be. ``present``, ``future``: None if there is none.

    ``future`` has a channel's credentials. ``number``: of the last revision. ``credentials``: the paths of
    those that change. ``rule_writes``: how often rules of an event type had been written when they were
    checked against its new schema.
    """

    kind: RevisionKind
    key: str
    present: State | None
    future: State | None
    number: int = 0
    credentials: tuple[str, ...] = ()
    rule_writes: int = 0

    @property
    def action(self) -> Action:
        """Return what is to be done."""
        if self.present is None:
            return "create"
        return "delete" if self.future is None else "update"

    @property
    def id(self) -> str:
        """Return its id; of an event type, its name."""
        state = self.future or self.present
        return "" if state is None else identity(state)

    @property
    def name(self) -> str:
        """Return its name, or of a mute the reason."""
        return name_of(self.future or self.present)

    @property
    def is_needed(self) -> bool:
        """Return whether there is anything to do."""
        return bool(self.differences(lambda _, identity: identity))

    def differences(self, naming: Naming) -> Sequence[Difference]:
        """List the fields that change, as they are told."""
        found = revisions.differences(self.present, self.future, self.credentials)
        return [
            told for each in found if not self._is_hidden(each.field) for told in _told(each, naming, self)
        ]

    def changed(self) -> set[str]:
        """Return the names of the attributes that change."""
        found = revisions.differences(self.present, self.future, self.credentials)
        return {each.field.partition(".")[0] for each in found} - _NOT_TOLD

    def _is_hidden(self, field: str) -> bool:
        return field in _NOT_TOLD or (self.kind == "event_type" and field == "name")


def name_of(state: State | None) -> str:
    """Return what something is called: its name, or of a mute the reason."""
    if isinstance(state, Mute):
        return state.reason
    return "" if state is None else state.name


def is_same_mute(one: Mute, other: Mute) -> bool:
    """Return whether two mutes keep back the same, for the same reason and as long."""
    return not {each.field for each in revisions.differences(one, other)} - _NOT_TOLD


def in_order(steps: Sequence[Step]) -> list[Step]:
    """Order steps so that each finds what it refers to: deletions come last, and backwards."""
    ranks = [*SECTIONS]
    made = [step for step in steps if step.action != "delete"]
    gone = [step for step in steps if step.action == "delete"]
    made.sort(key=lambda step: ranks.index(step.kind))
    gone.sort(key=lambda step: -ranks.index(step.kind))
    return made + gone


def _told(difference: Difference, naming: Naming, step: Step) -> Iterator[Difference]:
    """Yield a difference as readers understand it: by keys in place of ids, and member by member."""
    path, values = difference.field, (difference.old, difference.new)
    if path in _REFERENCES:
        kind = _REFERENCES[path]
        yield Difference(kind, *(part and naming(kind, part) for part in values))
    elif path == "spec.url":
        yield Difference(path, *(part and masked_url(part) for part in values))
    elif path in rule_parts.NAMES:
        yield from _by_members(path, *values)
    elif path in step.credentials and step.present is None:
        yield Difference(path, None, MASK)
    else:
        yield difference


def _by_members(path: str, old: Any, new: Any) -> Iterator[Difference]:
    """Yield the members that two objects have differently; null is as good as absent."""
    if not (isinstance(old, dict) or isinstance(new, dict)):
        if old != new:
            yield Difference(path, old, new)
        return
    before, after = (each if isinstance(each, dict) else {} for each in (old, new))
    for name in {**before, **after}:
        yield from _by_members(f"{path}.{name}", before.get(name), after.get(name))
