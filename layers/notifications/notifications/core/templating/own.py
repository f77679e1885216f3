"""The constant texts in a template's expressions, which are the author's own and not values."""

from typing import Any

from jinja2 import nodes


def filtered(node: nodes.Expr | None, name: str, *constants: Any, lineno: int = 1) -> nodes.Filter:
    """Apply to an expression one of the filters that no template can name."""
    values = [nodes.Const(constant) for constant in constants]
    return nodes.Filter(node, name, values, [], None, None, lineno=node.lineno if node else lineno)


def marked(node: nodes.Expr) -> nodes.Expr:
    """Mark the constant texts that an expression may yield unchanged, as in ``'done' if ok else reason``."""
    match node:
        case nodes.Const(value=str()):
            return filtered(node, " marked")
        case nodes.CondExpr():
            node.expr1, node.expr2 = marked(node.expr1), node.expr2 and marked(node.expr2)
        case nodes.Or() | nodes.And():
            node.left, node.right = marked(node.left), marked(node.right)
    return node


def constant(node: nodes.Node | None) -> Any:
    """Return the value of a constant, marked or not; None for anything else."""
    if isinstance(node, nodes.Filter) and node.name == " marked":
        node = node.node
    return node.value if isinstance(node, nodes.Const) else None


def is_punctuation(node: nodes.Expr | None) -> bool:
    """Return whether an expression can only yield the template's own commas and brackets."""
    if isinstance(node, nodes.CondExpr):
        return is_punctuation(node.expr1) and (node.expr2 is None or is_punctuation(node.expr2))
    return punctuates(constant(node))


def punctuates(text: object) -> bool:
    """Return whether a text consists only of JSON's punctuation, like ``", "`` between items."""
    return isinstance(text, str) and not text.strip(" \t\r\n,:[]{}")
