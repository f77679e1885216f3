"""Looking up a session: when to wait for it, when to go without, when to give up."""

import re
from collections.abc import Mapping
from typing import Any

from backendai_notification_bridge.core.entry import Entry
from backendai_notification_bridge.core.errors import LookupFailed, ManagerUnavailable, Refused, TryLater
from backendai_notification_bridge.core.sessions import Session

UNAVAILABLE_TRIES = 10
"""After how many tries without a response of the manager an event is put without its session, if it does not
need it. An event that needs it keeps waiting."""

UNKNOWN_TRIES = UNAVAILABLE_TRIES + 5
"""After how many tries a session that the manager does not know counts as unknown for good: some more than an
outage may have used up. Backend.AI writes the row before it sends the event, so the row is missing only on
a replica that lags, or if the keypair may not see it."""

FAILED_TRIES = UNAVAILABLE_TRIES + 20
"""After how many tries a session that the manager fails to look up is given up."""

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def session_id_of(body: Mapping[str, Any]) -> str:
    """Return an entry's session id.

    Raises:
        Refused: it is no UUID.
    """
    value = body.get("session_id")
    session_id = value.lower() if isinstance(value, str) else ""
    if not _UUID.fullmatch(session_id):
        raise Refused("session_id is no UUID")
    return session_id


def needed(entry: Entry, session_id: str) -> Session:
    """Look up a session that the event cannot do without.

    Raises:
        Refused: no manager is set; or it does not know the session, or fails to look it up, again and again.
        TryLater: it does not answer, or does not know the session yet.
    """
    if entry.sessions is None:
        raise Refused("the event needs the manager's API, and none is set")
    try:
        session = entry.sessions.session(session_id)
    except LookupFailed as error:
        if entry.tries < FAILED_TRIES:
            raise
        raise Refused(error.reason) from error
    if session is not None:
        return session
    unknown = f"the manager does not know session {session_id}, or the keypair may not see it"
    if entry.tries < UNKNOWN_TRIES:
        raise TryLater(unknown)
    raise Refused(unknown)


def optional(entry: Entry, session_id: str) -> Session | None:
    """Look up a session that the event can do without, None once waiting has been long enough.

    Raises:
        TryLater: it may be found later.
    """
    if entry.sessions is None:
        return None
    try:
        return needed(entry, session_id)
    except Refused:
        return None
    except ManagerUnavailable:
        if entry.tries < UNAVAILABLE_TRIES:
            raise
        return None
