"""The operations on mutes."""

from collections.abc import Sequence
from datetime import UTC, datetime

from mutes_api.models import MAX_PAGE_MUTES
from notifications.api.changing import mutes
from notifications.api.requests.mutes import MuteIn
from notifications.core.model import timestamp
from notifications.core.mutes import Mute
from notifications.core.revisions import Author
from notifications.core.values import value
from notifications.store.cursors import MILLENNIUM, decoded, encoded
from notifications.wiring import Services


@value
class Found:
    """Some mutes, newest first, and the cursor of the next page; None if this is the last."""

    mutes: Sequence[Mute]
    next: str | None


def create(services: Services, request: MuteIn, by: Author) -> Mute:
    """Create a mute.

    Raises:
        InvalidRequest: it names an object that does not exist, parts that can never match together, or an
            impossible time.
        MuteConflict: there are too many.
    """
    mute = mutes.made(services, request, by, datetime.now(UTC))
    services.mutes.create(mute)
    return mute


def find(services: Services, *, ended: bool, limit: int, cursor: str | None) -> Found:
    """List mutes. ``ended``: whether to list those that have ended too.

    Raises:
        InvalidRequest: the cursor is not one of this list's.
    """
    seen = decoded(cursor, MILLENNIUM)
    limit = min(limit, MAX_PAGE_MUTES)
    kept = services.mutes.all() if ended else services.mutes.not_over(timestamp(datetime.now(UTC)))
    kept.sort(key=_position, reverse=True)
    left = [mute for mute in kept if seen is None or _position(mute) < seen]
    following = encoded(_position(left[limit - 1])) if len(left) > limit else None
    return Found(left[:limit], following)


def _position(mute: Mute) -> str:
    return f"{mute.created_at} {mute.id}"
