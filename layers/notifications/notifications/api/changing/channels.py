"""Makes, changes and deletes channels."""

import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from secrets import token_bytes
from typing import Any
from uuid import uuid4

from notifications.api.changing.channel_rules import check_rules
from notifications.api.channel_specs.retries import retry
from notifications.api.requests.channels import ChannelIn
from notifications.core import channel_health, pacing, signatures
from notifications.core.kinds import kind_of
from notifications.core.model import Channel, timestamp
from notifications.core.revisions import Action, Author
from notifications.core.secrets import SigningSecret
from notifications.core.targets import TargetPolicy
from notifications.wiring import Services

logger = logging.getLogger(__name__)


def made(request: ChannelIn, policy: TargetPolicy, by: Author) -> Channel:
    """Make the channel that a request describes, with its credentials.

    Raises:
        InvalidRequest: its target is not allowed.
        TemplateError: its subject template does not parse.
    """
    now = timestamp(datetime.now(UTC))
    return Channel(
        id=str(uuid4()),
        name=request.name,
        description=request.description,
        spec=request.spec.spec(policy, None),
        enabled=request.enabled,
        created_at=now,
        created_by=by.user_id,
        updated_at=now,
        retry=retry(request.retry),
        rate=request.rate or None,
        timezone=request.timezone or None,
    )


def create(services: Services, channel: Channel, by: Author) -> str | None:
    """Store a new channel; return the secret that signs its webhooks, None for an email channel."""
    secret = new_secret() if kind_of(channel.spec).signed else None
    services.channels.create(channel, [SigningSecret(secret)] if secret else [], by)
    return secret


def new_secret() -> str:
    """Make a secret that signs webhooks."""
    return signatures.make_secret(token_bytes(signatures.SECRET_BYTES))


def change(
    services: Services, present: Channel, changes: Mapping[str, Any], by: Author, action: Action = "updated"
) -> Channel:
    """Change attributes of a channel, if its rules can be sent with them; return the channel.

    ``changes``: values of the model by name; a ``spec`` among them has its credentials.

    Raises:
        EntityNotFound: the channel was deleted meanwhile.
        ChannelConflict: its rules cannot render its new content type or its recipients.
    """
    if "spec" in changes:
        check_rules(services, present, changes["spec"])
    return write(services, present, changes, by, action) if changes else present


def write(
    services: Services, present: Channel, changes: Mapping[str, Any], by: Author, action: Action
) -> Channel:
    """Change attributes of a channel whose rules have been checked.

    Raises:
        EntityNotFound: the channel was deleted meanwhile.
    """
    changed = {**changes, "updated_at": timestamp(datetime.now(UTC))}
    channel = services.channels.update(present.id, changed, by, action)
    if pacing.pace_of(channel) != pacing.pace_of(present):
        services.paces.forget(channel.id)
    if {"spec", "enabled"} & changes.keys():
        end_suspension(services, channel, "an operator changed the channel")
    return channel


def delete(services: Services, channel_id: str, by: Author, *, with_rules: bool) -> None:
    """Delete a channel. Its held deliveries are released, and end as skipped.

    Raises:
        EntityNotFound: there is no such channel.
        ChannelConflict: rules use it, and ``with_rules`` is false.
    """
    services.channels.delete(channel_id, with_rules=with_rules, by=by)
    keeper = services.health_keeper
    if keeper.get(channel_id) is not None:
        keeper.apply(channel_id, channel_health.resumed())


def end_suspension(services: Services, channel: Channel, why: str) -> None:
    """End a channel's suspension, if it is suspended."""
    keeper = services.health_keeper
    change = channel_health.reconfigured(keeper.get(channel.id), enabled=channel.enabled)
    if keeper.apply(channel.id, change, why):
        logger.info("suspension ended", extra={"channel_id": channel.id})
    services.operators.tell()
