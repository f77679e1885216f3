"""The v2 routes of channels."""

from uuid import UUID

from channels_api import operations
from channels_api.v2_models import (
    V2ChangedChannelEnvelope,
    V2ChannelChanges,
    V2ChannelEnvelope,
    V2ChannelIn,
    V2ChannelItem,
    V2ChannelPage,
    V2ChannelSpec,
    V2TestMessage,
)
from notifications.api.changing import channels
from notifications.api.channel_specs.specs import WebhookIn
from notifications.api.channel_specs.stored import Stored
from notifications.api.channels import listed, v2_shown
from notifications.api.given import author, services
from notifications.api.powertools import Router
from notifications.api.requests.channels import ChannelIn
from notifications.api.v2 import V2ById, V2Id, V2Search, found, kept
from notifications.core.kinds import kind_of
from notifications.core.model import CHANNEL_TYPES, Spec, WebhookSpec
from notifications.core.targets import TargetPolicy

router = Router()


@router.post("/v2/notifications/channels", status_code=201)
def v2_create_channel(request: V2ChannelIn) -> V2ChannelEnvelope:
    """Create a channel.

    The response has no signing secret; ``rotate_channel_secret`` makes one and shows it.
    """
    same = ChannelIn(**{**dict(request), "spec": request.spec.inner})
    channel, _ = operations.create(services(router), same, author(router))
    return V2ChannelEnvelope(channel=v2_shown(channel))


@router.post("/v2/notifications/channels/search")
def v2_search_channels(request: V2Search) -> V2ChannelPage:
    """Find channels.

    There are three ways of paging, only one of which can be used in a request. Only the scheme and host of a
    webhook's URL are shown.
    """
    page = operations.find(services(router), request.predicate(CHANNEL_TYPES), request.orders(), request.page)
    return V2ChannelPage(items=[v2_shown(listed(channel)) for channel in page.items], **found(page))


@router.get("/v2/notifications/channels/<channel_id>")
def v2_get_channel(channel_id: UUID) -> V2ChannelItem:
    """Show a channel.

    Passwords, keys, and the values of headers that carry credentials are null.
    """
    return V2ChannelItem(item=v2_shown(services(router).channels.get(str(channel_id))))


@router.patch("/v2/notifications/channels/<channel_id>")
def v2_update_channel(channel_id: UUID, request: V2ChannelChanges) -> V2ChangedChannelEnvelope:
    """Change a channel.

    Absent fields stay as they are, and so do absent parts of a webhook's spec. If the spec leads to another
    scheme, host or port, credentials that are not given again are dropped and named in the response, unless
    ``keep_credentials`` is true.
    """
    changes = kept(request, without=frozenset({"spec", "keep_credentials"}))
    wrapped = request.spec
    spec = None if wrapped is None else lambda policy, stored: _changed(wrapped, policy, stored)
    channel, dropped = operations.change(
        services(router),
        str(channel_id),
        changes,
        spec,
        author(router),
        keep_credentials=request.keep_credentials,
    )
    return V2ChangedChannelEnvelope(channel=v2_shown(channel), dropped_credentials=dropped)


@router.post("/v2/notifications/channels/delete")
def v2_delete_channel(request: V2ById) -> V2Id:
    """Delete a channel.

    A channel that rules use is not deleted.
    """
    channels.delete(services(router), str(request.id), author(router), with_rules=False)
    return V2Id(id=str(request.id))


@router.post("/v2/notifications/channels/validate")
def v2_validate_channel(request: V2TestMessage) -> V2Id:
    """Send a test message.

    The message is sent for real, even if the channel is disabled. If the receiver does not take it, the
    response has status 500 and says why.
    """
    operations.send_test(services(router), str(request.id), request.test_message)
    return V2Id(id=str(request.id))


def _changed(wrapped: V2ChannelSpec, policy: TargetPolicy, stored: Stored) -> Spec:
    """Make the new spec. The v2 client can give only a webhook's URL, so the rest stays."""
    given, present = wrapped.inner, stored.spec
    if isinstance(given, WebhookIn) and isinstance(present, WebhookSpec):
        stays = kind_of(present).document(present)
        given = WebhookIn.model_validate(stays | given.model_dump(exclude_unset=True))
    return given.spec(policy, stored)
