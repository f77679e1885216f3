"""Message templates: Jinja2 in a sandbox with a budget, checked when they are saved."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from notifications.core.errors import TemplateError, TooMuch
from notifications.core.model import Event, EventType, Format
from notifications.core.rule_types.session import CONTEXT
from notifications.core.templating import JinjaError, SecurityError, Template, UndefinedError, naming, zones
from notifications.core.templating.budget import MAX_UNITS, Branches, Budget, RenderContext
from notifications.core.templating.compiling import CODE_NAME, SANDBOX, compiled, in_code, parse
from notifications.core.templating.json_messages import check_json
from notifications.core.templating.markup import Escape
from notifications.core.texts import BOM, whole

MAX_RENDERED_BYTES = 256 * 1024
"""The most bytes that a rendered message may have."""

PARTS_AT_ONCE = 16
"""How many parts of a message are joined before its length is checked: most messages have no more. A part is
a text of the template or a value, of at most 256 Ki characters."""

MAX_ERROR_CHARS = 200
"""How much of an error that an expression raised is shown, because it may quote a value."""


def check(
    source: str,
    event_type: EventType | None,
    format: Format = "text",  # noqa: A002 - the builtin is not used here
    besides: frozenset[str] = frozenset(),
) -> None:
    """Refuse a template that cannot be rendered for this event type. ``besides``: other names that it has.

    ``event_type``: None if nobody knows it, and so which fields there are.

    Raises:
        TemplateError: it does not parse or compile, names a field that the type does not have, or is for JSON
            and leaves a string open; the message has the line.
    """
    try:
        made = compiled(source, format)
    except TemplateError as error:
        hint = naming.hyphened(source, event_type) if event_type else ""
        raise TemplateError(error.message + hint) from None
    if event_type is None:
        naming.check_zones(zones.named(parse(source)))
    else:
        naming.check(source, made.names, event_type, besides)


def names(source: str) -> frozenset[str]:
    """Return the variables that a template looks up.

    Raises:
        TemplateError: it does not parse.
    """
    return compiled(source, "text").names


def check_subject(source: str) -> None:
    """Refuse a channel's template for faults that do not depend on an event type.

    Raises:
        TemplateError: it does not parse, or names a time zone that does not exist.
    """
    naming.check_zones(zones.named(parse(source)))


def context(event: Event, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the variables of templates for this event.

    ``data``: every field of the type except those ``added``, which only events that have them have.
    """
    return {CONTEXT: None, **data, "rule_type": event.rule_type, "timestamp": event.timestamp, "data": data}


def render(
    source: str,
    variables: Mapping[str, Any],
    format: Format = "text",  # noqa: A002 - the builtin is not used here
    units: int = MAX_UNITS,
    escape: Escape | None = None,
) -> str:
    """Render a template within a budget of ``units``. ``escape``: makes markup of the values in it.

    Raises:
        TemplateError: it fails on this data, does something that is not allowed, exceeds the budget or
            ``MAX_RENDERED_BYTES``, or does not render to JSON where it must.
    """
    written = compiled(source, format).written
    if isinstance(written, Template):
        return run(written, variables, format, units, escape)
    try:
        message = written.write(variables, Budget(units, escape))
    except (TemplateError, *_RENDER_ERRORS):  # its code fails too, and the error has the line
        return run(in_code(source, format), variables, format, units, escape)
    return _finished(message, "text" if written.is_json else format)


def run(
    template: Template,
    variables: Mapping[str, Any],
    format: Format,  # noqa: A002 - the builtin is not used here
    units: int,
    escape: Escape | None = None,
    branches: Branches | None = None,
) -> str:
    """Render a compiled template. ``branches``: the results to force on its conditions; see ``trials``.

    Raises:
        TemplateError: see ``render``.
    """
    context = RenderContext(SANDBOX, {**SANDBOX.globals, **variables}, None, {})
    context.budget, context.branches = Budget(units, escape), branches
    try:
        message = _joined(template.root_render_func(context))
    except TemplateError as error:  # the budget or a filter raised it
        place = "" if error.message.startswith("line ") else _place(template, error)
        raise type(error)(f"{place}{error.message}") from None
    except SecurityError as error:
        place = _place(template, error)
        raise TemplateError(f"The template does something not allowed: {place}{error.message}") from None
    except _RENDER_ERRORS as error:
        reason = f"{_place(template, error)}{_reason(error)}"[:MAX_ERROR_CHARS]
        raise TemplateError(f"The template fails on this data: {reason}") from None
    return _finished(message, format)


def _finished(message: str, format: Format) -> str:  # noqa: A002 - the builtin is not used here
    """Return a rendered message as it is sent.

    Raises:
        TemplateError: it is too large, or not JSON where it must be.
    """
    if len(message) > MAX_RENDERED_BYTES:
        raise TooMuch(f"The message is larger than {MAX_RENDERED_BYTES} bytes")
    message = whole(message).removeprefix(BOM)
    # Encode only messages that may have that many bytes: no character has more than 4.
    if len(message) > MAX_RENDERED_BYTES // 4 and len(message.encode()) > MAX_RENDERED_BYTES:
        raise TooMuch(f"The message is larger than {MAX_RENDERED_BYTES} bytes")
    if format == "json" and not is_empty(message):
        check_json(message)
    return message


def is_empty(message: str) -> bool:
    """Return whether a message is blank; blank messages are not sent, whatever their format."""
    return not message or message.isspace()


def _place(template: Template, error: BaseException) -> str:
    """Return where in the template an error was raised."""
    line = None
    traced = error.__traceback__
    while traced is not None:
        if traced.tb_frame.f_code.co_filename == CODE_NAME:
            line = template.get_corresponding_lineno(traced.tb_lineno)
        traced = traced.tb_next
    return f"line {line}: " if line else ""


def _reason(error: Exception) -> str:
    match error:
        case RecursionError():
            return "it calls itself too often"
        case MemoryError():
            return "it needs too much memory"
        case UndefinedError():
            return str(error.message)
        case _:
            return f"{type(error).__name__}: {error}"


def _joined(parts: Iterator[str]) -> str:
    """Join the parts that a template writes, and stop when they are longer than any message."""
    texts: list[str] = []
    length = 0
    while True:
        portion = [*islice(parts, PARTS_AT_ONCE)]
        text = "".join(portion)
        length += len(text)
        if length > MAX_RENDERED_BYTES:
            raise TooMuch(f"The message is larger than {MAX_RENDERED_BYTES} bytes")
        texts.append(text)
        if len(portion) < PARTS_AT_ONCE:
            return "".join(texts)


# The errors that a template's expressions can raise: they run Python's operations on arbitrary values, so
# with a shorter list an author's mistake could end a whole batch.
_RENDER_ERRORS = (
    JinjaError,
    ArithmeticError,
    AttributeError,
    LookupError,
    NameError,
    MemoryError,
    RuntimeError,  # RecursionError with it
    TypeError,
    ValueError,
)
