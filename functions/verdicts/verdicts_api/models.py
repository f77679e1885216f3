"""The documents of the verdicts of rules on an event, explained or simulated."""

from typing import Annotated, Any

from pydantic import AfterValidator, Field

from notifications.api.events import EventSummary
from notifications.api.models import Document, LowerText, Timestamp, Uuid
from notifications.api.verdicts import LeafOut
from notifications.core.event_records import EventStatus
from notifications.core.records import DeliveryStatus
from notifications.core.verdicts import VerdictName
from verdicts_api.draft_models import MAX_DRAFTS, DraftIn

MAX_PAGE_RULES = 1_000
"""How many rules a page has at most."""

DEFAULT_PAGE_RULES = 100

RuleId = Annotated[str, AfterValidator(str.lower)]
"""The id of a rule or of a new draft, in any case."""

PageLimit = Annotated[int, Field(ge=1, le=MAX_PAGE_RULES)]


class SimulationIn(Document):
    """An event that might come, and rules that might be configured."""

    rule_type: LowerText
    """The event's type, in any case."""
    notification_data: dict[str, Any] | None = None
    """The event's fields, which have to fit the schema of its type."""
    sample: bool = False
    """Whether the service makes the fields, as it does for a sample event."""
    timestamp: Timestamp | None = None
    """The event's own time, in ISO 8601; now, if absent. The mutes in force at that time count."""
    event_id: Annotated[str, Field(pattern="^[A-Za-z0-9_-]{1,128}$")] = "simulation"
    """The event's id, which becomes part of the ``webhook-id``."""
    windows: bool = True
    """Whether the present windows of once-per and digests count; if not, each rule sees its first event."""
    rules: Annotated[list[DraftIn], Field(max_length=MAX_DRAFTS)] = []
    """Drafts of rules, which stand in for stored rules or are added to them."""
    rule_ids: Annotated[list[RuleId], Field(max_length=MAX_PAGE_RULES)] | None = None
    """Only these rules; ``draft-N`` is the N-th of ``rules``, if it is new. If it is only one, its message is
    not cut."""
    limit: PageLimit = DEFAULT_PAGE_RULES
    """How many rules a page has at most."""
    cursor: str | None = None
    """The ``next`` of the page before."""


class OutcomeOut(Document):
    """What became of the delivery for a rule."""

    id: str
    """The delivery's id."""
    status: DeliveryStatus
    """Its status."""
    reason: str | None
    """Why it has this status, if there is a reason to tell."""
    attempt_count: int
    """How many attempts there were."""
    last_status: int | None
    """The status code of the last response; null if there was none."""
    updated_at: Timestamp
    """When it was last changed."""


class MutedOut(Document):
    """The mute that keeps a delivery back."""

    id: Uuid
    """The mute's id."""
    reason: str
    """Why nothing is sent."""
    until: Timestamp | None
    """When it ends or pauses; null if it never does."""
    hold: bool
    """Whether the delivery is held and sent then, instead of being skipped."""


class VerdictOut(Document):
    """The verdict of a rule on an event, and why."""

    rule_id: str
    """The rule's id; ``draft-N`` for the N-th draft, if it stands in for no stored rule."""
    name: str | None
    """The rule's name; null if it is no longer known."""
    draft: bool
    """Whether a draft was tried."""
    revision: int | None
    """The revision of the rule that was tried; null if it has none."""
    channel_id: Uuid | None
    """The channel that the rule sends to; null if it is not known."""
    channel: str | None
    """The channel's name; null if it was deleted."""
    verdict: VerdictName | None
    """The verdict. ``fires``: a message is sent. ``observes``: it would be, but the rule only observes.
    ``unmet``: the condition is not met. ``withheld``: the rule or its channel is off. ``muted``: a mute keeps
    the message back. ``repeated``: the event repeats one that was sent. ``collected``: the event is sent with
    a digest. ``empty``: the message is empty. ``failed``: no message can be made. Null if it is not known.
    """
    reason: str | None
    """Why, in words; for a template that fails, with the line. Null if there is nothing to add."""
    mute: MutedOut | None
    """The mute that keeps it back; null if none does."""
    deciding: LeafOut | None
    """The part of the rule's condition that decides; null if it has none."""
    message: str | None
    """The message; null if there is none."""
    message_cut: bool
    """Whether the message was cut because it is longer than 16,384 characters."""
    subject: str | None
    """The email's subject; null for a webhook."""
    recipients: list[str] | None
    """The addresses that the email goes to; null for a webhook."""
    unsent: dict[str, str] | None
    """The channel's recipients to whom it is not sent, with the reasons; null for a webhook."""
    method: str | None
    """The HTTP method; ``MAIL`` for an email."""
    url: str | None
    """Where it is sent: for a webhook, only the URL's scheme and host."""
    headers: dict[str, str] | None
    """The headers of the request; credentials, the time and the signature are masked."""
    sha256: str | None
    """The SHA-256 of the body's bytes, in hexadecimal; an email's body is built as of the event's time."""
    delivery: OutcomeOut | None
    """What became of the delivery; null if there is none."""


class VerdictPage(Document):
    """The verdicts of the rules of a type on an event."""

    status: EventStatus
    """The event's status by these verdicts."""
    reason: str | None
    """Why, if there is a reason to tell."""
    notes: list[str]
    """What else there is to know, for example which earlier states were not kept."""
    rules: list[VerdictOut]
    """The verdicts of this page, in the order of the rules' ids."""
    total: int
    """How many rules all pages have together."""
    next: str | None
    """The ``cursor`` of the next page; null if this is the last one."""


class Explanation(VerdictPage):
    """The verdicts of the rules of its type on a recorded event, with the configuration of that time."""

    event: EventSummary
    """The event."""
    as_of: Timestamp
    """The time at which the configuration that was used was in force."""
    approximate: bool
    """Whether the event may have been decided at another time than ``as_of``."""


class Simulation(VerdictPage):
    """The verdicts of the rules of a type on an event that is only simulated."""
