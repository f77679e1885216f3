"""The stored members of a set, by kind and key."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from configuration_api.comparing import Step
from notifications.core.managing import Managed
from notifications.core.mutes import Mute
from notifications.core.revisions import RevisionKind, State
from notifications.core.values import replace
from notifications.store.sets import Member


class StoredSet:
    """The members of a set. ``now``: the timestamp by which mutes are over.

    The newest of several mutes with one key counts. Older ones that are not over remain of a replacement that
    was interrupted: they are in ``left``, and have to be ended.
    """

    def __init__(self, name: str, members: Sequence[Member], now: str) -> None:
        self.set = name
        self.members = members
        self.left: list[Member] = []
        self._now = now
        self._found: dict[tuple[RevisionKind, str], Member] = {}
        for member in sorted(members, key=_age):
            other = self._found.get((member.kind, member.key))
            if other is not None and not self.is_over(other):
                self.left.append(other)
            self._found[member.kind, member.key] = member

    def get(self, kind: RevisionKind, key: str) -> State | None:
        """Return the state of the member with a key."""
        found = self._found.get((kind, key))
        return None if found is None else found.state

    def number(self, kind: RevisionKind, key: str) -> int:
        """Return the number of the last revision of the member with a key; 0 if there is none."""
        found = self._found.get((kind, key))
        return 0 if found is None else found.number

    def ending(self, kind: RevisionKind, key: str) -> Step:
        """Make the step that ends the member with a key; it does nothing if that is over already."""
        found = self._found.get((kind, key))
        present = None if found is None or self.is_over(found) else found.state
        return Step(kind, key, present, None, self.number(kind, key))

    def lacking(self, kind: RevisionKind, keys: Collection[str]) -> list[Member]:
        """List the members of a kind that have other keys, without mutes that are over."""
        return [
            member
            for (known, key), member in self._found.items()
            if known == kind and key not in keys and not self.is_over(member)
        ]

    def kept(self, kind: RevisionKind, key: str, made: Any) -> Step:
        """Make the step of an entry; it keeps the id and the times of the stored object."""
        present: Any = self.get(kind, key)
        future = replace(made, managed=Managed(self.set, key))
        if present is not None:
            same: Mapping[str, Any] = {
                name: getattr(present, name) for name in ("created_at", "created_by", "updated_at")
            }
            future = replace(future, **same, **({} if kind == "event_type" else {"id": present.id}))
        return Step(kind, key, present, future, self.number(kind, key))

    def is_over(self, member: Member) -> bool:
        """Return whether it is a mute that has ended."""
        over_at = member.state.over_at if isinstance(member.state, Mute) else None
        return over_at is not None and over_at <= self._now


def _age(member: Member) -> tuple[str, str]:
    return member.state.created_at or "", member.id
