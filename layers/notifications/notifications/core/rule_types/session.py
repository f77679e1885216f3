"""The fields that events of compute sessions share."""

from notifications.core.rule_types.making import Fields, optional, schema

CONTEXT = "context"
"""The field that says what else is known of a session: whose it is, where it runs, on what."""

CONTEXT_FIELDS: Fields = {
    "project": optional("Name of the project that the session belongs to"),
    "domain": optional("Name of the domain"),
    "user_id": optional("UUID of the session's owner"),
    "user_email": optional("Email address of the session's owner", format="email"),
    "access_key": optional("Access key that made the session; it is no secret"),
    "resource_group": optional("Resource group that the session runs in"),
    "image": optional("Image of the main container"),
    "requested_slots": optional(
        "What the session asked for, by resource slot",
        "object",
        additionalProperties={"type": "string"},
        examples=[{"cpu": "2", "mem": "4294967296", "cuda.device": "1"}],
    ),
    "created_at": optional("When the session was asked for (ISO 8601)"),
    "started_at": optional("When the session began to run (ISO 8601)"),
    "duration_seconds": optional("How long the session ran, in seconds", "integer"),
    "exit_code": optional("Exit code of a batch session's command", "integer"),
    "agent_ids": optional("Ids of the agents that run it", "array", items={"type": "string"}),
}

_SCHEMA = schema("SessionContext", CONTEXT_FIELDS)

CONTEXT_FIELD: Fields = {
    CONTEXT: optional(
        "What else is known of the session, as far as it may leave the cluster",
        _SCHEMA["type"],
        properties=_SCHEMA["properties"],
        additionalProperties=False,
    )
}
