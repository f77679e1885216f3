"""The schemas of the documents: every field with a description, and each set of choices with a name."""

import ast
import inspect
import json
import re
import textwrap
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, get_args

from notifications.api.models import Document
from notifications.api.v2 import V2Direction
from notifications.core.channel_health import State
from notifications.core.event_records import EventStatus
from notifications.core.model import ChannelType, RetryName
from notifications.core.records import DeliveryStatus
from notifications.core.search import Direction, OrderField

CHOICES = {
    "ChannelState": (State, "Whether a channel's receiver is well."),
    "ChannelType": (ChannelType, "How a channel sends."),
    "DeliveryStatus": (DeliveryStatus, "What became of a delivery."),
    "EventStatus": (EventStatus, "What became of an event."),
    "OrderDirection": (Direction, "Ascending or descending."),
    "OrderField": (OrderField, "What a search can sort by."),
    "RetrySchedule": (RetryName, "When failed deliveries are tried again."),
    "V2OrderDirection": (V2Direction, "Ascending or descending."),
}
"""What has a name, so that it is one type in a generated client. The rest stands where it is used."""

_NAMES = {get_args(choice): name for name, (choice, _) in CHOICES.items()}
_COMPARISONS = {
    "equals": "is this text",
    "contains": "contains this text",
    "starts_with": "begins with this text",
    "ends_with": "ends with this text",
    "in": "is one of these texts",
}
_NOISE = ("title", "description")


def describe_all(schemas: dict[str, Any]) -> None:
    """Describe each schema and its fields by the texts in the code, and add those that have no class."""
    models = {model.__name__: model for model in _models(Document)}
    for name, schema in schemas.items():
        texts = dict(_texts(models[name]))
        schema["description"] = markdown(schema["description"])
        schema["properties"] = {
            field: plain(part) | {"description": markdown(texts.get(field, ""))}
            for field, part in schema["properties"].items()
        }
    for name in ("ChannelFilter", "RuleFilter", "V2Filter"):
        schemas[name]["properties"]["name"]["anyOf"][0] = {"$ref": "#/components/schemas/StringFilter"}
    schemas["StringFilter"] = _string_filter()
    for name, (choice, text) in CHOICES.items():
        schemas[name] = {"title": name, "description": text, "type": "string", "enum": list(get_args(choice))}


def always_there(schemas: dict[str, Any], paths: dict[str, Any]) -> None:
    """Require all fields of responses: a field that a request may omit is never missing in a response."""
    sent = _referred(
        [operation.get("requestBody") for operations in paths.values() for operation in operations.values()],
        schemas,
    )
    for name in schemas.keys() - sent:
        if "properties" in schemas[name]:
            schemas[name]["required"] = list(schemas[name]["properties"])


def _referred(value: Any, schemas: dict[str, Any]) -> set[str]:
    """Name the schemas that a value refers to, and those that they refer to."""
    found: set[str] = set()
    names = set(re.findall(r"#/components/schemas/(\w+)", json.dumps(value)))
    while names:
        found |= names
        referred = re.findall(r"#/components/schemas/(\w+)", json.dumps([schemas[name] for name in names]))
        names = set(referred) - found
    return found


def plain(schema: Any) -> Any:
    """Leave out what pydantic makes of names, and let choices be references to their names.

    What fits one of the alternatives may fit another too: an ``EmailIn`` is also ``EmailParts``.
    """
    match schema:
        case {"enum": list(choices)} if tuple(choices) in _NAMES:
            kept = {key: value for key, value in schema.items() if key not in {*_NOISE, "enum", "type"}}
            return {"$ref": f"#/components/schemas/{_NAMES[tuple(choices)]}", **kept}
        case dict():
            return {
                "anyOf" if key == "oneOf" else key: plain(value)
                for key, value in schema.items()
                if key not in _NOISE
            }
        case list():
            return [plain(part) for part in schema]
        case float() if schema.is_integer():
            return int(schema)
        case _:
            return schema


def markdown(text: str) -> str:
    """Write a docstring's text as OpenAPI has it: paragraphs are lines, and code is in single quotes."""
    paragraphs = inspect.cleandoc(text).replace("``", "`").split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)


def _models(base: type[Document]) -> Iterator[type[Document]]:
    for model in base.__subclasses__():
        yield model
        yield from _models(model)


def _texts(model: type[Document]) -> Iterator[tuple[str, str]]:
    """Find the text below each field. It is in the source only: at run time nobody needs it."""
    for base in reversed(model.__mro__):
        if issubclass(base, Document):
            body = ast.parse(textwrap.dedent(inspect.getsource(base))).body[0]
            assert isinstance(body, ast.ClassDef)  # noqa: S101 - it is the source of a class
            yield from _below_fields(body.body)


def _below_fields(statements: list[ast.stmt]) -> Iterator[tuple[str, str]]:
    for field, below in pairwise(statements):
        match field, below:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                yield name, text


def _string_filter() -> dict[str, Any]:
    """Describe what ``notifications.core.search.string_filter`` reads."""
    properties: dict[str, Any] = {}
    for case, told_case in (("", ""), ("i_", ", whatever the case")):
        for negation, told_negation in (("", "It "), ("not_", "It is not so that it ")):
            for comparison, told in _COMPARISONS.items():
                one: dict[str, Any] = {"type": "string"}
                wanted = {"type": "array", "items": one} if comparison == "in" else one
                properties[f"{case}{negation}{comparison}"] = {
                    "anyOf": [wanted, {"type": "null"}],
                    "description": f"{told_negation}{told}{told_case}.",
                }
    return {
        "title": "StringFilter",
        "description": "A condition on a text. Only the first key that is not null counts.",
        "type": "object",
        "properties": properties,
    }
