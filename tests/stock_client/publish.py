"""Publish events as Backend.AI's manager, agents and storage proxy do, with its own code.

It runs in the environment of a release of Backend.AI's client, which has that code. Usage:
publish.py PORT MARK; MARK, a UUID, tells this run's events from others'.
"""

import asyncio
import sys
from datetime import UTC, datetime
from uuid import UUID

from ai.backend.common.defs import REDIS_STREAM_DB
from ai.backend.common.events.dispatcher import EventProducer
from ai.backend.common.events.event_types.agent.anycast import AgentTerminatedEvent
from ai.backend.common.events.event_types.bgtask.broadcast import BgtaskFailedEvent
from ai.backend.common.events.event_types.notification import NotificationTriggeredEvent
from ai.backend.common.events.event_types.session.anycast import SessionFailureAnycastEvent
from ai.backend.common.events.event_types.session.broadcast import SchedulingBroadcastEvent
from ai.backend.common.events.kernel import KernelLifecycleEventReason
from ai.backend.common.message_queue.redis_queue import RedisMQArgs, RedisQueue
from ai.backend.common.types import AgentId, HostPortPair, RedisTarget, SessionId

ARGUMENTS = RedisMQArgs(
    anycast_stream_key="events",
    broadcast_channel="events_all",
    consume_stream_keys=None,
    subscribe_channels=None,
    group_name="stock",
    node_id="stock",
    db=REDIS_STREAM_DB,
)
MANAGER, AGENT = AgentId("i-manager01"), AgentId("i-agent01")


async def main(port: int, mark: str) -> None:
    """Publish one of each: on the stream, on the channel, in a batch, and with a cache key."""
    queue = await RedisQueue.create(RedisTarget(addr=HostPortPair("127.0.0.1", port)), ARGUMENTS)
    producer = EventProducer(queue, source=MANAGER)
    session_id = SessionId(UUID(mark))
    try:
        await producer.anycast_event(downloaded(mark))
        await producer.broadcast_events_batch(
            [scheduled(session_id, status) for status in ("PREPARING", "CREATING", "RUNNING")]
        )
        await producer.anycast_event(
            SessionFailureAnycastEvent(
                session_id=session_id, reason=KernelLifecycleEventReason.TASK_FAILED, exit_code=1
            ),
            source_override=AGENT,
        )
        await producer.broadcast_events_batch(
            [
                scheduled(session_id, "TERMINATING", "user-requested"),
                scheduled(session_id, "TERMINATED"),
            ]
        )
        await producer.broadcast_event_with_cache(
            f"bgtask.{mark}", BgtaskFailedEvent(task_id=UUID(mark), message="out of disk space")
        )
        for _ in range(3):  # each manager process says so each second
            await producer.anycast_event(
                AgentTerminatedEvent(reason="agent-lost"), source_override=AgentId(f"i-{mark}")
            )
    finally:
        await producer.close()


def downloaded(mark: str) -> NotificationTriggeredEvent:
    """Make the event of a model's download."""
    return NotificationTriggeredEvent(
        rule_type="artifact.download.completed",
        timestamp=datetime.now(UTC),
        notification_data={
            "artifact_id": mark,
            "artifact_name": "llama",
            "artifact_type": "MODEL",
            "registry_type": "HUGGINGFACE",
            "registry_id": "b2b2b2b2-5555-4b5c-8d6e-000000000001",
            "status": "AVAILABLE",
            "success": True,
        },
    )


def scheduled(session_id: SessionId, status: str, reason: str = "triggered-by-scheduler") -> object:
    """Make the event of a session's change of status."""
    return SchedulingBroadcastEvent(
        session_id=session_id, creation_id="aBcDeFgHiJkLmNoPqRsTuV", status_transition=status, reason=reason
    )


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2]))
