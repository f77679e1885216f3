"""The documents of backtests: on which recorded events a rule would have fired."""

from typing import Annotated

from pydantic import AfterValidator, Field

from notifications.api.models import Document, Time, Timestamp, Uuid
from verdicts_api.draft_models import UUID_PATTERN, DraftIn

MAX_WINDOWS_CHARS = 512 * 1024


class BacktestIn(Document):
    """A rule, or a draft of one, and the events that it is tried with."""

    rule_id: Annotated[Uuid, Field(pattern=UUID_PATTERN), AfterValidator(str.lower)] | None = None
    """The rule; with a draft, the stored rule that the draft stands in for."""
    rule: DraftIn | None = None
    """A draft. What it lacks is taken from the stored rule that it stands in for."""
    since: Time
    """Only events recorded at this time or later."""
    until: Time | None = None
    """Only events recorded before this time."""
    compare: bool = False
    """Whether to count the events on which only the draft, or only the stored rule, fires."""
    cursor: str | None = None
    """The ``next`` of the page before."""
    windows: Annotated[str, Field(max_length=MAX_WINDOWS_CHARS)] | None = None
    """The ``windows`` of the page before."""


class HitOut(Document):
    """An event on which the rule fires."""

    event_id: str
    """The event's id."""
    created_at: Timestamp
    """When it was recorded."""
    message: str
    """The message; its first 500 characters if it is longer."""
    message_cut: bool
    """Whether it was cut."""


class FailureOut(Document):
    """An event whose message cannot be rendered."""

    event_id: str
    """The event's id."""
    created_at: Timestamp
    """When it was recorded."""
    error: str
    """Why."""


class ComparisonOut(Document):
    """A draft compared with the stored rule that it stands in for."""

    both: int
    """On how many events both fire."""
    only_draft: int
    """On how many only the draft fires."""
    only_stored: int
    """On how many only the stored rule fires."""
    first_only_draft: list[str]
    """The ids of the first 5 events on which only the draft fires."""
    first_only_stored: list[str]
    """The ids of the first 5 events on which only the stored rule fires."""


class BacktestOut(Document):
    """The result of trying a rule with a page of events. A rule that is off is tried as if it were on."""

    rule_id: str
    """The rule's id; ``draft-1`` for a draft that stands in for no stored rule."""
    rule_name: str
    """The rule's name."""
    rule_type: str
    """The type of the events."""
    enabled: bool
    """Whether the rule and its channel are on, so that it would really send."""
    searched: int
    """How many events of the type this page looked at."""
    unreadable: int
    """How many of them are malformed, no longer fit their type, or have lost their document."""
    hits: int
    """On how many of them the rule fires."""
    messages: int | None
    """How many messages the rule's once-per or digest makes of the hits, by these events alone; null if the
    rule has neither."""
    windows: str | None
    """The state of open windows, which the next page needs to count on; null if the rule has neither."""
    hours: dict[str, int]
    """The hits by the hour in which the events were recorded, written as its beginning in UTC. Hours without
    hits are left out."""
    samples: list[HitOut]
    """The first 3 hits."""
    empty: int
    """How many events meet the rule's condition but render an empty message, which is not sent."""
    failed: int
    """How many events meet the rule's condition but have no message, because the template fails."""
    failures: list[FailureOut]
    """The first 5 of these."""
    difference: ComparisonOut | None
    """The draft compared with the stored rule; null unless ``compare`` is true."""
    next: str | None
    """The ``cursor`` of the next page; null if this is the last one."""
    reached_at: Timestamp | None
    """When the last of these events was recorded; null if there were none."""
