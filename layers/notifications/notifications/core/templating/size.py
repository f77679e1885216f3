"""Measure a template: its size, and what running its parts costs."""

from jinja2 import nodes
from jinja2.exceptions import TemplateSyntaxError

from notifications.core.templating.budget import CHARS_PER_UNIT

MAX_NODES = 2_000
"""How many parts one template may have; compiling that many takes up to a tenth of a second."""

_EXPENSIVE: dict[type[nodes.Node], int] = {nodes.CallBlock: 8, nodes.FilterBlock: 2}
"""Nodes that take as long to compile as this many additional parts."""

MAX_TREE_DEPTH = 100
"""How deep statements and expressions may be nested."""


def check_size(tree: nodes.Template) -> None:
    """Refuse a tree that would take long to compile.

    Raises:
        TemplateSyntaxError: it has too many parts, or is nested too deeply.
    """
    level: list[nodes.Node] = [tree]
    count = 0
    for _ in range(MAX_TREE_DEPTH):
        level = [child for node in level for child in node.iter_child_nodes()]
        if any(isinstance(node, nodes.Const) and node.value == float("inf") for node in level):
            raise TemplateSyntaxError("a number is too large", 1)
        count += len(level) + sum(_EXPENSIVE.get(type(node), 0) for node in level)
        if count > MAX_NODES:
            raise TemplateSyntaxError(f"it has more than {MAX_NODES} parts", 1)
        if not level:
            return
    raise TemplateSyntaxError("it is nested too deeply", min(node.lineno for node in level))


def units(tree: nodes.Template) -> dict[int, int]:
    """Return how many units one run of each node costs, by the node's id."""
    found: dict[int, int] = {}

    def measure(node: nodes.Node) -> int:
        own = len(node.data) // CHARS_PER_UNIT if isinstance(node, nodes.TemplateData) else 0
        found[id(node)] = 1 + own + sum(measure(child) for child in node.iter_child_nodes())
        return found[id(node)]

    measure(tree)
    return found
