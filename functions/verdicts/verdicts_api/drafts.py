"""Drafts of rules: rules that are tried without being stored, beside stored rules or in place of them."""

import re
from collections.abc import Mapping, Sequence
from time import thread_time
from typing import Any

from notifications.api import conditions, on_demand, rule_parts
from notifications.api.known_types import require_type
from notifications.core.errors import EntityNotFound, InvalidRequest, NotificationError, TemplateError
from notifications.core.model import Channel, EventType, Rule
from notifications.core.nearest import hint, quoted
from notifications.core.values import replace, value
from notifications.wiring import Services
from verdicts_api.draft_models import DraftIn

MAX_CHECK_SECONDS = 5.0
"""How much CPU time checking the drafts of a request may take: one template may take 0.3 s."""

NEW_ID = "draft-"
"""The prefix of the ids of drafts that stand in for no stored rule."""

_PREFIX = re.compile("^(condition|where): ")
"""The beginnings of faults of conditions, which the place in the draft replaces."""


@value
class Drafted:
    """The rules of a type with drafts among them.

    ``channels``: by id, those that the drafts send to. ``ids``: the rule ids of the drafts. ``left_out``: the
    names of drafts of other types.
    """

    rules: Sequence[Rule]
    channels: Mapping[str, Channel]
    ids: frozenset[str]
    left_out: Sequence[str] = ()


def resolve(
    services: Services, drafts: Sequence[DraftIn], event_type: EventType, stored: Sequence[Rule]
) -> Drafted:
    """Replace the stored rules of a type that drafts stand in for, and add the other drafts at the end.

    ``stored``: the stored rules of the type.

    Raises:
        InvalidRequest, TemplateError: a draft could not be saved; the message begins with its place and key.
    """
    rules = {rule.id: rule for rule in stored}
    made: dict[str, Rule] = {}
    channels: dict[str, Channel] = {}
    left_out: list[str] = []
    began = thread_time()
    for number, draft in enumerate(drafts):
        if thread_time() - began > MAX_CHECK_SECONDS:
            raise InvalidRequest(f"rules: {len(drafts)} take too long to check; give fewer at once")
        known = draft.rule_type is None and draft.id in rules
        name = event_type.name if known else type_of(services, draft, number, event_type.name)
        if name != event_type.name:
            require_type(services, name, f"rules.{number}.rule_type")
            left_out.append(draft.name or draft.id or f"rules[{number}]")
            continue
        rule, channel = _Draft(services, draft, number, event_type).made(stored)
        if rule.id in made:
            raise _fault(number, "id" if draft.id else "name", "another draft stands in for the same rule")
        made[rule.id] = rules[rule.id] = rule
        if channel is not None:
            channels[channel.id] = channel
    return Drafted([*rules.values()], channels, frozenset(made), left_out)


def type_of(services: Services, draft: DraftIn, number: int = 0, default: str | None = None) -> str:
    """Return the name of a draft's event type: the one that it gives, or that of its stored rule.

    ``default``: the name to return if the draft gives neither.

    Raises:
        InvalidRequest: it gives neither, or there is no such rule.
    """
    if draft.rule_type is not None:
        return draft.rule_type
    if draft.id is not None:
        try:
            return services.rules.get(draft.id).rule_type
        except EntityNotFound as error:
            raise _fault(number, "id", error.message) from None
    if default is not None:
        return default
    named = [summary.type for summary in services.rules.summaries() if summary.name == draft.name]
    if len(named) == 1:
        return named[0]
    raise _fault(number, "rule_type", "say which event type the rule is about")


class _Draft:
    """Makes a rule of one draft."""

    def __init__(self, services: Services, draft: DraftIn, number: int, event_type: EventType) -> None:
        self._services = services
        self._draft = draft
        self._number = number
        self._event_type = event_type

    def made(self, stored: Sequence[Rule]) -> tuple[Rule, Channel | None]:
        """Make the rule; return also the channel that the draft names, None if it keeps the stored rule's."""
        draft, base = self._draft, self._stored(stored)
        changes: dict[str, Any] = draft.model_dump(
            exclude_none=True,
            include={"name", "description", "message_template", "enabled", "observe"},
        )
        named = "channel" if draft.channel is not None else "channel_id"
        channel = self._channel(named)
        if base is None:
            base = self._blank(channel)
        if channel is not None:
            changes["channel_id"] = channel.id
        if any(getattr(draft, name) is not None for name in conditions.NAMES):
            changes["condition"] = self._condition()
        changes |= self._parts(base)
        rule = replace(base, **changes)
        if channel is not None or {"message_template", "message", "once_per", "digest"} & changes.keys():
            self._check_template(rule, channel)
        return rule, channel

    def _stored(self, stored: Sequence[Rule]) -> Rule | None:
        draft = self._draft
        if draft.id is not None:
            found = next((rule for rule in stored if rule.id == draft.id), None)
            if found is None:
                raise self._fault("id", f"there is no rule {quoted(draft.id)} of {self._event_type.name}")
            return found
        named = [rule for rule in stored if rule.name == draft.name]
        if len(named) > 1:
            raise self._fault("name", f"{len(named)} rules of {self._event_type.name} have it: give the id")
        return named[0] if named else None

    def _blank(self, channel: Channel | None) -> Rule:
        """Return an empty rule for a new draft, after checking that the draft gives all that it must."""
        draft = self._draft
        needed = {"name": draft.name, "channel": channel}
        if channel is None or not on_demand.has_default(channel.spec):
            needed["message_template"] = draft.message_template
        for key, found in needed.items():
            if found is None:
                raise self._fault(key, "a draft that stands in for no stored rule needs it")
        return Rule(
            id=f"{NEW_ID}{self._number + 1}",
            name="",
            description=None,
            rule_type=self._event_type.name,
            channel_id="",
            message_template="",
            enabled=True,
            created_at="",
            created_by="",
            updated_at="",
        )

    def _channel(self, key: str) -> Channel | None:
        """Find the channel that a draft names; None if it names none."""
        draft = self._draft
        if draft.channel is not None and draft.channel_id is not None:
            raise self._fault("channel", "channel_id says the same; give one of them")
        wanted = draft.channel if draft.channel is not None else draft.channel_id
        if wanted is None:
            return None
        summaries = self._services.channels.summaries()
        ids = [summary.id for summary in summaries if summary.id == wanted.lower()]
        ids = ids or [summary.id for summary in summaries if summary.name == wanted]
        if len(ids) > 1:
            raise self._fault(key, f"{len(ids)} channels are named {quoted(wanted)}: give the id")
        channel = self._services.channels.get_many(ids).get(ids[0]) if ids else None
        if channel is None:
            near = hint(wanted, (summary.name for summary in summaries))
            raise self._fault(key, f"there is no channel {quoted(wanted)}{near}")
        return channel

    def _condition(self) -> dict[str, Any] | None:
        draft = self._draft
        try:
            return conditions.read(draft.condition, draft.event_filter, draft.where, self._event_type)
        except InvalidRequest as error:
            key = next(name for name in conditions.NAMES if getattr(draft, name) is not None)
            raise self._fault(key, _PREFIX.sub("", error.message, count=1)) from None

    def _parts(self, base: Rule) -> dict[str, Any]:
        try:
            return rule_parts.changes_of(self._draft, base)
        except InvalidRequest as error:
            key, _, message = error.message.partition(": ")
            raise self._fault(key, message) from None

    def _check_template(self, rule: Rule, channel: Channel | None) -> None:
        if channel is None:
            channel = self._services.channels.get_many([rule.channel_id]).get(rule.channel_id)
        try:
            if channel is None:
                on_demand.check_rule(rule, self._event_type, None)
            else:
                on_demand.try_rule(rule, self._event_type, channel.spec)
        except TemplateError as error:
            part = "" if error.message.startswith("message.") else "message_template: "
            raise TemplateError(f"rules.{self._number}.{part}{error.message}") from None
        except InvalidRequest as error:
            key, _, message = error.message.partition(": ")
            raise self._fault(key, message) from None

    def _fault(self, key: str, message: str) -> NotificationError:
        return _fault(self._number, key, message)


def _fault(number: int, key: str, message: str) -> NotificationError:
    return InvalidRequest(f"rules.{number}.{key}: {message}")
