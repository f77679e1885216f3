"""The bridge's own message: that entries were gone before it could read them."""

import json
from datetime import datetime
from typing import Literal

from backendai_notification_bridge.core.names import GAP
from backendai_notification_bridge.core.times import written

SOURCE = "bridge"

Place = Literal["stream", "pubsub"]


def gap_message(lost: int | None, since: datetime, until: datetime, place: Place) -> bytes:
    """Write a gap as ``decode_published`` reads it, with ``via`` "bridge".

    ``lost``: how many entries, None if nobody can know.
    """
    payload = {"place": place, "lost": lost, "from": written(since), "to": written(until)}
    return json.dumps({"name": GAP, "source": SOURCE, "payload": json.dumps(payload)}).encode()
