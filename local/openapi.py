"""Write the OpenAPI document from the code of the API functions."""

import importlib
import json
import sys
from pathlib import Path
from typing import Any

from local.common import ROOT
from notifications import __version__
from notifications.api.app import create_resolver

FILE = ROOT / "layers/notifications/notifications/api/openapi.json"

ROUTERS = {
    "channels": ["channels_api.routes", "channels_api.v2_routes"],
    "rules": ["rules_api.routes", "rules_api.v2_routes", "rules_api.event_type_routes"],
    "deliveries": ["deliveries_api.event_routes", "deliveries_api.delivery_routes"],
    "service": ["service_api.routes"],
}
"""The modules with routes, by the folder of their function."""

PROBLEM = {
    "type": "object",
    "required": ["type", "title", "error_code"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "error_code": {"type": "string"},
        "msg": {"type": "string"},
        "data": {"type": "object"},
    },
}
REFUSALS = {
    400: "The request, its Authorization, Date or version can not be understood or does not validate",
    401: "No credentials, an unknown or inactive key, or a signature that does not fit",
    403: "The caller is not a superadmin",
    404: "There is nothing with this id or name",
    409: "In use, built in, taken, changed meanwhile, or not in a state for this",
    413: "The body is larger than the gateway takes",
    429: "More requests than the stack's parameters allow",
    500: "The service failed, or for a channel's validation its receiver",
    504: "The service did not answer in time",
}
"""What an operation answers besides its result. The last ones but 500 are API Gateway's own."""

SIGNATURE = {
    "type": "apiKey",
    "in": "header",
    "name": "Authorization",
    "description": "BackendAI signMethod=HMAC-SHA256, credential=ACCESS_KEY:SIGNATURE; see docs/api.md",
}


def document() -> dict[str, Any]:
    """Make the document of all routes."""
    routers = []
    for folder, modules in ROUTERS.items():
        sys.path.insert(0, str(ROOT / "functions" / folder))
        routers += [importlib.import_module(module).router for module in modules]
    resolver = create_resolver(*routers)
    made: dict[str, Any] = json.loads(
        resolver.get_openapi_json_schema(
            title="Backend.AI notification service",
            version=__version__,
            description="Channels, rules, event types, events and deliveries."
            " All but GET / need Backend.AI's signature.",
        )
    )
    for path, operations in made["paths"].items():
        for method, operation in operations.items():
            del operation["responses"]["422"]
            for status in refusals(method, path):
                operation["responses"][str(status)] = {"$ref": f"#/components/responses/Problem{status}"}
            operation["security"] = [{"keypair": []}] if path != "/" else []
    made["components"]["securitySchemes"] = {"keypair": SIGNATURE}
    made["components"]["schemas"]["Problem"] = PROBLEM
    made["components"]["responses"] = {
        f"Problem{status}": {
            "description": text,
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status, text in REFUSALS.items()
    }
    for name in ("HTTPValidationError", "ValidationError", "ResponseValidationError"):
        made["components"]["schemas"].pop(name, None)
    return made


def refusals(method: str, path: str) -> list[int]:
    """List the statuses with which an operation may be refused."""
    found = [429, 500, 504]
    if path == "/":
        return found
    found += [400, 401, 403]
    last = path.rsplit("/", 1)[1]
    if "{" in path or last in {"delete", "validate"}:  # the v2 routes name in the body what they act on
        found.append(404)
    if method in {"post", "patch"}:
        found.append(413)
    if method != "get" and last not in {"search", "validate", "resume", "events"}:
        found.append(409)
    return sorted(found)


def text() -> str:
    """Write the document as it is kept."""
    return json.dumps(document(), indent=1, ensure_ascii=False, sort_keys=True) + "\n"


if __name__ == "__main__":
    Path(FILE).write_text(text(), encoding="utf-8")
