"""What Backend.AI's own code has written, release by release, and what stands for the spool and a manager."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from backendai_notification_bridge.core.errors import ManagerUnavailable
from backendai_notification_bridge.core.events import Made
from backendai_notification_bridge.core.making import MakeOptions, make
from backendai_notification_bridge.core.received import ReceivedEntry, Via
from backendai_notification_bridge.core.sessions import Session
from backendai_notification_bridge.core.wire import decode_entry, decode_published
from local import recordings as recorded

CAME = datetime(2026, 1, 15, 10, 30, tzinfo=UTC)
BEGAN = datetime(2026, 1, 15, 9, 0, tzinfo=UTC)
SESSION = "0b8c4d5e-1111-4a6b-9c1d-000000000001"


class Recording(recorded.Recording):
    """One entry, which can be decoded."""

    __slots__ = ()

    @property
    def name(self) -> str:
        """Return the event's name."""
        return self.fields[b"name"].decode() if self.fields else str(json.loads(self.message)["name"])

    def received(self, came: datetime = CAME) -> ReceivedEntry:
        """Decode it."""
        if self.via == "stream":
            return decode_entry(self.fields, came)
        return decode_published(self.message, self.via, came)


@cache
def recordings() -> tuple[Recording, ...]:
    """Read all recordings, in their order."""
    return tuple(
        Recording(one.via, one.release, one.what, one.fields, one.message, one.key)
        for one in recorded.recordings()
    )


def releases() -> list[str]:
    """List the releases that have recordings."""
    return list(dict.fromkeys(recording.release for recording in recordings()))


@dataclass
class Memory:
    """Remembers in a dictionary, by a clock that a test moves."""

    now: float = 0
    kept: dict[str, tuple[str, float]] = field(default_factory=dict)

    def get(self, key: str) -> str | None:
        """Return what was put, unless its time is over."""
        value, until = self.kept.get(key, ("", 0.0))
        return value if self.now < until else None

    def put(self, key: str, value: str, seconds: int) -> None:
        """Remember."""
        self.kept[key] = (value, self.now + seconds)


@dataclass
class Cluster:
    """A manager that knows any session, unless it is told otherwise."""

    known: dict[str, Session | None] = field(default_factory=dict)
    away: bool = False
    asked: int = 0

    def session(self, session_id: str) -> Session | None:
        """Return a session."""
        self.asked += 1
        if self.away:
            raise ManagerUnavailable("away")
        return self.known.get(session_id, session(session_id))

    def warm(self, session_ids: Sequence[str]) -> None:
        """Know them already."""

    def ended_since(self, at: datetime) -> Iterator[Session]:
        """List those that ended."""
        return (one for one in self.known.values() if one and one.terminated_at and one.terminated_at >= at)

    def started_since(self, at: datetime) -> Iterator[Session]:
        """List those that began."""
        return (one for one in self.known.values() if one and one.started_at and one.started_at >= at)


def session(session_id: str = SESSION, **changes: Any) -> Session:
    """Make a session that has ended and of which all is known."""
    known: dict[str, Any] = {
        "name": "train-01",
        "type": "interactive",
        "cluster_mode": "single-node",
        "status": "TERMINATED",
        "status_info": "user-requested",
        "project": "vision",
        "domain": "default",
        "user_id": "f38dea23-50fa-42a0-b5ae-338f5f4693f4",
        "user_email": "ada@example.com",
        "access_key": "AKIAIOSFODNN7EXAMPLE",
        "resource_group": "gpu",
        "image": "registry.example/python:3.13",
        "requested_slots": {"cpu": "2", "mem": "1073741824"},
        "agent_ids": ("i-agent01",),
        "created_at": BEGAN - timedelta(minutes=1),
        "started_at": BEGAN,
        "terminated_at": BEGAN + timedelta(hours=1, seconds=0.7),
        "exit_code": 0,
    }
    return Session(id=session_id, **(known | changes))


@dataclass
class Bridge:
    """One bridge: what it remembers, whom it asks, what it may tell."""

    cluster: Cluster = field(default_factory=Cluster)
    memory: Memory = field(default_factory=Memory)
    options: MakeOptions = field(default_factory=MakeOptions)

    def make(self, received: ReceivedEntry, tries: int = 0) -> Made:
        """Make events of what was heard."""
        return make(received, self.memory, self.cluster, self.options, tries)


def received(name: str, body: dict[str, Any], via: Via = "stream", **more: Any) -> ReceivedEntry:
    """Make up what was heard."""
    return ReceivedEntry(via, name, more.pop("source", "i-manager01"), body, more.pop("came", CAME), **more)


def changed(
    status: str, reason: str = "triggered-by-scheduler", via: Via = "pubsub", session_id: str = SESSION
) -> ReceivedEntry:
    """Make up a session's change of status."""
    body = {"session_id": session_id, "creation_id": "", "status_transition": status, "reason": reason}
    return received("scheduling", body, via)
