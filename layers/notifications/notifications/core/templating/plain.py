"""Write plain templates, of text and variables alone, without Jinja2's code.

Most templates are plain. This takes 13 % off a delivery's CPU (docs/decisions/0013-bounded-templates.md): one
loop writes the parts of all of them, and most of their JSON is known to be valid beforehand. Jinja2's code is
not generated either, which is half of compiling, unless such a template fails: its code then shows where.

``tests/unit/core/test_templates_plain.py`` proves that both ways write the same and leave the same budget. To
undo this, remove this module and its uses in ``compiling`` and ``templates``.
"""

from collections.abc import Callable, Mapping
from typing import Any

from jinja2 import nodes
from jinja2.environment import Environment

from notifications.core.templating.absent import Absent
from notifications.core.templating.budget import Budget, HasBudget, OnlyBudget
from notifications.core.templating.json_messages import is_json
from notifications.core.templating.output import as_json, as_text, in_string, marked
from notifications.core.templating.own import constant
from notifications.core.texts import BOM
from notifications.core.values import value

MAX_ATTRIBUTES = 16
"""The longest path of a plain template; Python refuses code that is nested too deeply."""

MAX_BRACKETS = 100
"""How many brackets a text may have to be known as valid JSON: with far more, it may be nested too deeply."""

_WRITERS: Mapping[str, Callable[[HasBudget, Any], str]] = {
    " text": as_text,
    " json": as_json,
    " in string": in_string,
}


@value
class Variable:
    """A variable in a template, after the text before it.

    ``attributes``: the path that is read inside it. ``otherwise``: the text to write if it is empty; None to
    write it anyway.
    """

    text: str
    name: str
    attributes: tuple[str, ...]
    otherwise: str | None
    write: Callable[[HasBudget, Any], str]


@value
class Plain:
    """The parts of a plain template. ``end``: the text after the last variable.

    ``is_json``: whether everything that it can write is JSON, so that no check is needed.
    """

    variables: tuple[Variable, ...]
    end: str
    is_json: bool
    environment: Environment

    @property
    def names(self) -> frozenset[str]:
        """Return the names of the variables that it looks up."""
        return frozenset(variable.name for variable in self.variables)

    def write(self, values: Mapping[str, Any], budget: Budget) -> str:
        """Write it as Jinja2's code does, or raise the same error without the line."""
        context = OnlyBudget(budget)
        texts: list[str] = []
        for variable in self.variables:
            name = variable.name
            written = values[name] if name in values else Absent(name=name)
            for attribute in variable.attributes:
                written = self.environment.getattr(written, attribute)
            if variable.otherwise is not None and not written:
                written = marked(context, variable.otherwise)
            texts += (variable.text, variable.write(context, written))
        texts.append(self.end)
        return "".join(texts)


def read(tree: nodes.Template, environment: Environment) -> Plain | None:
    """Return the parts of an instrumented template if it is plain."""
    variables: list[Variable] = []
    text = ""
    for node in tree.body:
        if not isinstance(node, nodes.Output):
            return None
        for part in node.nodes:
            if isinstance(part, nodes.TemplateData):
                text += part.data
            elif (variable := _variable(text, part)) and variable.name not in environment.globals:
                variables.append(variable)
                text = ""
            else:
                return None
    return Plain(tuple(variables), text, _is_json(variables, text), environment)


def _variable(text: str, written: nodes.Expr) -> Variable | None:
    """Return the variable that an expression writes; None if it is more than a variable."""
    assert isinstance(written, nodes.Filter)  # noqa: S101 - see ``tree``
    inner: nodes.Node | None = written.node
    otherwise: str | None = None
    if isinstance(inner, nodes.Or) and isinstance(instead := constant(inner.right), str):
        inner, otherwise = inner.left, instead
    attributes: list[str] = []
    while isinstance(inner, nodes.Getattr):
        attributes.insert(0, inner.attr)
        inner = inner.node
    # ``self`` is the template, which only Jinja2's code can read.
    if not isinstance(inner, nodes.Name) or inner.name == "self" or len(attributes) > MAX_ATTRIBUTES:
        return None
    return Variable(text, inner.name, tuple(attributes), otherwise, _WRITERS[written.name])


def _is_json(variables: list[Variable], end: str) -> bool:
    """Return whether a template writes JSON whatever its variables are.

    It does if it writes JSON with a "z" for each variable inside a string, and with both a text and null for
    each variable outside. Where a "z" is valid, every escaped text is, because a "z" continues no escape
    sequence. Where both a text and null are valid, every value is, because null cannot be a key, and a text
    cannot continue a number.
    """
    for outside in ('""', "null"):
        parts = [f"{variable.text}{outside if variable.write is as_json else 'z'}" for variable in variables]
        text = f"{''.join(parts)}{end}".removeprefix(BOM)
        if text.count("[") + text.count("{") > MAX_BRACKETS or not is_json(text):
            return False
    return True
