"""The problem documents of errors, as the wire contract has them.

Only this module knows their HTTP statuses.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from notifications.core import errors
from notifications.core.errors import NotificationError
from notifications.core.texts import cut
from notifications.core.values import value

CONTENT_TYPE = "application/problem+json; charset=utf-8"
TYPE_PREFIX = "https://api.backend.ai/probs/"

MAX_PROBLEM_BYTES = 16 * 1024
"""The largest problem document."""

MAX_FAULTS_BYTES = 256 * 1024
"""The largest document about the faults of a set of configuration."""

MAX_MESSAGE_CHARS = 2_000
"""How much of the message is kept if a document is too large."""


@value
class Kind:
    """A row of the contract's table of errors."""

    status: int
    slug: str
    error_code: str
    title: str
    most_bytes: int = MAX_PROBLEM_BYTES


class MalformedBody(NotificationError):
    """A request body that is not JSON, or is too large."""


class UrlNotFound(NotificationError):
    """A path that the API does not have."""


class MethodNotAllowed(NotificationError):
    """A method that a path does not have."""


BAD_PARAMETERS = Kind(400, "generic-bad-request", "api_parsing_invalid-parameters", "Bad Request.")
INTERNAL = Kind(500, "internal-server-error", "backendai_generic_internal-error", "Internal Server Error.")

KINDS: dict[type[NotificationError], Kind] = {
    MalformedBody: Kind(400, "generic-bad-request", "api_parsing_bad-request", "Bad Request."),
    UrlNotFound: Kind(404, "url-not-found", "api_read_not-found", "Unknown URL Path."),
    MethodNotAllowed: Kind(405, "method-not-allowed", "api_access_forbidden", "HTTP Method Not Allowed."),
    errors.InvalidRequest: BAD_PARAMETERS,
    errors.MalformedEvent: BAD_PARAMETERS,
    errors.SchemaMismatch: Kind(
        400, "schema-validation-failed", "backendai_parsing_invalid-parameters", "Schema Validation Failed."
    ),
    errors.TemplateError: Kind(
        400,
        "notification-template-rendering-failure",
        "notification_generic_invalid-parameters",
        "Notification Template Rendering Failed.",
    ),
    errors.InvalidAuthParameters: Kind(
        400,
        "invalid-auth-params",
        "user_auth_invalid-parameters",
        "Missing or invalid authorization parameters.",
    ),
    errors.AuthenticationFailed: Kind(
        401, "auth-failed", "user_auth_unauthorized", "Credential/signature mismatch."
    ),
    errors.Forbidden: Kind(403, "generic-forbidden", "backendai_generic_forbidden", "Forbidden operation."),
    errors.EntityNotFound: Kind(404, "entity-not-found", "database_access_not-found", "Entity Not Found."),
    errors.ChannelNotFound: Kind(
        404,
        "notification-channel-not-found",
        "notification_read_not-found",
        "Notification Channel Not Found.",
    ),
    errors.RuleNotFound: Kind(
        404, "notification-rule-not-found", "notification_read_not-found", "Notification Rule Not Found."
    ),
    errors.ChannelConflict: Kind(
        409, "notification-channel-conflict", "notification_create_conflict", "Notification Channel Conflict."
    ),
    errors.RuleConflict: Kind(
        409, "notification-rule-conflict", "notification_create_conflict", "Notification Rule Conflict."
    ),
    errors.MuteConflict: Kind(
        409, "notification-mute-conflict", "notification_create_conflict", "Notification Mute Conflict."
    ),
    errors.EventTypeConflict: Kind(
        409, "notification-event-type-conflict", "notification_create_conflict", "Event Type Conflict."
    ),
    errors.ConfigurationFaults: Kind(
        422,
        "notification-configuration-faults",
        "notification_generic_invalid-parameters",
        "Configuration Faults.",
        MAX_FAULTS_BYTES,
    ),
    errors.ConfigurationChanged: Kind(
        409,
        "notification-configuration-changed",
        "notification_update_conflict",
        "Configuration Changed.",
    ),
    errors.ConfigurationLocked: Kind(
        409, "notification-configuration-locked", "notification_update_conflict", "Configuration Locked."
    ),
    errors.EventConflict: Kind(
        409, "notification-event-conflict", "notification_create_conflict", "Notification Event Conflict."
    ),
    errors.DeliveryConflict: Kind(
        409,
        "notification-delivery-conflict",
        "notification_create_conflict",
        "Notification Delivery Conflict.",
    ),
    errors.DeliveryFailed: Kind(
        500,
        "notification-processing-failure",
        "notification_generic_internal-error",
        "Notification Processing Failed.",
    ),
}


def problem(error: NotificationError) -> dict[str, Any]:
    """Return an error's problem document as a Lambda proxy response."""
    kind = next((KINDS[base] for base in type(error).__mro__ if base in KINDS), INTERNAL)
    return _response(kind, error.message, error.data)


def invalid_parameters(faults: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the response to a request that does not validate. ``faults``: as pydantic lists them."""
    shown = [
        {"type": fault["type"], "loc": list(fault["loc"]), "msg": fault["msg"].removeprefix("Value error, ")}
        for fault in faults
    ]
    message = "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in shown)
    return _response(BAD_PARAMETERS, message, {"errors": shown})


def internal_error() -> dict[str, Any]:
    """Return the response to an unexpected failure, whose details are only in the log."""
    return _response(INTERNAL, None, None)


def _response(kind: Kind, message: str | None, data: Mapping[str, Any] | None) -> dict[str, Any]:
    document: dict[str, Any] = {
        "type": TYPE_PREFIX + kind.slug,
        "title": kind.title,
        "error_code": kind.error_code,
    }
    if message is not None:
        document["msg"] = message
    if data is not None:
        document["data"] = data
    return {
        "statusCode": kind.status,
        "headers": {"Content-Type": CONTENT_TYPE},
        "body": _within_bounds(document, kind.most_bytes),
        "isBase64Encoded": False,
    }


def _within_bounds(document: dict[str, Any], most_bytes: int) -> str:
    """Write a document; if it is too large, cut the message and shorten the lists in its data."""
    text = _text(document)
    if len(text.encode()) <= most_bytes:
        return text
    if len(document.get("msg", "")) > MAX_MESSAGE_CHARS:
        document = {**document, "msg": cut(document["msg"], MAX_MESSAGE_CHARS)}
    data: Mapping[str, Any] = document.get("data") or {}
    while len((text := _text(document)).encode()) > most_bytes:
        data = {name: part[: len(part) // 2] for name, part in data.items() if isinstance(part, list)}
        if any(data.values()):
            document = {**document, "data": {**data, "shortened": True}}
        else:
            document = {name: part for name, part in document.items() if name != "data"}
    return text


def _text(document: Mapping[str, Any]) -> str:
    # A message may quote a lone surrogate, which UTF-8 cannot encode.
    return json.dumps(document, ensure_ascii=False).encode(errors="replace").decode()
