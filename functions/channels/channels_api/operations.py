"""The operations on channels, behind both the v1 and the v2 routes."""

import logging
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from secrets import token_bytes
from typing import Any
from uuid import uuid4

from channels_api.models import ChannelIn
from channels_api.retries import retry
from channels_api.rule_checks import check_rules
from channels_api.stored import Stored, taken_from
from notifications.api.channels import ChannelWithState, shown_with_state
from notifications.core import channel_health, pacing, search, signatures
from notifications.core.errors import (
    ChannelConflict,
    ChannelNotFound,
    EntityNotFound,
    InvalidRequest,
)
from notifications.core.kinds import kind_of
from notifications.core.model import Channel, Spec, timestamp
from notifications.core.revisions import Action, Author
from notifications.core.search import Order, Page, Predicate, Summary
from notifications.core.secrets import SigningSecret
from notifications.core.targets import TargetPolicy
from notifications.wiring import Services

logger = logging.getLogger(__name__)


def create(services: Services, request: ChannelIn, by: Author) -> tuple[Channel, str | None]:
    """Create a channel; return it with the secret that signs its webhooks.

    Raises:
        InvalidRequest: its target must not be called.
        TemplateError: its subject template does not parse.
    """
    now = timestamp(datetime.now(UTC))
    channel = Channel(
        id=str(uuid4()),
        name=request.name,
        description=request.description,
        spec=request.spec.spec(services.target_policy, None),
        enabled=request.enabled,
        created_at=now,
        created_by=by.user_id,
        updated_at=now,
        retry=retry(request.retry),
        rate=request.rate or None,
        timezone=request.timezone or None,
    )
    secret = _new_secret() if kind_of(channel.spec).signed else None
    services.channels.create(channel, [SigningSecret(secret)] if secret else [], by)
    return channel, secret


def rotate(services: Services, channel_id: str, keep_old: timedelta, by: Author) -> tuple[Channel, str]:
    """Sign a channel's webhooks with a new secret, and for a while with the present one too; return both.

    Raises:
        EntityNotFound: there is no such channel.
        ChannelConflict: it sends no webhooks, or its secrets were changed at the same time.
    """
    if not kind_of(services.channels.get(channel_id).spec).signed:
        raise ChannelConflict("Only webhooks are signed: this channel sends none")
    secret = _new_secret()
    changes = {"updated_at": timestamp(datetime.now(UTC))}
    return services.channels.rotate(channel_id, secret, keep_old, changes, by), secret


def _new_secret() -> str:
    return signatures.make_secret(token_bytes(signatures.SECRET_BYTES))


def find(
    services: Services,
    predicate: Predicate,
    orders: list[Order],
    page_of: Callable[[list[Summary]], Page[Summary]],
) -> Page[Channel]:
    """Find channels. ``page_of``: cuts the wanted page out of the sorted results."""
    found = [summary for summary in services.channels.summaries() if predicate(summary)]
    page = page_of(search.ordered(found, orders))
    channels = services.channels.get_many([summary.id for summary in page.items])
    present = [channels[summary.id] for summary in page.items if summary.id in channels]
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
        InvalidRequest: the new target must not be called, or the spec is of another type.
        ChannelConflict: rules of the channel cannot render its new content type or its recipients.
    """
    present = services.channels.get(channel_id)
    changed = dict(changes)
    stored = None
    if spec is not None:
        opened = services.vault.opened(present).spec
        stored = taken_from(opened, services.target_policy, keep=keep_credentials)
        changed["spec"] = spec(services.target_policy, stored)
        if changed["spec"].channel_type != present.channel_type:
            raise InvalidRequest(f"spec: the channel is of type {present.channel_type}, and stays so")
    if "retry" in changed:
        changed["retry"] = retry(changed["retry"])
    changed |= {name: changed[name] or None for name in ("rate", "timezone") if name in changed}
    return apply(services, present, changed, by), stored.dropped if stored else []


def apply(
    services: Services, present: Channel, changes: Mapping[str, Any], by: Author, action: Action = "updated"
) -> Channel:
    """Change attributes of a channel to values of the model. ``spec``: with its credentials.

    Raises:
        EntityNotFound: the channel was deleted meanwhile.
        ChannelConflict: its rules cannot render its new content type or its recipients.
    """
    if "spec" in changes:
        check_rules(services, present, changes["spec"])
    if not changes:
        return present
    changed = {**changes, "updated_at": timestamp(datetime.now(UTC))}
    channel = services.channels.update(present.id, changed, by, action)
    if pacing.pace_of(channel) != pacing.pace_of(present):
        services.paces.forget(channel.id)
    if {"spec", "enabled"} & changes.keys():
        _end_suspension(services, channel, "an operator changed the channel")
    return channel


def shown_as_it_is(services: Services, channel: Channel) -> ChannelWithState:
    """Show a channel with its state, and if it is paced, until when its slots are taken."""
    free_slot = services.paces.get(channel.id) if pacing.pace_of(channel) else None
    return shown_with_state(channel, services.health.get(channel.id), free_slot)


def delete(services: Services, channel_id: str, by: Author, *, with_rules: bool) -> None:
    """Delete a channel; its held deliveries are released, and end as skipped.

    Raises:
        EntityNotFound: there is no such channel.
        ChannelConflict: rules use it, and it is not to be deleted ``with_rules``.
    """
    services.channels.delete(channel_id, with_rules=with_rules, by=by)
    keeper = services.health_keeper
    if keeper.get(channel_id) is not None:
        keeper.apply(channel_id, channel_health.resumed())


def resume(services: Services, channel_id: str) -> Channel:
    """End a channel's suspension, if it is suspended.

    Raises:
        EntityNotFound: there is no such channel.
    """
    channel = services.channels.get(channel_id)
    _end_suspension(services, channel, "an operator resumed the channel")
    return channel


def _end_suspension(services: Services, channel: Channel, why: str) -> None:
    keeper = services.health_keeper
    change = channel_health.reconfigured(keeper.get(channel.id), enabled=channel.enabled)
    if keeper.apply(channel.id, change, why):
        logger.info("suspension ended", extra={"channel_id": channel.id})
    services.operators.tell()


def send_test(services: Services, channel_id: str, message: str | None) -> None:
    """Send a message for real, whether the channel is enabled or not; see ``trial_messages.send``.

    Raises:
        ChannelNotFound: there is no such channel.
        DeliveryFailed: the receiver refused it, failed, or was not reached.
        InvalidRequest: all of its recipients are templates; or there is neither a message nor a preset.
        TemplateError: the channel's subject template fails without an event, or the service of its preset
            would refuse the message.
    """
    try:
        channel = services.channels.get(channel_id)
    except EntityNotFound as error:
        raise ChannelNotFound(error.message) from None
    from channels_api import trial_messages  # noqa: PLC0415 - what sends is loaded with the first of them

    trial_messages.send(services, channel, message)
