"""Catch up on sessions after a time in which the bridge did not read."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta

from backendai_notification_bridge.core.sessions import Sessions

KEYS_LIVE_SECONDS = 300
"""How long Backend.AI keeps the last change of each session under a key (25.11: 60). After a longer absence
some keys have expired."""

MARGIN = timedelta(seconds=60)
"""How far apart the clocks of the bridge and the manager's database may be."""

SOURCE = "manager-api"


def catch_up(sessions: Sessions, since: datetime) -> Iterator[bytes]:
    """Write the starts and ends since then as ``decode_published`` reads them, with ``via`` "api".

    Those that were also read make the same event ids, so they are dropped as repeats.

    Raises:
        ManagerUnavailable: the manager does not answer.
    """
    begin = since - MARGIN
    for session in sessions.started_since(begin):
        yield _message(session.id, "RUNNING")
    for session in sessions.ended_since(begin):
        # Before 26.1 the list of starts lacks sessions that have ended since.
        if session.started_at and session.started_at >= begin:
            yield _message(session.id, "RUNNING")
        yield _message(session.id, "TERMINATED")


def _message(session_id: str, status: str) -> bytes:
    payload = {"session_id": session_id, "creation_id": "", "status_transition": status, "reason": ""}
    return json.dumps({"name": "scheduling", "source": SOURCE, "payload": json.dumps(payload)}).encode()
