"""The routes of mutes."""

from typing import Annotated
from uuid import UUID

from mutes_api import operations
from mutes_api.models import MuteEnvelope, MuteList
from mutes_api.shown import shown
from notifications.api.changing import mutes
from notifications.api.given import author, services
from notifications.api.lists import Cursor, Limit
from notifications.api.powertools import Query, Router
from notifications.api.requests.mutes import MuteIn
from notifications.api.revisions import ComparedTo, RevisionEnvelope, RevisionList, detailed, listed
from notifications.core.mutes import Mute
from notifications.core.search import DEFAULT_LIMIT

router = Router()

Ended = Annotated[bool, Query(description="Whether mutes that have ended are listed too")]


@router.post("/notifications/mutes", status_code=201)
def create_mute(request: MuteIn) -> MuteEnvelope:
    """Create a mute.

    From now on, deliveries that match all that it names are not sent while it is in force. They are skipped,
    or held if ``hold`` is true. A delivery that somebody retries by hand is sent nevertheless.
    """
    return _enveloped(operations.create(services(router), request, author(router)))


@router.get("/notifications/mutes")
def list_mutes(ended: Ended = False, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None) -> MuteList:
    """List mutes, newest first.

    A mute that has ended is kept for 30 days, or as long as records are, and listed if ``ended`` is true. A
    page has 100 at most: continue until ``next`` is null.
    """
    found = operations.find(services(router), ended=ended, limit=limit, cursor=cursor)
    return MuteList(mutes=shown(services(router), found.mutes), next=found.next)


@router.get("/notifications/mutes/<mute_id>")
def get_mute(mute_id: UUID) -> MuteEnvelope:
    """Show a mute.

    The response has its state, and how many deliveries it keeps back.
    """
    return _enveloped(services(router).mutes.get(str(mute_id)))


@router.post("/notifications/mutes/<mute_id>/end")
def end_mute(mute_id: UUID) -> MuteEnvelope:
    """End a mute.

    Held deliveries are sent from now on. Skipped ones stay skipped, until they are retried.
    """
    return _enveloped(mutes.end(services(router), str(mute_id), author(router)))


@router.get("/notifications/mutes/<mute_id>/revisions")
def list_mute_revisions(mute_id: UUID, limit: Limit = DEFAULT_LIMIT, cursor: Cursor = None) -> RevisionList:
    """List the revisions of a mute, newest first.

    The first is its creation. If somebody ended it, the second says who.
    """
    return listed(services(router), "mute", str(mute_id), (limit, cursor), services(router).mutes.get)


@router.get("/notifications/mutes/<mute_id>/revisions/<number>")
def get_mute_revision(mute_id: UUID, number: int, compared_to: ComparedTo = None) -> RevisionEnvelope:
    """Show a revision of a mute.

    The response has the mute as it was, and how it differs from another revision.
    """
    return detailed(services(router), "mute", str(mute_id), number, compared_to)


def _enveloped(mute: Mute) -> MuteEnvelope:
    return MuteEnvelope(mute=shown(services(router), [mute])[0])
