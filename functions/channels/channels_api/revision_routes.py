"""The routes of the revisions of channels."""

from uuid import UUID

from channels_api import operations, reverting
from channels_api.models import ChannelEnvelope
from notifications.api.given import author, services
from notifications.api.lists import Cursor, Limit
from notifications.api.powertools import Router
from notifications.api.revisions import (
    ComparedTo,
    RevertIn,
    RevisionEnvelope,
    RevisionList,
    detailed,
    listed,
)
from notifications.core.search import DEFAULT_LIMIT

router = Router()


@router.get("/notifications/channels/<channel_id>/revisions")
def list_channel_revisions(
    channel_id: UUID, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None
) -> RevisionList:
    """List the revisions of a channel, newest first.

    There is one for each change, with its author. A suspension is no change. A deleted channel keeps its
    revisions. A revision is kept for 400 days after the next one.
    """
    get = services(router).channels.get
    return listed(services(router), "channel", str(channel_id), (limit, cursor), get)


@router.get("/notifications/channels/<channel_id>/revisions/<number>")
def get_channel_revision(channel_id: UUID, number: int, compared_to: ComparedTo = None) -> RevisionEnvelope:
    """Show a revision of a channel.

    The response has the channel as it was, and how it differs from another revision. Passwords, keys and the
    values of headers that carry credentials are null.
    """
    return detailed(services(router), "channel", str(channel_id), number, compared_to)


@router.post("/notifications/channels/<channel_id>/revert")
def revert_channel(channel_id: UUID, request: RevertIn) -> ChannelEnvelope:
    """Revert a channel to one of its revisions.

    The channel gets the credentials that it had then, and keeps its present signing secrets. Its target and
    its rules are checked as they are for an update. The change makes a revision of its own. A deleted channel
    cannot be reverted.
    """
    channel = reverting.revert(services(router), str(channel_id), request.to, author(router))
    return ChannelEnvelope(channel=operations.shown_as_it_is(services(router), channel))
