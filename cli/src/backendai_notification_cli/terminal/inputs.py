"""What commands are given: texts, files, JSON and ids."""

import json
import math
import os
import re
import sys
import uuid
from collections.abc import Callable
from typing import Any, NoReturn, TypeVar

import click

from backendai_notification_cli.errors import CliError
from backendai_notification_cli.terminal.json_hints import hint

EXAMPLE_ID = "550e8400-e29b-41d4-a716-446655440000"
MAX_BYTES = 64 * 1024 * 1024
"""How large a file may be: a device without end would fill the memory."""

STANDARD_INPUT = "-"
FILE = click.Path(exists=True, dir_okay=False, readable=True, allow_dash=True)
Value = TypeVar("Value")
_SHOWN_DIGITS = 20
_EVENT_ID = r"[A-Za-z0-9_-]{1,128}"


def require_id(value: str, kind: str) -> str:
    """Return an id in its usual form, or refuse what is not one."""
    try:
        return str(uuid.UUID(value))
    except ValueError:
        raise CliError(f"'{value}' is not a {kind} ID: expected a UUID like {EXAMPLE_ID}") from None


def require_event_id(value: str) -> str:
    """Return an event's id, or refuse what is none."""
    if not re.fullmatch(_EVENT_ID, value):
        raise CliError(f"'{value}' is not an event ID: expected 1 to 128 letters, digits, '_' and '-'")
    return value


def checked(
    check: Callable[[str], Value],
) -> Callable[[click.Context, click.Parameter, str | None], Value | None]:
    """Make the callback of an option whose value goes through `check`: what that refuses is a wrong call."""

    def callback(context: click.Context, option: click.Parameter, value: str | None) -> Value | None:
        try:
            return None if value is None else check(value)
        except CliError as error:
            raise click.BadParameter(f"{error.message}.", context, option) from None

    return callback


def read_bytes(path: str) -> bytes:
    """Read a file as it is; `-` is standard input."""
    if path == STANDARD_INPUT and sys.stdin is None:
        raise CliError("Cannot read standard input: it is closed")
    try:
        with click.open_file(path, "rb") as file:
            content: bytes = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise CliError(f"Cannot read {_name(path)}: {error.strerror}") from None
    except ValueError:  # only a name that is written in a file can have a NUL
        raise CliError(f"Cannot read {_name(path)}: no file has such a name") from None
    if len(content) > MAX_BYTES:
        raise CliError(f"{_name(path)} has more than {MAX_BYTES // 1024**2} MiB")
    return content


def read_text(path: str) -> str:
    """Read a UTF-8 file; `-` is standard input."""
    try:
        return read_bytes(path).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise CliError(f"{_name(path)} is not UTF-8 text") from None


def one_of(option: str, text: str | None, file_option: str, path: str | None) -> str | None:
    """Return the text that is given directly or in a file; None if neither is."""
    if text is not None and path is not None:
        raise CliError(f"Cannot specify both {option} and {file_option}")
    if text is not None and (name := file_meant(text)) is not None:
        raise CliError(f"{option} takes the text itself: to read it from a file, give {file_option} {name}")
    return read_text(path) if path is not None else text


def file_meant(text: str) -> str | None:
    """Return the name of the file that a text like `@data.json` is to be read from for other tools."""
    name = text.removeprefix("@")
    # A text may begin with @, as a mention in a chat does, so a file of that name has to exist.
    meant = text.startswith("@") and (name == STANDARD_INPUT or os.path.isfile(name))  # noqa: PTH113 - as in json_hints
    return name if meant else None


def json_object(text: str, what: str = "data") -> dict[str, Any]:
    """Parse a JSON object."""
    try:
        value = json.loads(
            text,
            object_pairs_hook=unambiguous,
            parse_constant=_refuse_constant,
            parse_float=number,
            parse_int=number,
        )
    except (ValueError, RecursionError) as error:
        at = error.pos if isinstance(error, json.JSONDecodeError) else None
        meant = None if at is None else hint(text, at, what)
        raise CliError(f"Invalid JSON {what}: {error}", *([meant] if meant else [])) from None
    if not isinstance(value, dict):
        raise CliError(f"Invalid JSON {what}: expected an object like {{...}}")
    return value


def enabled_flag(*, enable: bool, disable: bool) -> bool | None:
    """Turn the flags --enable and --disable into one value; None if neither is given."""
    if enable and disable:
        raise click.UsageError("--enable and --disable cannot be used together.")
    return True if enable else False if disable else None


def only_given(**values: Any) -> dict[str, Any]:
    """Keep the values that are not None: what is unset is not sent."""
    return {key: value for key, value in values.items() if value is not None}


def require_change(changes: dict[str, Any]) -> None:
    """Refuse an update that changes nothing."""
    if not changes:
        raise click.UsageError("Nothing to update: give at least one option.")


def _name(path: str) -> str:
    return "standard input" if path == STANDARD_INPUT else path


def unambiguous(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Make an object of its parts, unless a key comes twice, of which JSON would drop the first."""
    made: dict[str, Any] = {}
    for key, value in pairs:
        if key in made:
            raise ValueError(f"the key '{key}' comes twice")
        made[key] = value
    return made


def number(text: str) -> int | float:
    """Read a number that other readers of JSON can hold too."""
    if math.isinf(float(text)):
        shown = text if len(text) <= _SHOWN_DIGITS else f"{text[:_SHOWN_DIGITS]}…"
        raise ValueError(f"the number {shown} is beyond the range of a double")
    return int(text) if text.lstrip("-").isdecimal() else float(text)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON value")


def can_ask_for_confirmation() -> bool:
    """Return whether there is a terminal at which somebody can say yes."""
    return sys.stdin is not None and sys.stdin.isatty()
