"""The event types that Backend.AI's own clients know."""

from notifications.core.model import DefaultMessage, EventType
from notifications.core.rule_types.making import Fields, event_types, optional, required, schema
from notifications.core.rule_types.session import CONTEXT, CONTEXT_FIELD

_SESSION: Fields = {
    "session_id": required("Session UUID"),
    "session_name": optional("User-defined session name"),
    "session_type": required("Session type (interactive, batch, inference, system)"),
    "cluster_mode": required("Cluster mode (single-node, multi-node)"),
    "status": required("Session status"),
}

STOCK = event_types(
    EventType(
        name="session.started",
        description="A compute session transitions to RUNNING.",
        json_schema=schema("SessionStartedMessage", _SESSION | CONTEXT_FIELD),
        built_in=True,
        added=frozenset({CONTEXT}),
        message=DefaultMessage(
            "Session started: {{ session_name or session_id }}",
            "The {{ session_type }} session {{ session_name or session_id }} is running.",
            (
                "session_id",
                "context.project",
                "context.user_email",
                "context.resource_group",
                "context.image",
                "context.requested_slots",
            ),
        ),
    ),
    EventType(
        name="session.terminated",
        description="A compute session transitions to TERMINATED.",
        json_schema=schema(
            "SessionTerminatedMessage",
            _SESSION | {"termination_reason": optional("Reason for termination")} | CONTEXT_FIELD,
        ),
        built_in=True,
        added=frozenset({CONTEXT}),
        message=DefaultMessage(
            "Session ended: {{ session_name or session_id }}",
            "The {{ session_type }} session {{ session_name or session_id }} has ended"
            "{% if termination_reason %}: {{ termination_reason }}{% endif %}.",
            ("session_id", "context.project", "context.user_email", "context.duration_seconds"),
        ),
    ),
    EventType(
        name="artifact.download.completed",
        description="An artifact download operation completes.",
        json_schema=schema(
            "ArtifactDownloadCompletedMessage",
            {
                "artifact_id": required("Artifact UUID"),
                "artifact_name": required("Artifact name"),
                "artifact_type": required("Artifact type (MODEL, PACKAGE, IMAGE)"),
                "registry_type": required("Registry type (HARBOR, HUGGINGFACE, RESERVOIR)"),
                "registry_id": required("Registry UUID"),
                "version": optional("Artifact version"),
                "status": required("Revision status (AVAILABLE, NEEDS_APPROVAL, FAILED)"),
                "success": required("Whether the download operation succeeded", "boolean"),
                "digest": optional("Artifact revision digest"),
                "verification_result": optional("Verification result", "object"),
            },
        ),
        built_in=True,
        message=DefaultMessage(
            "Download {{ 'completed' if success else 'failed' }}: {{ artifact_name }}",
            "{{ artifact_name }}{% if version %} {{ version }}{% endif %} is {{ status }}.",
            ("artifact_type", "registry_type", "version", "status", "digest", "verification_result"),
            "{{ 'error' if not success else 'warning' if status == 'NEEDS_APPROVAL' else 'success' }}",
        ),
    ),
    EventType(
        name="endpoint.lifecycle.changed",
        description="A model service endpoint moves from one lifecycle status to another.",
        json_schema=schema(
            "EndpointLifecycleChangedMessage",
            {
                "endpoint_id": required("Endpoint UUID"),
                "endpoint_name": required("Endpoint name"),
                "domain": required("Domain of the endpoint"),
                "project_id": required("Project UUID"),
                "resource_group": required("Resource group"),
                "from_status": optional("Lifecycle status before the change"),
                "to_status": required("Lifecycle status after the change"),
                "transition_result": required("Result of the transition"),
                "event_timestamp": required("When the change happened (ISO 8601)"),
            },
        ),
        built_in=True,
        message=DefaultMessage(
            "Endpoint {{ to_status }}: {{ endpoint_name }}",
            "The endpoint {{ endpoint_name }} went{% if from_status %} from {{ from_status }}{% endif %}"
            " to {{ to_status }}: {{ transition_result }}.",
            ("endpoint_id", "domain", "resource_group"),
            "{{ 'error' if 'fail' in transition_result | lower or 'error' in transition_result | lower"
            " else 'success' if to_status == 'READY' else 'info' }}",
        ),
    ),
)
"""The event types that Backend.AI's own clients know. They fail on any other, so they are shown no rule on
one."""
