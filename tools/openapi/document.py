"""The whole document."""

import importlib
import json
import sys
from copy import copy
from typing import Any

from local.common import ROOT
from notifications import __version__
from notifications.api.app import create_resolver
from tools.openapi import problems
from tools.openapi.operations import TAGS, describe
from tools.openapi.schemas import always_there, describe_all, markdown

ROUTERS = {
    "channels": ["channels_api.routes", "channels_api.v2_routes", "channels_api.revision_routes"],
    "rules": [
        "rules_api.routes",
        "rules_api.v2_routes",
        "rules_api.event_type_routes",
        "rules_api.revision_routes",
    ],
    "deliveries": [
        "deliveries_api.event_routes",
        "deliveries_api.replay_routes",
        "deliveries_api.delivery_routes",
    ],
    "mutes": ["mutes_api.routes"],
    "configuration": [
        "configuration_api.routes",
        "configuration_api.export_routes",
        "configuration_api.testing_routes",
    ],
    "verdicts": ["verdicts_api.routes", "verdicts_api.backtest_routes", "verdicts_api.preview_routes"],
    "service": ["service_api.routes", "service_api.status_routes"],
}
"""The modules with routes, by the folder of their function."""

DESCRIPTION = """
Sends events of Backend.AI, and others, to webhooks and by email. A rule says which events are sent to which
channel, and as what message.

Every operation but ``get_version`` needs a request that is signed with a keypair whose role suffices: viewer,
operator, editor or admin, each of which may do what those before it may. Those whose names begin with ``v2_``
are for Backend.AI's v2 clients, and do what their namesakes do.

Times in responses are RFC 3339, in UTC, with microseconds. Unknown keys in a request's body are ignored.
"""

SERVER = {
    "url": "{endpoint}",
    "description": "A stack of the service.",
    "variables": {
        "endpoint": {
            "default": "https://abc123.execute-api.us-east-1.amazonaws.com/v1",
            "description": "The stack's output `ApiUrl`, or `BACKEND_ENDPOINT` of the local stack.",
        }
    },
}

SIGNATURE = {
    "type": "apiKey",
    "in": "header",
    "name": "Authorization",
    "description": "`BackendAI signMethod=HMAC-SHA256, credential=ACCESS_KEY:SIGNATURE`. The signature covers"
    " method, path and query, and the headers `Date` (ISO 8601), `Host`, `Content-Type` and"
    " `X-BackendAI-Version`, which have to be there too. docs/api.md shows how it is made.",
}


def document() -> dict[str, Any]:
    """Make the document of all routes."""
    modules = _modules()
    # Copies, because a router belongs to the resolver that it was included in last, and tests call both.
    resolver = create_resolver(*(copy(module.router) for module in modules))
    made: dict[str, Any] = json.loads(
        resolver.get_openapi_json_schema(
            title="Backend.AI notification service", version=__version__, description=markdown(DESCRIPTION)
        )
    )
    components = made["components"]
    for name in ("HTTPValidationError", "ValidationError", "ResponseValidationError"):
        components["schemas"].pop(name, None)
    describe_all(components["schemas"])
    functions = {name: value for module in modules for name, value in vars(module).items()}
    for path, operations in made["paths"].items():
        for method, operation in operations.items():
            describe(operation, method, path, functions, components["schemas"])
    always_there(components["schemas"], made["paths"])
    made["servers"] = [SERVER]
    made["tags"] = [{"name": name, "description": text} for name, text in TAGS.items()]
    components["securitySchemes"] = {"keypair": SIGNATURE}
    components["schemas"]["Problem"] = problems.SCHEMA
    components["responses"] = problems.responses()
    return made


def _modules() -> list[Any]:
    for folder in ROUTERS:
        sys.path.insert(0, str(ROOT / "functions" / folder))
    return [importlib.import_module(name) for names in ROUTERS.values() for name in names]
