"""Find what somebody means by a name, an id or the beginning of one.

An id that is whole is taken as it is, without a request. Then a name counts, exactly as it is written or in
another case, and then the beginning of an id. An ambiguous text is refused with everything that it may mean.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from backendai_notification_cli.errors import CliError
from backendai_notification_cli.http.service import WITH_CUSTOM, connect
from backendai_notification_cli.nearest import hint, nearest

if TYPE_CHECKING:
    from backendai_notification_cli.http.api import Api

MIN_PREFIX = 4
"""How many characters of an id must be given at least."""

MAX_SHOWN = 10
"""How many candidates an error lists."""

PAGE_SIZE = 50
"""How many channels or rules one request asks for: of the largest ones a response holds no more."""

MAX_NEAREST = 3
"""How many names are told that an unknown one may have been meant to be."""

COMPARED = 500
"""How many names are searched for the nearest."""

_HEX = re.compile(r"[0-9A-Fa-f-]+")

Item = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Named:
    """A kind of thing that has a name and an id. ``key``: where a search's response has them."""

    noun: str
    key: str
    path: str

    def search(
        self, api: "Api", conditions: Mapping[str, Any], limit: int = PAGE_SIZE
    ) -> list[dict[str, Any]]:
        """Return what meets the conditions, the oldest first; at most a page of it, with one request."""
        body = {"filter": conditions, "limit": limit, "order": [{"field": "created_at", "direction": "asc"}]}
        return api.objects(api.call("POST", self.path, body), self.key)

    def every(
        self, api: "Api", conditions: Mapping[str, Any], limit: int | None = None
    ) -> list[dict[str, Any]]:
        """Return all that meets the conditions, or the first of it, page by page."""
        return [*api.search(self.key, self.path, conditions, limit)]


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
        raise CliError(f"There are {len(found)} {kind.noun}s {how} '{text}': give the ID", *candidates(found))
    told = elsewhere(kind, text.strip()) or _nearest(kind, api, text)
    raise CliError(f"There is no {kind.noun} '{text}'", *too_short(text), *told)


def elsewhere(kind: Named, text: str) -> list[str]:
    """Say what else has a name or a whole id: its arguments may be in another order than was thought."""
    api, given = connect(), whole_id(text)
    conditions = {"id": {"in": [given]}} if given else {"name": {"i_equals": text}}
    try:
        for other in NAMED.values():
            for item in () if other is kind else other.search(api, conditions, 1):
                if text.casefold() in {str(item.get("id")), str(item.get("name")).casefold()}:
                    return [f"That is a {other.noun}: {item.get('id')}  {_told(item)}"]
        return ["That is an event type"] if not given and text in _event_types(api) else []
    except CliError:  # the error that this belongs to is told
        return []


def _event_types(api: "Api") -> list[str]:
    return [str(item.get("name")) for item in api.items("event_types", "/notifications/event-types")]


def too_short(text: str) -> list[str]:
    """Say of what may be the beginning of an id, as a narrow table shows it, that it is too short."""
    if not 0 < len(text) < MIN_PREFIX or not _HEX.fullmatch(text):
        return []
    return [f"The beginning of an ID has at least {MIN_PREFIX} characters"]


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


def candidates(found: Iterable[Item]) -> list[str]:
    """Write a line for each of what may be meant, and how many others there are."""
    shown = [*found]
    lines = [f"{item.get('id')}  {_told(item)}" for item in shown[:MAX_SHOWN]]
    return [*lines, *([f"and {len(shown) - MAX_SHOWN} more"] if len(shown) > MAX_SHOWN else [])]


def _told(item: Item) -> str:
    about = item.get("rule_type") or item.get("channel_type") or item.get("status") or ""
    return "  ".join(str(part) for part in (item.get("name"), about) if part)


def _nearest(kind: Named, api: "Api", text: str) -> list[str]:
    every = {str(item.get("name")): item for item in kind.every(api, {}, COMPARED)}
    if not every:
        return [f"There are no {kind.noun}s yet"]
    folded = {name.casefold(): name for name in every}
    near = nearest(text.casefold(), folded, MAX_NEAREST)
    if not near:
        return [f"'{kind.noun} list' shows the names and IDs"]
    return ["The nearest are:", *candidates(every[folded[name]] for name in near)]


def find_event_type(text: str) -> str:
    """Return the name of the event type that a text means: its name, or the beginning of only one.

    Raises:
        CliError: it means none, or several.
    """
    given = text.strip().lower()
    names = _event_types(connect())
    if given in names:
        return given
    found = [name for name in names if given and name.startswith(given)]
    if len(found) == 1:
        return found[0]
    if found:
        raise CliError(f"Several event types begin with '{text}': give more of the name", *found[:MAX_SHOWN])
    raise CliError(f"There is no event type '{text}'{hint(given, names)}")
