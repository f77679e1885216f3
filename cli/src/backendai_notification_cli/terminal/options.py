"""Several options that a command is given as one value."""

from collections.abc import Callable, Sequence
from dataclasses import fields
from functools import wraps
from typing import Any

Command = Callable[..., None]
Option = Callable[[Command], Command]


def collected(kind: type, name: str, options: Sequence[Option]) -> Callable[[Command], Command]:
    """Make a decorator that adds options and passes them on as one argument of that ``name``.

    ``kind``: the dataclass that holds them. A field that has no option among these keeps its default.
    """

    def decorate(command: Command) -> Command:
        @wraps(command)
        def collect(**given: Any) -> None:
            values = {field.name: given.pop(field.name) for field in fields(kind) if field.name in given}
            command(**{name: kind(**values)}, **given)

        wrapped: Command = collect
        for option in reversed(options):
            wrapped = option(wrapped)
        return wrapped

    return decorate
