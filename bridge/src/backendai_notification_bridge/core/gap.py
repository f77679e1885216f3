"""What the bridge tells of itself: that entries were gone before it could read them."""

from datetime import datetime


def gap_message(lost: int | None, since: datetime, until: datetime, place: str) -> bytes:
    """Write a gap as ``decode_published`` reads it, with ``via`` "bridge".

    ``lost``: how many entries, None if nobody can know. ``place``: ``stream`` or ``pubsub``.
    """
    raise NotImplementedError
