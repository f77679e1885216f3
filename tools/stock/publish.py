"""Publish events as Backend.AI's manager, agents and storage proxy do, with its own code.

It runs in the environment of a release of Backend.AI's client, which has that code. Usage:
publish.py PORT MARK; MARK, a UUID, tells this run's events from others'.
"""

import asyncio
import sys
from datetime import UTC, datetime
from uuid import UUID

from ai.backend.common.data.artifact.types import ArtifactRegistryType
from ai.backend.common.defs import REDIS_STREAM_DB
from ai.backend.common.events.dispatcher import EventProducer
from ai.backend.common.events.event_types.agent.anycast import (
    AgentErrorEvent,
    AgentStartedEvent,
    AgentTerminatedEvent,
)
from ai.backend.common.events.event_types.artifact.anycast import ModelImportDoneEvent
from ai.backend.common.events.event_types.bgtask.broadcast import BgtaskFailedEvent
from ai.backend.common.events.event_types.image.anycast import ImagePullFailedEvent
from ai.backend.common.events.event_types.notification import NotificationTriggeredEvent
from ai.backend.common.events.event_types.session.anycast import (
    DoTerminateSessionEvent,
    SessionFailureAnycastEvent,
)
from ai.backend.common.events.event_types.session.broadcast import SchedulingBroadcastEvent
from ai.backend.common.events.event_types.vfolder.anycast import VFolderCloneFailureEvent
from ai.backend.common.events.kernel import KernelLifecycleEventReason
from ai.backend.common.message_queue.redis_queue import RedisMQArgs, RedisQueue
from ai.backend.common.types import AgentId, HostPortPair, RedisTarget, SessionId, VFolderID

ARGUMENTS = RedisMQArgs(
    anycast_stream_key="events",
    broadcast_channel="events_all",
    consume_stream_keys=None,
    subscribe_channels=None,
    group_name="stock",
    node_id="stock",
    db=REDIS_STREAM_DB,
)
MANAGER, AGENT, STORAGE = AgentId("i-manager01"), AgentId("i-agent01"), AgentId("i-storage01")


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
        for event in of_session(session_id):
            await producer.anycast_event(event, source_override=AGENT)
        await producer.broadcast_events_batch(
            [
                scheduled(session_id, "TERMINATING", "user-requested"),
                scheduled(session_id, "TERMINATED"),
            ]
        )
        await producer.broadcast_event_with_cache(
            f"bgtask.{mark}", BgtaskFailedEvent(task_id=UUID(mark), message="out of disk space")
        )
        for event in of_agent(mark):
            await producer.anycast_event(event, source_override=AgentId(f"i-{mark}"))
        for event in of_storage(mark):
            await producer.anycast_event(event, source_override=STORAGE)
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


def of_session(session_id: SessionId) -> list[object]:
    """Make the events of a batch session that failed, and of the idle checker."""
    return [
        SessionFailureAnycastEvent(
            session_id=session_id, reason=KernelLifecycleEventReason.TASK_FAILED, exit_code=1
        ),
        DoTerminateSessionEvent(session_id=session_id, reason=KernelLifecycleEventReason.IDLE_TIMEOUT),
    ]


def of_agent(mark: str) -> list[object]:
    """Make the events of an agent that is lost, which each manager process says each second."""
    return [
        AgentStartedEvent(reason="self-started"),
        AgentErrorEvent(message=f"made up by {mark}"),
        ImagePullFailedEvent(
            image=f"registry.example/{mark}", agent_id=AgentId(f"i-{mark}"), msg="manifest unknown"
        ),
        *[AgentTerminatedEvent(reason="agent-lost")] * 3,
    ]


def of_storage(mark: str) -> list[object]:
    """Make the events of a storage proxy."""
    folder = UUID(mark).hex
    return [
        VFolderCloneFailureEvent(
            vfid=VFolderID.from_str(f"user:{mark}/{folder}"),
            dst_vfid=VFolderID.from_str(f"user:{mark}/{folder[::-1]}"),
            message=f"no room for {mark}",
        ),
        ModelImportDoneEvent(
            model_id=f"org/{mark}",
            revision="main",
            registry_type=ArtifactRegistryType.HUGGINGFACE,
            registry_name="hf",
            success=True,
            digest=None,
            verification_result=None,
        ),
    ]


def scheduled(session_id: SessionId, status: str, reason: str = "triggered-by-scheduler") -> object:
    """Make the event of a session's change of status."""
    return SchedulingBroadcastEvent(
        session_id=session_id, creation_id="aBcDeFgHiJkLmNoPqRsTuV", status_transition=status, reason=reason
    )


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2]))
