"""Write values: as plain text, inside a JSON string, or as JSON."""

import json
from collections.abc import Callable
from json.encoder import encode_basestring
from typing import Any

from jinja2.exceptions import SecurityError
from jinja2.runtime import LoopContext, Macro, Undefined
from jinja2.utils import pass_context

from notifications.core.errors import TemplateError
from notifications.core.templating.absent import written
from notifications.core.templating.budget import (
    INSIDE,
    PLAIN,
    VIEWS,
    Budget,
    HasBudget,
    RenderContext,
)
from notifications.core.templating.markup import Json, Marked, Written, mapped, markup_of

MAX_JSON_INDENT = 8
MAX_INDENTED_UNITS = 10_000
_LISTED = frozenset({range, *VIEWS})
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


class Direct:
    """A macro or a loop whose text goes straight into the message, written for that place."""

    __slots__ = ("target", "where")

    def __init__(self, target: Macro | LoopContext, where: int) -> None:
        self.target = target
        self.where = where


@pass_context
def as_text(context: HasBudget, value: Any) -> str:
    """Write a value as plain text; None as nothing."""
    budget = context.budget
    if type(value) is str:
        budget.chars(len(value))
        return value if budget.escape is None else _marked_up(budget, value, str)
    if value is None:
        return ""
    budget.weigh(value)
    # ``str`` drops the marks of text that was written already, which mean nothing in plain text.
    return str(value) if budget.escape is None else _marked_up(budget, value, str)


@pass_context
def as_captured(context: HasBudget, value: Any) -> str:
    """Write a value as plain text into a capture, which needs the text in addition to its markup."""
    budget = context.budget
    if budget.escape is None:
        return as_text(context, value)
    before, budget.captured = budget.captured, True
    try:
        return as_text(context, value)
    finally:
        budget.captured = before


@pass_context
def in_string(context: HasBudget, value: Any) -> str:
    """Write a value inside a JSON string, escaped so that the string contains the value's text."""
    if type(value) is not str:
        if type(value) is Written:
            return value if context.budget.captured else markup_of(value)
        if not isinstance(value, str):
            value = _plain(context, value)
    budget = context.budget
    budget.chars(len(value))
    return encode_basestring(value)[1:-1] if budget.escape is None else _marked_up(budget, value, _quoted)


@pass_context
def as_json(context: HasBudget, value: Any) -> str:
    """Write a value as JSON, outside of strings; the result of ``tojson`` is JSON already."""
    budget = context.budget
    # Exact types: a plain text that happens to look like JSON is a text, and is quoted.
    if type(value) is Written or type(value) is Json:
        budget.chars(len(value))
        if budget.escape is None:
            return str(value)
        return value if budget.captured else markup_of(value)
    budget.weigh(value)
    if budget.escape is None:
        return _encode(value)
    marked = _encode(mapped(value, lambda text: _markup(budget, text)))
    return Marked(_encode(value), marked) if budget.captured else marked


def _marked_up(budget: Budget, value: Any, write: Callable[[str], str]) -> str:
    """Write a value's markup, and also its text if it is captured."""
    marked = write(_markup(budget, value))
    return Marked(write(str(value)), marked) if budget.captured else marked


def _markup(budget: Budget, value: Any) -> str:
    known = type(value) is Marked or type(value) is Written
    return markup_of(value) if known else budget.escaped(written(value))


def _quoted(text: str) -> str:
    return encode_basestring(text)[1:-1]


@pass_context
def marked(context: HasBudget, text: str) -> str:
    """Mark the template's own text, or the output of a capture, as markup if the message has markup."""
    return text if context.budget.escape is None else Marked(text)


@pass_context
def safe_markup(context: RenderContext, value: Any) -> Any:
    """Take a value as markup, so that it is not escaped."""
    value = context.budget.taken(value)
    return value if context.budget.escape is None else mapped(value, _safe)


def _safe(text: str) -> str:
    return Json(text) if type(text) is Json else Marked(text)


@pass_context
def in_macro(context: RenderContext, value: Any, outside: int, inside: int) -> Any:
    """Write a value in a macro, which may be called outside or inside a string."""
    # Only the call knows where the macro's text goes, so the choice between the two states is made at run
    # time.
    where = context.budget.where
    state = PLAIN if where == PLAIN else (outside, inside)[where]
    if state == PLAIN:
        return as_text(context, value)
    return in_string(context, value) if state == INSIDE else as_json(context, value)


@pass_context
def as_plain(context: RenderContext, value: Any, outside: int, inside: int) -> Any:
    """Undo the escaping of a recursive loop's text that was written inside a JSON string."""
    where = context.budget.where
    if where == PLAIN or (outside, inside)[where] != INSIDE or type(value) not in (str, Marked):
        return value
    context.budget.chars(len(value))
    text, markup = (json.loads(f'"{one}"', strict=False) for one in (value, markup_of(value)))
    return Marked(text, markup) if type(value) is Marked else text


@pass_context
def direct(context: RenderContext, target: Any, outside: int, inside: int, loop: bool, only: bool) -> Any:  # noqa: FBT001 - Jinja2 passes filters their arguments by position
    """Prepare a call whose result is written at once. ``only``: whether only a macro may be called."""
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
    made = Json(_encode_in_order(value, indent).translate(_HTML))
    budget.chars(len(made))
    if budget.escape is not None:
        marked = mapped(value, lambda text: _markup(budget, text))
        made.markup = _encode_in_order(marked, indent).translate(_HTML)
    return made


def _plain(context: HasBudget, value: Any) -> str:
    """Return the text of a value inside a string: ``true`` rather than ``True``, lists as JSON."""
    context.budget.weigh(value)
    if isinstance(value, (bool, list, tuple, dict, range, *VIEWS)):
        return _encode(value)
    return written(value)
