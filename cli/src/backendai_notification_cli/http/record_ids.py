"""Find which event or delivery the beginning of an id means; they have no names, and there are many."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from backendai_notification_cli.errors import CliError, Refused
from backendai_notification_cli.http.names import MIN_PREFIX, candidates
from backendai_notification_cli.http.service import connect, segment

SEARCHED = 1_000
"""How many of the newest are searched for the beginning of an id."""

NOT_FOUND = 404
EVENT_ID = re.compile(r"[A-Za-z0-9_-]{1,128}")
DELIVERY_ID = re.compile(r"[A-Za-z0-9_-]{1,128}_[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_FULL_ID = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")

Item = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Recorded:
    """A kind of record: it has an id, and no name."""

    noun: str
    key: str
    path: str
    whole: re.Pattern[str]
    wanted: str


EVENT = Recorded(
    "event", "events", "/notifications/events", _FULL_ID, "1 to 128 letters, digits, '_' and '-'"
)
DELIVERY = Recorded(
    "delivery",
    "deliveries",
    "/notifications/deliveries",
    DELIVERY_ID,
    "EVENT_RULE, as 'delivery list' shows it",
)


def record_id(kind: Recorded, text: str) -> str:
    """Return what may be an id, or refuse what cannot be the beginning of one."""
    if not EVENT_ID.fullmatch(text) and not kind.whole.fullmatch(text):
        raise CliError(f"'{text}' is not {_article(kind.noun)} ID: expected {kind.wanted}")
    return text


def find_record(kind: Recorded, text: str) -> str:
    """Return the id of the record that an id, or the beginning of one, means.

    Raises:
        CliError: see ``begun_record``.
    """
    if kind.whole.fullmatch(record_id(kind, text)):
        return text
    try:
        connect().call("GET", f"{kind.path}/{segment(text)}")
    except Refused as refused:
        if refused.status != NOT_FOUND:
            raise
        return begun_record(kind, text)
    return text


def begun_record(kind: Recorded, text: str) -> str:
    """Return the id of the one recent record whose id begins so; what is too short stays as it is.

    Both parts of a delivery's id may be cut, ``0b6d5a0e_660e8400``; an event's id means its only delivery.

    Raises:
        CliError: there is none, or there are several.
    """
    if len(text) < MIN_PREFIX:
        return text
    front, _, back = text.rpartition("_")
    parts = [(text, ""), *([(front, back.lower())] if front and back and kind is DELIVERY else [])]
    recent = connect().records(kind.key, kind.path, {}, SEARCHED)
    found = [item for item in recent if _begins(item, parts)]
    if len(found) > 1:
        told = f"There are {len(found)} {kind.key} whose ID begins with '{text}': give more of it"
        raise CliError(told, *candidates(found))
    if not found:
        told = f"Nor does the ID of one of the last {SEARCHED:,} {kind.key} begin so"
        raise CliError(f"There is no {kind.noun} '{text}'", told)
    return str(found[0].get("id"))


def _article(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def _begins(item: Item, parts: Sequence[tuple[str, str]]) -> bool:
    event = str(item.get("event_id") or item.get("id"))
    rule = str(item.get("rule_id") or "")
    return any(event.startswith(front) and rule.startswith(back) for front, back in parts)
