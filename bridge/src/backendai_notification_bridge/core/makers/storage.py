"""Failed image pulls and folder clones, and finished model imports."""

from backendai_notification_bridge.core.entry import Entry
from backendai_notification_bridge.core.events import Made
from backendai_notification_bridge.core.makers.once import once_each


def image_pull_failed(entry: Entry) -> Made:
    """Make ``image.pull.failed``."""
    body = entry.received.body
    data = {
        "image": body.get("image"),
        "agent_id": body.get("agent_id") or entry.received.source,
        "message": body.get("msg"),
    }
    return once_each(entry, "image.pull.failed", data)


def vfolder_clone_failed(entry: Entry) -> Made:
    """Make ``vfolder.clone.failed``."""
    body = entry.received.body
    data = {
        "vfolder_id": body.get("vfid"),
        "target_vfolder_id": body.get("dst_vfid"),
        "message": body.get("message"),
    }
    return once_each(entry, "vfolder.clone.failed", data)


def model_import_done(entry: Entry) -> Made:
    """Make ``model.import.done``."""
    return once_each(entry, "model.import.done", entry.received.body)
