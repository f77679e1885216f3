"""The documents of revisions. None of them can hold a secret, since the states that are shown have none."""

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
    """The keypair that a change was made with."""

    access_key: str
    """Its access key."""
    user_id: str
    """Its user id."""
    name: str | None
    """Its name; null if it has none."""


class RevisionOut(Document):
    """One change of a rule, a channel, an event type or a mute."""

    number: int
    """Its number, counted from 1 for each rule, channel, event type and mute."""
    action: Action
    """What was done. ``found``: the state that a release without revisions left."""
    by: AuthorOut | None
    """Who did it; null if it was the service itself, or a release without revisions."""
    created_at: Timestamp
    """When it was done."""
    name: str
    """The name of the rule, channel or event type after it; of a mute, its reason."""
    changed: list[str]
    """The fields that it changed; credentials and the signing secret are among them by name only."""


class RevisionList(Document):
    """A page of revisions, newest first."""

    revisions: list[RevisionOut]
    """The revisions of this page."""
    next: str | None
    """The ``cursor`` of the next page; null if this is the last one."""


class DifferenceOut(Document):
    """A field that differs between two revisions."""

    field: str
    """Its name; that of a part of a spec with dots, as ``spec.headers.X-Team``."""
    old: Any
    """Its value before; null if it had none. Credentials are ``***``."""
    new: Any
    """Its value after."""


class RevisionDetail(RevisionOut):
    """A revision with the state after it, and how that differs from another revision."""

    state: dict[str, Any] | None
    """What was configured after it, without secrets; null after a deletion."""
    compared_to: int | None
    """The number of the revision that it is compared to; null if there is none, or none is kept any more."""
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
    """What was changed."""
    id: str
    """Its id; of an event type, its name."""


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
    """Show a page of the revisions of one thing. ``window``: limit and cursor. ``get``: the store's method.

    Raises:
        EntityNotFound: there is no such thing, and there was none.
        InvalidRequest: the cursor is none of this list's.
    """
    page = services.revisions.page(kind, identity, *window)
    if not page.revisions:  # what was never changed since revisions are kept has none
        get(identity)
    return RevisionList(revisions=[RevisionOut(**_told(each)) for each in page.revisions], next=page.next)


def audited(page: RevisionPage) -> AuditList:
    """Show a page of the audit log."""
    entries = [AuditEntry(**_told(each), kind=each.kind, id=each.id) for each in page.revisions]
    return AuditList(entries=entries, next=page.next)


def detailed(
    services: Services, kind: RevisionKind, identity: str, number: int, compared_to: int | None
) -> RevisionEnvelope:
    """Show a revision, compared to another one, by default to the one before.

    Raises:
        EntityNotFound: one of them does not exist, or not any more.
    """
    revision = services.revisions.get(kind, identity, number)
    other = _other(services, revision, compared_to)
    differences = _differences(services, other, revision) if other else []
    shown = RevisionDetail(
        **_told(revision),
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


def _told(revision: Revision) -> dict[str, Any]:
    by = revision.by
    return {
        "number": revision.number,
        "action": revision.action,
        "by": by and AuthorOut(access_key=by.access_key, user_id=by.user_id, name=by.name),
        "created_at": revision.at,
        "name": revision.name,
        "changed": list(revision.changed),
    }
