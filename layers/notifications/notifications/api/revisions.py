"""The documents of revisions.

None of them can contain a secret, because the states that they show have none.
"""

from collections.abc import Callable
from dataclasses import asdict
from typing import Annotated, Any

from pydantic import Field

from notifications.api.models import Document, Timestamp
from notifications.api.powertools import Query
from notifications.core import revisions
from notifications.core.errors import EntityNotFound
from notifications.core.revisions import Action, Revision, RevisionKind
from notifications.store.revisions import MAX_NUMBER, RevisionPage
from notifications.wiring import Services

Number = Annotated[int, Field(ge=1, le=MAX_NUMBER)]
ComparedTo = Annotated[
    Number | None,
    Query(description="The number of the revision to compare with; by default that of the one before"),
]


class AuthorOut(Document):
    """The keypair that made a change."""

    access_key: str
    """Its access key."""
    user_id: str
    """Its user id."""
    name: str | None
    """Its name; null if it has none."""


class RevisionOut(Document):
    """One change of a rule, a channel, an event type or a mute."""

    number: int
    """Its number, from 1 on for each rule, channel, event type and mute."""
    action: Action
    """The kind of change. ``found`` is the state in which a release without revisions left the object."""
    by: AuthorOut | None
    """Who made the change; null if it was the service itself, or a release without revisions."""
    created_at: Timestamp
    """When the change was made."""
    name: str
    """The name of the rule, channel or event type after the change; for a mute, its reason."""
    changed: list[str]
    """The fields that changed, including credentials and the signing secret, by name only."""


class RevisionList(Document):
    """A page of revisions, newest first."""

    revisions: list[RevisionOut]
    """The revisions of this page."""
    next: str | None
    """The ``cursor`` of the next page; null if this is the last one."""


class DifferenceOut(Document):
    """A field that differs between two revisions."""

    field: str
    """Its name, with dots for parts, as in ``spec.headers.X-Team``."""
    old: Any
    """Its value before; null if it had none. Credentials are ``***``."""
    new: Any
    """Its value after."""


class RevisionDetail(RevisionOut):
    """A revision with the state after it, and how that differs from another revision."""

    state: dict[str, Any] | None
    """The object after the change, without secrets; null after a deletion."""
    compared_to: int | None
    """The number of the revision that it is compared to; null if there is none, or it has expired."""
    differences: list[DifferenceOut]
    """The fields that differ."""


class RevisionEnvelope(Document):
    """One revision."""

    revision: RevisionDetail
    """The revision."""


class RevertIn(Document):
    """Which revision to go back to."""

    to: Number
    """Its number."""


class AuditEntry(RevisionOut):
    """One change of configuration."""

    kind: RevisionKind
    """The kind of object that changed."""
    id: str
    """The object's id; for an event type, its name."""


class AuditList(Document):
    """A page of changes, newest first."""

    entries: list[AuditEntry]
    """The changes of this page; there may be none although there is a next page."""
    next: str | None
    """The ``cursor`` of the next page; null if this is the last one."""


def listed(
    services: Services,
    kind: RevisionKind,
    identity: str,
    window: tuple[int, str | None],
    get: Callable[[str], object],
) -> RevisionList:
    """Make a page of the revisions of one object.

    ``window``: limit and cursor. ``get``: the method of the store that reads the object.

    Raises:
        EntityNotFound: there is no such object, and never was.
        InvalidRequest: the cursor is not of this list.
    """
    page = services.revisions.page(kind, identity, *window)
    if not page.revisions:  # an object has none that has not changed since its former release
        get(identity)
    return RevisionList(revisions=[RevisionOut(**_common(each)) for each in page.revisions], next=page.next)


def audited(page: RevisionPage) -> AuditList:
    """Make the document of a page of the audit log."""
    entries = [AuditEntry(**_common(each), kind=each.kind, id=each.id) for each in page.revisions]
    return AuditList(entries=entries, next=page.next)


def detailed(
    services: Services, kind: RevisionKind, identity: str, number: int, compared_to: int | None
) -> RevisionEnvelope:
    """Make the document of a revision, compared to another one, by default to the one before.

    Raises:
        EntityNotFound: one of them does not exist, or has expired.
    """
    revision = services.revisions.get(kind, identity, number)
    other = _other(services, revision, compared_to)
    differences = _differences(services, other, revision) if other else []
    shown = RevisionDetail(
        **_common(revision),
        state=None if revision.state is None else revisions.shown(revision.state),
        compared_to=other.number if other else None,
        differences=[DifferenceOut(**asdict(each)) for each in differences],
    )
    return RevisionEnvelope(revision=shown)


def _other(services: Services, revision: Revision, number: int | None) -> Revision | None:
    if number is not None:
        return services.revisions.get(revision.kind, revision.id, number)
    if revision.number == 1:
        return None
    try:
        return services.revisions.get(revision.kind, revision.id, revision.number - 1)
    except EntityNotFound:  # it has expired
        return None


def _differences(services: Services, old: Revision, new: Revision) -> list[revisions.Difference]:
    first, last = sorted((old.number, new.number))
    changed = services.revisions.changed_between(new.kind, new.id, first, last)
    return revisions.differences(old.state, new.state, revisions.are_credentials(sorted(changed)))


def _common(revision: Revision) -> dict[str, Any]:
    by = revision.by
    return {
        "number": revision.number,
        "action": revision.action,
        "by": by and AuthorOut(access_key=by.access_key, user_id=by.user_id, name=by.name),
        "created_at": revision.at,
        "name": revision.name,
        "changed": list(revision.changed),
    }
