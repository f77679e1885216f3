"""Sessions that are reclaimed because nobody uses them."""

from backendai_notification_bridge.core import identity
from backendai_notification_bridge.core.entry import Entry
from backendai_notification_bridge.core.events import Made
from backendai_notification_bridge.core.makers.about import about
from backendai_notification_bridge.core.makers.lookup import optional, session_id_of
from backendai_notification_bridge.core.makers.once import NOISE, REPEAT, once, seen

IDLE = "idle-"
"""The prefix of the idle checkers' reasons: idle-timeout, idle-session-lifetime, idle-utilization."""


def reclaimed(entry: Entry) -> Made:
    """Make ``session.idle-reclaimed``, once for a session, because the idle checker asks until it has ended.

    Both the checker's request and the change of status report it. Either may be lost, and newer checkers make
    only the second.
    """
    reason = entry.received.body.get("reason")
    reason = reason.lower().replace("_", "-") if isinstance(reason, str) else ""
    if not reason.startswith(IDLE):
        return Made((), NOISE)
    session_id = session_id_of(entry.received.body)
    event_id = identity.of("session.idle-reclaimed", session_id)
    if seen(entry, event_id):
        return Made((), REPEAT)
    data = {**about(entry, session_id, optional(entry, session_id)), "reason": reason}
    return once(entry, "session.idle-reclaimed", data, event_id, entry.received.came)
