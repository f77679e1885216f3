"""Compare the stored objects with those that a document describes: values in, values out."""

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
"""The attributes that no document has."""

Naming = Callable[[str, str], Any]
"""Names the object that an id refers to: takes its kind and id, returns its key or its id with its name."""


@value
class Step:
    """One object of a set, as it is stored and as it should be.

    ``present``: None if it is not stored. ``future``: None if it should not exist; it has a channel's
    credentials. ``number``: that of its last revision. ``credentials``: the paths of those that change.
    ``rule_writes``: how often rules of an event type had been written when they were checked against its new
    schema.
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
        """Return what applying does to it."""
        if self.present is None:
            return "create"
        return "delete" if self.future is None else "update"

    @property
    def id(self) -> str:
        """Return its id; for an event type, its name."""
        state = self.future or self.present
        return "" if state is None else identity(state)

    @property
    def name(self) -> str:
        """Return its name; for a mute, its reason."""
        return name_of(self.future or self.present)

    @property
    def is_needed(self) -> bool:
        """Return whether there is anything to do."""
        return bool(self.differences(lambda _, identity: identity))

    def differences(self, naming: Naming) -> Sequence[Difference]:
        """List the fields that change, as a plan shows them."""
        found = revisions.differences(self.present, self.future, self.credentials)
        shown = [
            shown for each in found if not self._is_hidden(each.field) for shown in _shown(each, naming, self)
        ]
        whole = [_is_of_everything(state) for state in (self.present, self.future)]
        return shown if whole[0] == whole[1] else [*shown, Difference("everything", *whole)]

    def changed(self) -> set[str]:
        """Return the names of the attributes that change."""
        found = revisions.differences(self.present, self.future, self.credentials)
        return {each.field.partition(".")[0] for each in found} - _NOT_TOLD

    def _is_hidden(self, field: str) -> bool:
        return field in _NOT_TOLD or (self.kind == "event_type" and field == "name")


def name_of(state: State | None) -> str:
    """Return an object's name; for a mute, its reason."""
    if isinstance(state, Mute):
        return state.reason
    return "" if state is None else state.name


def _is_of_everything(state: State | None) -> bool | None:
    """Return true for a mute of everything, which has no other member that would say so."""
    return True if isinstance(state, Mute) and state.about_everything else None


def is_same_mute(one: Mute, other: Mute) -> bool:
    """Return whether two mutes keep back the same deliveries, for the same reason and as long."""
    return not {each.field for each in revisions.differences(one, other)} - _NOT_TOLD


def in_order(steps: Sequence[Step]) -> list[Step]:
    """Order steps so that each finds what it refers to: deletions come last, in reverse order."""
    ranks = [*SECTIONS]
    made = [step for step in steps if step.action != "delete"]
    gone = [step for step in steps if step.action == "delete"]
    made.sort(key=lambda step: ranks.index(step.kind))
    gone.sort(key=lambda step: -ranks.index(step.kind))
    return made + gone


def _shown(difference: Difference, naming: Naming, step: Step) -> Iterator[Difference]:
    """Yield the differences that readers see for one: with keys in place of ids, and member by member."""
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
