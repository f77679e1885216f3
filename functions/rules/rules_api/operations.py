"""The operations on rules, behind both the v1 and the v2 routes."""

from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from notifications.api import conditions, on_demand, rule_parts
from notifications.api.changing import rules
from notifications.api.known_types import require_type
from notifications.api.requests.rules import RuleIn
from notifications.core import search
from notifications.core.errors import EntityNotFound, InvalidRequest, RuleNotFound
from notifications.core.events import usable_fields
from notifications.core.model import Channel, Event, EventType, Rule, timestamp
from notifications.core.revisions import Action, Author
from notifications.core.rule_parts import NAMES
from notifications.core.rule_types import STOCK
from notifications.core.search import Order, Page, Predicate, Summary
from notifications.core.values import replace
from notifications.wiring import Services
from rules_api.models import RuleChanges

if TYPE_CHECKING:
    from notifications.core.verdicts import Trial

Shown = tuple[Rule, Channel]
"""A rule with its channel, as it is shown."""


def create(services: Services, request: RuleIn, by: Author, *, force: bool = False) -> Shown:
    """Create a rule. ``force``: also if its template never renders a valid message.

    Raises:
        InvalidRequest: its event type or channel does not exist, its condition can never hold, or it has no
            template and its channel no default message.
        TemplateError: its template, or one of the parts of its message, cannot be rendered for the type, or
            never renders a valid message.
    """
    event_type = require_type(services, request.rule_type, "rule_type")
    channel = _channel(services, str(request.channel_id))
    rule = rules.made(request, event_type, by)
    rules.check(rule, event_type, channel, template=request.message_template is not None, force=force)
    services.rules.create(rule, event_type, by)
    return rule, channel


def _channel(services: Services, channel_id: str) -> Channel:
    try:
        return services.channels.get(channel_id)
    except EntityNotFound:
        raise InvalidRequest(f"channel_id: there is no channel {channel_id}") from None


def warnings(services: Services, rule: Rule, channel: Channel) -> list[str]:
    """List the warnings about a rule's message, which is rendered with a sample."""
    return on_demand.sample_warnings(rule, channel, services.event_types.get(rule.rule_type))


def get(services: Services, rule_id: str, *, custom: bool) -> Rule:
    """Read a rule; one on a custom event type only if ``custom`` is true.

    Raises:
        EntityNotFound: there is no such rule, or it is on a custom event type and ``custom`` is false.
    """
    rule = services.rules.get(rule_id)
    if not custom and rule.rule_type not in STOCK:
        raise EntityNotFound(f"There is no rule {rule_id}")
    return rule


def with_channel(services: Services, rule: Rule) -> Shown:
    """Read a rule's channel.

    Raises:
        EntityNotFound: rule and channel were deleted meanwhile.
    """
    return rule, services.channels.get(rule.channel_id)


def find(
    services: Services,
    predicate: Predicate,
    orders: list[Order],
    page_of: Callable[[list[Summary]], Page[Summary]],
    *,
    custom: bool,
) -> Page[Shown]:
    """Find rules. ``page_of``: cuts the wanted page. Rules on custom types only if ``custom`` is true."""
    found = [
        summary
        for summary in services.rules.summaries()
        if (custom or summary.type in STOCK) and predicate(summary)
    ]
    page = page_of(search.ordered(found, orders))
    known = services.rules.get_many([summary.id for summary in page.items])
    channels = services.channels.get_many([rule.channel_id for rule in known.values()])
    present = [known[summary.id] for summary in page.items if summary.id in known]
    shown = [(rule, channels[rule.channel_id]) for rule in present if rule.channel_id in channels]
    return Page(shown, page.total, page.offset, page.limit)


def sends_to(services: Services, channel_id: str) -> Predicate:
    """Return a predicate for the rules that send to a channel."""
    wanted = {rule.id for rule in services.rules.of_channel(channel_id)}
    return lambda summary: summary.id in wanted


def check_rule_types(services: Services, named: Collection[str], *, custom: bool) -> None:
    """Refuse a filter on rule types that do not exist, or that the caller did not ask for.

    Raises:
        InvalidRequest: the filter has such a type; the error names the first.
    """
    if set(named) - STOCK.keys():
        custom_types = {event_type.name for event_type in services.event_types.all()} if custom else set()
        search.check_types(named, STOCK.keys() | custom_types)


def changes_of(services: Services, rule: Rule, request: RuleChanges) -> dict[str, Any]:
    """Return the attributes of a rule that a request changes; None for those that it removes.

    Raises:
        InvalidRequest: its condition can never hold, or a period is missing.
    """
    given = request.model_dump(exclude_none=True, exclude={*NAMES})
    changes = {name: value for name, value in given.items() if name not in conditions.NAMES}
    if len(changes) < len(given):
        changes["condition"] = rules.condition(request, services.event_types.get(rule.rule_type))
    if request.channel_id is not None:
        changes["channel_id"] = str(request.channel_id)
    return changes | rule_parts.changes_of(request, rule)


def change(
    services: Services,
    rule: Rule,
    changes: Mapping[str, Any],
    by: Author,
    action: Action = "updated",
    *,
    force: bool = False,
) -> Shown:
    """Change attributes of a rule. ``force``: also if a new template never renders a valid message.

    Raises:
        EntityNotFound: the rule was deleted meanwhile.
        InvalidRequest: the new channel does not exist, or neither it nor the rule has a message.
        TemplateError: the template cannot be rendered for the rule's type, or never renders a valid message
            for the channel.
    """
    if not changes:
        return with_channel(services, rule)
    event_type = services.event_types.get(rule.rule_type)
    _check_change(services, replace(rule, **changes), changes.keys(), event_type, force=force)
    changed = dict(changes) | {"updated_at": timestamp(datetime.now(UTC))}
    return with_channel(services, services.rules.update(rule, changed, event_type, by, action))


def _check_change(
    services: Services, rule: Rule, changed: Collection[str], event_type: EventType, *, force: bool
) -> None:
    """Refuse a changed rule whose messages could not be sent.

    ``changed``: the names of the changed attributes; only what depends on these is checked.
    """
    if {"channel_id", "message_template", "once_per", "digest"}.intersection(changed):
        channel = _channel(services, rule.channel_id)
        rules.check(rule, event_type, channel, template="message_template" in changed, force=force)
    elif "message" in changed:
        on_demand.check_parts(rule, event_type)


def try_out(services: Services, rule_id: str, data: Mapping[str, Any], *, custom: bool) -> "Trial":
    """Render a rule's template with sample data, exactly as the dispatcher would; send nothing.

    Raises:
        RuleNotFound: there is no such rule, or it is on a custom event type and ``custom`` is false.
        MalformedEvent: no event can have such data.
        SchemaMismatch: the data does not fit the rule's type.
        TemplateError: the template fails on the data.
    """
    try:
        rule = get(services, rule_id, custom=custom)
    except EntityNotFound as error:
        raise RuleNotFound(error.message) from None
    fields = usable_fields(data)
    event = Event(id="preview", rule_type=rule.rule_type, timestamp=datetime.now(UTC), data=fields)
    _, channel = with_channel(services, rule)
    return on_demand.trial(rule, channel, event, services.event_types.get(rule.rule_type))
