"""References and literal texts in files: ``${env:NAME}`` is one, ``$${`` stands for the other."""

from typing import Any

OPENING = "${"
LITERAL = "$${"


def reference(variable: str) -> str:
    """Write what the command line replaces with the value of an environment variable."""
    return f"{OPENING}env:{variable}}}"


def escaped(part: Any) -> Any:
    """Write a document's texts so that none is taken for a reference; names of members never are."""
    match part:
        case str():
            return part.replace(OPENING, LITERAL)
        case dict():
            return {name: escaped(inner) for name, inner in part.items()}
        case list() | tuple():
            return [escaped(inner) for inner in part]
        case _:
            return part
