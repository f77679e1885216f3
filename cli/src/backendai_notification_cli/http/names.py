"""Find what somebody means by a name, an id or the beginning of one.

An id that is whole is taken as it is, without a request. Then a name counts, exactly as it is written or in
another case, and then the beginning of an id. What is not unique is refused with all that it may mean.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from backendai_notification_cli.errors import CliError, Refused
from backendai_notification_cli.http.service import WITH_CUSTOM, connect, segment

if TYPE_CHECKING:
    from backendai_notification_cli.http.api import Api

MIN_PREFIX = 4
"""How many characters of an id must be given at least."""

MAX_SHOWN = 10
"""How many candidates an error lists."""

SEARCHED = 1_000
"""Among how many names the nearest is looked for, and among how many newest records a beginning of an id."""

NOT_FOUND = 404
_HEX = re.compile(r"[0-9A-Fa-f-]+")
EVENT_ID = re.compile(r"[A-Za-z0-9_-]{1,128}")
DELIVERY_ID = re.compile(r"[A-Za-z0-9_-]{1,128}_[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_FULL_ID = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")

Item = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Named:
    """A kind of thing that has a name and an id. ``key``: where a search's response has them."""

    noun: str
    key: str
    path: str

    def search(
        self, api: "Api", conditions: Mapping[str, Any], limit: int = SEARCHED
    ) -> list[dict[str, Any]]:
        """Return what meets the conditions, the oldest first."""
        body = {"filter": conditions, "limit": limit, "order": [{"field": "created_at", "direction": "asc"}]}
        return api.objects(api.call("POST", self.path, body), self.key)


CHANNEL = Named("channel", "channels", "/notifications/channels/search")
RULE = Named("rule", "rules", f"/notifications/rules/search{WITH_CUSTOM}")
NAMED = {kind.noun: kind for kind in (CHANNEL, RULE)}


def whole_id(text: str) -> str | None:
    """Return an id in its usual form; None for what is not a whole one."""
    try:
        return str(UUID(text))
    except ValueError:
        return None


def find_id(kind: Named, text: str) -> str:
    """Return the id of the one channel or rule that a text means.

    Raises:
        CliError: it means none, or several.
    """
    if (whole := whole_id(text)) is not None:
        return whole
    if not text.strip():
        raise CliError(f"Give the name or the ID of a {kind.noun}: it is empty")
    api = connect()
    named = _called(kind.search(api, {"name": {"i_equals": text.strip()}}), text.strip())
    found = named or _beginning(kind, api, text.strip())
    if len(found) == 1:
        return str(found[0].get("id"))
    if found:
        how = "named" if named else "whose ID begins with"
        raise CliError(
            f"There are {len(found)} {kind.noun}s {how} '{text}': give the ID", *_candidates(found)
        )
    raise CliError(f"There is no {kind.noun} '{text}'", *_nearest(kind, api, text))


def of_name(kind: Named, name: str) -> list[dict[str, Any]]:
    """Return those that have exactly this name."""
    found = kind.search(connect(), {"name": {"equals": name}}, MAX_SHOWN)
    return [item for item in found if item.get("name") == name]


def _called(found: Sequence[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    """Return those with exactly this name, or else those that have it in another case."""
    exactly = [item for item in found if item.get("name") == name]
    return exactly or [item for item in found if str(item.get("name")).casefold() == name.casefold()]


def _beginning(kind: Named, api: "Api", text: str) -> list[dict[str, Any]]:
    if len(text) < MIN_PREFIX or not _HEX.fullmatch(text):
        return []
    begun = text.lower()
    found = kind.search(api, {"id": {"starts_with": begun}})
    # A service that does not know this filter yet has sent others too.
    return [item for item in found if str(item.get("id")).startswith(begun)]


def _candidates(found: Iterable[Item]) -> list[str]:
    shown = [*found]
    lines = [f"{item.get('id')}  {_told(item)}" for item in shown[:MAX_SHOWN]]
    return [*lines, *([f"and {len(shown) - MAX_SHOWN} more"] if len(shown) > MAX_SHOWN else [])]


def _told(item: Item) -> str:
    about = item.get("rule_type") or item.get("channel_type") or item.get("status") or ""
    return "  ".join(str(part) for part in (item.get("name"), about) if part)


def _nearest(kind: Named, api: "Api", text: str) -> list[str]:
    from difflib import get_close_matches

    every = {str(item.get("name")): item for item in kind.search(api, {})}
    if not every:
        return [f"There are no {kind.noun}s yet"]
    folded = {name.casefold(): name for name in every}
    near = get_close_matches(text.casefold(), folded, n=3, cutoff=0.5)
    if not near:
        return [f"'{kind.noun} list' shows the names and IDs"]
    return ["The nearest are:", *_candidates(every[folded[name]] for name in near)]


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
        raise CliError(told, *_candidates(found))
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


def find_event_type(text: str) -> str:
    """Return the name of the event type that a text means: its name, or the beginning of only one.

    Raises:
        CliError: it means none, or several.
    """
    given = text.strip().lower()
    names = [str(item.get("name")) for item in connect().items("event_types", "/notifications/event-types")]
    if given in names:
        return given
    found = [name for name in names if given and name.startswith(given)]
    if len(found) == 1:
        return found[0]
    if found:
        raise CliError(f"Several event types begin with '{text}': give more of the name", *found[:MAX_SHOWN])
    from difflib import get_close_matches

    near = get_close_matches(given, names, n=1, cutoff=0.0)
    raise CliError(f"There is no event type '{text}'" + (f"; the nearest is '{near[0]}'" if near else ""))
