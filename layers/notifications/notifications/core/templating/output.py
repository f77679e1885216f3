"""Write values: as plain text, inside a JSON string, or as JSON."""

import json
import re
from json.encoder import encode_basestring
from typing import Any

from jinja2.exceptions import SecurityError
from jinja2.runtime import LoopContext, Macro, Undefined
from jinja2.utils import pass_context

from notifications.core.errors import NotJson, TemplateError
from notifications.core.templating.absent import written
from notifications.core.templating.budget import INSIDE, OUTSIDE, PLAIN, VIEWS, HasBudget, RenderContext

ESCAPING = 3
"""Inside a string, right after a backslash: no value can be written there."""

MAX_EXCERPT_CHARS = 20
"""How much of an invalid message is quoted, from the invalid place on."""

MAX_JSON_INDENT = 8
MAX_INDENTED_UNITS = 10_000
_LISTED = frozenset({range, *VIEWS})
_FAULTS = {
    "Extra data": "there is more after the end",
    "Expecting value": "this is no JSON value",
    "Expecting ','": "a comma is missing, or a bracket",
    "Expecting ':'": "a colon is missing",
    "Expecting property name": "a name in double quotes is missing",
    "Invalid control character": "a line break or another control character stands in a string",
}
"""What Python says of a text that is not JSON, and how to say it to the template's author."""

_SPECIAL = re.compile(r'["\\]')
_HTML = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "'": "\\u0027"})


def _form(value: Any) -> Any:
    """Return a JSON value for one that JSON does not have: a date becomes text."""
    if isinstance(value, Undefined):
        return None
    return list(value) if type(value) in _LISTED else str(value)


_SETTINGS: Any = {"ensure_ascii": False, "allow_nan": False, "default": _form}
_encode = json.JSONEncoder(**_SETTINGS).encode
_IN_ORDER = json.JSONEncoder(**_SETTINGS, sort_keys=True)


def _encode_in_order(value: Any, indent: int | None) -> str:
    """Encode with sorted keys, unless they cannot be compared, like a number and a text."""
    encoder = _IN_ORDER if indent is None else json.JSONEncoder(**_SETTINGS, sort_keys=True, indent=indent)
    try:
        return encoder.encode(value)
    except TypeError:
        return json.dumps(value, **_SETTINGS, indent=indent)


class Json(str):
    """Text that is JSON already: from ``tojson``, or from a macro of a JSON template."""

    __slots__ = ()


class Written(str):
    """Text that was written for the place where it stands, and is not escaped again."""

    __slots__ = ()


class Direct:
    """A macro or a loop whose text goes straight into the message, written for that place."""

    __slots__ = ("target", "where")

    def __init__(self, target: Macro | LoopContext, where: int) -> None:
        self.target = target
        self.where = where


def _not_json(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


_decode = json.JSONDecoder(parse_constant=_not_json).decode


def scan(text: str, state: int) -> int:
    """Return where a piece of JSON text ends: OUTSIDE a string, INSIDE one, or ESCAPING in one."""
    at = 0
    if state == ESCAPING and text:
        at, state = 1, INSIDE
    while found := _SPECIAL.search(text, at):
        at = found.end()
        if found.group() == '"':
            state = OUTSIDE if state == INSIDE else INSIDE
        elif state == INSIDE:
            if at == len(text):
                return ESCAPING
            at += 1
    return state


def check_json(message: str) -> None:
    """Refuse a message that is not JSON.

    Raises:
        NotJson: with line, column and what is wrong there.
    """
    try:
        _decode(message)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise NotJson(f"The message is not JSON: {place}: {_fault(message, error)}") from None
    except RecursionError:
        raise NotJson("The message is not JSON: it is nested too deeply") from None
    except ValueError as error:  # NaN, or a number of thousands of digits
        raise NotJson(f"The message is not JSON: {error}") from None


def is_json(message: str) -> bool:
    """Return whether a message is JSON."""
    try:
        check_json(message)
    except NotJson:
        return False
    return True


def _fault(message: str, error: json.JSONDecodeError) -> str:
    """Say what is wrong in the author's terms, and quote the place."""
    there = message[error.pos : error.pos + MAX_EXCERPT_CHARS]
    comma = message[: error.pos + 1].rstrip().endswith(",") or message[: error.pos].rstrip().endswith(",")
    if not there.strip():
        return "the message ends where more is expected"
    if comma and there.lstrip(", \t\r\n")[:1] in {"}", "]"}:
        return f"there is a comma with nothing after it, at {there!r}"
    told = next((why for said, why in _FAULTS.items() if error.msg.startswith(said)), error.msg)
    return f"{told}, at {there!r}"


@pass_context
def as_text(context: HasBudget, value: Any) -> str:
    """Write a value as plain text; None as nothing."""
    if type(value) is str:
        context.budget.chars(len(value))
        return value
    if value is None:
        return ""
    context.budget.weigh(value)
    return str(value)  # drops the marks Json and Written, which mean nothing in plain text


@pass_context
def in_string(context: HasBudget, value: Any) -> str:
    """Write a value inside a JSON string, escaped so that the string contains the value's text."""
    if type(value) is not str:
        if type(value) is Written:
            return value
        if not isinstance(value, str):
            value = _plain(context, value)
    context.budget.chars(len(value))
    return encode_basestring(value)[1:-1]


@pass_context
def as_json(context: HasBudget, value: Any) -> str:
    """Write a value as JSON, outside of strings; the result of ``tojson`` is JSON already."""
    # Exact types: a plain text that happens to look like JSON is a text, and is quoted.
    if type(value) is Written or type(value) is Json:
        context.budget.chars(len(value))
        return str(value)
    context.budget.weigh(value)
    return _encode(value)


@pass_context
def in_macro(context: RenderContext, value: Any, outside: int, inside: int) -> Any:
    """Write a value in a macro, which may be called outside or inside a string."""
    # Only the call knows where the macro's text goes, so the choice between the two states is made here.
    where = context.budget.where
    state = PLAIN if where == PLAIN else (outside, inside)[where]
    if state == PLAIN:
        return as_text(context, value)
    return in_string(context, value) if state == INSIDE else as_json(context, value)


@pass_context
def as_plain(context: RenderContext, value: Any, outside: int, inside: int) -> Any:
    """Undo the escaping of a recursive loop's text that was written inside a JSON string."""
    where = context.budget.where
    if where == PLAIN or (outside, inside)[where] != INSIDE or type(value) is not str:
        return value
    context.budget.chars(len(value))
    return json.loads(f'"{value}"', strict=False)


@pass_context
def direct(context: RenderContext, target: Any, outside: int, inside: int, loop: bool, only: bool) -> Any:  # noqa: FBT001
    """Prepare a call whose result is written at once. ``only``: only a macro may be called."""
    where = context.budget.where
    state = PLAIN if PLAIN in (where, outside) else (outside, inside)[where]
    if isinstance(target, Macro) or (loop and isinstance(target, LoopContext)):
        return Direct(target, state)
    if only and not isinstance(target, Undefined):
        raise SecurityError("a call block that calls something else than a macro is not allowed")
    return target


@pass_context
def enter(context: RenderContext, _: None, units: int, faults: tuple[str | None, str | None]) -> str:
    """Begin the body of a macro: charge for it, and refuse a place where its text would break the JSON."""
    budget = context.budget
    budget.charge(max(units, 1))
    if budget.where != PLAIN and (fault := faults[budget.where]):
        raise TemplateError(fault)
    return ""


@pass_context
def tojson(context: RenderContext, value: Any, indent: int | None = None) -> Json:
    """Write a value as JSON that is also safe in HTML."""
    budget = context.budget
    before = budget.used()
    budget.weigh(value)
    if indent is not None and (
        not 0 <= indent <= MAX_JSON_INDENT or budget.used() - before > MAX_INDENTED_UNITS
    ):
        raise TemplateError(f"tojson takes an indent of up to {MAX_JSON_INDENT}, and small values only")
    made = _encode_in_order(value, indent).translate(_HTML)
    budget.chars(len(made))
    return Json(made)


def _plain(context: HasBudget, value: Any) -> str:
    """Return the text of a value inside a string: ``true`` rather than ``True``, lists as JSON."""
    context.budget.weigh(value)
    if isinstance(value, (bool, list, tuple, dict, range, *VIEWS)):
        return _encode(value)
    return written(value)
