"""From a template's text to code, without running anything of it.

Jinja2 would fold constant expressions when it makes code, and so run them: ``optimized=False``, and filters
that need a context around all that is written, stop it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from io import StringIO
from typing import Any

from jinja2 import Template, nodes
from jinja2 import TemplateError as JinjaError
from jinja2.compiler import CodeGenerator, Frame
from jinja2.exceptions import TemplateSyntaxError

from notifications.core.errors import TemplateError
from notifications.core.model import MAX_TEMPLATE_CHARS, Format
from notifications.core.templating import branches, paths, size, zones
from notifications.core.templating import tree as trees
from notifications.core.templating.sandbox import Sandbox

SANDBOX = Sandbox()
CODE_NAME = "<template>"
"""Of the code's file, in a traceback."""

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

_SYNTAX = {
    "keyword argument repeated": "an argument is given twice by its name",
    "duplicate argument": "a macro has two arguments of one name",
}
"""What Python says of the code that is made of a template, if it is not that it is nested too deeply."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """A template's code, the names it looks up, and those it reads of ``data``, with their lines.

    ``methods``: those of a dict that it reads of ``data`` and does not call. ``paths``: what it reads inside
    of names. ``zones``: those it names as they are.
    """

    template: Template
    names: frozenset[str]
    fields: tuple[tuple[str, int], ...]
    methods: tuple[tuple[str, int], ...]
    paths: tuple[paths.Read, ...]
    zones: tuple[tuple[object, int], ...]


class _Generator(CodeGenerator):
    """Makes code, and remembers which names it looks up in the context."""

    def __init__(self) -> None:
        self.code = StringIO()
        super().__init__(SANDBOX, None, None, self.code, optimized=False)
        self.names: set[str] = set()

    def signature(
        self,
        node: nodes.Call | nodes.Filter | nodes.Test,
        frame: Frame,
        extra_kwargs: Mapping[str, Any] | None = None,
    ) -> None:
        """Pass what the template passes. Jinja2 adds a loop's variables, which Python's methods refuse."""
        caller = {name: value for name, value in (extra_kwargs or {}).items() if name == "caller"}
        super().signature(node, frame, caller)

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
        tree = SANDBOX.parse(source)
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
            ("filter", SANDBOX.filters) if isinstance(node, nodes.Filter) else ("test", SANDBOX.tests)
        )
        if node.name not in known:
            raise TemplateError(f"The template does not compile: line {node.lineno}: no {what} {node.name!r}")
    return tree


@lru_cache(maxsize=_TEMPLATES_KEPT)
def compiled(source: str, format: Format) -> Compiled:  # noqa: A002
    """Make a template's code.

    Raises:
        TemplateError: see ``parse``; or it is for JSON, and its strings do not begin and end as they must.
    """
    tree = parse(source)
    (fields, methods), read, named = _read_of_data(tree), paths.read(tree), zones.named(tree)
    template, names = _made(tree, format)
    return Compiled(template, names, fields, methods, read, named)


def explorable(source: str, format: Format) -> tuple[Template, int]:  # noqa: A002
    """Make the code of a template that does compile, with its conditions open; return their number too."""
    tree = parse(source)
    count = branches.open_all(tree)
    return _made(tree, format)[0], count


def _made(tree: nodes.Template, format: Format) -> tuple[Template, frozenset[str]]:  # noqa: A002
    generator = _Generator()
    try:
        trees.instrument(tree, json=format == "json")
        tree.set_environment(SANDBOX)
        generator.visit(tree)
        code = compile(generator.code.getvalue(), CODE_NAME, "exec")
    except TemplateSyntaxError as error:
        raise TemplateError(f"The template does not compile: line {error.lineno}: {error.message}") from None
    except (SyntaxError, RecursionError, MemoryError) as error:  # of the Python code that is made of it
        reason = next((why for said, why in _SYNTAX.items() if said in str(error)), "it is nested too deeply")
        raise TemplateError(f"The template does not compile: {reason}") from None
    except (JinjaError, ValueError) as error:
        raise TemplateError(f"The template does not compile: {error}") from None
    return Template.from_code(SANDBOX, code, SANDBOX.globals), frozenset(generator.names)


def _read_of_data(
    tree: nodes.Template,
) -> tuple[tuple[tuple[str, int], ...], tuple[tuple[str, int], ...]]:
    """Find what is read of ``data`` as an attribute: fields, and methods of a dict that are not called."""
    if any(node.ctx != "load" and node.name == "data" for node in tree.find_all(nodes.Name)):
        return (), ()  # the template's own
    called = {id(call.node) for call in tree.find_all(nodes.Call)}
    fields: list[tuple[str, int]] = []
    methods: list[tuple[str, int]] = []
    for node in tree.find_all(nodes.Getattr):
        if isinstance(node.node, nodes.Name) and node.node.name == "data":
            if not hasattr(dict, node.attr):
                fields.append((node.attr, node.lineno))
            elif id(node) not in called:
                methods.append((node.attr, node.lineno))
    return tuple(fields), tuple(methods)


def places_of(tree: nodes.Template, wanted: frozenset[str]) -> Iterator[tuple[str, int]]:
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
