"""Message templates: Jinja2 in a sandbox with a budget, checked when they are saved."""

from collections.abc import Iterator, Mapping
from typing import Any

from jinja2 import Template
from jinja2 import TemplateError as JinjaError
from jinja2.exceptions import SecurityError, UndefinedError

from notifications.core.errors import TemplateError
from notifications.core.model import Event, EventType, Format
from notifications.core.rule_types.session import CONTEXT
from notifications.core.templating import naming, zones
from notifications.core.templating.budget import MAX_UNITS, Branches, Budget, RenderContext
from notifications.core.templating.compiling import CODE_NAME, SANDBOX, compiled, parse
from notifications.core.templating.output import check_json
from notifications.core.texts import BOM, whole

MAX_RENDERED_BYTES = 256 * 1024
"""What one rendered message may have at most."""

MAX_ERROR_CHARS = 200
"""Of an error that an expression raised; it may have a value in it."""


def check(source: str, event_type: EventType, format: Format = "text") -> None:  # noqa: A002
    """Refuse a template that cannot be rendered for this event type.

    Raises:
        TemplateError: it does not parse or compile, it names a field that the type does not have, or it is
            for JSON and its strings do not begin and end as they must; the message has the line.
    """
    try:
        made = compiled(source, format)
    except TemplateError as error:
        raise TemplateError(error.message + naming.hyphened(source, event_type)) from None
    naming.check(source, made, event_type)


def check_subject(source: str) -> None:
    """Refuse a template of a channel, which has no event type, for what is wrong with any.

    Raises:
        TemplateError: it does not parse, or names a time zone that does not exist.
    """
    naming.check_zones(zones.named(parse(source)))


def context(event: Event, data: Mapping[str, Any]) -> dict[str, Any]:
    """Make what templates of this event see. ``data`` has every field of the type but those ``added``."""
    return {CONTEXT: None, **data, "rule_type": event.rule_type, "timestamp": event.timestamp, "data": data}


def render(
    source: str,
    variables: Mapping[str, Any],
    format: Format = "text",  # noqa: A002
    units: int = MAX_UNITS,
) -> str:
    """Render a template, with so many units of work at most.

    Raises:
        TemplateError: the template fails on this data, leaves the sandbox, does too much, or makes more than
            ``MAX_RENDERED_BYTES``, or what is no JSON where it must be.
    """
    return run(compiled(source, format).template, variables, format, units)


def run(
    template: Template,
    variables: Mapping[str, Any],
    format: Format,  # noqa: A002
    units: int,
    branches: Branches | None = None,
) -> str:
    """Render what is compiled. ``branches``: how conditions end in a template that is explored.

    Raises:
        TemplateError: see ``render``.
    """
    context = RenderContext(SANDBOX, {**SANDBOX.globals, **variables}, None, {})
    context.budget, context.branches = Budget(units), branches
    try:
        message = whole(_joined(template.root_render_func(context))).removeprefix(BOM)
    except TemplateError as error:  # the budget's
        place = "" if error.message.startswith("line ") else _place(template, error)
        raise TemplateError(f"{place}{error.message}") from None
    except SecurityError as error:
        place = _place(template, error)
        raise TemplateError(f"The template does what is not allowed: {place}{error.message}") from None
    except _RENDER_ERRORS as error:
        reason = f"{_place(template, error)}{_reason(error)}"[:MAX_ERROR_CHARS]
        raise TemplateError(f"The template fails on this data: {reason}") from None
    if len(message.encode()) > MAX_RENDERED_BYTES:
        raise TemplateError(f"The message is larger than {MAX_RENDERED_BYTES} bytes")
    if format == "json" and not is_empty(message):
        check_json(message)
    return message


def is_empty(message: str) -> bool:
    """Return whether a message says nothing: then it is not sent, whatever its format."""
    return not message or message.isspace()


def _place(template: Template, error: BaseException) -> str:
    """Tell the line of the template that raised an error."""
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
    """Take what a template writes, and end it when that is too much, whatever its encoding."""
    taken: list[str] = []
    length = 0
    for part in parts:
        length += len(part)
        if length > MAX_RENDERED_BYTES:
            raise TemplateError(f"The message is larger than {MAX_RENDERED_BYTES} bytes")
        taken.append(part)
    return "".join(taken)


# What the expressions of a template can raise: they are Python's, on values that nobody foresees.
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
