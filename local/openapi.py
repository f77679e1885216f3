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
    "description": "A refusal or a failure",
    "content": {
        "application/problem+json": {
            "schema": {
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
        }
    },
}
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
    for operations in made["paths"].values():
        for operation in operations.values():
            del operation["responses"]["422"]
            operation["responses"]["default"] = PROBLEM
            operation["security"] = [{"keypair": []}]
    made["paths"]["/"]["get"]["security"] = []
    made["components"]["securitySchemes"] = {"keypair": SIGNATURE}
    for name in ("HTTPValidationError", "ValidationError", "ResponseValidationError"):
        made["components"]["schemas"].pop(name, None)
    return made


def text() -> str:
    """Write the document as it is kept."""
    return json.dumps(document(), indent=1, ensure_ascii=False, sort_keys=True) + "\n"


if __name__ == "__main__":
    Path(FILE).write_text(text(), encoding="utf-8")
