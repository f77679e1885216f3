"""Message templates: Jinja2 in a sandbox, checked when they are saved.

A template is parsed, never run, while it is checked. The environment does not fold constants, since
folding would run the template's expressions at compile time.
"""

import difflib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from jinja2 import Environment, Template, nodes, pass_context
from jinja2 import TemplateError as JinjaError
from jinja2.exceptions import SecurityError, TemplateSyntaxError
from jinja2.meta import find_undeclared_variables
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from notifications.core.errors import TemplateError
from notifications.core.model import Event, EventType

MAX_TEMPLATE_CHARS = 65_536
MAX_RENDERED_BYTES = 256 * 1024
"""What one rendered message may have at most."""

CONTEXT_NAMES = frozenset({"rule_type", "timestamp", "data"})
"""What a template can name besides the fields of its event type."""

_TEMPLATES_KEPT = 2_048


@pass_context
def _none_is_empty(_context: Context, value: object) -> object:
    # Being a context function also keeps Jinja2 from calling it at compile time.
    return "" if value is None else value


def _environment() -> Environment:
    return ImmutableSandboxedEnvironment(
        autoescape=False, optimized=False, finalize=_none_is_empty, keep_trailing_newline=True
    )


_ENVIRONMENT = _environment()


def parse(source: str) -> nodes.Template:
    """Parse a template, without running anything in it.

    Raises:
        TemplateError: it does not parse; the message has the line.
    """
    try:
        return _ENVIRONMENT.parse(source)
    except TemplateSyntaxError as error:
        raise TemplateError(f"The template does not parse: line {error.lineno}: {error.message}") from None


def check(source: str, event_type: EventType) -> None:
    """Refuse a template that can not be rendered for this event type.

    Raises:
        TemplateError: it does not parse, or it names a field that the type does not have; the
            message has the line and the nearest field name.
    """
    tree = parse(source)
    known = event_type.fields | CONTEXT_NAMES
    try:
        unknown = find_undeclared_variables(tree) - known - _ENVIRONMENT.globals.keys()
    except TemplateSyntaxError as error:  # an unknown filter or test
        raise TemplateError(f"The template does not compile: line {error.lineno}: {error.message}") from None
    for name, line in _names(tree):
        if name in unknown:
            raise TemplateError(_unknown_field(name, line, known, event_type))
    for name, line in _fields_of_data(tree):
        if name not in event_type.fields:
            raise TemplateError(_unknown_field(f"data.{name}", line, event_type.fields, event_type))


def context(event: Event, data: Mapping[str, Any]) -> dict[str, Any]:
    """Lay out what templates of this event see. ``data`` has every field of the type."""
    return {**data, "rule_type": event.rule_type, "timestamp": event.timestamp, "data": data}


def render(source: str, variables: Mapping[str, Any]) -> str:
    """Render a template.

    Raises:
        TemplateError: the template fails on this data, leaves the sandbox, or makes more than
            ``MAX_RENDERED_BYTES``.
    """
    parts: list[str] = []
    size = 0
    try:
        for part in _compiled(source).generate(variables):
            size += len(part.encode())
            if size > MAX_RENDERED_BYTES:
                raise TemplateError(f"The message is larger than {MAX_RENDERED_BYTES} bytes")
            parts.append(part)
    except SecurityError as error:
        raise TemplateError(f"The template does what is not allowed: {error.message}") from None
    except (JinjaError, ArithmeticError, LookupError, TypeError, ValueError, AttributeError) as error:
        raise TemplateError(f"The template fails on this data: {type(error).__name__}: {error}") from None
    return "".join(parts)


@lru_cache(maxsize=_TEMPLATES_KEPT)
def _compiled(source: str) -> Template:
    return _ENVIRONMENT.from_string(source)


def _names(tree: nodes.Template) -> Iterator[tuple[str, int]]:
    for node in tree.find_all(nodes.Name):
        if node.ctx == "load":
            yield node.name, node.lineno


def _fields_of_data(tree: nodes.Template) -> Iterator[tuple[str, int]]:
    for node in tree.find_all(nodes.Getattr):
        if isinstance(node.node, nodes.Name) and node.node.name == "data" and not hasattr(dict, node.attr):
            yield node.attr, node.lineno


def _unknown_field(name: str, line: int, known: frozenset[str], event_type: EventType) -> str:
    nearest = difflib.get_close_matches(name.removeprefix("data."), sorted(known), n=1, cutoff=0.0)
    hint = f"; the nearest is {nearest[0]!r}" if nearest else ""
    return f"line {line}: {name!r} is not a field of {event_type.name}{hint}"
