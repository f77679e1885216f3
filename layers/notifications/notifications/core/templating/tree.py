"""Instrument a template's syntax tree, so that it keeps its budget and produces valid JSON.

Loops charge the budget for each round, macros when they are entered, comparisons and look-ups before they are
made. Every ``{{ ... }}`` is written by a filter that knows where it is: in plain text, in JSON outside of
strings, or inside a string. This module finds that out from the template's text before it. The filters' names
begin with a space, so no template can write them.
"""

from collections.abc import Iterable, Iterator

from jinja2 import nodes
from jinja2.exceptions import TemplateSyntaxError
from jinja2.visitor import NodeTransformer

from notifications.core.templating import size
from notifications.core.templating.budget import INSIDE, OUTSIDE, PLAIN
from notifications.core.templating.json_messages import ESCAPING, scan
from notifications.core.templating.own import filtered as _filter
from notifications.core.templating.own import is_punctuation, marked

State = tuple[int, int] | None
"""Whether the current place is inside a string: first if the text began OUTSIDE, then if it began INSIDE one,
because a macro may be called in either place. None in a template for plain text."""


def instrument(tree: nodes.Template, *, json: bool) -> None:
    """Add the filters that bound and escape what a tree writes.

    Raises:
        TemplateSyntaxError: it is for JSON, and a branch or loop leaves a string open.
    """
    instrumented = _Instrumented(size.units(tree), json=json)
    tree.body = instrumented.statements(tree.body)
    if fault := instrumented.faults[OUTSIDE]:
        raise TemplateSyntaxError(*fault)


class _Instrumented(NodeTransformer):
    """Walks a template in the order of its text, because the state depends on everything before a place."""

    def __init__(self, works: dict[int, int], *, json: bool) -> None:
        self._works = works
        self._json = json
        self._state: State = (OUTSIDE, INSIDE) if json else None
        self._in_macro = False
        self._in_capture = False
        self._loops: list[State] = []
        self._captured = 0
        self.faults: list[tuple[str, int] | None] = [None, None]

    def _work(self, body: Iterable[nodes.Node]) -> int:
        return 1 + sum(self._works[id(node)] for node in body)

    def statements(self, body: list[nodes.Node]) -> list[nodes.Node]:
        made: list[nodes.Node] = []
        for node in body:
            result = self.visit(node)
            made += result if isinstance(result, list) else [result]
        return made

    def visit_Output(self, node: nodes.Output) -> nodes.Output:
        made: list[nodes.Expr] = []
        for child in node.nodes:
            if isinstance(child, nodes.TemplateData):
                if self._state:
                    self._state = (scan(child.data, self._state[0]), scan(child.data, self._state[1]))
                made.append(child)
            else:
                made.append(self._written(child))
        node.nodes = made
        return node

    def _written(self, node: nodes.Expr) -> nodes.Expr:
        state, node = self._state, marked(node)
        if self._in_capture:
            return _filter(self.visit(node), " captured text")
        # ``{{ "," if not loop.last }}`` is part of the JSON's structure and is written unchanged. Inside a
        # string, or in a macro that may be called there, the same comma would be a value.
        if state is None or (is_punctuation(node) and INSIDE not in state[: 1 + self._in_macro]):
            return _filter(self._straight(node), " text")
        for began in (OUTSIDE, INSIDE):
            if state[began] == ESCAPING:
                self._fault(
                    began, "a value cannot stand right after a backslash in a JSON string", node.lineno
                )
        straight = self._straight(node)
        if self._in_macro:
            return _filter(straight, " in macro", *state)
        return _filter(straight, " in string" if state[OUTSIDE] == INSIDE else " json")

    def _straight(self, node: nodes.Expr) -> nodes.Expr:
        """Instrument an expression that is written unchanged; a macro called there writes for that place."""
        if isinstance(node, nodes.Call):
            self.generic_visit(node)
            node.node = self._direct(node.node, only=False)
        elif isinstance(node, nodes.CondExpr):
            node.test, node.expr1 = self.visit(node.test), self._straight(node.expr1)
            node.expr2 = node.expr2 and self._straight(node.expr2)
        else:
            node = self.visit(node)
        return node

    def visit_Call(self, node: nodes.Call) -> nodes.Expr:
        """Unescape a recursive loop's text if an expression uses it."""
        self.generic_visit(node)
        is_loop = isinstance(node.node, nodes.Name) and node.node.name == "loop"
        state = self._loops[-1] if is_loop and self._loops else None
        return _filter(node, " plain", *state) if state else node

    def _direct(self, node: nodes.Expr, *, only: bool) -> nodes.Filter:
        loop = isinstance(node, nodes.Name) and node.name == "loop" and bool(self._loops)
        fits = loop and self._loops[-1] == self._state
        place = PLAIN if self._in_capture else OUTSIDE
        return _filter(node, " direct", *(self._state or (place, place)), fits, only)

    def visit_For(self, node: nodes.For) -> nodes.For:
        # Each round pays for the whole body, including branches that are not taken: an upper bound that needs
        # no counting at run time.
        weight = self._work([*node.body, node.test] if node.test else node.body)
        node.iter = _filter(self.visit(node.iter), " each", weight)
        node.target = self.visit(node.target)
        if node.test:
            node.test = self.visit(node.test)
        state = self._state
        # ``loop(...)`` writes for the place where the loop began; -1 marks loops that cannot be called.
        self._loops.append(state if node.recursive else (-1, -1))
        node.body = self.statements(node.body)
        self._loops.pop()
        if node.recursive:
            # A recursive call enters the body without passing ``each``, so the body charges by itself.
            node.body.insert(0, self._entry(weight, (None, None), node.lineno))
        # The body may run any number of times, so it must end where it began.
        self._same(state, "a loop", node.lineno)
        node.else_ = self.statements(node.else_)
        self._same(state, "the else of a loop", node.lineno)
        return node

    def visit_If(self, node: nodes.If) -> nodes.If:
        node.test = self.visit(node.test)
        state = self._state
        node.body = self.statements(node.body)
        end, self._state = self._state, state
        for branch in node.elif_:
            branch.test = self.visit(branch.test)
            branch.body = self.statements(branch.body)
            self._same(end, "a branch of an if", branch.lineno)
            self._state = state
        node.else_ = self.statements(node.else_)
        self._same(end, "one branch of an if", node.lineno)
        return node

    def _same(self, state: State, what: str, line: int) -> None:
        """Note a fault unless the state is as expected, and continue with the expected state."""
        for began in (OUTSIDE, INSIDE):
            if state and self._state and state[began] != self._state[began]:
                self._fault(began, f"{what} begins or ends a JSON string that the rest does not", line)
        self._state = state

    def _fault(self, began: int, message: str, line: int) -> None:
        self.faults[began] = self.faults[began] or (message, line)

    def visit_Macro(self, node: nodes.Macro) -> nodes.Macro:
        node.defaults = [self.visit(default) for default in node.defaults]
        node.body = self._unit(node.body, node.lineno)
        return node

    def visit_CallBlock(self, node: nodes.CallBlock) -> nodes.CallBlock:
        self.generic_visit(node.call)
        node.call.node = self._direct(node.call.node, only=True)
        node.defaults = [self.visit(default) for default in node.defaults]
        node.body = self._unit(node.body, node.lineno)
        return node

    def _unit(self, body: list[nodes.Node], line: int) -> list[nodes.Node]:
        """Instrument the body of a macro.

        A fault concerns one kind of place, so only calls there raise it.
        """
        units = self._work(body)
        outer = (self._state, self._in_macro, self._in_capture, self._loops, self.faults)
        self._state = (OUTSIDE, INSIDE) if self._json else None
        self._in_macro, self._in_capture, self._loops, self.faults = True, False, [], [None, None]
        made = self.statements(body)
        self._same((OUTSIDE, INSIDE) if self._json else None, "a macro", line)
        faults = tuple(f"line {fault[1]}: {fault[0]}" if fault else None for fault in self.faults)
        self._state, self._in_macro, self._in_capture, self._loops, self.faults = outer
        return [self._entry(units, faults, line), *made]

    def _entry(self, units: int, faults: tuple[str | None, ...], line: int) -> nodes.ExprStmt:
        return nodes.ExprStmt(_filter(nodes.Const(None), " enter", units, faults), lineno=line)

    def visit_AssignBlock(self, node: nodes.AssignBlock) -> nodes.AssignBlock:
        node.body = self._captured_body(node.body)
        text = _filter(None, " marked", lineno=node.lineno)
        if node.filter is None:
            node.filter = text
        else:
            _innermost(node.filter).node = text
            node.filter = self.visit(node.filter)
        return node

    def visit_Assign(self, node: nodes.Assign) -> nodes.Node:
        if isinstance(node.node, nodes.Expr):
            node.node = marked(node.node)
        return self.generic_visit(node)

    def visit_FilterBlock(self, node: nodes.FilterBlock) -> list[nodes.Node]:
        """Rewrite it as ``set`` and output, so that its text is bounded and escaped like any value."""
        self._captured += 1
        name = f"_captured_{self._captured}"
        body = self._captured_body(node.body)
        _innermost(node.filter).node = nodes.Name(name, "load", lineno=node.lineno)
        return [
            nodes.AssignBlock(nodes.Name(name, "store"), None, body, lineno=node.lineno),
            nodes.Output([self._written(node.filter)], lineno=node.lineno),
        ]

    def _captured_body(self, body: list[nodes.Node]) -> list[nodes.Node]:
        # Captured text goes into a variable, so it is plain here and escaped where the variable is written.
        outer = self._state, self._in_capture
        self._state, self._in_capture = None, True
        made = self.statements(body)
        self._state, self._in_capture = outer
        return made

    def visit_Compare(self, node: nodes.Compare) -> nodes.Compare:
        node.expr = self._weighed(node.expr)
        for operand in node.ops:
            operand.expr = self._weighed(operand.expr)
        return node

    def visit_Pair(self, node: nodes.Pair) -> nodes.Pair:
        if not isinstance(node.key, nodes.Const):
            node.key = _filter(self.visit(node.key), " key")
        node.value = self.visit(node.value)
        return node

    def _weighed(self, node: nodes.Expr) -> nodes.Expr:
        return node if isinstance(node, nodes.Const) else _filter(self.visit(node), " weighed")

    def visit_Concat(self, node: nodes.Concat) -> nodes.Filter:
        parts: Iterator[nodes.Expr] = (self.visit(part) for part in node.nodes)
        return _filter(nodes.List(list(parts), lineno=node.lineno), " concat")

    def visit_Getitem(self, node: nodes.Getitem) -> nodes.Expr:
        self.generic_visit(node)
        return _filter(node, " made") if isinstance(node.arg, nodes.Slice) else node


def _innermost(node: nodes.Filter) -> nodes.Filter:
    while isinstance(node.node, nodes.Filter):
        node = node.node
    return node
