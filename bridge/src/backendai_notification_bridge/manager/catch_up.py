"""What happened to sessions while nobody listened."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta

from backendai_notification_bridge.core.sessions import Sessions

KEYS_LIVE_SECONDS = 300
"""How long Backend.AI keeps the last change of each session under a key (25.11: 60). After a longer absence
those keys do not tell all."""

MARGIN = timedelta(seconds=60)
"""How far the clocks of the bridge and of the manager's database may be apart."""

SOURCE = "manager-api"


def catch_up(sessions: Sessions, since: datetime) -> Iterator[bytes]:
    """Write what began and ended from then on as ``decode_published`` reads it, with ``via`` "api".

    What was heard as well makes the same event ids, so it is dropped as a repeat.

    Raises:
        ManagerUnavailable: the manager does not answer.
    """
    begin = since - MARGIN
    for session in sessions.started_since(begin):
        yield _message(session.id, "RUNNING")
    for session in sessions.ended_since(begin):
        # Before 26.1 the list of starts lacks what has ended since.
        if session.started_at and session.started_at >= begin:
            yield _message(session.id, "RUNNING")
        yield _message(session.id, "TERMINATED")


def _message(session_id: str, status: str) -> bytes:
    payload = {"session_id": session_id, "creation_id": "", "status_transition": status, "reason": ""}
    return json.dumps({"name": "scheduling", "source": SOURCE, "payload": json.dumps(payload)}).encode()
