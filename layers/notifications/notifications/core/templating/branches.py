"""Make the conditions of a template forceable, to try whether any path through it suits its channel."""

from collections.abc import Iterator
from typing import Any

from jinja2 import nodes
from jinja2.utils import pass_context
from jinja2.visitor import NodeTransformer

from notifications.core.templating.budget import RenderContext

_ITEMS = (("key", "value"), ("key", "value"))
"""The items for a loop over an empty list: pairs, which fit one loop variable as well as two."""


OWN = -1
"""The number of every condition on the template's own variables: those of a loop, or set by it."""


def open_all(tree: nodes.Template) -> int:
    """Make a tree's conditions forceable and its loops never empty; return how many conditions use data."""
    own = {node.name for node in tree.find_all(nodes.Name) if node.ctx == "store"}
    own -= {
        name.name for loop in tree.find_all(nodes.For) for name in _names(loop.target) if name.ctx == "store"
    }
    opened = _Opened(own | {"loop"})
    tree.body = [opened.visit(node) for node in tree.body]
    return opened.count


def _names(node: nodes.Node) -> list[nodes.Name]:
    return [*([node] if isinstance(node, nodes.Name) else []), *node.find_all(nodes.Name)]


@pass_context
def branch(context: RenderContext, value: Any, number: int) -> bool:
    """Return the result that the trial forces on a condition, or else the condition's own."""
    wanted = None if context.branches is None else context.branches(number)
    return bool(value) if wanted is None else wanted


@pass_context
def filled(context: RenderContext, values: Any) -> Any:
    """Return two items for a loop that would have none."""
    context.budget.charge(1)
    if isinstance(values, Iterator):
        values = list(context.budget.each(values))
    return _ITEMS if values is None or (hasattr(type(values), "__len__") and not values) else values


class _Opened(NodeTransformer):
    def __init__(self, own: set[str]) -> None:
        self._own = own
        self.count = 0

    def _open(self, test: nodes.Node) -> nodes.Filter:
        number = OWN
        if not self._own & {name.name for name in _names(test)}:
            number, self.count = self.count, self.count + 1
        constant = nodes.Const(number, lineno=test.lineno)
        return nodes.Filter(self.visit(test), " branch", [constant], [], None, None, lineno=test.lineno)

    def visit_If(self, node: nodes.If) -> nodes.If:
        node.test = self._open(node.test)
        for part in (node.body, node.elif_, node.else_):
            part[:] = [self.visit(inner) for inner in part]
        return node

    def visit_CondExpr(self, node: nodes.CondExpr) -> nodes.CondExpr:
        node.test, node.expr1 = self._open(node.test), self.visit(node.expr1)
        node.expr2 = node.expr2 and self.visit(node.expr2)
        return node

    def visit_For(self, node: nodes.For) -> nodes.For:
        node.iter = nodes.Filter(self.visit(node.iter), " filled", [], [], None, None, lineno=node.lineno)
        node.test = node.test and self._open(node.test)
        for part in (node.body, node.else_):
            part[:] = [self.visit(inner) for inner in part]
        return node
