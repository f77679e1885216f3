"""The event types that the bridge makes from Backend.AI's event stream, besides those its clients know."""

from notifications.core.model import DefaultMessage, EventType
from notifications.core.rule_types.making import Fields, event_types, optional, required, schema
from notifications.core.rule_types.session import CONTEXT_FIELD

_SESSION: Fields = {
    "session_id": required("Session UUID"),
    "session_name": optional("User-defined session name"),
    "session_type": optional("Session type (interactive, batch, inference, system)"),
    "cluster_mode": optional("Cluster mode (single-node, multi-node)"),
}
_ENDED: Fields = {
    **_SESSION,
    "reason": optional("Why the command ended, as Backend.AI has it"),
    "exit_code": optional("Exit code of the command", "integer"),
    **CONTEXT_FIELD,
}
_TASK_ID = required("UUID of the background task")
_TASK_MESSAGE = optional("What the task says of its end")
_NAMED = "{{ session_name or session_id }}"


def _type(name: str, description: str, fields: Fields, message: DefaultMessage) -> EventType:
    title = "".join(part.title() for part in name.replace("-", ".").split("."))
    return EventType(
        name=name,
        description=description,
        json_schema=schema(f"{title}Message", fields),
        built_in=True,
        message=message,
    )


BRIDGED = event_types(
    _type(
        "session.failed",
        "The command of a batch session ended with an error.",
        _ENDED,
        DefaultMessage(
            f"Batch session failed: {_NAMED}",
            f"The command of {_NAMED} failed"
            "{% if exit_code is not none %} with exit code {{ exit_code }}{% endif %}.",
            ("session_id", "reason", "context.project", "context.user_email", "context.duration_seconds"),
            "error",
        ),
    ),
    _type(
        "session.succeeded",
        "The command of a batch session ended without an error.",
        _ENDED,
        DefaultMessage(
            f"Batch session succeeded: {_NAMED}",
            f"The command of {_NAMED} ended without an error.",
            ("session_id", "context.project", "context.user_email", "context.duration_seconds"),
            "success",
        ),
    ),
    _type(
        "session.idle-reclaimed",
        "The idle checker decides to end a session.",
        {
            **_SESSION,
            "reason": required("What ran out (idle-timeout, idle-session-lifetime, idle-utilization)"),
            **CONTEXT_FIELD,
        },
        DefaultMessage(
            f"Idle session reclaimed: {_NAMED}",
            f"Backend.AI ends the session {_NAMED}: {{{{ reason }}}}.",
            ("session_id", "context.project", "context.user_email", "context.requested_slots"),
            "warning",
        ),
    ),
    _type(
        "agent.lost",
        "The manager no longer hears an agent; told once, however often it says so.",
        {"agent_id": required("Agent id"), "reason": required("Reason (agent-lost)")},
        DefaultMessage(
            "Agent lost: {{ agent_id }}",
            "The manager no longer hears from the agent {{ agent_id }}. Sessions on it may be lost.",
            ("agent_id",),
            "critical",
        ),
    ),
    _type(
        "agent.started",
        "An agent has started, or is heard again.",
        {"agent_id": required("Agent id"), "reason": optional("Reason (self-started, revived)")},
        DefaultMessage(
            "Agent started: {{ agent_id }}",
            "The agent {{ agent_id }} {{ 'is heard from again' if reason == 'revived' else 'has started' }}.",
            ("agent_id",),
            "success",
        ),
    ),
    _type(
        "agent.error",
        "An agent reports an error.",
        {
            "agent_id": required("Agent id"),
            "message": required("What the agent says of it"),
            "severity": optional("Severity (error, critical, warning)"),
        },
        DefaultMessage(
            "Agent error: {{ agent_id }}",
            "The agent {{ agent_id }} reports: {{ message }}",
            ("agent_id",),
            "{{ severity if severity in ('warning', 'critical') else 'error' }}",
        ),
    ),
    _type(
        "bgtask.failed",
        "A background task failed, was cancelled, or did only a part of its work.",
        {
            "task_id": _TASK_ID,
            "status": required("How it ended (failed, cancelled, partial_success)"),
            "message": _TASK_MESSAGE,
            "errors": optional("What failed of a task that did a part", "array", items={"type": "string"}),
        },
        DefaultMessage(
            "Background task {{ {'partial_success': 'done in part'}.get(status, status) }}",
            "The background task {{ task_id }} ended as {{ status }}"
            "{% if message %}: {{ message }}{% endif %}",
            ("task_id", "errors"),
            "{{ 'error' if status == 'failed' else 'warning' }}",
        ),
    ),
    _type(
        "bgtask.done",
        "A background task is done.",
        {"task_id": _TASK_ID, "status": required("How it ended (done)"), "message": _TASK_MESSAGE},
        DefaultMessage(
            "Background task done",
            "The background task {{ task_id }} is done{% if message %}: {{ message }}{% endif %}",
            ("task_id",),
            "success",
        ),
    ),
    _type(
        "image.pull.failed",
        "An agent could not pull a container image.",
        {
            "image": required("Name of the image"),
            "agent_id": required("Agent id"),
            "message": optional("Why, as the agent has it"),
        },
        DefaultMessage(
            "Image pull failed: {{ image }}",
            "The agent {{ agent_id }} could not pull {{ image }}{% if message %}: {{ message }}{% endif %}",
            ("image", "agent_id"),
            "error",
        ),
    ),
    _type(
        "vfolder.clone.failed",
        "A virtual folder could not be cloned.",
        {
            "vfolder_id": required("Id of the folder to clone"),
            "target_vfolder_id": optional("Id of the folder that it was to become"),
            "message": optional("Why, as the storage proxy has it"),
        },
        DefaultMessage(
            "Folder clone failed",
            "The folder {{ vfolder_id }} could not be cloned{% if message %}: {{ message }}{% endif %}",
            ("vfolder_id", "target_vfolder_id"),
            "error",
        ),
    ),
    _type(
        "model.import.done",
        "The import of a model from a registry came to its end.",
        {
            "model_id": required("Name of the model in its registry"),
            "revision": required("Revision of the model"),
            "registry_type": required("Kind of registry (huggingface, reservoir)"),
            "registry_name": required("Name of the registry"),
            "success": optional("Whether it was imported; null in releases that do not say", "boolean"),
            "digest": optional("Digest of what was imported"),
            "verification_result": optional("Verification result", "object"),
        },
        DefaultMessage(
            "Model import {{ 'failed' if success == false else 'done' }}: {{ model_id }}",
            "The import of {{ model_id }} ({{ revision }}) "
            "{{ 'failed' if success == false else 'is done' }}.",
            ("model_id", "revision", "registry_name", "digest", "verification_result"),
            "{{ 'error' if success == false else 'success' }}",
        ),
    ),
    _type(
        "bridge.gap",
        "The bridge was away, and events that came meanwhile were gone before it could read them.",
        {
            "place": required("Where they were (stream, pubsub)"),
            "from": required("Since when events may be missing (ISO 8601)"),
            "to": required("Until when (ISO 8601)"),
            "lost": optional("How many entries are missing; null if nobody can know", "integer"),
        },
        DefaultMessage(
            "Events of Backend.AI were missed",
            "Between {{ from }} and {{ to }} the bridge could not read "
            "{% if lost is none %}events{% else %}{{ lost }} entries{% endif %} of Backend.AI ({{ place }}).",
            ("from", "to", "lost"),
            "error",
        ),
    ),
)
"""Like custom types, these and their rules are not shown to Backend.AI's own clients."""
