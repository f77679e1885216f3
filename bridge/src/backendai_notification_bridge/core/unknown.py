"""Unknown fields, which a newer Backend.AI may have added: counted, and otherwise ignored."""

from collections.abc import Mapping

from backendai_notification_bridge.core.fields import TYPES
from backendai_notification_bridge.core.positions import MODEL_IMPORT_OF_25_13, POSITIONS
from backendai_notification_bridge.core.received import ReceivedEntry

MAX_FIELDS = 8
"""How many unknown fields are reported of one entry."""

MAX_CHARS = 64


def unknown_fields(received: ReceivedEntry) -> list[str]:
    """Name an entry's fields that are not known, as ``name.field``; further arguments as ``name.[5]``."""
    if received.via == "bridge":  # the bridge's own message
        return []
    known = {*POSITIONS.get(received.name, ()), *MODEL_IMPORT_OF_25_13}
    found = [f"{received.name}.{field}" for field in received.body if field not in known]
    rule_type, data = received.body.get("rule_type"), received.body.get("notification_data")
    if isinstance(rule_type, str) and isinstance(data, Mapping) and rule_type in TYPES:
        found += [f"{rule_type}.{field}" for field in data if field not in TYPES[rule_type]]
    return [field[:MAX_CHARS] for field in found[:MAX_FIELDS]]
