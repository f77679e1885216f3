"""A channel's content type says what its rules must make: whether they still can when it changes."""

from notifications import aws
from notifications.api import late
from notifications.core.delivery import message_format
from notifications.core.errors import ChannelConflict, EntityNotFound, TemplateError
from notifications.core.model import Channel, Rule, Spec

MAX_RULES_TOLD = 100


def check_rules(channel: Channel, spec: Spec) -> None:
    """Refuse a spec for whose content type rules of the channel can no longer be rendered.

    Raises:
        ChannelConflict: ``data["rules"]`` names them, with the reasons.
    """
    if message_format(spec) == message_format(channel.spec):
        return
    rules = aws.rules().get_many([rule.id for rule in aws.rules().of_channel(channel.id)]).values()
    faults = [fault for rule in rules if (fault := _fault(rule, spec))]
    if faults:
        raise ChannelConflict(
            f"{len(faults)} rule(s) make no message of this content type; change their templates first",
            {"rules": faults[:MAX_RULES_TOLD]},
        )


def _fault(rule: Rule, spec: Spec) -> dict[str, str] | None:
    try:
        late.try_template(rule.message_template, aws.event_types().get(rule.rule_type), spec)
    except TemplateError as error:
        return {"id": rule.id, "name": rule.name, "msg": error.message}
    except EntityNotFound:  # its event type was deleted, and so was the rule
        return None
    return None
