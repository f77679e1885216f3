"""The ends of background tasks."""

from backendai_notification_bridge.core import identity
from backendai_notification_bridge.core.entry import Entry
from backendai_notification_bridge.core.errors import Refused
from backendai_notification_bridge.core.events import Made
from backendai_notification_bridge.core.fields import MAX_TEXT_CHARS
from backendai_notification_bridge.core.makers.once import once

MAX_ERRORS = 20
"""How many of a task's errors are passed on."""

_ENDS = {
    "bgtask_done": ("bgtask.done", "done"),
    "bgtask_failed": ("bgtask.failed", "failed"),
    "bgtask_cancelled": ("bgtask.failed", "cancelled"),
    "bgtask_partial_success": ("bgtask.failed", "partial_success"),
}


def ended(entry: Entry) -> Made:
    """Make ``bgtask.done`` or ``bgtask.failed``. A task has one end, however often it is reported."""
    body = entry.received.body
    detail_type, status = _ENDS[entry.received.name]
    task_id = body.get("task_id")
    if not isinstance(task_id, str):
        raise Refused("task_id is no text")
    data = {"task_id": task_id, "status": status, "message": body.get("message")}
    errors = body.get("errors")
    if isinstance(errors, list):
        data["errors"] = [str(error)[:MAX_TEXT_CHARS] for error in errors[:MAX_ERRORS]]
    return once(entry, detail_type, data, identity.of(detail_type, task_id, status), entry.received.came)
