"""References to secrets inside texts: ``${env:SLACK_URL}``. Text in, parts out."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from backendai_notification_cli.files.building import Place
from backendai_notification_cli.nearest import hint

KINDS = ("env", "file", "ssm", "secretsmanager")
_REFERENCE = re.compile(r"\$\$\{|\$\{([^{}]*)\}|\$\{")
_LITERAL = "for a literal ${ write $${"


class Reference(NamedTuple):
    """What a text refers to. ``kind``: where it is; ``name``: what it is called there."""

    kind: str
    name: str

    def __str__(self) -> str:
        return f"${{{self.kind}:{self.name}}}"


class Unreadable(Exception):
    """A text has a ``${`` that refers to nothing."""


def parts(text: str) -> list[str | Reference]:
    """Take a text apart; ``$${`` is a literal ``${``.

    Raises:
        Unreadable: with what would be right.
    """
    made: list[str | Reference] = []
    at = 0
    for found in _REFERENCE.finditer(text):
        made.append(text[at : found.start()])
        made.append("${" if found[0] == "$${" else _reference(found[1]))
        at = found.end()
    return [part for part in (*made, text[at:]) if part]


def literal(text: str) -> str:
    """Return what a text says that refers to nothing; one that does stays as it is written."""
    try:
        made = parts(text)
    except Unreadable:
        return text
    return text if any(isinstance(part, Reference) for part in made) else "".join(map(str, made))


def _reference(inside: str | None) -> Reference:
    if inside is None:
        raise Unreadable(f"'${{' begins a reference like ${{env:NAME}}; {_LITERAL}")
    kind, colon, name = inside.partition(":")
    if not colon:
        raise Unreadable(f"${{{inside}}} names no source: ${{env:{inside}}} is a variable; {_LITERAL}")
    if kind not in KINDS:
        near = hint(kind, KINDS) or f"; there are: {', '.join(KINDS)}"
        raise Unreadable(f"there is no source '{kind}'{near}; {_LITERAL}")
    if not name.strip():
        raise Unreadable(f"${{{inside}}} names nothing in '{kind}'")
    return Reference(kind, name.strip())


def texts(value: Any, place: Place = ()) -> Iterator[tuple[Place, str]]:
    """Yield each text inside a value that may refer to something, with the way to it."""
    if isinstance(value, str):
        if "${" in value:
            yield place, value
    elif isinstance(value, dict):
        for key, member in value.items():
            yield from texts(member, (*place, key))
    elif isinstance(value, list):
        for number, member in enumerate(value):
            yield from texts(member, (*place, number))


def replaced(value: Any, by: "dict[str, str]") -> Any:
    """Return a value in which these whole texts are replaced."""
    if isinstance(value, str):
        return by.get(value, value)
    if isinstance(value, dict):
        return {key: replaced(member, by) for key, member in value.items()}
    if isinstance(value, list):
        return [replaced(member, by) for member in value]
    return value


def joined(made: Sequence[str | Reference], found: "dict[Reference, str]") -> str:
    """Put a text together; what was not found stays as it is written."""
    return "".join(part if isinstance(part, str) else found.get(part, str(part)) for part in made)
