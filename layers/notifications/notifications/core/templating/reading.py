"""Find the names that a template reads inside its variables, through loops, filters and variables of its own.

Only simple cases are followed: nothing is known of a value that a call returns, or that has two possible
origins.
"""

from collections.abc import Iterable, Iterator

from jinja2 import nodes

from notifications.core.templating import lists
from notifications.core.templating.origins import ITEM, Origin, Path, Step, inside, item_of, part_of, sifted
from notifications.core.values import value

Names = dict[str, Origin]
"""The template's own variables at some place, with the origins of their values; None for unknown."""

_OF_MACROS = ("varargs", "kwargs", "caller")


@value
class Read:
    """A name that is read inside another value: the last step of ``path``.

    ``outer``: how the template spells that value; empty if that takes more than names and positions.
    ``called``: whether the name is called, like a method.
    """

    path: Path
    outer: str
    line: int
    called: bool = False


@value
class Reading:
    """The names that a template reads inside others, line by line, outer names before inner ones.

    ``branched``: its own variables and macros that branches define. Jinja2 looks these up in the context too,
    even if every branch defines them.
    """

    reads: list[Read]
    branched: set[str]


def of(tree: nodes.Template) -> Reading:
    """Read a template as its author wrote it, before it is instrumented."""
    reader = _Reader(tree)
    reader.statements(tree.body, {})
    branched = {name for branch in tree.find_all(nodes.If) for name in _set_in(branch)}
    return Reading(sorted(reader.found, key=lambda read: read.line), branched)


class _Reader:
    """Walks a template in the order in which it runs, with the scopes of variables that Jinja2 has."""

    def __init__(self, tree: nodes.Template) -> None:
        self._own = {node.name for node in tree.find_all(nodes.Name) if node.ctx != "load"}
        self._own |= {macro.name for macro in tree.find_all(nodes.Macro)}
        self.found: list[Read] = []

    def statements(self, body: Iterable[nodes.Node], names: Names) -> None:
        for node in body:
            self._statement(node, names)

    def _statement(self, node: nodes.Node, names: Names) -> None:
        match node:
            case nodes.For():
                self._loop(node, names)
            case nodes.If():
                self._branches(node, names)
            case nodes.Macro() | nodes.CallBlock():
                self._later(node, names)
            case nodes.Assign():
                self._bind(node.target, self._of(node.node, names), names)
            case nodes.AssignBlock() | nodes.FilterBlock():
                self._all(filter(None, [node.filter]), names)
                self.statements(node.body, dict(names))
                if isinstance(node, nodes.AssignBlock):
                    self._bind(node.target, None, names)
            case nodes.With():
                self._with(node, names)
            case _:
                self._all(node.iter_child_nodes(), names)

    def _loop(self, node: nodes.For, names: Names) -> None:
        items = self._of(node.iter, names)
        inner: Names = {**names, "loop": None}
        # A recursive loop is also called with lists other than the one that it begins with.
        self._bind(node.target, None if node.recursive else item_of(items), inner)
        self._all(filter(None, [node.test]), inner)
        self.statements(node.body, inner)
        self.statements(node.else_, dict(names))

    def _branches(self, node: nodes.If, names: Names) -> None:
        ends: list[Names] = []
        for branch in (node, *node.elif_):
            self._of(branch.test, names)
            ends.append(dict(names))
            self.statements(branch.body, ends[-1])
        ends.append(dict(names))
        self.statements(node.else_, ends[-1])
        for name in {name for end in ends for name in end}:
            there = {end.get(name) for end in ends}
            names[name] = there.pop() if len(there) == 1 else None

    def _later(self, node: nodes.Macro | nodes.CallBlock, names: Names) -> None:
        """Read a body that runs when it is called, when the template's variables may have other values."""
        inner: Names = dict.fromkeys((*self._own, *_OF_MACROS))
        self._all(node.defaults, inner)
        self.statements(node.body, inner)
        if isinstance(node, nodes.Macro):
            names[node.name] = None
        else:
            self._of(node.call, names)

    def _with(self, node: nodes.With, names: Names) -> None:
        inner = dict(names)
        for target, given in zip(node.targets, node.values, strict=True):
            self._bind(target, self._of(given, names), inner)
        self.statements(node.body, inner)

    def _bind(self, target: nodes.Node, origin: Origin, names: Names) -> None:
        if isinstance(target, nodes.Name):
            names[target.name] = origin
        elif isinstance(target, nodes.Tuple):
            for place, inner in enumerate(target.items):
                self._bind(inner, part_of(origin, place), names)

    def _all(self, expressions: Iterable[nodes.Node], names: Names) -> None:
        for node in expressions:
            self._of(node, names)

    def _of(self, node: nodes.Node, names: Names, *, called: bool = False) -> Origin:
        """Read an expression; return the origin of its value, None if that is unknown."""
        match node:
            case nodes.Name():
                return names[node.name] if node.name in names else (Step(node.name),)
            case nodes.Getattr():
                outer = self._of(node.node, names)
                return self._name(outer, Step(node.attr), node, called=called)
            case nodes.Getitem():
                return self._item(node, names)
            case nodes.Filter():
                return self._filtered(node, names)
            case nodes.Call():
                self._of(node.node, names, called=True)
                self._all(node.iter_child_nodes(exclude=("node",)), names)
            case nodes.Or(right=nodes.List(items=[]) | nodes.Dict(items=[])):
                return self._of(node.left, names)
            case _:
                self._all(node.iter_child_nodes(), names)
        return None

    def _item(self, node: nodes.Getitem, names: Names) -> Origin:
        outer = self._of(node.node, names)
        match node.arg:
            case nodes.Const(value=str(name)):
                return self._name(outer, Step(name, in_brackets=True), node)
            case nodes.Const(value=int(place)):
                return part_of(outer, place)
            case nodes.Slice():
                self._all(node.arg.iter_child_nodes(), names)
                return sifted(outer)
        self._of(node.arg, names)
        return item_of(outer)

    def _filtered(self, node: nodes.Filter, names: Names) -> Origin:
        outer = self._of(node.node, names) if node.node else None
        self._all(node.iter_child_nodes(exclude=("node",)), names)
        read: list[Origin] = []
        for attribute in lists.attributes(node):
            inner = item_of(outer)
            for at, step in enumerate(attribute):
                before = ".".join(each.name for each in attribute[:at] if each.name is not None)
                if isinstance(inner, tuple) and step != ITEM:
                    self.found.append(Read((*inner, step), before, node.lineno))
                inner = inside(inner, step)
            read.append(inner)
        return lists.result(node, outer, read)

    def _name(
        self, outer: Origin, step: Step, node: nodes.Getattr | nodes.Getitem, *, called: bool = False
    ) -> Origin:
        if isinstance(outer, tuple):
            self.found.append(Read((*outer, step), _written(node.node), node.lineno, called))
        return inside(outer, step)


def _set_in(node: nodes.Node) -> Iterator[str]:
    for macro in node.find_all(nodes.Macro):
        yield macro.name
    targets = [setting.target for setting in node.find_all(nodes.Assign)]
    targets += [setting.target for setting in node.find_all(nodes.AssignBlock)]
    for target in targets:
        for name in (target, *target.find_all(nodes.Name)):
            if isinstance(name, nodes.Name):
                yield name.name


def _written(node: nodes.Node) -> str:
    """Return how a template spells a chain of names and positions; empty for anything else."""
    match node:
        case nodes.Name():
            return node.name
        case nodes.Getattr():
            inner, last = node.node, f".{node.attr}"
        case nodes.Getitem():
            inner, last = node.node, "".join(f"[{place}]" for place in _place(node.arg))
        case _:
            return ""
    outer = _written(inner)
    return f"{outer}{last}" if outer and last else ""


def _place(node: nodes.Node) -> Iterator[str]:
    match node:
        case nodes.Const():
            yield repr(node.value)
        case nodes.Neg(node=nodes.Const(value=int(place))):
            yield f"-{place}"
        case nodes.Name():
            yield node.name
