"""The event types that are built in: those that Backend.AI itself knows, and the service's own.

Custom ones are kept in the store.
"""

from typing import Any

from notifications.core.model import EventType

_SESSION_FIELDS: dict[str, tuple[str, bool, str]] = {
    "session_id": ("string", True, "Session UUID"),
    "session_name": ("string", False, "User-defined session name"),
    "session_type": ("string", True, "Session type (interactive, batch, inference, system)"),
    "cluster_mode": ("string", True, "Cluster mode (single-node, multi-node)"),
    "status": ("string", True, "Session status"),
}


def _schema(title: str, fields: dict[str, tuple[str, bool, str]]) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    for name, (json_type, required, description) in fields.items():
        label = {"title": name.replace("_", " ").title(), "description": description}
        if required:
            properties[name] = {"type": json_type, **label}
        else:
            properties[name] = {"anyOf": [{"type": json_type}, {"type": "null"}], "default": None, **label}
    return {
        "title": title,
        "type": "object",
        "properties": properties,
        "required": [name for name, (_, required, _) in fields.items() if required],
        "additionalProperties": False,
    }


STOCK: dict[str, EventType] = {
    event_type.name: event_type
    for event_type in (
        EventType(
            name="session.started",
            description="A compute session transitions to RUNNING.",
            json_schema=_schema("SessionStartedMessage", _SESSION_FIELDS),
            built_in=True,
        ),
        EventType(
            name="session.terminated",
            description="A compute session transitions to TERMINATED.",
            json_schema=_schema(
                "SessionTerminatedMessage",
                _SESSION_FIELDS | {"termination_reason": ("string", False, "Reason for termination")},
            ),
            built_in=True,
        ),
        EventType(
            name="artifact.download.completed",
            description="An artifact download operation completes.",
            json_schema=_schema(
                "ArtifactDownloadCompletedMessage",
                {
                    "artifact_id": ("string", True, "Artifact UUID"),
                    "artifact_name": ("string", True, "Artifact name"),
                    "artifact_type": ("string", True, "Artifact type (MODEL, PACKAGE, IMAGE)"),
                    "registry_type": ("string", True, "Registry type (HARBOR, HUGGINGFACE, RESERVOIR)"),
                    "registry_id": ("string", True, "Registry UUID"),
                    "version": ("string", False, "Artifact version"),
                    "status": ("string", True, "Revision status (AVAILABLE, NEEDS_APPROVAL, FAILED)"),
                    "success": ("boolean", True, "Whether the download operation succeeded"),
                    "digest": ("string", False, "Artifact revision digest"),
                    "verification_result": ("object", False, "Verification result"),
                },
            ),
            built_in=True,
        ),
        EventType(
            name="endpoint.lifecycle.changed",
            description="A model service endpoint moves from one lifecycle status to another.",
            json_schema=_schema(
                "EndpointLifecycleChangedMessage",
                {
                    "endpoint_id": ("string", True, "Endpoint UUID"),
                    "endpoint_name": ("string", True, "Endpoint name"),
                    "domain": ("string", True, "Domain of the endpoint"),
                    "project_id": ("string", True, "Project UUID"),
                    "resource_group": ("string", True, "Resource group"),
                    "from_status": ("string", False, "Lifecycle status before the change"),
                    "to_status": ("string", True, "Lifecycle status after the change"),
                    "transition_result": ("string", True, "Result of the transition"),
                    "event_timestamp": ("string", True, "When the change happened (ISO 8601)"),
                },
            ),
            built_in=True,
        ),
    )
}
"""What Backend.AI's own clients know. They fail on any other type, so they are shown no rule on one."""

HEARTBEAT = "notification.heartbeat"

OWN: dict[str, EventType] = {
    HEARTBEAT: EventType(
        name=HEARTBEAT,
        description="Comes every 15 minutes, to show that events get through.",
        json_schema=_schema("Heartbeat", {}),
        built_in=True,
    )
}
"""What the service tells of itself."""

BUILT_IN = STOCK | OWN
