"""The end of a batch session's command."""

from backendai_notification_bridge.core.entry import Entry
from backendai_notification_bridge.core.events import Made
from backendai_notification_bridge.core.makers.about import about
from backendai_notification_bridge.core.makers.lookup import optional, session_id_of
from backendai_notification_bridge.core.makers.once import once_each

_TYPES = {"session_success": "session.succeeded", "session_failure": "session.failed"}


def ended(entry: Entry) -> Made:
    """Make ``session.succeeded`` or ``session.failed``."""
    body = entry.heard.body
    session_id = session_id_of(body)
    data = about(entry, session_id, optional(entry, session_id))
    exit_code = body.get("exit_code")
    data |= {"reason": body.get("reason"), "exit_code": exit_code}
    if "context" in data and exit_code is not None and "exit_code" in entry.options.context_fields:
        data["context"] = {**data["context"], "exit_code": exit_code}
    return once_each(entry, _TYPES[entry.heard.name], data)
