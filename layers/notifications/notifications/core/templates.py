"""Message templates: Jinja2 in a sandbox, checked when they are saved.

Checking runs nothing that the template says. Jinja2 would fold constant expressions when it makes code,
and so run them: both the environment and the look for undeclared names switch that off.
"""

import difflib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from jinja2 import Template, Undefined, nodes, pass_context
from jinja2 import TemplateError as JinjaError
from jinja2.exceptions import SecurityError, TemplateSyntaxError
from jinja2.meta import TrackingCodeGenerator
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
_REFUSED_STATEMENTS = {
    nodes.Include: "include",
    nodes.Import: "import",
    nodes.FromImport: "import",
    nodes.Extends: "extends",
    nodes.ScopedEvalContextModifier: "autoescape",
}
"""There are no other templates to load, and the escaping is not the template's to choose."""


@pass_context
def _text(_context: Context, value: object) -> object:
    """Write None as nothing. As a context function it is not called at compile time."""
    if isinstance(value, Undefined):
        str(value)  # one that stands for a forbidden attribute raises here
    return "" if value is None else value


class _Environment(ImmutableSandboxedEnvironment):
    """The sandbox. What is not allowed raises, also where it is only printed."""

    def unsafe_undefined(self, obj: object, attribute: str) -> Undefined:
        raise SecurityError(f"access to attribute {attribute!r} of a {type(obj).__name__} is not allowed")

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        """Parse, and let each loop take None for an empty list: optional fields may be absent."""
        tree = super()._parse(source, name, filename)
        for loop in tree.find_all(nodes.For):
            loop.iter = nodes.Filter(loop.iter, "or_empty", [], [], None, None, lineno=loop.lineno)
        return tree


_ENVIRONMENT = _Environment(autoescape=False, optimized=False, finalize=_text, keep_trailing_newline=True)
_ENVIRONMENT.filters["or_empty"] = lambda value: () if value is None else value


def parse(source: str) -> nodes.Template:
    """Parse a template, without running anything in it.

    Raises:
        TemplateError: it does not parse, is nested too deeply, or loads or escapes what it must not;
            the message has the line.
    """
    try:
        tree = _ENVIRONMENT.parse(source)
    except TemplateSyntaxError as error:
        raise TemplateError(f"The template does not parse: line {error.lineno}: {error.message}") from None
    except RecursionError:
        raise TemplateError("The template does not parse: it is nested too deeply") from None
    except ValueError as error:  # a number with thousands of digits
        raise TemplateError(f"The template does not parse: line 1: {error}") from None
    for statement, keyword in _REFUSED_STATEMENTS.items():
        for found in tree.find_all(statement):
            raise TemplateError(f"The template may not use {keyword}: line {found.lineno}")
    for node in tree.find_all((nodes.Filter, nodes.Test)):
        what, known = (
            ("filter", _ENVIRONMENT.filters)
            if isinstance(node, nodes.Filter)
            else ("test", _ENVIRONMENT.tests)
        )
        if node.name not in known:
            raise TemplateError(f"The template does not compile: line {node.lineno}: no {what} {node.name!r}")
    return tree


def check(source: str, event_type: EventType) -> None:
    """Refuse a template that can not be rendered for this event type.

    Raises:
        TemplateError: it does not parse or compile, or it names a field that the type does not have;
            the message has the line and the nearest field name.
    """
    tree = parse(source)
    known = event_type.fields | CONTEXT_NAMES
    unknown = _undeclared(tree) - known - _ENVIRONMENT.globals.keys()
    for name, line in _names(tree, unknown):
        raise TemplateError(_unknown_field(name, line, known, event_type))
    for name, line in _fields_of_data(tree):
        if name not in event_type.fields:
            raise TemplateError(_unknown_field(f"data.{name}", line, event_type.fields, event_type))
    _compiled(source)


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
    except _RENDER_ERRORS as error:
        raise TemplateError(f"The template fails on this data: {type(error).__name__}: {error}") from None
    return "".join(parts)


# What the expressions of a template can raise: they are Python's, on values that nobody foresees.
_RENDER_ERRORS = (
    JinjaError,
    ArithmeticError,
    AttributeError,
    LookupError,
    MemoryError,
    RuntimeError,  # RecursionError with it
    TypeError,
    ValueError,
)


@lru_cache(maxsize=_TEMPLATES_KEPT)
def _compiled(source: str) -> Template:
    try:
        return _ENVIRONMENT.from_string(source)
    except (SyntaxError, RecursionError, MemoryError):  # of the Python code that is made of it
        raise TemplateError("The template does not compile: it is nested too deeply") from None
    except (JinjaError, ValueError) as error:
        raise TemplateError(f"The template does not compile: {error}") from None


def _undeclared(tree: nodes.Template) -> set[str]:
    """Find the names that rendering would look up.

    Source: jinja2.meta.find_undeclared_variables, less its folding of constants.
    """
    generator = TrackingCodeGenerator(_ENVIRONMENT)
    generator.optimizer = None
    try:
        generator.visit(tree)
    except TemplateSyntaxError as error:
        raise TemplateError(f"The template does not compile: line {error.lineno}: {error.message}") from None
    except RecursionError:
        raise TemplateError("The template does not compile: it is nested too deeply") from None
    return generator.undeclared_identifiers


def _names(tree: nodes.Template, wanted: set[str]) -> Iterator[tuple[str, int]]:
    """Find where names are read; where a template binds one itself too, the reads outside come first."""
    bound = {id(inner) for loop in tree.find_all(nodes.For) for inner in _reads_of_target(loop)}
    reads = [node for node in tree.find_all(nodes.Name) if node.ctx == "load" and node.name in wanted]
    for node in sorted(reads, key=lambda node: (id(node) in bound, node.lineno)):
        yield node.name, node.lineno


def _reads_of_target(loop: nodes.For) -> Iterator[nodes.Name]:
    targets = {
        node.name for node in (loop.target, *loop.target.find_all(nodes.Name)) if isinstance(node, nodes.Name)
    }
    for part in loop.body:
        for node in part.find_all(nodes.Name):
            if node.name in targets:
                yield node


def _fields_of_data(tree: nodes.Template) -> Iterator[tuple[str, int]]:
    if any(node.ctx != "load" and node.name == "data" for node in tree.find_all(nodes.Name)):
        return  # the template's own
    for node in tree.find_all(nodes.Getattr):
        if isinstance(node.node, nodes.Name) and node.node.name == "data" and not hasattr(dict, node.attr):
            yield node.attr, node.lineno


def _unknown_field(name: str, line: int, known: frozenset[str], event_type: EventType) -> str:
    nearest = difflib.get_close_matches(name.removeprefix("data."), sorted(known), n=1, cutoff=0.0)
    hint = f"; the nearest is {nearest[0]!r}" if nearest else ""
    return f"line {line}: {name!r} is not a field of {event_type.name}{hint}"
