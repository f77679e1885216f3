"""Files in YAML or JSON: their values as JSON has them, and the lines where these stand.

YAML is read by its core schema, so that ``no`` is a text and a time is one, too. What JSON cannot say is
refused: keys that are no texts, tags, a key that comes twice.
"""

import json
import math
import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn, TypeVar

import yaml
from yaml.nodes import MappingNode, Node, SequenceNode

from backendai_notification_cli.errors import CliError
from backendai_notification_cli.terminal.inputs import number, read_text, unambiguous
from backendai_notification_cli.terminal.visible import shortened

MAX_CHARS = 2 * 1024 * 1024
"""How long a file may be: YAML of that length takes some ten seconds."""

MAX_VALUES = 100_000
"""How many values a file may have; an alias counts as often as it is used."""

MAX_DEPTH = 100

T = TypeVar("T")
Place = Sequence[str | int]
"""The keys and indexes that lead to a value, from the document's root."""

_TAG = "tag:yaml.org,2002:"
_SCALARS: Mapping[str, tuple[str, Callable[[str], Any]]] = {
    "null": (r"~|null|Null|NULL|", lambda _: None),
    "bool": (r"true|True|TRUE|false|False|FALSE", lambda text: text.lower() == "true"),
    "int": (r"[-+]?[0-9]+", int),
    "float": (r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", float),
}
"""What a text without quotes stands for, and how it is read; any other is itself."""


class _Loader(yaml.SafeLoader):
    """A safe loader that knows the types of JSON."""

    yaml_implicit_resolvers: dict[Any, Any] = {}  # noqa: RUF012 - as in its base class


for _name, (_form, _) in _SCALARS.items():
    _Loader.add_implicit_resolver(_TAG + _name, re.compile(rf"(?:{_form})\Z"), None)


@dataclass(frozen=True, slots=True)
class FileDocument:
    """What a file says. ``path``: its name, as the command was given it. ``root``: where it says it."""

    path: str
    value: Any
    root: Node | None

    def fault(self, place: Place, message: str) -> CliError:
        """Make the error about a value, with the file, the line and the way to it."""
        name = spelled(place)
        return CliError(f"{self.path}:{self.line(place)}: {name}{': ' if name else ''}{message}")

    def check_keys(self, place: Place, value: Mapping[str, Any], known: Sequence[str]) -> None:
        """Refuse a key that is not known, with the nearest one."""
        for key in value:
            if key not in known:
                from difflib import get_close_matches

                near = get_close_matches(key, known, n=1, cutoff=0.0)
                raise self.fault((*place, key), f"is not a key here; the nearest is '{near[0]}'")

    def named_file(self, place: Place, name: Any, reader: Callable[[str], T]) -> T:
        """Read a file whose name is a value here, relative to this file.

        Raises:
            CliError: it is no name, or the file cannot be read.
        """
        if not isinstance(name, str):
            raise self.fault(place, "must be a file's name")
        folder = "" if self.path == "-" else os.path.dirname(self.path)  # noqa: PTH120 - pathlib takes 10 ms
        try:
            return reader(os.path.join(folder, name))  # noqa: PTH118 - see above
        except CliError as error:
            raise self.fault(place, error.message) from None

    def line(self, place: Place) -> int:
        """Return the line of a value, or of the last part of the way to it that there is."""
        found, line = self.root, 1
        for key in place:
            entry = _entry(found, key)
            if entry is None:
                break
            named, found = entry
            line = _line(named)
        return line


def read(path: str) -> FileDocument:
    """Read a file; ``-`` is standard input.

    Raises:
        CliError: it is neither YAML nor JSON, or says what JSON cannot; with the line.
    """
    text = read_text(path)
    if len(text) > MAX_CHARS:
        raise CliError(f"{path}: it has {len(text):,} characters, {MAX_CHARS:,} are allowed")
    root, fault = _composed(text, path)
    value = _json(text, path)
    if value is None:
        if root is None:
            raise fault or CliError(f"{path}: it is empty")
        value = _Reading(path).value(root, 0)
    return FileDocument(path, value, root)


def spelled(place: Place) -> str:
    """Write the way to a value: ``rules[0].name``."""
    return "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in place).removeprefix(".")


def _composed(text: str, path: str) -> tuple[Node | None, CliError | None]:
    try:
        return yaml.compose(text, Loader=_Loader), None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        return None, CliError(f"{path}:{line}: it is not YAML or JSON: {error.problem or error.context}")
    except (yaml.YAMLError, RecursionError) as error:
        return None, CliError(f"{path}: it is not YAML or JSON: {error}")


def _json(text: str, path: str) -> Any:
    """Read a text as JSON, which YAML reads nearly alike; None if it is none, or has a key twice."""
    if text.lstrip()[:1] not in {"{", "["}:
        return None

    def refuse(name: str) -> NoReturn:
        raise CliError(f"{path}: {name} is not a JSON value; as a text it must be in quotes")

    hooks: dict[str, Any] = {"parse_float": number, "parse_int": number, "parse_constant": refuse}
    try:
        return json.loads(text, object_pairs_hook=unambiguous, **hooks)
    except (ValueError, RecursionError):
        return None


class _Reading:
    """The reading of one document, which counts its values."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._left = MAX_VALUES

    def value(self, node: Node, depth: int) -> Any:
        """Read a value."""
        self._left -= 1
        if self._left < 0:
            raise self._fault(node, f"the file has more than {MAX_VALUES:,} values")
        if depth > MAX_DEPTH:
            raise self._fault(node, f"it is nested deeper than {MAX_DEPTH} levels")
        if isinstance(node, MappingNode):
            return self._mapping(node, depth)
        if isinstance(node, SequenceNode):
            return [self.value(item, depth + 1) for item in node.value]
        return self._scalar(node)

    def _mapping(self, node: MappingNode, depth: int) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for key, item in node.value:
            name = self.value(key, depth + 1)
            if not isinstance(name, str):
                raise self._fault(key, "a key must be a text: put it in quotes")
            if name in made:
                raise self._fault(key, f"the key {shortened(repr(name))} comes twice")
            made[name] = self.value(item, depth + 1)
        return made

    def _scalar(self, node: Node) -> Any:
        text: str = node.value
        if node.tag == _TAG + "str":
            return text
        form, make = _SCALARS.get(node.tag.removeprefix(_TAG), ("", str))
        if not form or not re.fullmatch(form, text):
            raise self._fault(node, f"the tag {node.tag} cannot be used here")
        if make in {int, float} and math.isinf(float(text)):
            raise self._fault(node, f"the number {shortened(text)} is beyond the range of a double")
        return make(text)

    def _fault(self, node: Node, message: str) -> CliError:
        return CliError(f"{self._path}:{_line(node)}: {message}")


def _entry(node: Node | None, key: str | int) -> tuple[Node, Node] | None:
    """Return the node that names a value, which is its key in an object, and the value's own."""
    if isinstance(node, MappingNode):
        return next(((name, item) for name, item in node.value if name.value == key), None)
    if isinstance(node, SequenceNode) and isinstance(key, int) and key < len(node.value):
        return node.value[key], node.value[key]
    return None


def _line(node: Node) -> int:
    return int(node.start_mark.line) + 1
