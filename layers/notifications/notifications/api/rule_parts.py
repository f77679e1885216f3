"""The documents of a rule's parts besides its template: parts of a message, once-per, and digest.

In a change of such a document, absent members stay as they are, null removes a member, and ``{}`` all of
them.
"""

from collections.abc import Callable, Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, Field

from notifications.api.models import Document
from notifications.core import periods
from notifications.core.errors import InvalidRequest
from notifications.core.model import Action, Digest, MessageParts, OncePer, Rule
from notifications.core.values import replace

MAX_PART_CHARS = 8_192
"""The longest template of one part of a message."""

MAX_FIELDS = 25
"""How many fields a rule may add to a message."""

MAX_LABEL_CHARS = 100
MAX_BY = 10
"""How many fields may distinguish events for once-per and digests."""

MAX_PERIOD_SECONDS = 7 * 24 * 3_600
MAX_DIGEST_EVENTS = 1_000
"""How many events a digest may have; the fields of all are in memory when it is rendered."""


def _seconds(text: str) -> str:
    seconds = periods.parse(text)
    if seconds is None or not 1 <= seconds <= MAX_PERIOD_SECONDS:
        most = periods.written(MAX_PERIOD_SECONDS)
        raise ValueError(f"{text!r} is not a period from 1s to {most}: expected 30s, 10m, 2h or 1d")
    return text


PartText = Annotated[str, Field(max_length=MAX_PART_CHARS)]
Label = Annotated[str, Field(min_length=1, max_length=MAX_LABEL_CHARS)]
By = Annotated[list[Annotated[str, Field(min_length=1, max_length=256)]], Field(max_length=MAX_BY)]


class MessageIn(Document):
    """A rule's changes of the default message of its event type."""

    title: PartText | None = None
    """The template of the title."""
    text: PartText | None = None
    """The template of the text."""
    fields: Annotated[dict[Label, PartText], Field(max_length=MAX_FIELDS)] | None = None
    """The fields that are shown, by label the Jinja2 expression of each."""
    link: PartText | None = None
    """The template of a link to more about the event."""
    level: PartText | None = None
    """The severity: info, success, warning, error or critical, or a template that renders to one."""
    dedup: PartText | None = None
    """The template of a key that all messages about one incident have."""
    action: Action | None = None
    """What the message does to its incident, where the service has incidents."""


class OncePerIn(Document):
    """How often a rule sends."""

    period: Annotated[str, AfterValidator(_seconds)] | None = None
    """For how long it sends once: 30s, 10m, 2h or 1d."""
    by: By | None = None
    """The fields that events must agree in to count as the same; none for all events of the rule."""


class DigestIn(Document):
    """How a rule collects events into one message."""

    period: Annotated[str, Field(min_length=1, max_length=64)] | None = None
    """For how long it collects: 5m, 2h, or daily@09:00[Asia/Seoul]."""
    by: By | None = None
    """The fields that events must agree in to be in the same message; none for all events of the rule."""
    max: Annotated[int, Field(ge=1, le=MAX_DIGEST_EVENTS)] | None = None
    """With how many events a message is sent at once."""


class MessageOut(Document):
    """A rule's changes of the default message of its event type; null stands for no change."""

    title: str | None
    """The template of the title."""
    text: str | None
    """The template of the text."""
    fields: dict[str, str] | None
    """The fields that are shown, by label the Jinja2 expression of each."""
    link: str | None
    """The template of a link to more about the event."""
    level: str | None
    """The severity, or a template of it."""
    dedup: str | None
    """The template of a key that all messages about one incident have."""
    action: Action | None
    """What the message does to its incident."""


class OncePerOut(Document):
    """How often a rule sends."""

    period: str
    """For how long it sends once."""
    by: list[str]
    """The fields that events must agree in to count as the same."""


class DigestOut(Document):
    """How a rule collects events into one message."""

    period: str
    """For how long it collects."""
    by: list[str]
    """The fields that events must agree in to be in the same message."""
    max: int
    """With how many events a message is sent at once."""


def message(given: MessageIn, present: MessageParts | None = None) -> MessageParts | None:
    """Return the parts of a message after a change; None if there are none any more."""
    changes = _changes(given)
    changed = replace(present or MessageParts(), **changes) if changes else MessageParts()
    return None if changed == MessageParts() else changed


def once_per(given: OncePerIn, present: OncePer | None = None) -> OncePer | None:
    """Return how often a rule sends after a change; None if for every event.

    Raises:
        InvalidRequest: there is no period.
    """
    changes = _changes(given)
    if not changes:
        return None
    if changes.get("period"):
        changes["period"] = periods.parse(changes["period"])
    changed = replace(present or OncePer(0), **_by(changes))
    if not changed.period:
        raise InvalidRequest("once_per.period: say for how long the rule sends once, as in 10m")
    return changed


def digest(given: DigestIn, present: Digest | None = None) -> Digest | None:
    """Return how a rule collects events after a change; None if it does not.

    Raises:
        InvalidRequest: there is no period, or it is malformed.
    """
    changes = _changes(given)
    if not changes:
        return None
    if changes.get("max", 0) is None:
        changes["max"] = Digest("").max
    changed = replace(present or Digest(""), **_by(changes))
    if not changed.period:
        raise InvalidRequest(
            "digest.period: say for how long the rule collects, as in 5m or daily@09:00[UTC]"
        )
    from notifications.core.windows.schedules import ScheduleError, parse, written  # noqa: PLC0415 - few have digests

    try:
        return replace(changed, period=written(parse(changed.period)))
    except ScheduleError as error:
        raise InvalidRequest(f"digest.period: {error.message}") from None


def changes_of(request: BaseModel, rule: Rule | None = None) -> dict[str, Any]:
    """Return the new values of a rule's parts that a request contains. ``rule``: None if it is new.

    Raises:
        InvalidRequest: a period is missing, or malformed.
    """
    changes: dict[str, Any] = {}
    for name, changed in _CHANGED.items():
        given = getattr(request, name)
        if given is not None:
            changes[name] = changed(given, getattr(rule, name, None))
    return changes


def check(request: BaseModel, name: str) -> None:
    """Refuse a document of a new rule. ``name``: of the document.

    Raises:
        InvalidRequest: a period is missing, or is none.
    """
    _CHANGED[name](getattr(request, name), None)


_CHANGED: Mapping[str, Callable[[Any, Any], Any]] = {
    "message": message,
    "once_per": once_per,
    "digest": digest,
}


def _changes(given: BaseModel) -> dict[str, Any]:
    return given.model_dump(include=given.model_fields_set)


def _by(changes: dict[str, Any]) -> dict[str, Any]:
    return {**changes, "by": tuple(changes["by"] or ())} if "by" in changes else changes
