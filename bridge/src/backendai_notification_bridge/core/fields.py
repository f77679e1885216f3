"""The fields of each event type, as the service's schemas have them. No other field leaves the cluster.

A field that a newer Backend.AI adds is left out, because the service refuses fields that its schemas do not
have.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from backendai_notification_bridge.core.errors import Refused

Kind = Literal["string", "boolean", "integer", "object", "array"]

MAX_TEXT_CHARS = 2_000
"""Longer texts are cut, because the messages of failed tasks may quote whole logs."""

MAX_INTEGER = 2**53 - 1
"""Every JSON reader takes integers up to it."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an event type."""

    kind: Kind = "string"
    required: bool = False


_TEXT, _NEEDED = Field(), Field(required=True)
_OBJECT = Field("object")

_SESSION = {
    "session_id": _NEEDED,
    "session_name": _TEXT,
    "session_type": _NEEDED,
    "cluster_mode": _NEEDED,
    "status": _NEEDED,
    "context": _OBJECT,
}
_ABOUT_SESSION = {
    "session_id": _NEEDED,
    "session_name": _TEXT,
    "session_type": _TEXT,
    "cluster_mode": _TEXT,
    "context": _OBJECT,
}
_BATCH = {**_ABOUT_SESSION, "reason": _TEXT, "exit_code": Field("integer")}

TYPES: Mapping[str, Mapping[str, Field]] = {
    "session.started": _SESSION,
    "session.terminated": {**_SESSION, "termination_reason": _TEXT},
    "artifact.download.completed": {
        "artifact_id": _NEEDED,
        "artifact_name": _NEEDED,
        "artifact_type": _NEEDED,
        "registry_type": _NEEDED,
        "registry_id": _NEEDED,
        "version": _TEXT,
        "status": _NEEDED,
        "success": Field("boolean", required=True),
        "digest": _TEXT,
        "verification_result": _OBJECT,
    },
    "endpoint.lifecycle.changed": {
        "endpoint_id": _NEEDED,
        "endpoint_name": _NEEDED,
        "domain": _NEEDED,
        "project_id": _NEEDED,
        "resource_group": _NEEDED,
        "from_status": _TEXT,
        "to_status": _NEEDED,
        "transition_result": _NEEDED,
        "event_timestamp": _NEEDED,
    },
    "session.failed": _BATCH,
    "session.succeeded": _BATCH,
    "session.idle-reclaimed": {**_ABOUT_SESSION, "reason": _NEEDED},
    "agent.lost": {"agent_id": _NEEDED, "reason": _NEEDED},
    "agent.started": {"agent_id": _NEEDED, "reason": _TEXT},
    "agent.error": {"agent_id": _NEEDED, "message": _NEEDED, "severity": _TEXT},
    "bgtask.done": {"task_id": _NEEDED, "status": _NEEDED, "message": _TEXT},
    "bgtask.failed": {"task_id": _NEEDED, "status": _NEEDED, "message": _TEXT, "errors": Field("array")},
    "image.pull.failed": {"image": _NEEDED, "agent_id": _NEEDED, "message": _TEXT},
    "vfolder.clone.failed": {"vfolder_id": _NEEDED, "target_vfolder_id": _TEXT, "message": _TEXT},
    "model.import.done": {
        "model_id": _NEEDED,
        "revision": _NEEDED,
        "registry_type": _NEEDED,
        "registry_name": _NEEDED,
        "success": Field("boolean"),
        "digest": _TEXT,
        "verification_result": _OBJECT,
    },
    "bridge.gap": {"place": _NEEDED, "lost": Field("integer"), "from": _NEEDED, "to": _NEEDED},
}

_PYTHON: Mapping[Kind, type] = {"string": str, "boolean": bool, "integer": int, "object": dict, "array": list}


def fit(detail_type: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """Keep the fields that the type has. An optional field of another kind is left out.

    Raises:
        Refused: a required field is missing or of another kind.
    """
    fitted: dict[str, Any] = {}
    for name, field in TYPES[detail_type].items():
        value = data.get(name)
        if _is(value, field.kind):
            fitted[name] = _cut(value)
        elif field.required:
            raise Refused(f"{detail_type}: {name} is {_said(value)}, not of type {field.kind}")
        elif name in data and value is None:
            fitted[name] = None
    return fitted


def is_integer(value: Any) -> bool:
    """Return whether a value is an integer that every JSON reader takes."""
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= MAX_INTEGER


def _is(value: Any, kind: Kind) -> bool:
    if kind == "integer":
        return is_integer(value)
    return isinstance(value, _PYTHON[kind])


def _cut(value: Any) -> Any:
    if isinstance(value, str) and len(value) > MAX_TEXT_CHARS:
        return value[: MAX_TEXT_CHARS - 1] + "…"
    return value


def _said(value: Any) -> str:
    return "missing" if value is None else type(value).__name__
