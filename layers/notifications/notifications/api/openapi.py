"""The OpenAPI document of all routes. ``make openapi`` writes it from the code; a test keeps it true."""

import json
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def document() -> dict[str, Any]:
    """Return the document."""
    read: dict[str, Any] = json.loads(files("notifications.api").joinpath("openapi.json").read_text("utf-8"))
    return read


def methods_at(path: str) -> list[str]:
    """List the methods, in upper case, that a path takes; empty for an unknown path."""
    for template, operations in document()["paths"].items():
        if _fits(template, path):
            return sorted(method.upper() for method in operations)
    return []


def needs_body(method: str, template: str) -> bool:
    """Tell whether a route takes no request without a body. ``template``: its path, with parameters."""
    operation = document()["paths"].get(template, {}).get(method.lower(), {})
    required: bool = operation.get("requestBody", {}).get("required", False)
    return required


def query_names(method: str, template: str) -> list[str]:
    """List the query parameters that a route knows. ``template``: its path, with parameters."""
    operation = document()["paths"].get(template, {}).get(method.lower(), {})
    return [found["name"] for found in operation.get("parameters", ()) if found["in"] == "query"]


def _fits(template: str, path: str) -> bool:
    wanted, given = template.split("/"), path.split("/")
    return len(wanted) == len(given) and all(
        part == actual or (part.startswith("{") and actual)
        for part, actual in zip(wanted, given, strict=True)
    )
