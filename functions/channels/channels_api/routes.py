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
    ChannelIn,
    ChannelList,
    ChannelSearch,
    ChannelWithSecret,
    NewChannelEnvelope,
    Rotation,
    TestMessage,
    Validated,
)
from notifications import aws
from notifications.api.channels import ChannelWithState, listed, shown_with_state
from notifications.api.models import Deleted, Pagination
from notifications.api.powertools import Query, Router
from notifications.core import search
from notifications.core.model import Channel

router = Router()


@router.post("/notifications/channels", status_code=201)
def create_channel(request: ChannelIn) -> NewChannelEnvelope:
    """Create a channel. The secret that its webhooks are signed with is shown this once."""
    channel, secret = operations.create(request, router.context["caller"].user_id)
    return _with_secret(shown_with_state(channel, None), secret)


@router.post("/notifications/channels/search")
def search_channels(request: ChannelSearch) -> ChannelList:
    """Find channels."""
    predicate = (request.filter or ChannelFilter()).predicate()
    page = operations.find(predicate, request.orders(), lambda items: search.cut(items, request.window()))
    health = aws.health().all()
    return ChannelList(
        channels=[shown_with_state(listed(channel), health.get(channel.id)) for channel in page.items],
        pagination=Pagination(total=page.total, offset=page.offset, limit=page.limit),
    )


@router.get("/notifications/channels/<channel_id>")
def get_channel(channel_id: UUID) -> ChannelEnvelope:
    """Show a channel."""
    return ChannelEnvelope(channel=_as_it_is(aws.channels().get(str(channel_id))))


@router.patch("/notifications/channels/<channel_id>")
def update_channel(channel_id: UUID, request: ChannelChanges) -> ChangedChannelEnvelope:
    """Change a channel. Another place gets none of its credentials, unless they are to be kept."""
    changes = request.model_dump(exclude_none=True, exclude={"spec", "keep_credentials"})
    spec = request.spec.spec if request.spec else None
    channel, dropped = operations.change(
        str(channel_id), changes, spec, keep_credentials=request.keep_credentials
    )
    return ChangedChannelEnvelope(channel=_as_it_is(channel), dropped_credentials=dropped)


@router.delete("/notifications/channels/<channel_id>")
def delete_channel(channel_id: UUID, force: Annotated[bool, Query()] = False) -> Deleted:
    """Delete a channel; with ``force`` its rules with it."""
    operations.delete(str(channel_id), with_rules=force)
    return Deleted()


@router.post("/notifications/channels/<channel_id>/validate")
def validate_channel(channel_id: UUID, request: TestMessage) -> Validated:
    """Send a test message for real."""
    operations.send_test(str(channel_id), request.test_message)
    return Validated(channel_id=str(channel_id))


@router.post("/notifications/channels/<channel_id>/resume")
def resume_channel(channel_id: UUID) -> ChannelEnvelope:
    """End a channel's suspension: what is held for it goes out."""
    return ChannelEnvelope(channel=_as_it_is(operations.resume(str(channel_id))))


@router.post("/notifications/channels/<channel_id>/rotate-secret")
def rotate_secret(channel_id: UUID, request: Rotation | None = None) -> NewChannelEnvelope:
    """Sign with a new secret, shown this once; the present one stays valid beside it for a while."""
    keep_old = timedelta(seconds=(request or Rotation()).keep_old_seconds)
    channel, secret = operations.rotate(str(channel_id), keep_old)
    return _with_secret(_as_it_is(channel), secret)


def _with_secret(shown: ChannelWithState, secret: str | None) -> NewChannelEnvelope:
    return NewChannelEnvelope(channel=ChannelWithSecret(**shown.model_dump(), signing_secret=secret))


def _as_it_is(channel: Channel) -> ChannelWithState:
    return shown_with_state(channel, aws.health().get(channel.id))
