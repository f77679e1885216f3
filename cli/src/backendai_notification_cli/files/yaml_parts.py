"""Take YAML apart, by its core schema: ``no`` is a text, and a time is one, too."""

import math
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import yaml

from backendai_notification_cli.files.building import MERGE, Part
from backendai_notification_cli.terminal.visible import shortened

_PARSER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's, of which a wheel of PyYAML always has one: it is five times as fast."""

TAG = "tag:yaml.org,2002:"
SCALARS: Mapping[str, tuple[str, Callable[[str], Any]]] = {
    "null": (r"~|null|Null|NULL|", lambda _: None),
    "bool": (r"true|True|TRUE|false|False|FALSE", lambda text: text.lower() == "true"),
    "int": (r"[-+]?[0-9]+", int),
    "float": (r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", float),
}
"""What a text without quotes stands for, and how it is read; any other is itself."""

_PLAIN = re.compile("|".join(f"(?P<t{name}>(?:{form})\\Z)" for name, (form, _) in SCALARS.items()))
_SAID = (
    ("cannot start any token", "\t", "a tab stands here: YAML is indented with spaces"),
    ("cannot start any token", "", "{!r} cannot begin a text: put it in quotes"),
    ("mapping values are not allowed", "", "': ' inside a text: put the text in quotes"),
    ("found undefined alias", "", "{!r} is an alias without an anchor: put it in quotes if it is a text"),
)
"""What the parser finds, which character stands there, and how it is said."""


class NotYaml(Exception):
    """A text is not YAML. ``line``: None where nobody knows it."""

    def __init__(self, line: int | None, message: str) -> None:
        super().__init__(message)
        self.line = line


def yaml_parts(text: str) -> Iterator[Part]:
    """Yield the parts of the one document that a text has.

    Raises:
        NotYaml: it is no YAML, or has several documents.
    """
    documents = 0
    try:
        for event in yaml.parse(text, Loader=_PARSER):
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise NotYaml(_line(event), "another document begins here: one is read")
            elif (part := _part(event)) is not None:
                yield part
    except yaml.MarkedYAMLError as error:
        raise _explained(text, error) from None
    except (yaml.YAMLError, UnicodeEncodeError) as error:
        raise NotYaml(None, str(error).partition("\n")[0]) from None


def _part(event: Any) -> Part | None:
    line = _line(event)
    match event:
        case yaml.ScalarEvent():
            return _scalar(event, line)
        case yaml.MappingStartEvent():
            return Part("object", line, None, event.anchor, _tag_fault(event.tag, "map"))
        case yaml.SequenceStartEvent():
            return Part("list", line, None, event.anchor, _tag_fault(event.tag, "seq"))
        case yaml.CollectionEndEvent():
            return Part("end", line)
        case yaml.AliasEvent():
            return Part("alias", line, None, event.anchor)
    return None


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _tag_fault(tag: str | None, own: str) -> str | None:
    return None if tag in {None, "!", TAG + own} else f"the tag {tag} cannot be used here"


def _scalar(event: Any, line: int) -> Part:
    text, tag = event.value, event.tag
    if event.implicit[0]:  # it stands without quotes, and without a tag
        found = _PLAIN.match(text)
        name = "str" if found is None else str(found.lastgroup)[1:]
    elif event.implicit[1] or tag in {"!", TAG + "str"}:
        name = "str"
    else:
        name = tag.removeprefix(TAG)
    if name == "str":
        return Part("value", line, MERGE if event.implicit[0] and text == MERGE else text, event.anchor)
    form, make = SCALARS.get(name, ("", str))
    if not form or not re.fullmatch(form, text):
        return Part("value", line, text, event.anchor, f"the tag {tag} cannot be used here")
    if make in {int, float} and math.isinf(float(text)):
        told = f"the number {shortened(text)} is beyond the range of a double"
        return Part("value", line, 0, event.anchor, told)
    return Part("value", line, make(text), event.anchor)


def _explained(text: str, error: yaml.MarkedYAMLError) -> NotYaml:
    mark = error.problem_mark or error.context_mark
    problem = str(error.problem or error.context)
    if mark is None:
        return NotYaml(None, problem)
    lines = text.splitlines()
    here = lines[mark.line][mark.column : mark.column + 1] if mark.line < len(lines) else ""
    for found, character, said in _SAID:
        if found in problem and character in {"", here}:
            return NotYaml(mark.line + 1, said.format(here))
    # If something is not closed, the parser points behind the last line.
    return NotYaml(min(mark.line + 1, len(lines)), problem)
