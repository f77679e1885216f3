"""The documents of replays: recorded events through a rule that was made later."""

from typing import Annotated

from pydantic import Field

from deliveries_api.models import MAX_CLAUSES
from notifications.api.models import Document, Time, Timestamp


class EventReplayIn(Document):
    """Which recorded events go through the rule."""

    since: Time
    """Only events recorded at this time or later."""
    until: Time | None = None
    """Only events recorded before this time."""
    where: Annotated[list[str], Field(max_length=MAX_CLAUSES)] = []
    """Only events whose fields meet all of these clauses, like ``session_id=S``."""
    dry_run: bool = False
    """Whether to count only: nothing is written or sent."""
    cursor: str | None = None
    """The ``next`` of the page before."""


class EventReplayOut(Document):
    """The counts of a page of events; ``matched`` is the sum of the counts below it."""

    searched: int
    """How many events of the rule's type this page looked at."""
    unreadable: int
    """How many of them are malformed, no longer fit their type, or have lost their document."""
    matched: int
    """How many of them meet the rule's condition and the clauses."""
    replayed: int
    """How many of these are sent now."""
    observed: int
    """How many of these are only recorded, because the rule observes."""
    already: int
    """How many of these already have a delivery for the rule, which stays as it is."""
    dispatching: int
    """How many of these are being dispatched again, and get their delivery that way."""
    skipped: int
    """How many of these render an empty message."""
    failed: int
    """How many of these have no message, because the template fails or the request cannot be built."""
    next: str | None
    """The ``cursor`` of the next page; null if this is the last one."""
    reached_at: Timestamp | None
    """When the last of these events was recorded; null if there were none."""
