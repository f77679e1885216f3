"""Whether a channel's rules can still be sent when its spec changes."""

from collections.abc import Callable, Iterable

from notifications.api import on_demand
from notifications.api.known import KnownTypes
from notifications.core.errors import ChannelConflict, EntityNotFound, TemplateError
from notifications.core.kinds import kind_of
from notifications.core.model import Channel, EventType, Rule, Spec, WebhookSpec
from notifications.core.nearest import quoted
from notifications.core.texts import counted
from notifications.wiring import Services

MAX_NAMED_RULES = 100


def check_rules(services: Services, channel: Channel, spec: Spec) -> None:
    """Refuse a spec with which rules of the channel can no longer be sent.

    Raises:
        ChannelConflict: see ``check``.
    """
    check(services, channel.spec, spec, lambda: _rules_of(services, channel))


def check(known: KnownTypes, present: Spec, spec: Spec, rules: Callable[[], Iterable[Rule]]) -> None:
    """Refuse a spec with which these rules can no longer be sent.

    ``rules``: called only if the change can affect them. A new content type needs other templates, and new
    recipients may have fields that the event types of some rules lack.

    Raises:
        ChannelConflict: ``data["rules"]`` names them, with the reasons.
    """
    needed = _needed_check(present, spec)
    if needed is None:
        return
    tried, messages = needed
    faults = [fault for rule in rules() if (fault := _fault(known, rule, tried))]
    if faults:
        raise ChannelConflict(counted(len(faults), *messages), {"rules": faults[:MAX_NAMED_RULES]})


def _needed_check(
    present: Spec, spec: Spec
) -> tuple[Callable[[Rule, EventType], None], tuple[str, str]] | None:
    """Return the check that each rule must pass, with the messages about one rule or several that fail it.

    Return None if the change can affect no rule.
    """
    kind = kind_of(spec)
    if on_demand.has_default(present) and not on_demand.has_default(spec):
        messages = (
            "rule makes no message without the channel's preset; give it a template first",
            "rules make no message without the channel's preset; give them templates first",
        )
        return lambda rule, event_type: _try_without_default(rule, event_type, spec), messages
    if kind.message_format(spec) != kind.message_format(present):
        messages = (
            "rule makes no message of this content type; change its template first",
            "rules make no message of this content type; change their templates first",
        )
        return lambda rule, event_type: on_demand.try_rule(rule, event_type, spec), messages
    if {*kind.templates(spec)} - {*kind.templates(present)}:
        messages = (
            "rule is on an event type without the fields of these recipients; give it another channel first",
            "rules are on event types without the fields of these recipients; give them other channels first",
        )
        return lambda _, event_type: on_demand.check_recipients(event_type, spec), messages
    return None


def rule_warnings(services: Services, channel: Channel) -> list[str]:
    """List the warnings about messages that a channel's rules send with its preset, each with its rule."""
    if not isinstance(channel.spec, WebhookSpec) or channel.spec.preset is None:
        return []
    ids = [rule.id for rule in services.rules.of_channel(channel.id)][:MAX_NAMED_RULES]
    return [
        f"Rule {quoted(rule.name)}: {warning}"
        for rule in services.rules.get_many(ids).values()
        for warning in on_demand.sample_warnings(rule, channel, services.event_types.get(rule.rule_type))
    ]


def _try_without_default(rule: Rule, event_type: EventType, spec: Spec) -> None:
    if not rule.message_template:
        raise TemplateError("It has no template, and sends its type's default message")
    on_demand.try_rule(rule, event_type, spec)


def _rules_of(services: Services, channel: Channel) -> Iterable[Rule]:
    return services.rules.get_many([rule.id for rule in services.rules.of_channel(channel.id)]).values()


def _fault(known: KnownTypes, rule: Rule, tried: Callable[[Rule, EventType], None]) -> dict[str, str] | None:
    try:
        tried(rule, known.event_types.get(rule.rule_type))
    except TemplateError as error:
        return {"id": rule.id, "name": rule.name, "msg": error.message}
    except EntityNotFound:  # the event type can only be deleted after the rule
        return None
    return None
