"""What template.yaml says, read without CloudFormation."""

import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).parents[1] / "template.yaml"


class _Loader(yaml.SafeLoader):
    """Reads CloudFormation's short forms, like !Ref, as {tag: value}."""


def _short_form(loader: _Loader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    if isinstance(node, yaml.ScalarNode):
        return {suffix: loader.construct_scalar(node)}
    if isinstance(node, yaml.SequenceNode):
        return {suffix: loader.construct_sequence(node, deep=True)}
    assert isinstance(node, yaml.MappingNode)
    return {suffix: loader.construct_mapping(node, deep=True)}


_Loader.add_multi_constructor("!", _short_form)


_OF_CREATE_TABLE = frozenset(
    {"AttributeDefinitions", "BillingMode", "GlobalSecondaryIndexes", "KeySchema", "LocalSecondaryIndexes"}
)


@dataclass(frozen=True)
class Route:
    """One Api event of the template."""

    function: str
    handler: str
    method: str
    path: str


@cache
def _document() -> dict[str, Any]:
    with FILE.open(encoding="utf-8") as file:
        document: dict[str, Any] = yaml.load(file, _Loader)  # noqa: S506 - a SafeLoader
    return document


def resources() -> dict[str, Any]:
    """Return the template's resources."""
    found: dict[str, Any] = _document()["Resources"]
    return found


def parameters() -> dict[str, Any]:
    """Return the template's parameters."""
    found: dict[str, Any] = _document()["Parameters"]
    return found


def table_definition(name: str) -> dict[str, Any]:
    """Return what CreateTable needs to make a table of the template."""
    properties = resources()[name]["Properties"]
    definition = copy.deepcopy({key: properties[key] for key in properties.keys() & _OF_CREATE_TABLE})
    for index in definition.get("GlobalSecondaryIndexes", []):
        index.pop("WarmThroughput", None)
    return definition


CONSOLE = "ConsoleFunction"


def routes() -> Iterator[Route]:
    """List all routes of the API; the console's files are none."""
    for name, resource in resources().items():
        if name == CONSOLE:
            continue
        for event in resource.get("Properties", {}).get("Events", {}).values():
            if event["Type"] == "Api":
                properties = event["Properties"]
                handler = resource["Properties"]["Handler"]
                yield Route(name, handler, properties["Method"], properties["Path"])


def statements(function: str) -> list[dict[str, Any]]:
    """List the statements of a function's own policies."""
    policies = resources()[function]["Properties"].get("Policies", [])
    return [statement for policy in policies for statement in policy["Statement"]]


def grants(function: str) -> set[tuple[str, str]]:
    """Name what a function may do: actions, and the resources of this template, like Table/index/name."""
    return {
        (action, _named(resource))
        for statement in statements(function)
        for action in listed(statement["Action"])
        for resource in listed(statement["Resource"])
    }


def listed(value: Any) -> list[Any]:
    """Read what may be one or many."""
    return value if isinstance(value, list) else [value]


def _named(resource: Any) -> str:
    """Name a resource; a text that is no reference, like "*", stays as it is."""
    match resource:
        case {"GetAtt": name}:
            return str(name).removesuffix(".Arn")
        case {"Ref": name}:
            return str(name)
        case {"Sub": text}:
            return re.sub(r"\$\{(\w+)\.Arn\}", r"\1", text)
    return str(resource)
