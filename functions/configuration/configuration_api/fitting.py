"""Check that a set's future objects fit together, and that the rules outside of the set still fit them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from time import thread_time

from configuration_api.comparing import Step
from configuration_api.faults import Faults
from configuration_api.making_rules import Unfinished
from configuration_api.models import SECTIONS
from configuration_api.world import World
from notifications.api.changing import channel_rules, event_types, rules
from notifications.api.requests.rules import RuleIn
from notifications.core.model import Channel, EventType, Rule
from notifications.store.sets import Member, ObjectRef
from notifications.wiring import Services

MAX_CHECK_SECONDS = 8.0
"""How much CPU time trying the templates of a set may take: one may take 0.3 s."""

_RULE_MEMBERS = {name: name for name in RuleIn.model_fields} | {"channel_id": "channel"}


class Fitting:
    """Check steps against each other and against the objects outside of the set.

    ``gone``: the members that would be deleted.
    """

    def __init__(self, services: Services, world: World, gone: Collection[Member], faults: Faults) -> None:
        self._services = services
        self._world = world
        self._gone = {(member.kind, member.id) for member in gone}
        self._faults = faults

    def check_rules(
        self, steps: Iterable[Step], changed: Collection[ObjectRef], unfinished: Iterable[Unfinished]
    ) -> None:
        """Try the rules that are new or change, or whose channel's spec or event type's schema changes.

        ``changed``: the channels and event types whose spec or schema changes. ``unfinished``: rules that
        have faults already.
        """
        began = thread_time()
        for each in (*unfinished, *self._needed(steps, changed)):
            if thread_time() - began > MAX_CHECK_SECONDS:
                told = "it takes too long to try their templates: divide the set, or apply a part first"
                self._faults.add(("rules",), told)
                return
            found = rules.refusals(
                each.rule, each.event_type, each.channel, template=bool(each.rule.message_template)
            )
            self._faults.add_refusals(found, ("rules", each.key), _RULE_MEMBERS, ("message_template",))

    def _needed(self, steps: Iterable[Step], changed: Collection[ObjectRef]) -> Iterator[Unfinished]:
        for step in steps:
            rule = step.future
            if not isinstance(rule, Rule):
                continue
            places = {("channel", rule.channel_id), ("event_type", rule.rule_type)}
            if places & {*changed} or step.is_needed:
                channel = self._world.channels.get(rule.channel_id)
                event_type = self._world.event_types.get(rule.rule_type)
                yield Unfinished(step.key, rule, event_type, channel)

    def check_channel(self, step: Step, own: Collection[str]) -> None:
        """Refuse a new spec that rules outside of the document could not send to.

        ``own``: the ids of the document's rules.
        """
        present, future = step.present, step.future
        if isinstance(present, Channel) and isinstance(future, Channel):
            with self._faults.at(("channels", step.key), default=("spec",)):
                channel_rules.check(
                    self._world,
                    present.spec,
                    future.spec,
                    lambda: self._others(self._users["channel", present.id], own),
                )

    def check_type(self, step: Step, own: Collection[str]) -> None:
        """Refuse a new schema that rules outside of the document do not fit."""
        future = step.future
        if isinstance(future, EventType) and step.present is not None:
            others = self._others(self._users["event_type", future.name], own)
            channels = self._services.channels.get_many([rule.channel_id for rule in others])
            channels |= self._world.channels.made
            with self._faults.at(("event_types", step.key), default=("json_schema",)):
                event_types.check_rules(future, others, channels)

    def check_deletion(self, member: Member, own: Collection[str]) -> None:
        """Refuse to delete a channel or an event type that rules outside of the document use."""
        if member.kind not in {"channel", "event_type"}:
            return
        others = self._others(self._users[member.kind, member.id], own)
        if others:
            named = ", ".join(f"{rule.name} ({rule.id})" for rule in others)
            message = f"this document lacks it, but {len(others)} rule(s) that are not of it use it: {named}"
            self._faults.add((SECTIONS[member.kind], member.key), message)

    @cached_property
    def _users(self) -> Mapping[ObjectRef, Sequence[str]]:
        """The ids of all stored rules by their channels and types; listed only once."""
        users: dict[ObjectRef, list[str]] = defaultdict(list)
        for rule in self._services.rules.by_channel():
            users["channel", rule.channel_id].append(rule.id)
            users["event_type", rule.rule_type].append(rule.id)
        return users

    def _others(self, ids: Iterable[str], own: Collection[str]) -> list[Rule]:
        wanted = [each for each in ids if each not in own and ("rule", each) not in self._gone]
        return [*self._services.rules.get_many(wanted).values()]
