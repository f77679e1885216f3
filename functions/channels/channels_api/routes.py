"""The v1 routes of channels."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from channels_api import operations
from channels_api.models import (
    ChangedChannelEnvelope,
    ChannelChanges,
    ChannelEnvelope,
    ChannelFilter,
    ChannelList,
    ChannelSearch,
    ChannelWithSecret,
    NewChannelEnvelope,
    SecretRotation,
    TestMessage,
    ValidatedChannel,
    WarnedChangedChannel,
    WarnedNewChannel,
)
from notifications.api.changing import channels
from notifications.api.changing.channel_rules import rule_warnings
from notifications.api.channel_specs import presets
from notifications.api.channels import ChannelWithState, listed, shown_with_state
from notifications.api.given import author, services
from notifications.api.models import Deleted, Pagination
from notifications.api.powertools import Query, Router
from notifications.api.requests.channels import ChannelIn
from notifications.core import search
from notifications.core.model import Channel

router = Router()

Force = Annotated[bool, Query(description="Whether the rules that use the channel are deleted too")]


@router.post("/notifications/channels", status_code=201)
def create_channel(request: ChannelIn) -> WarnedNewChannel | NewChannelEnvelope:
    """Create a channel.

    The response for a webhook channel has the secret that signs its messages. It is shown only this once.
    ``warnings`` is present if the spec probably has a mistake.
    """
    channel, secret = operations.create(services(router), request, author(router))
    shown = _with_secret(shown_with_state(channel, None), secret)
    warnings = presets.warnings(channel.spec)
    if warnings:
        return WarnedNewChannel(channel=shown, warnings=warnings)
    return NewChannelEnvelope(channel=shown)


@router.post("/notifications/channels/search")
def search_channels(request: ChannelSearch) -> ChannelList:
    """Find channels.

    All conditions of the filter must hold. Only the scheme and host of a webhook's URL are shown.
    """
    predicate = (request.filter or ChannelFilter()).predicate()
    page = operations.find(
        services(router), predicate, request.orders(), lambda items: search.cut(items, request.window())
    )
    health = services(router).health.all()
    return ChannelList(
        channels=[shown_with_state(listed(channel), health.get(channel.id)) for channel in page.items],
        pagination=Pagination(total=page.total, offset=page.offset, limit=page.limit),
    )


@router.get("/notifications/channels/<channel_id>")
def get_channel(channel_id: UUID) -> ChannelEnvelope:
    """Show a channel.

    Passwords, keys, and the values of headers that carry credentials are null.
    """
    return ChannelEnvelope(channel=_as_it_is(services(router).channels.get(str(channel_id))))


@router.patch("/notifications/channels/<channel_id>")
def update_channel(
    channel_id: UUID, request: ChannelChanges
) -> WarnedChangedChannel | ChangedChannelEnvelope:
    """Change a channel.

    Fields that are absent or null stay as they are. The spec is replaced as a whole, but that of an email
    channel may have only the parts that change. If it leads to another scheme, host or port, credentials that
    are not given again are dropped and named in the response, unless ``keep_credentials`` is true. A change
    of ``spec`` or ``enabled`` ends a suspension. ``warnings`` is present if the new spec probably has a
    mistake.
    """
    changes = request.model_dump(exclude_none=True, exclude={"spec", "keep_credentials"})
    spec = request.spec.spec if request.spec else None
    channel, dropped = operations.change(
        services(router),
        str(channel_id),
        changes,
        spec,
        author(router),
        keep_credentials=request.keep_credentials,
    )
    warnings = presets.warnings(channel.spec) + rule_warnings(services(router), channel) if spec else []
    shown = _as_it_is(channel)
    if warnings:
        return WarnedChangedChannel(channel=shown, dropped_credentials=dropped, warnings=warnings)
    return ChangedChannelEnvelope(channel=shown, dropped_credentials=dropped)


@router.delete("/notifications/channels/<channel_id>")
def delete_channel(channel_id: UUID, force: Force = False) -> Deleted:
    """Delete a channel.

    A channel that rules use is deleted only if ``force`` is true; these rules are then deleted too.
    """
    channels.delete(services(router), str(channel_id), author(router), with_rules=force)
    return Deleted()


@router.post("/notifications/channels/<channel_id>/validate")
def validate_channel(channel_id: UUID, request: TestMessage) -> ValidatedChannel:
    """Send a test message.

    The message is sent for real, even if the channel is disabled; without one, a channel with a preset sends
    a sample. If the receiver does not take it, the response has status 500 and says why.
    """
    operations.send_test(services(router), str(channel_id), request.test_message)
    return ValidatedChannel(channel_id=str(channel_id))


@router.post("/notifications/channels/<channel_id>/resume")
def resume_channel(channel_id: UUID) -> ChannelEnvelope:
    """End a channel's suspension.

    Deliveries that are held for it are sent. It is not an error if the channel is not suspended.
    """
    return ChannelEnvelope(channel=_as_it_is(operations.resume(services(router), str(channel_id))))


@router.post("/notifications/channels/<channel_id>/rotate-secret")
def rotate_channel_secret(channel_id: UUID, request: SecretRotation | None = None) -> NewChannelEnvelope:
    """Sign with a new secret.

    The response has the new secret, which is shown only this once. For ``keep_old_seconds``, messages are
    signed with the present one too. A channel has at most 5 secrets at a time.
    """
    keep_old = timedelta(seconds=(request or SecretRotation()).keep_old_seconds)
    channel, secret = operations.rotate(services(router), str(channel_id), keep_old, author(router))
    return NewChannelEnvelope(channel=_with_secret(_as_it_is(channel), secret))


def _with_secret(shown: ChannelWithState, secret: str | None) -> ChannelWithSecret:
    return ChannelWithSecret(**shown.model_dump(), signing_secret=secret)


def _as_it_is(channel: Channel) -> ChannelWithState:
    return operations.shown_as_it_is(services(router), channel)
