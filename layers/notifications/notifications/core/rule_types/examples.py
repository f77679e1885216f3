"""Example values of built-in types' fields, for samples, because Backend.AI's schemas have no examples."""

from collections.abc import Mapping
from typing import Any

from notifications.core.model import EventType

_ANY_TYPE: Mapping[str, Any] = {
    "session_name": "train-resnet50",
    "session_type": "batch",
    "cluster_mode": "single-node",
    "project": "vision",
    "domain": "default",
    "domain_name": "default",
    "access_key": "AKIAIOSFODNN7EXAMPLE",
    "resource_group": "gpu-a100",
    "image": "cr.backend.ai/stable/python-pytorch:2.5-py312-cuda12.4",
    "duration_seconds": 5_400,
    "exit_code": 0,
    "agent_id": "i-gpu-node-07",
    "agent_ids": ["i-gpu-node-07"],
    "artifact_name": "google/gemma-3-4b-it",
    "artifact_type": "MODEL",
    "registry_type": "HUGGINGFACE",
    "registry_name": "huggingface",
    "version": "main",
    "digest": "sha256:9f2c4d7e1a",
    "endpoint_name": "chat-gemma",
    "channel_name": "Ops",
    "rule_name": "Failed sessions",
    "event_type": "session.failed",
    "event_id": "6f1c1c60-7a1e-4c4e-9f0a-2d6a5f7b8c9d",
    "count": 1,
    "last_status": 503,
    "error_class": "status",
}
_OF_TYPE: Mapping[str, Mapping[str, Any]] = {
    "session.started": {"status": "RUNNING"},
    "session.terminated": {"status": "TERMINATED", "termination_reason": "user-requested"},
    "session.failed": {"reason": "task-failed", "exit_code": 137},
    "session.succeeded": {"reason": "task-done"},
    "session.idle-reclaimed": {"reason": "idle-timeout", "session_type": "interactive"},
    "agent.lost": {"reason": "agent-lost"},
    "agent.started": {"reason": "self-started"},
    "agent.error": {"message": "The GPU 3 has fallen off the bus", "severity": "error"},
    "artifact.download.completed": {"status": "AVAILABLE"},
    "endpoint.lifecycle.changed": {
        "from_status": "PROVISIONING",
        "to_status": "READY",
        "transition_result": "success",
    },
    "bgtask.failed": {
        "status": "failed",
        "message": "The image could not be rescanned",
        "errors": ["cr.backend.ai/stable/python:3.13 is not there"],
    },
    "bgtask.done": {"status": "done", "message": "128 images rescanned"},
    "image.pull.failed": {"message": "no space left on device"},
    "vfolder.clone.failed": {"message": "The quota of the target is exceeded"},
    "model.import.done": {"model_id": "google/gemma-3-4b-it", "revision": "main"},
    "bridge.gap": {
        "place": "stream",
        "from": "2026-01-15T10:00:00Z",
        "to": "2026-01-15T10:30:00Z",
        "lost": 12,
    },
    "notification.channel.suspended": {
        "failing_since": "2026-01-15T10:00:00Z",
        "failures": 10,
        "reason": "status 503",
    },
    "notification.channel.resumed": {
        "suspended_since": "2026-01-15T10:00:00Z",
        "reason": "a probe got through",
    },
    "notification.channel.disabled": {"reason": "status 410", "last_status": 410},
    "notification.delivery.failed": {"attempts": 8, "reason": "status 503"},
    "notification.rule.render_failed": {"reason": "line 1: 'sesion_id' is undefined"},
}


def examples(event_type: EventType) -> Mapping[str, Any]:
    """Return values by the names of fields; none for a custom type, whose schema has its own."""
    return {**_ANY_TYPE, **_OF_TYPE.get(event_type.name, {})} if event_type.built_in else {}
