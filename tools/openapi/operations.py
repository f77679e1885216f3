"""The operations: named, described, and with the examples of examples.json."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from notifications.api.roles import NEEDED
from tools.openapi.problems import CHANNEL_ID, MUTE_ID, RULE_ID
from tools.openapi.schemas import markdown, plain

TAGS = {
    "channels": "Where messages are sent, and how.",
    "rules": "Which events are sent to which channel, and as what message.",
    "rule types": "The event types that Backend.AI knows, as its clients ask for them.",
    "event types": "What events there can be, with the schemas of their fields.",
    "events": "What happened, and what became of it.",
    "mutes": "What is not to be sent for a while.",
    "simulations": "What would become of an event.",
    "deliveries": "One event on its way to one rule's channel.",
    "audit": "Who changed what of the configuration, and when.",
    "service": "The service itself.",
}

EVENT_ID = "5f0c2d34-8a3e-4a53-8f0b-6c1b1f0e9e1d"
PATH_PARAMETERS = {
    "channel_id": ("The channel's id", CHANNEL_ID),
    "rule_id": ("The rule's id", RULE_ID),
    "mute_id": ("The mute's id", MUTE_ID),
    "rule_type": ("The rule type's name, in any case", "session.started"),
    "name": ("The event type's name, in any case", "quota.exceeded"),
    "number": ("The revision's number", "1"),
    "event_id": ("The event's id", EVENT_ID),
    "delivery_id": (
        "The delivery's id: the event's id, an underscore and the rule's id",
        f"{EVENT_ID}_{RULE_ID}",
    ),
}
"""What stands in the paths, with an example."""

_TRIALS = frozenset({"validate", "simulations", "backtests", "previews"})
_NAMING_IN_THE_BODY = _TRIALS | {"delete"}
_WITHOUT_CONFLICT = _TRIALS | {"search", "resume", "tail", "plan", "export", "test"}
"""The last parts of paths: of operations whose bodies name what they act on, which may not exist, and of
operations that are never refused because of what is stored.
"""


@dataclass(frozen=True)
class Example:
    """A request to an operation and the response. ``path``, ``query``: the parameters that are given."""

    operation: str
    name: str
    response: Any
    request: Any = None
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)


@cache
def examples() -> list[Example]:
    """Read the examples, of which ``tests/integration/test_examples.py`` proves that they are true."""
    text = Path(__file__).with_name("examples.json").read_text("utf-8")
    return [Example(**example) for example in json.loads(text)]


def describe(
    operation: dict[str, Any],
    method: str,
    path: str,
    functions: Mapping[str, Callable[..., Any]],
    schemas: Mapping[str, Any],
) -> None:
    """Describe an operation by its function: the name is the id, the docstring the text."""
    name = operation["operationId"].removesuffix(re.sub(r"\W", "_", f"{path}_{method}"))
    summary, _, text = markdown(functions[name].__doc__ or "").partition("\n\n")
    operation |= {
        "operationId": name,
        "summary": summary.removesuffix("."),
        "description": f"{text or summary}{_role(method, path)}",
        "tags": [tag(path)],
        "security": [{"keypair": []}] if path != "/" else [],
    }
    for parameter in operation.get("parameters", ()):
        _describe_parameter(parameter)
    own = [example for example in examples() if example.operation == name]
    if "requestBody" in operation:
        _describe_body(operation["requestBody"], {one.name: one.request for one in own if one.request})
    del operation["responses"]["422"]
    (result,) = operation["responses"].values()
    _describe_result(result, {one.name: one.response for one in own}, schemas)
    for status in refusals(method, path):
        operation["responses"][str(status)] = {"$ref": f"#/components/responses/Problem{status}"}


def _role(method: str, path: str) -> str:
    if path == "/":
        return ""
    route = f"{method.upper()} {path}"
    if route not in NEEDED:
        raise KeyError(f"{route} needs a row in notifications/api/roles.py: who may call it?")
    return f" It needs the role {NEEDED[route]}."


def tag(path: str) -> str:
    """Name the kind of thing that a path is about."""
    if path.endswith(("/backtests", "/previews")):
        return "rules"
    kinds = {part.replace("-", " ") for part in path.split("/")} & TAGS.keys()
    return kinds.pop() if kinds else "service"


def refusals(method: str, path: str) -> list[int]:
    """List the statuses with which an operation may be refused."""
    found = [429, 500, 504]
    if path == "/":
        return found
    found += [400, 401, 403]
    last = path.rsplit("/", 1)[1]
    if "{" in path or last in _NAMING_IN_THE_BODY:
        found.append(404)
    if method in {"post", "patch"}:
        found.append(413)
    if method != "get" and last not in _WITHOUT_CONFLICT:
        found.append(409)
    if last in {"plan", "apply", "adopt", "test"}:
        found.append(422)
    return sorted(found)


def _describe_parameter(parameter: dict[str, Any]) -> None:
    if parameter["in"] == "header":
        parameter["name"] = parameter["name"].title()
    if parameter["in"] == "path":
        parameter["description"], parameter["example"] = PATH_PARAMETERS[parameter["name"]]
    schema = plain(parameter["schema"])
    match schema:
        case {"anyOf": [only, {"type": "null"}]}:  # a query has no null: what is not meant is left out
            schema = {key: value for key, value in schema.items() if key != "anyOf"} | only
    parameter["schema"] = schema


def _describe_body(body: dict[str, Any], values: Mapping[str, Any]) -> None:
    media = body["content"]["application/json"]
    match media["schema"]:
        case {"anyOf": [only, {"type": "null"}]}:  # there may be none at all, but none that is null
            media["schema"] = only
    media["examples"] = {name: {"value": value} for name, value in values.items()}


def _describe_result(result: dict[str, Any], values: Mapping[str, Any], schemas: Mapping[str, Any]) -> None:
    media = result["content"]["application/json"]
    media["schema"] = plain(media["schema"])
    model = schemas.get(media["schema"].get("$ref", "").rsplit("/", 1)[-1])
    result["description"] = model["description"].split("\n\n")[0] if model else "The OpenAPI document."
    if values:
        media["examples"] = {name: {"value": value} for name, value in values.items()}
