"""Exports of sets, and what they become on another stack."""

from collections.abc import Mapping
from typing import Any

from tests.cloud import aws
from tests.cloud.gateway import Answer, call
from tests.integration.sets import PATH
from tests.samples.config_sets import Document


def exported(name: str = "prod", **more: Any) -> tuple[Document, list[dict[str, Any]]]:
    """Export a set; return the document and its variables."""
    reply = answered(call("POST", f"{PATH}/export", {"set": name, **more}))
    return reply["document"], reply["variables"]


def answered(answer: Answer) -> dict[str, Any]:
    """Return what was answered with success."""
    assert answer.status == 200, answer
    found: dict[str, Any] = answer.json
    return found


def another_stack() -> None:
    """Begin with an empty stack."""
    aws.forget()
    aws.create()


def with_secrets(document: Document, variables: list[dict[str, Any]], source: Document) -> Document:
    """Put secrets in the place of the variables of an export. ``source``: the document that has them."""
    made: Document = _filled(document, secrets(variables, source))
    return made


def secrets(variables: list[dict[str, Any]], source: Document) -> dict[str, str]:
    """Return what the variables of an export stand for. ``source``: the document that has it."""
    return {each["name"]: _at(source["channels"][each["key"]], each["path"]) for each in variables}


def _at(channel: Any, path: str) -> str:
    header = path.removeprefix("spec.headers.")
    value = channel["spec"]["headers"][header] if header != path else channel
    for name in path.split(".") if header == path else ():
        value = value[name]
    return str(value)


def _filled(part: Any, variables: Mapping[str, str]) -> Any:
    match part:
        case str():
            return filled(part, variables)
        case dict():
            return {name: _filled(inner, variables) for name, inner in part.items()}
        case list():
            return [_filled(inner, variables) for inner in part]
        case _:
            return part


def filled(text: str, variables: Mapping[str, str]) -> str:
    """Resolve the references of a text, as the command line does."""
    made, rest = "", text
    while (at := rest.find("${")) >= 0:
        if rest[:at].endswith("$"):
            made, rest = made + rest[: at - 1] + "${", rest[at + 2 :]
        else:
            end = rest.index("}", at)
            made, rest = (
                made + rest[:at] + variables[rest[at + 2 : end].removeprefix("env:")],
                rest[end + 1 :],
            )
    return made + rest
