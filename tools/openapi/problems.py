"""What is answered to a request that is refused, or that fails."""

import json
from typing import Any

from notifications.api.problems import TYPE_PREFIX, internal_error, problem
from notifications.api.roles import permit
from notifications.core import errors
from notifications.core.keypairs import Keypair

MEDIA_TYPE = "application/problem+json"
CHANNEL_ID = "550e8400-e29b-41d4-a716-446655440000"
RULE_ID = "8d1c7a54-3b0e-4f5a-9c1d-2f6e8b7a77aa"
MUTE_ID = "c3a9e1d0-52c7-4b8e-a1f4-7d60f2b95e13"
USER_ID = "f38dea23-50fa-42a0-b5ae-338f5f4693f4"

SCHEMA = {
    "title": "Problem",
    "description": "Why a request was refused, or failed.",
    "type": "object",
    "required": ["type", "title", "error_code"],
    "properties": {
        "type": {"type": "string", "format": "uri", "description": "What kind of problem it is, as a URI."},
        "title": {"type": "string", "description": "What kind of problem it is, in words."},
        "error_code": {"type": "string", "description": "What kind of problem it is, as Backend.AI has it."},
        "msg": {"type": "string", "description": "What is wrong with this request."},
        "data": {
            "type": "object",
            "additionalProperties": True,
            "description": "Details, such as a list of `errors`, or the `rules` that are in the way.",
        },
    },
}

DESCRIPTIONS = {
    400: "The request, its Authorization, Date or version cannot be understood or does not validate",
    401: "No credentials, an unknown or inactive key, or a signature that does not fit",
    403: "The keypair's role does not suffice",
    404: "There is nothing with this id or name",
    409: "In use, built in, taken, changed meanwhile, or not in a state for this",
    413: "The body is larger than the gateway takes",
    422: "The document of a set cannot be applied: `data.errors` has all that is wrong with it",
    429: "More requests than the stack's parameters allow",
    500: "The service failed, or for a channel's validation its receiver",
    504: "The service did not answer in time",
}
"""What an operation answers besides its result. The last ones but 500 are API Gateway's own."""


def responses() -> dict[str, Any]:
    """Describe the response to each status, with an example."""
    return {
        f"Problem{status}": {
            "description": text,
            "content": {
                MEDIA_TYPE: {
                    "schema": {"$ref": "#/components/schemas/Problem"},
                    "examples": {"problem": {"value": example}},
                }
            },
        }
        for (status, text), example in zip(DESCRIPTIONS.items(), _examples(), strict=True)
    }


def _examples() -> list[dict[str, Any]]:
    missing = {"type": "missing", "loc": ["session_id"], "msg": "Field required"}
    told = "The data does not fit the schema of session.started: session_id: Field required"
    using = {"rules": [{"id": RULE_ID, "name": "Sessions to the team"}]}
    in_use = f"Channel {CHANNEL_ID} is used by 1 rule(s); delete them first, or force it"
    ours = (
        errors.SchemaMismatch(told, [missing]),
        errors.AuthenticationFailed("Credentials are missing: the request has no Authorization header"),
        _forbidden(),
        errors.EntityNotFound(f"There is no channel {CHANNEL_ID}"),
        errors.ChannelConflict(in_use, using),
    )
    return [
        *(json.loads(problem(error)["body"]) for error in ours),
        _of_gateway("generic-bad-request", "Bad Request.", "api_parsing_bad-request", "Request Too Long"),
        json.loads(problem(_faults())["body"]),
        _of_gateway(
            "rate-limit-exceeded",
            "Too Many Requests.",
            "api_access_unavailable",
            "Too many requests; try again in a moment",
        ),
        json.loads(internal_error()["body"]),
        _of_gateway(
            "internal-server-error",
            "Internal Server Error.",
            "backendai_generic_internal-error",
            "Endpoint request timed out",
        ),
    ]


def _faults() -> errors.ConfigurationFaults:
    fault = "this document has no channel 'opps'; the nearest is 'ops'"
    place = ["rules", "failed", "channel"]
    return errors.ConfigurationFaults(
        f"{'.'.join(place)}: {fault}", {"errors": [{"type": "invalid", "loc": place, "msg": fault}]}
    )


def _forbidden() -> errors.Forbidden:
    caller = Keypair("AKIAEXAMPLEDASHBOARD", "", "viewer", USER_ID, active=True, name="dashboard")
    try:
        permit(caller, "POST", "/notifications/rules")
    except errors.Forbidden as error:
        return error
    raise AssertionError("a viewer may create rules")


def _of_gateway(slug: str, title: str, error_code: str, message: str) -> dict[str, Any]:
    """Write what template.yaml has API Gateway answer."""
    return {"type": TYPE_PREFIX + slug, "title": title, "error_code": error_code, "msg": message}
