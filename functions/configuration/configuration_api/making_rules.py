"""Make the rules that a set's entries describe, in the way of the route that creates rules."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from configuration_api.comparing import Step
from configuration_api.conditions import can_read
from configuration_api.draft import Draft
from configuration_api.faults import Place
from configuration_api.references import References
from notifications.api import conditions, rule_parts
from notifications.api.changing import rules
from notifications.api.known_types import require_type
from notifications.api.requests.rules import RuleIn
from notifications.core import refusals
from notifications.core.model import Channel, EventType, Rule
from notifications.core.rule_parts import NAMES as PARTS
from notifications.core.values import replace, value

_RULE_MEMBERS = {name: name for name in RuleIn.model_fields}
_UNKNOWN = EventType("unknown", None, {})
"""Stands for the type of a rule that nobody knows."""

_NO_CONDITION: Mapping[str, None] = dict.fromkeys(conditions.NAMES)


@value
class Unfinished:
    """A rule with faults, as far as it could be made. None: what nobody knows because of these."""

    key: str
    rule: Rule
    event_type: EventType | None
    channel: Channel | None


class RuleMaker:
    """Make the steps of rules. ``unfinished``: the rules with faults, as far as they could be made."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self.unfinished: list[Unfinished] = []

    def make(self, key: str, entry: Any, references: References[Channel]) -> Step | None:
        """Make a rule. One that is faulty is left with ``unfinished``, so that the rest of it is checked."""
        place, before = ("rules", key), len(self._draft.faults)
        request, reference = self._draft.reader.rule(key, entry)
        channel = references.find(reference, (*place, "channel")) if reference is not None else None
        if request is None:
            return None
        event_type = self._type(request.rule_type, place)
        request = self._readable(request, entry, event_type, place)
        made = rules.made(request, event_type or _UNKNOWN, self._draft.by)
        present = self._draft.stored.get("rule", key)
        if event_type is not None and isinstance(present, Rule) and present.rule_type != made.rule_type:
            told = (
                f"its rule type is {present.rule_type} and cannot be changed: give the new rule another key"
            )
            self._draft.faults.add((*place, "rule_type"), told)
        if len(self._draft.faults) == before and channel is not None and event_type is not None:
            return self._draft.stored.kept("rule", key, replace(made, channel_id=channel.id))
        # Without once-per or the digest that are meant, nobody knows which names its templates see.
        is_named = not any(self._draft.faults.has((*place, name)) for name in ("once_per", "digest"))
        self.unfinished.append(Unfinished(key, made, event_type if is_named else None, channel))
        return None

    def _readable(
        self, request: RuleIn, entry: Mapping[str, Any], event_type: EventType | None, place: Place
    ) -> RuleIn:
        """Return what can be read of a rule. ``event_type``: None if nobody knows it."""

        def check(pattern: Mapping[str, Any]) -> None:
            if event_type is not None:
                conditions.check(pattern, event_type)

        if not can_read(self._draft.faults, request, entry, place, check) or event_type is None:
            request = request.model_copy(update=_NO_CONDITION)
        for name in PARTS:
            if getattr(request, name) is not None:
                found = [*refusals.of(partial(rule_parts.check, request, name))]
                self._draft.faults.add_refusals(found, place, _RULE_MEMBERS)
                request = request.model_copy(update={name: None}) if found else request
        return request

    def _type(self, name: str, place: tuple[str, str]) -> EventType | None:
        if name in self._draft.faulty_types or self._draft.faults.has((*place, "rule_type")):
            return None
        with self._draft.faults.at(place, _RULE_MEMBERS):
            return require_type(self._draft.world, name, "rule_type")
        return None
