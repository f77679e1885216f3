"""The sandbox: Jinja2's immutable one, in which every call, operator and filter charges a budget."""

from collections.abc import Iterator, Mapping
from types import BuiltinMethodType, MethodType
from typing import Any

from jinja2.exceptions import SecurityError, TemplateSyntaxError
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from jinja2.runtime import LoopContext, Macro, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment, SandboxedFormatter
from jinja2.utils import Cycler, Joiner, Namespace

from notifications.core.errors import TemplateError
from notifications.core.templating import methods, operators
from notifications.core.templating.absent import NOTHING, Absent, is_nothing
from notifications.core.templating.budget import PLAIN, Budget, RenderContext
from notifications.core.templating.filters import BOUNDED_FILTERS, BOUNDED_TESTS, INTERNAL
from notifications.core.templating.markup import Marked, Written, concat, settled
from notifications.core.templating.output import Direct
from notifications.core.templating.own import punctuates

MAX_TOKENS = 3_000
"""How many words and signs the tags of one template may have; each text between tags counts as one."""

GLOBALS = ("range", "dict", "cycler", "joiner", "namespace")
_CONSTRUCTORS = (Cycler, Joiner, Namespace, dict)
_OWN_METHODS: Mapping[type, frozenset[str]] = {
    LoopContext: frozenset({"cycle", "changed"}),
    Cycler: frozenset({"next", "reset"}),
}
_KEYS = (str, int, float, type(None), Undefined)


class TokenLimit(Extension):
    """Stops the parsing of a template that has too many tokens."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        """Pass the tokens on, and count them before the parser builds nodes of them."""
        for count, token in enumerate(stream):
            if count > MAX_TOKENS:
                raise TemplateSyntaxError(f"it has more than {MAX_TOKENS} words and signs", token.lineno)
            yield token


class Sandbox(ImmutableSandboxedEnvironment):
    """Refuses everything that is not listed here: it raises an error, even if a value is only printed."""

    intercepted_binops = operators.INTERCEPTED
    context_class = RenderContext
    concat = staticmethod(concat)

    def __init__(self) -> None:
        super().__init__(
            autoescape=False,
            optimized=False,
            keep_trailing_newline=True,
            undefined=Absent,
            extensions=[TokenLimit],
            cache_size=0,
        )
        self.globals = {name: self.globals[name] for name in GLOBALS}
        self.filters = {**BOUNDED_FILTERS, **INTERNAL}
        self.tests = dict(BOUNDED_TESTS)

    def unsafe_undefined(self, obj: object, attribute: str) -> Undefined:
        """Refuse an attribute."""
        raise SecurityError(f"access to attribute {attribute!r} of a {type(obj).__name__} is not allowed")

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Look up by names and numbers only, because hashing a nested tuple can take for ever."""
        if not isinstance(argument, _KEYS):
            raise SecurityError(f"looking up by a {type(argument).__name__} is not allowed")
        return super().getitem(obj, argument)

    def wrap_str_format(self, value: Any) -> None:
        """Do nothing: ``call`` handles ``str.format``, because only it has the budget."""

    def call_binop(  # type: ignore[override]  # the context has a budget
        self, context: RenderContext, operator: str, left: Any, right: Any
    ) -> Any:
        """Compute an operation within the budget."""
        return operators.apply(context.budget, operator, left, right)

    def call(  # type: ignore[override]  # the context has a budget
        self, context: RenderContext, obj: Any, /, *args: Any, **kwargs: Any
    ) -> Any:
        """Call what templates may call, and refuse everything else.

        The list is closed: a type that is new in a Jinja2 release is refused until somebody adds it here.
        """
        budget = context.budget
        budget.charge(1 + len(args) + len(kwargs))
        if isinstance(obj, BuiltinMethodType) and not isinstance(obj.__self__, type):
            if isinstance(obj.__self__, str) and obj.__name__ in ("format", "format_map"):
                return _Formatter(self, budget).fill(obj.__self__, obj.__name__, args, kwargs)
            return methods.call(budget, obj, args, kwargs)
        if isinstance(obj, (Macro, LoopContext, Direct)):
            return _written(context, obj, args, kwargs)
        if any(obj is constructor for constructor in _CONSTRUCTORS):
            for value in kwargs.values():
                INTERNAL[" weighed"](context, value)
            return context.call(obj, *map(budget.made, args), **kwargs)
        if obj is self.globals["range"] or isinstance(obj, (Undefined, Joiner)) or _is_own_method(obj):
            if isinstance(obj, MethodType):
                for value in args:
                    budget.weigh(value)
            result: Any = context.call(obj, *args, **kwargs)
            punctuation = isinstance(obj, Joiner) and budget.where != PLAIN and punctuates(result)
            return settled(result) if punctuation else result
        raise SecurityError(f"calling a {type(obj).__name__} is not allowed")


def _is_own_method(obj: Any) -> bool:
    return isinstance(obj, MethodType) and obj.__name__ in _OWN_METHODS.get(type(obj.__self__), frozenset())


def _written(context: RenderContext, obj: Macro | LoopContext | Direct, args: Any, kwargs: Any) -> Any:
    """Call a macro or a recursive loop. If it is ``Direct``, it writes for its place, else plain text."""
    budget = context.budget
    where, target = (obj.where, obj.target) if isinstance(obj, Direct) else (PLAIN, obj)
    is_loop = isinstance(target, LoopContext)
    if is_loop:  # it writes for the place where the loop began
        args = [context.environment.filters[" each"](context, arg, 1) for arg in args]
        direct, where = isinstance(obj, Direct), budget.where
    else:
        direct = where != PLAIN
    # Filters in the body read both, and calls nest, so both are restored even after an error.
    before = budget.where, budget.captured
    budget.where, budget.captured = where, budget.captured or not direct
    try:
        made: Any = context.call(target, *args, **({} if is_loop else kwargs))
    finally:
        budget.where, budget.captured = before
    if budget.escape is None:
        return Written(made) if direct else made
    return settled(made) if direct else Marked(made)


class _Formatter(SandboxedFormatter):
    """``str.format`` with bounded widths and a charge for each field."""

    def __init__(self, environment: Sandbox, budget: Budget) -> None:
        super().__init__(environment)
        self._budget = budget

    def fill(self, text: str, name: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> str:
        """Format a text, by ``format`` or ``format_map``."""
        self._budget.chars(len(text))
        if name == "format_map":
            if len(args) != 1 or kwargs or not isinstance(args[0], Mapping):
                raise TemplateError("format_map takes one object")
            made = self.vformat(text, (), args[0])
        else:
            made = self.vformat(text, args, kwargs)
        self._budget.chars(len(made))
        return made

    def format_field(self, value: Any, format_spec: str) -> str:
        """Write one value."""
        methods.check_format_spec(format_spec)
        if value is not NOTHING:
            self._budget.weigh(value)
        made = str(super().format_field(NOTHING if is_nothing(value) else value, format_spec))
        self._budget.chars(len(made))
        return made

    def convert_field(self, value: Any, conversion: Any) -> Any:
        """Convert one value, by ``!r`` and the like."""
        self._budget.weigh(value)
        return (
            NOTHING if conversion == "s" and is_nothing(value) else super().convert_field(value, conversion)
        )
