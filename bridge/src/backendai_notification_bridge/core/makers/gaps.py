"""Entries that were gone before the bridge could read them."""

from backendai_notification_bridge.core import identity
from backendai_notification_bridge.core.entry import Entry
from backendai_notification_bridge.core.events import Made
from backendai_notification_bridge.core.makers.once import once


def told(entry: Entry) -> Made:
    """Make ``bridge.gap``."""
    body = entry.received.body
    return once(entry, "bridge.gap", body, identity.of("bridge.gap", body), entry.received.came)
