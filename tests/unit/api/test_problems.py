"""Every error becomes a problem document of the contract."""

import json
from typing import Any

import pytest

from notifications.api.problems import (
    CONTENT_TYPE,
    MalformedBody,
    MethodNotAllowed,
    UrlNotFound,
    internal_error,
    invalid_parameters,
    problem,
)
from notifications.core import errors
from notifications.core.errors import NotificationError

TABLE = [
    (MalformedBody("m"), 400, "generic-bad-request", "api_parsing_bad-request"),
    (errors.InvalidRequest("m"), 400, "generic-bad-request", "api_parsing_invalid-parameters"),
    (errors.SchemaMismatch("m", []), 400, "schema-validation-failed", "backendai_parsing_invalid-parameters"),
    (
        errors.TemplateError("m"),
        400,
        "notification-template-rendering-failure",
        "notification_generic_invalid-parameters",
    ),
    (errors.InvalidAuthParameters("m"), 400, "invalid-auth-params", "user_auth_invalid-parameters"),
    (errors.AuthenticationFailed("m"), 401, "auth-failed", "user_auth_unauthorized"),
    (errors.Forbidden("m"), 403, "generic-forbidden", "backendai_generic_forbidden"),
    (errors.EntityNotFound("m"), 404, "entity-not-found", "database_access_not-found"),
    (errors.ChannelNotFound("m"), 404, "notification-channel-not-found", "notification_read_not-found"),
    (errors.RuleNotFound("m"), 404, "notification-rule-not-found", "notification_read_not-found"),
    (UrlNotFound("m"), 404, "url-not-found", "api_read_not-found"),
    (MethodNotAllowed("m"), 405, "method-not-allowed", "api_access_forbidden"),
    (errors.ChannelConflict("m"), 409, "notification-channel-conflict", "notification_create_conflict"),
    (errors.RuleConflict("m"), 409, "notification-rule-conflict", "notification_create_conflict"),
    (errors.DeliveryConflict("m"), 409, "notification-delivery-conflict", "notification_create_conflict"),
    (
        errors.DeliveryFailed("m"),
        500,
        "notification-processing-failure",
        "notification_generic_internal-error",
    ),
    (errors.Unavailable("m"), 500, "internal-server-error", "backendai_generic_internal-error"),
]


def document(answer: dict[str, Any]) -> dict[str, Any]:
    """Read the problem document of a response."""
    assert answer["headers"]["Content-Type"] == CONTENT_TYPE == "application/problem+json; charset=utf-8"
    read: dict[str, Any] = json.loads(answer["body"])
    assert read["title"]
    return read


@pytest.mark.parametrize(("error", "status", "slug", "code"), TABLE, ids=lambda value: str(value)[:30])
def test_row(error: NotificationError, status: int, slug: str, code: str) -> None:
    """An error has the status, type and error code of its row in the contract's table."""
    answer = problem(error)
    read = document(answer)
    assert answer["statusCode"] == status
    assert (read["type"], read["error_code"]) == (f"https://api.backend.ai/probs/{slug}", code)
    assert read["msg"] == "m"


def test_data_is_told() -> None:
    """What an error carries as data is in the document; an error without has no such key."""
    assert document(problem(errors.ChannelConflict("m", {"rules": [1]})))["data"] == {"rules": [1]}
    assert "data" not in document(problem(errors.ChannelConflict("m")))


def test_unforeseen_failure_tells_nothing() -> None:
    """What failed unforeseen is not told to the caller."""
    read = document(internal_error())
    assert read.keys() == {"type", "title", "error_code"}


def test_invalid_parameters_do_not_repeat_the_input() -> None:
    """A validation fault is told by type, place and words, without the value that was sent."""
    fault = {"type": "too_long", "loc": ("body", "name"), "msg": "too long", "input": "s3cret"}
    answer = invalid_parameters([fault])
    assert document(answer)["data"] == {
        "errors": [{"type": "too_long", "loc": ["body", "name"], "msg": "too long"}]
    }
    assert "s3cret" not in answer["body"]
