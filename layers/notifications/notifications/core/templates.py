"""Message templates: Jinja2 in a sandbox with a budget, checked when they are saved.

Checking runs nothing that the template says. Jinja2 would fold constant expressions when it makes code,
and so run them: ``optimized=False``, and filters that need a context around all that is written, stop it.
"""

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from io import StringIO
from typing import Any

from jinja2 import Template, nodes
from jinja2 import TemplateError as JinjaError
from jinja2.compiler import CodeGenerator, Frame
from jinja2.exceptions import SecurityError, TemplateSyntaxError

from notifications.core.errors import TemplateError
from notifications.core.model import MAX_TEMPLATE_CHARS, Event, EventType, Format
from notifications.core.templating import size
from notifications.core.templating import tree as trees
from notifications.core.templating.budget import MAX_UNITS, Budget, RenderContext
from notifications.core.templating.output import check_json, escape_surrogates
from notifications.core.templating.sandbox import Sandbox

MAX_RENDERED_BYTES = 256 * 1024
"""What one rendered message may have at most."""

MAX_ERROR_CHARS = 200
"""Of an error that an expression raised; it may have a value in it."""

CONTEXT_NAMES = frozenset({"rule_type", "timestamp", "data"})
"""What a template can name besides the fields of its event type."""

_TEMPLATES_KEPT = 2_048
_REFUSED_STATEMENTS = {
    nodes.Include: "include",
    nodes.Import: "import",
    nodes.FromImport: "import",
    nodes.Extends: "extends",
    nodes.Block: "block",
    nodes.ScopedEvalContextModifier: "autoescape",
}
"""There are no other templates to load, and the escaping is not the template's to choose."""

_SANDBOX = Sandbox()


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A template's code, the names it looks up, and those it reads of ``data``, with their lines."""

    template: Template
    names: frozenset[str]
    fields: tuple[tuple[str, int], ...]


class _Generator(CodeGenerator):
    """Makes code, and remembers which names it looks up in the context."""

    def __init__(self) -> None:
        self.code = StringIO()
        super().__init__(_SANDBOX, None, None, self.code, optimized=False)
        self.names: set[str] = set()

    def enter_frame(self, frame: Frame) -> None:
        super().enter_frame(frame)
        self.names.update(
            name for action, name in frame.symbols.loads.values() if action == "resolve" and name
        )


def parse(source: str) -> nodes.Template:
    """Parse a template, without running anything in it.

    Raises:
        TemplateError: it does not parse, has too many parts, is nested too deeply, or loads or escapes
            what it must not; the message has the line.
    """
    if len(source) > MAX_TEMPLATE_CHARS:
        raise TemplateError(f"The template has more than {MAX_TEMPLATE_CHARS} characters")
    try:
        tree = _SANDBOX.parse(source)
        size.check_size(tree)
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
            ("filter", _SANDBOX.filters) if isinstance(node, nodes.Filter) else ("test", _SANDBOX.tests)
        )
        if node.name not in known:
            raise TemplateError(f"The template does not compile: line {node.lineno}: no {what} {node.name!r}")
    return tree


def check(source: str, event_type: EventType, format: Format = "text") -> None:  # noqa: A002
    """Refuse a template that can not be rendered for this event type.

    Raises:
        TemplateError: it does not parse or compile, it names a field that the type does not have, or it is
            for JSON and its strings do not begin and end as they must; the message has the line.
    """
    known = event_type.fields | CONTEXT_NAMES
    compiled = _compiled(source, format)
    if unknown := compiled.names - known - _SANDBOX.globals.keys():
        for name, line in _names(parse(source), unknown):
            raise TemplateError(_unknown_field(name, line, known, event_type))
    for name, line in compiled.fields:
        if name not in event_type.fields:
            raise TemplateError(_unknown_field(f"data.{name}", line, event_type.fields, event_type))


def context(event: Event, data: Mapping[str, Any]) -> dict[str, Any]:
    """Lay out what templates of this event see. ``data`` has every field of the type."""
    return {**data, "rule_type": event.rule_type, "timestamp": event.timestamp, "data": data}


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
    template = _compiled(source, format).template
    run = RenderContext(_SANDBOX, {**_SANDBOX.globals, **variables}, None, {})
    run.budget = Budget(units)
    try:
        message = _joined(template.root_render_func(run))
        if format == "json":
            check_json(message)
        message, length = _measured(message, format)
    except SecurityError as error:
        raise TemplateError(f"The template does what is not allowed: {error.message}") from None
    except _RENDER_ERRORS as error:
        reason = f"{type(error).__name__}: {error}"[:MAX_ERROR_CHARS]
        raise TemplateError(f"The template fails on this data: {reason}") from None
    if length > MAX_RENDERED_BYTES:
        raise TemplateError(f"The message is larger than {MAX_RENDERED_BYTES} bytes")
    return message


def _measured(message: str, format: Format) -> tuple[str, int]:  # noqa: A002
    """Return a message that UTF-8 has, and its bytes. JSON can say what UTF-8 can not."""
    try:
        return message, len(message.encode())
    except UnicodeEncodeError:
        if format != "json":
            raise
        message = escape_surrogates(message)
        return message, len(message.encode())


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


@lru_cache(maxsize=_TEMPLATES_KEPT)
def _compiled(source: str, format: Format) -> _Compiled:  # noqa: A002
    tree = parse(source)
    fields = tuple(_fields_of_data(tree))
    generator = _Generator()
    try:
        trees.instrument(tree, json=format == "json")
        tree.set_environment(_SANDBOX)
        generator.visit(tree)
        code = compile(generator.code.getvalue(), "<template>", "exec")
    except TemplateSyntaxError as error:
        raise TemplateError(f"The template does not compile: line {error.lineno}: {error.message}") from None
    except (SyntaxError, RecursionError, MemoryError):  # of the Python code that is made of it
        raise TemplateError("The template does not compile: it is nested too deeply") from None
    except (JinjaError, ValueError) as error:
        raise TemplateError(f"The template does not compile: {error}") from None
    template = Template.from_code(_SANDBOX, code, _SANDBOX.globals)
    return _Compiled(template, frozenset(generator.names), fields)


def _names(tree: nodes.Template, wanted: frozenset[str]) -> Iterator[tuple[str, int]]:
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
