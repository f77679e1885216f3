"""Makes mutes, and checks what they are about, and when."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

from notifications.api import conditions
from notifications.api.known import Known
from notifications.api.known_types import require_type
from notifications.api.requests.mutes import MuteIn
from notifications.core import mutes, muting, timetables
from notifications.core.errors import EntityNotFound, InvalidRequest, NotificationError
from notifications.core.model import EventType, Rule, timestamp
from notifications.core.mutes import MAX_DAYS, MAX_HOLD_DAYS, MIN_PAUSE, Mute
from notifications.core.refusals import of
from notifications.core.revisions import Action, Author
from notifications.core.texts import lowered
from notifications.wiring import Services

_NAMES = ("rule_id", "channel_id", "rule_type", "condition", "where")


def made(known: Known, request: MuteIn, by: Author, now: datetime) -> Mute:
    """Make the mute that a request describes.

    Raises:
        InvalidRequest: see ``about`` and ``times_of``.
    """
    subject = about(known, request)
    until, weekly = times_of(request, now)
    at = timestamp(now)
    return Mute(
        id=str(uuid4()),
        reason=request.reason,
        created_at=at,
        created_by=by,
        updated_at=at,
        until=until,
        weekly=weekly,
        hold=request.hold,
        **subject,
    )


def about(known: Known, request: MuteIn) -> Mapping[str, Any]:
    """Return what a mute is about as attributes of the model.

    Raises:
        InvalidRequest: the request names nothing, or something that does not exist, or its parts exclude each
            other.
    """
    _check_named(request)
    rule = _rule(known, request)
    channel_id = _channel_id(known, request, rule)
    rule_type = type_of(known, request, rule)
    return {
        "rule_id": rule and rule.id,
        "channel_id": channel_id,
        "rule_type": rule_type.name if rule_type and request.rule_type else None,
        "condition": condition(known, request, rule_type),
    }


def refusals(known: Known, request: MuteIn, now: datetime, *, whole: bool) -> Iterator[NotificationError]:
    """Yield the errors that prevent a mute, except those of its condition.

    ``whole``: whether all that it names is known. The times of a mute that is over are not checked.
    """
    if whole:
        yield from of(lambda: _check_named(request))
    rules: list[Rule | None] = []
    yield from of(lambda: rules.append(_rule(known, request)))
    rule = rules[0] if rules else None
    yield from of(lambda: _channel_id(known, request, rule))
    yield from of(lambda: type_of(known, request, rule))
    windows = [
        error
        for number, text in enumerate(request.weekly or ())
        for error in of(partial(_window, number, text))
    ]
    yield from windows
    if not windows and not (request.until is not None and request.until <= timestamp(now)):
        yield from of(lambda: times_of(request, now))


def _check_named(request: MuteIn) -> None:
    named = [name for name in _NAMES if getattr(request, name)]
    if request.everything and named:
        raise InvalidRequest(f"everything: {named[0]} names less; give one of them")
    if not (request.everything or named):
        raise InvalidRequest(
            "it names nothing: give a rule, a channel, a rule_type or a condition, or everything: true"
        )


def times_of(request: MuteIn, now: datetime) -> tuple[str | None, tuple[str, ...]]:
    """Return a mute's end and its weekly windows in their standard spelling.

    Raises:
        InvalidRequest: it has neither, its end is past or too late, or its windows never close, or not long
            enough to send what it holds.
    """
    weekly = tuple(_window(number, text) for number, text in enumerate(request.weekly or ()))
    if request.until is None and not weekly:
        raise InvalidRequest("until: say when it ends, or give weekly: [WINDOW]")
    if request.until is not None and request.until <= timestamp(now):
        raise InvalidRequest(f"until: {request.until} is over already")
    last = timestamp(mutes.longest_until(now, hold=request.hold))
    if request.until is not None and not weekly and request.until > last:
        days, what = (MAX_HOLD_DAYS, "one that holds") if request.hold else (MAX_DAYS, "a mute")
        raise InvalidRequest(f"until: {what} ends within {days} days, by {last}; or give weekly: [WINDOW]")
    if weekly and not muting.pauses(weekly, now, timedelta()):
        raise InvalidRequest(
            "weekly: these windows never close: give until: TIME instead, or disable what it is about"
        )
    if weekly and request.hold and not muting.pauses(weekly, now, MIN_PAUSE):
        minutes = MIN_PAUSE // timedelta(minutes=1)
        raise InvalidRequest(
            f"weekly: to send what it holds, the windows must leave {minutes} minutes a week"
        )
    return request.until, weekly


def _window(number: int, text: str) -> str:
    try:
        return str(timetables.parse(text))
    except InvalidRequest as error:
        raise InvalidRequest(f"weekly.{number}: {error.message}") from None


def _rule(known: Known, request: MuteIn) -> Rule | None:
    if request.rule_id is None:
        return None
    try:
        return known.rules.get(str(request.rule_id))
    except EntityNotFound as error:
        raise InvalidRequest(f"rule_id: {lowered(error.message)}") from None


def _channel_id(known: Known, request: MuteIn, rule: Rule | None) -> str | None:
    if request.channel_id is None:
        return None
    channel_id = str(request.channel_id)
    try:
        known.channels.get(channel_id)
    except EntityNotFound as error:
        raise InvalidRequest(f"channel_id: {lowered(error.message)}") from None
    if rule is not None and rule.channel_id != channel_id:
        raise InvalidRequest(f"channel_id: the rule {rule.id} sends to the channel {rule.channel_id}")
    return channel_id


def type_of(known: Known, request: MuteIn, rule: Rule | None) -> EventType | None:
    """Return the type of the events that the mute is about, if the request or its rule has one.

    Raises:
        InvalidRequest: it does not exist, or the rule is about another one.
    """
    if request.rule_type is None:
        return None if rule is None else known.event_types.get(rule.rule_type)
    event_type = require_type(known, request.rule_type, "rule_type")
    if rule is not None and rule.rule_type != event_type.name:
        raise InvalidRequest(f"rule_type: the rule {rule.id} is about {rule.rule_type}")
    return event_type


def condition(known: Known, request: MuteIn, event_type: EventType | None) -> Mapping[str, Any] | None:
    """Read the condition of a request. ``event_type``: of its events; None if they may be of any.

    Raises:
        InvalidRequest: see ``conditions.read`` and ``conditions.read_of_any``.
    """
    if event_type is not None:
        return conditions.read(request.condition, None, request.where, event_type)
    if not (request.condition or request.where):
        return None
    return conditions.read_of_any(request.condition, request.where, known.event_types.all())


def end(services: Services, mute_id: str, by: Author, action: Action = "updated") -> Mute:
    """End a mute, and queue the release of the deliveries that it holds.

    Raises:
        EntityNotFound: there is no such mute.
        MuteConflict: it has ended already.
    """
    mute = services.mutes.end(mute_id, by, action)
    if mute.hold:
        services.delivery_queues.release_muted(mute_id)
    return mute
