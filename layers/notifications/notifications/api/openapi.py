"""The OpenAPI document of all routes, which ``make openapi`` writes from the code. A test compares the two.

The parts that each request is checked against have a file of their own, which is a hundredth of the size.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any


@cache
def document() -> dict[str, Any]:
    """Return the document."""
    return _read("openapi.json")


@cache
def _routes() -> dict[str, Any]:
    """Return, by path and method, whether a body is needed, and the names of the query parameters."""
    return _read("routes.json")


def _read(name: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(Path(__file__).with_name(name).read_text("utf-8"))
    return read


def methods_at(path: str) -> list[str]:
    """List the methods of a path in upper case; empty for an unknown path."""
    for template, methods in _routes().items():
        if _fits(template, path):
            return sorted(methods)
    return []


def needs_body(method: str, template: str) -> bool:
    """Return whether a route needs a request body. ``template``: its path, with parameters."""
    needed: bool = _routes().get(template, {}).get(method, {}).get("needs_body", False)
    return needed


def query_names(method: str, template: str) -> list[str]:
    """List the query parameters that a route knows. ``template``: its path, with parameters."""
    names: list[str] = _routes().get(template, {}).get(method, {}).get("query", [])
    return names


def _fits(template: str, path: str) -> bool:
    wanted, given = template.split("/"), path.split("/")
    return len(wanted) == len(given) and all(
        part == actual or (part.startswith("{") and actual)
        for part, actual in zip(wanted, given, strict=True)
    )
