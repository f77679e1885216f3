"""What happened to sessions while nobody listened."""

from collections.abc import Iterator
from datetime import datetime

from backendai_notification_bridge.core.sessions import Sessions


def catch_up(sessions: Sessions, since: datetime) -> Iterator[bytes]:
    """Write what began and ended from then on as ``decode_published`` reads it, with ``via`` "api".

    What was heard as well makes the same event ids, so it is dropped as a repeat.

    Raises:
        ManagerUnavailable: the manager does not answer.
    """
    raise NotImplementedError
