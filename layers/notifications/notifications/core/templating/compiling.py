"""Compile a template to Python code without running any part of it.

Jinja2 folds constant expressions while it generates code, which means that it runs them, and no budget
applies to a compilation. Two things prevent that: ``optimized=False``, and the filters that ``tree`` wraps
around each expression that is written, because Jinja2 does not fold a filter that needs a context.
"""

import marshal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import StringIO
from sys import getsizeof
from types import CodeType
from typing import Any

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.environment import Template
from jinja2.exceptions import TemplateError as JinjaError
from jinja2.exceptions import TemplateSyntaxError

from notifications.core.cache import Cache
from notifications.core.errors import TemplateError
from notifications.core.model import MAX_TEMPLATE_CHARS, Format
from notifications.core.templating import branches, plain, size
from notifications.core.templating import tree as trees
from notifications.core.templating.sandbox import Sandbox
from notifications.core.values import value

SANDBOX = Sandbox()
CODE_NAME = "<template>"
"""The file name of the generated code in a traceback."""

MAX_COMPILED_BYTES = 64 * 1024 * 1024
"""The most memory of compiled templates in one process: some 40,000 plain ones, or 10,000 others."""

_COMPILED_BYTES = 2_500
_BYTES_PER_CODE_BYTE = 2.0
"""The memory of any compiled template, and of each byte of its code as ``marshal`` writes it.

Measured with tracemalloc in a fresh process, on templates from one word to 3,000 characters of text or of
filters: the estimate is between 25 % below and 55 % above the truth.
"""

_PLAIN_BYTES, _VARIABLE_BYTES = 550, 200
"""The memory of a plain template besides its texts, and of each of its variables."""

_REFUSED_STATEMENTS = {
    nodes.Include: "include",
    nodes.Import: "import",
    nodes.FromImport: "import",
    nodes.Extends: "extends",
    nodes.Block: "block",
    nodes.ScopedEvalContextModifier: "autoescape",
}
"""The statements that are refused: there are no other templates to load, and a template must not choose its
own escaping."""

_SYNTAX = {
    "keyword argument repeated": "an argument is given twice by its name",
    "duplicate argument": "a macro has two arguments of one name",
}
"""Python's errors about the generated code, and their meaning; any other means that it is nested too deeply.
"""


@value
class Compiled:
    """A template's code, or its parts if it is plain.

    ``names``: the variables that it looks up. ``size``: about how many bytes of memory all of it takes.
    """

    written: Template | plain.Plain
    names: frozenset[str]
    size: int


CACHE: Cache[tuple[str, Format], Compiled] = Cache(MAX_COMPILED_BYTES)


class _Generator(CodeGenerator):
    """Generates code, and records which names it looks up in the context."""

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
        """Pass only the template's own arguments: Jinja2 adds a loop's variables, which methods refuse."""
        caller = {name: value for name, value in (extra_kwargs or {}).items() if name == "caller"}
        super().signature(node, frame, caller)

    def _output_child_pre(self, *_: Any) -> None:
        """Write the results of filters as they are: Jinja2 would turn them into plain text without markup."""
        self.write("(")

    def enter_frame(self, frame: Frame) -> None:
        super().enter_frame(frame)
        self.names.update(
            name for action, name in frame.symbols.loads.values() if action == "resolve" and name
        )


def parse(source: str) -> nodes.Template:
    """Parse a template without running any part of it.

    Raises:
        TemplateError: it does not parse, has too many parts, is nested too deeply, or uses a statement that
        is not allowed; the message has the line.
    """
    if len(source) > MAX_TEMPLATE_CHARS:
        raise TemplateError(f"The template has more than {MAX_TEMPLATE_CHARS} characters")
    try:
        tree = SANDBOX.parse(source)
        # Check the size before anything else walks the tree: with millions of nodes, each walk costs much.
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


def compiled(source: str, format: Format) -> Compiled:  # noqa: A002 - the builtin is not used here
    """Compile a template, or return it from the cache.

    Raises:
        TemplateError: see ``parse``; or it is for JSON, and a branch or loop leaves a string open.
    """
    known = CACHE.get((source, format))
    if known is None:
        known = _compiled(source, format)
        CACHE.put((source, format), known, known.size)
    return known


def _compiled(source: str, format: Format) -> Compiled:  # noqa: A002 - the builtin is not used here
    tree = parse(source)
    _instrument(tree, format)
    parts = plain.read(tree, SANDBOX)
    if parts is not None:
        size = _PLAIN_BYTES + _VARIABLE_BYTES * len(parts.variables)
        return Compiled(parts, parts.names, size + getsizeof(source))
    code, names = _code(tree)
    size = _COMPILED_BYTES + int(_BYTES_PER_CODE_BYTE * len(marshal.dumps(code)))
    return Compiled(_template(code), names, size)


def in_code(source: str, format: Format) -> Template:  # noqa: A002 - the builtin is not used here
    """Compile a valid template, even a plain one, to code, whose lines show where it fails."""
    tree = parse(source)
    _instrument(tree, format)
    return _template(_code(tree)[0])


def explorable(source: str, format: Format) -> tuple[Template, int]:  # noqa: A002 - the builtin is not used here
    """Compile a valid template so that its conditions can be forced; return the code and their number."""
    tree = parse(source)
    count = branches.open_all(tree)
    _instrument(tree, format)
    return _template(_code(tree)[0]), count


def _instrument(tree: nodes.Template, format: Format) -> None:  # noqa: A002 - the builtin is not used here
    with _translated():
        trees.instrument(tree, json=format == "json")


def _code(tree: nodes.Template) -> tuple[CodeType, frozenset[str]]:
    """Generate the code of an instrumented template; return it, and the names that it looks up."""
    generator = _Generator()
    # The nodes that the instrumentation added have no environment yet, which the generator needs.
    tree.set_environment(SANDBOX)
    with _translated():
        generator.visit(tree)
        code = compile(generator.code.getvalue(), CODE_NAME, "exec")
    return code, frozenset(generator.names)


@contextmanager
def _translated() -> Iterator[None]:
    """Translate the errors of compiling into TemplateError."""
    try:
        yield
    except TemplateSyntaxError as error:
        raise TemplateError(f"The template does not compile: line {error.lineno}: {error.message}") from None
    except (SyntaxError, RecursionError, MemoryError) as error:  # from compiling the generated Python code
        reason = next((why for said, why in _SYNTAX.items() if said in str(error)), "it is nested too deeply")
        raise TemplateError(f"The template does not compile: {reason}") from None
    except (JinjaError, ValueError) as error:
        raise TemplateError(f"The template does not compile: {error}") from None


def _template(code: CodeType) -> Template:
    return Template.from_code(SANDBOX, code, SANDBOX.globals)
