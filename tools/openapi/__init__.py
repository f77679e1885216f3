"""The OpenAPI document, made from the code of the API functions and the examples beside this file.

A route's function gives the operation its name and, by its docstring, summary and description. The text below
a field describes the field. Whoever adds a route adds an example, and ``tests/integration/test_examples.py``
asks the service for it.
"""

import json
from pathlib import Path
from typing import Any

from local.common import ROOT
from tools.openapi.document import document

FOLDER = ROOT / "layers/notifications/notifications/api"


def texts() -> dict[Path, str]:
    """Write the document, and what the functions read of it with their first request."""
    made = document()
    return {FOLDER / "openapi.json": _text(made), FOLDER / "routes.json": _text(routes(made))}


def routes(made: dict[str, Any]) -> dict[str, Any]:
    """Say by path and method whether a body is needed, and the names of the query parameters."""
    return {
        path: {
            method.upper(): {
                "needs_body": operation.get("requestBody", {}).get("required", False),
                "query": [one["name"] for one in operation.get("parameters", ()) if one["in"] == "query"],
            }
            for method, operation in operations.items()
        }
        for path, operations in made["paths"].items()
    }


def _text(value: dict[str, Any]) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
