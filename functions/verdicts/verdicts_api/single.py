"""One rule that is tried alone: a stored one, or a draft that may stand in for it."""

from collections.abc import Mapping, Sequence

from notifications.api.known_types import require_type
from notifications.core.errors import InvalidRequest, NotificationError
from notifications.core.model import Channel, EventType, Rule
from notifications.core.nearest import quoted
from notifications.core.values import value
from notifications.wiring import Services
from verdicts_api.draft_models import DraftIn
from verdicts_api.drafts import resolve, type_of


@value
class Single:
    """The rule, its event type, and its channel.

    ``stored``: the rule that a draft stands in for; None if there is none. ``channels``: those of both, by
    id.
    """

    rule: Rule
    event_type: EventType
    channels: Mapping[str, Channel]
    stored: Rule | None = None

    @property
    def channel(self) -> Channel:
        """Return the channel that the rule sends to."""
        return self.channels[self.rule.channel_id]


def of_rule(services: Services, rule_id: str) -> Single:
    """Read a stored rule.

    Raises:
        EntityNotFound: there is no such rule.
        InvalidRequest: its channel was deleted just now.
    """
    rule = services.rules.get(rule_id)
    event_type = services.event_types.get(rule.rule_type)
    return Single(rule, event_type, _channels(services, [rule]))


def of_draft(services: Services, draft: DraftIn, rule_id: str | None) -> Single:
    """Make the rule of a draft. ``rule_id``: the stored rule that it stands in for, unless the draft says.

    Raises:
        InvalidRequest, TemplateError: it could not be saved, or its channel was deleted just now.
    """
    draft = _named(draft, rule_id)
    try:
        name = type_of(services, draft)
        event_type = require_type(services, name, "rules.0.rule_type")
        stored = _namesakes(services, draft, name)
        drafted = resolve(services, [draft], event_type, stored)
    except NotificationError as error:
        # The request has one draft, under the name "rule", and not a list of them.
        error.message = error.message.replace("rules.0.", "rule.", 1)
        raise
    (rule,) = (rule for rule in drafted.rules if rule.id in drafted.ids)
    same = next((each for each in stored if each.id == rule.id), None)
    channels = _channels(services, [rule, *([same] if same else [])])
    return Single(rule, event_type, {**channels, **drafted.channels}, same)


def _named(draft: DraftIn, rule_id: str | None) -> DraftIn:
    """Return the draft with the id of the rule that it stands in for."""
    if rule_id is None:
        return draft
    if draft.id not in {None, rule_id}:
        raise InvalidRequest(f"rule.id: it is {quoted(str(draft.id))}, but rule_id is {quoted(rule_id)}")
    return draft.model_copy(update={"id": rule_id})


def _namesakes(services: Services, draft: DraftIn, rule_type: str) -> list[Rule]:
    """Read only the stored rules that a draft may stand in for, because the type may have thousands."""
    if draft.id is not None:
        ids = [draft.id]
    else:
        summaries = services.rules.summaries()
        ids = [each.id for each in summaries if (each.name, each.type) == (draft.name, rule_type)]
    return [rule for rule in services.rules.get_many(ids).values() if rule.rule_type == rule_type]


def _channels(services: Services, rules: Sequence[Rule]) -> dict[str, Channel]:
    wanted = {rule.channel_id for rule in rules}
    found = services.channels.get_many([*wanted])
    for channel_id in wanted - found.keys():
        raise InvalidRequest(f"There is no channel {channel_id} any more")
    return found
