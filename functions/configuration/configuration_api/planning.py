"""Plan what applying a set does: nothing is written, and all faults are reported at once."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from configuration_api.comparing import Step, in_order
from configuration_api.draft import Draft
from configuration_api.faults import Faults
from configuration_api.fitting import Fitting
from configuration_api.making import Maker
from configuration_api.making_mutes import MuteMaker
from configuration_api.making_rules import RuleMaker
from configuration_api.models import MAX_ENTRIES, SECTIONS, ConfigurationIn
from configuration_api.reading import Reader
from configuration_api.references import References
from configuration_api.stored import StoredSet
from configuration_api.world import World
from notifications.core.model import Channel, Rule, timestamp
from notifications.core.nearest import hint
from notifications.core.revisions import REVISION_KINDS, Author
from notifications.core.values import replace, value
from notifications.store.sets import Member, ObjectRef
from notifications.wiring import Services


@value
class Planned:
    """A plan.

    ``steps``: the steps that are needed, in order. ``entries``: one step for each entry of the document,
    needed or not. ``unchanged``: how many of these are not needed. ``keys``: the keys of the set's objects by
    kind and id. ``referred``: the objects outside of the set that the document refers to.
    """

    set: str
    version: str
    steps: Sequence[Step]
    entries: Sequence[Step]
    world: World
    unchanged: int
    keys: Mapping[ObjectRef, str]
    referred: Sequence[ObjectRef]


def plan(services: Services, document: ConfigurationIn, by: Author, now: datetime, *, opens: bool) -> Planned:
    """Plan a set. ``opens``: whether stored credentials are compared with given ones.

    Raises:
        ConfigurationFaults: the document cannot be applied; the error has all faults.
        Unavailable: the configuration cannot be read.
    """
    return _Planner(services, document, by, now, opens=opens).planned()


def version_of(services: Services, name: str, referred: Sequence[ObjectRef]) -> str:
    """Return a hash of the revision numbers of all objects that a plan of the set depends on."""
    return _hash(services.sets.members(name), services.sets.numbers(referred))


def _hash(members: Iterable[Member], numbers: Mapping[ObjectRef, int]) -> str:
    seen = sorted((member.key, (member.kind, member.id), member.number) for member in members)
    text = json.dumps([seen, sorted(numbers.items())])
    return hashlib.sha256(text.encode()).hexdigest()


class _Planner:
    def __init__(
        self, services: Services, document: ConfigurationIn, by: Author, now: datetime, *, opens: bool
    ) -> None:
        self._services = services
        self._document = document
        self._now = now
        self._faults = Faults()
        self._given = {kind: getattr(document, SECTIONS[kind]) or {} for kind in SECTIONS}
        self._check_shape()
        self._stored = StoredSet(document.set, services.sets.members(document.set), timestamp(now))
        self._gone = self._lacking() if document.prune else []
        by_kind = {
            kind: {member.id for member in self._gone if member.kind == kind} for kind in REVISION_KINDS
        }
        self._world = World(services, by_kind)
        reader, faults = Reader(self._faults), self._faults
        self._maker = Maker(services, self._stored, faults, reader, by, opens=opens)
        draft = Draft(self._stored, self._world, faults, reader, by, self._maker.faulty_types)
        self._rule_maker, self._mute_maker = RuleMaker(draft), MuteMaker(draft)
        if opens:
            services.vault.prepare(
                member.state for member in self._stored.members if isinstance(member.state, Channel)
            )

    def _check_shape(self) -> None:
        """Note unknown sections as faults; refuse a document that is too large, before anything is read."""
        known = type(self._document).model_fields
        for name in self._document.model_extra or ():
            near = hint(name, known) or f"; there are: {', '.join(SECTIONS.values())}"
            self._faults.add((name,), f"there is no such section{near}")
        count = sum(map(len, self._given.values()))
        if count > MAX_ENTRIES:
            message = f"the set has {count:,} entries, at most {MAX_ENTRIES:,} are allowed"
            self._faults.add((), f"{message}: divide it into several sets")
            self._faults.require_none()

    def _lacking(self) -> list[Member]:
        return [member for kind in SECTIONS for member in self._stored.lacking(kind, self._given[kind])]

    def planned(self) -> Planned:
        """Make the plan."""
        types = self._types()
        channels, channel_ids = self._channels()
        to_channels = References(
            "channel", self._world.channels, channel_ids, self._services.channels.summaries, self._faults
        )
        rules, rule_ids = self._rules(to_channels)
        to_rules = References(
            "rule", self._world.rules, rule_ids, self._services.rules.summaries, self._faults
        )
        mutes = self._mutes(to_rules, to_channels)
        types = self._fitted(types, channels, rules)
        self._faults.require_none()
        return self._made([*types, *channels, *rules, *mutes])

    def _types(self) -> list[Step]:
        steps = []
        for name, entry in self._given["event_type"].items():
            step = self._maker.event_type(name, entry)
            if step is not None:
                steps.append(step)
                # A type that stays keeps the time of its last change, on which the writes of rules depend.
                made: Any = step.future if step.is_needed else step.present
                self._world.event_types.made[name] = made
        return steps

    def _channels(self) -> tuple[list[Step], dict[str, str | None]]:
        made = {key: self._maker.channel(key, entry) for key, entry in self._given["channel"].items()}
        return self._known(made, self._world.channels.made)

    def _rules(self, channels: References[Channel]) -> tuple[list[Step], dict[str, str | None]]:
        made = {
            key: self._rule_maker.make(key, entry, channels) for key, entry in self._given["rule"].items()
        }
        return self._known(made, self._world.rules.made)

    def _known(
        self, made: Mapping[str, Step | None], known: dict[str, Any]
    ) -> tuple[list[Step], dict[str, str | None]]:
        steps = [step for step in made.values() if step is not None]
        known.update((step.id, step.future) for step in steps)
        return steps, {key: None if step is None else step.id for key, step in made.items()}

    def _mutes(self, rules: References[Rule], channels: References[Channel]) -> list[Step]:
        made = [
            self._mute_maker.make(key, entry, rules, channels, self._now)
            for key, entry in self._given["mute"].items()
        ]
        return [step for step in made if step is not None]

    def _fitted(self, types: Sequence[Step], channels: Sequence[Step], rules: Sequence[Step]) -> list[Step]:
        """Check that the objects fit together; return the types with how often their rules were written."""
        fitting = Fitting(self._services, self._world, self._gone, self._faults)
        own = {*self._world.rules.made}
        changed: set[ObjectRef] = set()
        fitted = []
        for step in types:
            differs = step.present is not None and "json_schema" in step.changed()
            # Read before the rules are, so that a rule written in between makes the change of the type fail.
            is_changed = step.present is not None and step.is_needed
            writes = self._services.event_types.rule_writes(step.key) if is_changed else 0
            if differs:
                changed.add(("event_type", step.key))
                fitting.check_type(step, own)
            fitted.append(replace(step, rule_writes=writes))
        for step in channels:
            if step.present is not None and "spec" in step.changed():
                changed.add(("channel", step.id))
                fitting.check_channel(step, own)
        for member in self._gone:
            fitting.check_deletion(member, own)
        fitting.check_rules(rules, changed, self._rule_maker.unfinished)
        return fitted

    def _made(self, entries: Sequence[Step]) -> Planned:
        needed = [step for step in entries if step.is_needed]
        needed += [
            Step(member.kind, member.key, member.state, None, member.number)
            for member in (*self._gone, *self._stored.left)
        ]
        referred = self._world.referred()
        return Planned(
            set=self._document.set,
            version=_hash(self._stored.members, self._services.sets.numbers(referred)),
            steps=in_order(needed),
            entries=entries,
            world=self._world,
            unchanged=sum(not step.is_needed for step in entries),
            keys={(member.kind, member.id): member.key for member in self._stored.members}
            | {(step.kind, step.id): step.key for step in entries if step.future is not None},
            referred=referred,
        )
