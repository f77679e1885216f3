"""Adopt existing objects into a set as they are, or give them up."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import uuid4

from configuration_api.comparing import name_of
from configuration_api.faults import Faults
from configuration_api.models import KEY_RULE, NAME, AdoptIn, AdoptOut, GivenUpIn, ObjectIn, ObjectOut
from notifications.core.errors import EntityNotFound
from notifications.core.managing import Managed
from notifications.core.revisions import Author, RevisionKind, State
from notifications.core.rule_types import BUILT_IN
from notifications.core.texts import lowered
from notifications.core.values import value
from notifications.store.sets import Member, identity
from notifications.wiring import Services


@value
class _Found:
    """What adopting changes.

    ``taken``: the objects to adopt, each with its stored state. ``gone``: the members to give up.
    ``unchanged``: how many objects the set already has under these keys.
    """

    taken: Sequence[tuple[ObjectIn, State]]
    gone: Sequence[Member]
    unchanged: int


def adopt(services: Services, request: AdoptIn, by: Author) -> AdoptOut:
    """Adopt objects into a set and give others up, under the set's lease.

    The lease is needed because two requests could otherwise give one key to two objects, and the next apply
    deletes the older of the two.

    Raises:
        ConfigurationFaults: some cannot be adopted or given up; has all faults. Nothing was written.
        ConfigurationLocked: another client adopts or applies the set.
        ConfigurationChanged: another set adopted one of them meanwhile; those before it were adopted.
    """
    found = _found(services, request)
    if found.taken or found.gone:
        holder = str(uuid4())
        services.leases.take(request.set, holder, by, datetime.now(UTC))
        try:
            found = _found(services, request)  # again, because only now nobody else writes
            _mark(services, request.set, found, by)
        finally:
            services.leases.free(request.set, holder)
    return AdoptOut(
        adopted=[_shown(each.kind, each.key, state) for each, state in found.taken],
        given_up=[_shown(member.kind, member.key, member.state) for member in found.gone],
        unchanged=found.unchanged,
    )


def _found(services: Services, request: AdoptIn) -> _Found:
    adopting = _Adopting(services, request)
    leaving = [adopting.given_up(number, given) for number, given in enumerate(request.give_up)]
    found = [adopting.adopted(number, given) for number, given in enumerate(request.objects)]
    adopting.faults.require_none()
    wanted = [each for each in found if each is not None]
    taken = [(each, state) for each, state in wanted if state.managed != Managed(request.set, each.key)]
    return _Found(taken, [member for member in leaving if member is not None], len(wanted) - len(taken))


def _mark(services: Services, name: str, found: _Found, by: Author) -> None:
    for member in found.gone:
        services.sets.mark(member.state, member.kind, None, by)
    for each, state in found.taken:
        services.sets.mark(state, each.kind, Managed(name, each.key), by)


class _Adopting:
    def __init__(self, services: Services, request: AdoptIn) -> None:
        self._services = services
        self._set = request.set
        self._members = services.sets.members(request.set)
        self._given_up = {(each.kind, each.key) for each in request.give_up}
        self._seen: set[tuple[str, str, str]] = set()
        self.faults = Faults()

    def adopted(self, number: int, given: ObjectIn) -> tuple[ObjectIn, State] | None:
        """Check an object; return it with its stored state, or None if it has a fault."""
        place = ("objects", number)
        before = len(self.faults)
        if given.kind == "event_type" and given.key != given.id:
            self.faults.add((*place, "key"), "the key of an event type is its name")
        if given.kind != "event_type" and not re.fullmatch(NAME, given.key):
            self.faults.add((*place, "key"), KEY_RULE)
        for what, name in (("key", given.key), ("id", given.id)):
            if (what, given.kind, name) in self._seen:
                self.faults.add((*place, what), "it is there twice")
            self._seen.add((what, given.kind, name))
        state = self._state(place, given)
        if state is not None:
            self._check_owner(place, given, state)
        return None if state is None or len(self.faults) > before else (given, state)

    def _state(self, place: tuple[str, int], given: ObjectIn) -> State | None:
        if given.kind == "event_type" and given.id in BUILT_IN:
            self.faults.add((*place, "id"), "it is built in, and no set's")
            return None
        try:
            return self._services.sets.get(given.kind, given.id)
        except EntityNotFound as error:
            self.faults.add((*place, "id"), lowered(error.message))
            return None

    def _check_owner(self, place: tuple[str, int], given: ObjectIn, state: State) -> None:
        owner = state.managed
        if owner is not None and owner.set != self._set:
            message = f"it belongs to the set {owner.set} as {owner.key}, which must give it up first"
            self.faults.add((*place, "id"), message)
        for member in self._of(given.kind, given.key):
            if member.id != identity(state) and (given.kind, given.key) not in self._given_up:
                self.faults.add((*place, "key"), f"the set has it for another {given.kind}: {member.id}")

    def given_up(self, number: int, given: GivenUpIn) -> Member | None:
        """Find the member to give up; None, with a fault, if the set has none."""
        found = self._of(given.kind, given.key)
        if not found:
            self.faults.add(("give_up", number, "key"), f"the set has no {given.kind} {given.key}")
            return None
        return found[0]

    def _of(self, kind: str, key: str) -> list[Member]:
        return [member for member in self._members if (member.kind, member.key) == (kind, key)]


def _shown(kind: RevisionKind, key: str, state: State) -> ObjectOut:
    return ObjectOut(kind=kind, key=key, id=identity(state), name=name_of(state))
