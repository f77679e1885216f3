"""The operations on channels, behind both the v1 and the v2 routes."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from notifications.api.changing import channels
from notifications.api.channel_specs.retries import retry
from notifications.api.channel_specs.stored import Stored, taken_from
from notifications.api.channels import ChannelWithState, shown_with_state
from notifications.api.requests.channels import ChannelIn
from notifications.core import pacing, search
from notifications.core.errors import (
    ChannelConflict,
    ChannelNotFound,
    EntityNotFound,
    InvalidRequest,
)
from notifications.core.kinds import kind_of
from notifications.core.model import Channel, Spec, timestamp
from notifications.core.revisions import Author
from notifications.core.search import Order, Page, Predicate, Summary
from notifications.core.targets import TargetPolicy
from notifications.wiring import Services


def create(services: Services, request: ChannelIn, by: Author) -> tuple[Channel, str | None]:
    """Create a channel; return it with the secret that signs its webhooks.

    Raises:
        InvalidRequest: the service must not call its target.
        TemplateError: its subject template does not parse.
    """
    channel = channels.made(request, services.target_policy, by)
    return channel, channels.create(services, channel, by)


def rotate(services: Services, channel_id: str, keep_old: timedelta, by: Author) -> tuple[Channel, str]:
    """Sign a channel's webhooks with a new secret, and for a while with the present one too; return both.

    Raises:
        EntityNotFound: there is no such channel.
        ChannelConflict: it sends no webhooks, or its secrets were changed at the same time.
    """
    if not kind_of(services.channels.get(channel_id).spec).signed:
        raise ChannelConflict("Only webhooks are signed: this channel sends none")
    secret = channels.new_secret()
    changes = {"updated_at": timestamp(datetime.now(UTC))}
    return services.channels.rotate(channel_id, secret, keep_old, changes, by), secret


def find(
    services: Services,
    predicate: Predicate,
    orders: list[Order],
    page_of: Callable[[list[Summary]], Page[Summary]],
) -> Page[Channel]:
    """Find channels. ``page_of``: cuts the wanted page out of the sorted results."""
    found = [summary for summary in services.channels.summaries() if predicate(summary)]
    page = page_of(search.ordered(found, orders))
    known = services.channels.get_many([summary.id for summary in page.items])
    present = [known[summary.id] for summary in page.items if summary.id in known]
    return Page(present, page.total, page.offset, page.limit)


def change(
    services: Services,
    channel_id: str,
    changes: Mapping[str, Any],
    spec: Callable[[TargetPolicy, Stored], Spec] | None,
    by: Author,
    *,
    keep_credentials: bool = False,
) -> tuple[Channel, list[str]]:
    """Change attributes of a channel. ``spec``: makes the new spec from the present one.

    If the new spec has another target, credentials that it does not give again are dropped, unless they are
    to be kept. Returns the changed channel and the names of dropped credentials. A change of the spec or of
    ``enabled`` ends a suspension.

    Raises:
        EntityNotFound: there is no such channel.
        InvalidRequest: the service must not call the new target, or the spec is of another type.
        ChannelConflict: rules of the channel cannot render its new content type or its recipients.
    """
    present = services.channels.get(channel_id)
    changed = dict(changes)
    stored = None
    if spec is not None:
        stored = _stored(services, present, keep_credentials=keep_credentials)
        changed["spec"] = spec(services.target_policy, stored)
        if changed["spec"].channel_type != present.channel_type:
            raise InvalidRequest(
                f"spec: the channel is of type {present.channel_type}, which cannot be changed"
            )
    if "retry" in changed:
        changed["retry"] = retry(changed["retry"])
    changed |= {name: changed[name] or None for name in ("rate", "timezone") if name in changed}
    return channels.change(services, present, changed, by), stored.dropped if stored else []


def _stored(services: Services, channel: Channel, *, keep_credentials: bool) -> Stored:
    opened = services.vault.opened(channel).spec
    return taken_from(opened, services.target_policy, keep=keep_credentials)


def shown_as_it_is(services: Services, channel: Channel) -> ChannelWithState:
    """Show a channel with its state and, if it is paced, the time until which its slots are taken."""
    free_slot = services.paces.get(channel.id) if pacing.pace_of(channel) else None
    return shown_with_state(channel, services.health.get(channel.id), free_slot)


def resume(services: Services, channel_id: str) -> Channel:
    """End a channel's suspension, if it is suspended.

    Raises:
        EntityNotFound: there is no such channel.
    """
    channel = services.channels.get(channel_id)
    channels.end_suspension(services, channel, "an operator resumed the channel")
    return channel


def send_test(services: Services, channel_id: str, message: str | None) -> None:
    """Send a message for real, whether the channel is enabled or not; see ``trial_messages.send``.

    Raises:
        ChannelNotFound: there is no such channel.
        DeliveryFailed: the receiver refused it, failed, or was not reached.
        InvalidRequest: all of its recipients are templates; or there is neither a message nor a preset.
    """
    try:
        channel = services.channels.get(channel_id)
    except EntityNotFound as error:
        raise ChannelNotFound(error.message) from None
    from channels_api import trial_messages  # noqa: PLC0415 - it loads all that sends, which only test messages need

    trial_messages.send(services, channel, message)
