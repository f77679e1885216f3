"""Templates that read only what is there are never refused for their names, whatever way they read it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from notifications.core import rendering, templates
from notifications.core.errors import TemplateError
from notifications.core.model import Digest, Event, EventType, OncePer
from notifications.core.rule_types import BUILT_IN
from notifications.core.rule_types.session import CONTEXT
from notifications.core.samples import sample
from notifications.core.templating.absent import Absent
from notifications.core.templating.compiling import SANDBOX, in_code
from notifications.core.times import parse
from notifications.core.variables import Variables, names_besides
from notifications.core.windows import digests
from tests.samples.configuration import event_type, rule

MAX_DEPTH = 4
"""How deep statements are nested, and how many steps lead into a value."""

WITH_BOTH = names_besides(rule(once_per=OncePer(60), digest=Digest("5m")))
NAMES = ("id", "items", "events", "first", "count", "my-field", "a", "b", "x")
CASES = 5
"""How many times as many templates are tried as of other properties: each of them is small."""


def schemas() -> st.SearchStrategy[Any]:
    """Make schemas of values: open and closed objects, lists, texts, and what may be null."""
    leaf: st.SearchStrategy[Any] = st.sampled_from(
        [{}, {"type": "string"}, {"type": "integer"}, {"type": ["object", "string"]}]
    )

    def wider(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        objects = st.builds(
            lambda properties, more: {"type": "object", "properties": properties, **more},
            st.dictionaries(st.sampled_from(NAMES), inner, min_size=1, max_size=3),
            st.sampled_from(
                [{}, {"additionalProperties": False}, {"additionalProperties": {"type": "string"}}]
            ),
        )
        lists = inner.map(lambda items: {"type": "array", "items": items})
        null = inner.map(lambda one: {"anyOf": [one, {"type": "null"}]})
        return objects | lists | null

    return st.recursive(leaf, wider, max_leaves=6)


TYPES = st.builds(
    lambda properties, closed: event_type(properties, additionalProperties=closed),
    st.dictionaries(st.sampled_from(NAMES), schemas(), min_size=1, max_size=5),
    st.booleans().map(lambda closed: not closed),
) | st.sampled_from([*BUILT_IN.values()])


class Author:
    """Writes templates that mostly read what is there, since it sees the values while it writes."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._made = 0

    def template(self, scope: Mapping[str, Any], depth: int = 0) -> str:
        """Write some statements that read these variables."""
        scope = dict(scope)
        return "".join(self._statement(scope, depth) for _ in range(self._random.randint(1, 3)))

    def _statement(self, scope: dict[str, Any], depth: int) -> str:
        kinds: list[Callable[[dict[str, Any], int], str]] = [self._output, self._set]
        if depth < MAX_DEPTH:
            kinds += [self._loop, self._loop, self._branch, self._with, self._macro, self._groups]
        return self._random.choice(kinds)(scope, depth)

    def _output(self, scope: dict[str, Any], _depth: int) -> str:
        return f"{{{{ {self._expression(scope)[0]} }}}}"

    def _set(self, scope: dict[str, Any], _depth: int) -> str:
        written, value = self._expression(scope)
        name = self._name(scope)
        scope[name] = value
        return f"{{% set {name} = {written} %}}"

    def _branch(self, scope: dict[str, Any], depth: int) -> str:
        test = self._expression(scope)[0]
        names, (one, two) = [], (dict(scope), dict(scope))
        parts = []
        for inner in (one, two):
            written, value = self._expression(inner)
            names.append(self._random.choice(["x", "y"]))
            inner[names[-1]] = value
            parts.append(f"{{% set {names[-1]} = {written} %}}{self.template(inner, depth + 1)}")
        # Both branches have set it, so it is there whichever of them ran.
        after = f"{{{{ {names[0]} }}}}" if names[0] == names[1] else ""
        for name in names:
            scope.pop(name, None)
        return f"{{% if {test} %}}{parts[0]}{{% else %}}{parts[1]}{{% endif %}}{after}"

    def _with(self, scope: dict[str, Any], depth: int) -> str:
        written, value = self._expression(scope)
        name = self._name(scope)
        body = self.template({**scope, name: value}, depth + 1)
        return f"{{% with {name} = {written} %}}{body}{{% endwith %}}"

    def _macro(self, scope: dict[str, Any], depth: int) -> str:
        written, value = self._expression(scope)
        self._made += 1
        name, of = f"m{self._made}", self._name(scope)
        body = self.template({of: value}, depth + 1)
        return f"{{% macro {name}({of}) %}}{body}{{% endmacro %}}{{{{ {name}({written}) }}}}"

    def _loop(self, scope: dict[str, Any], depth: int) -> str:
        written, values = self._list(scope)
        name = self._name(scope)
        test = f" if {name}" if self._random.random() < 0.2 else ""
        body = self.template({**scope, name: self._random.choice(values)}, depth + 1)
        return f"{{% for {name} in {written}{test} %}}{body}{{% endfor %}}"

    def _groups(self, scope: dict[str, Any], depth: int) -> str:
        written, values = self._list(scope)
        one = self._random.choice(values)
        if not isinstance(one, Mapping) or not one:
            return ""
        by = self._random.choice([*one])
        body = self.template({"k": one[by], "group": [one]}, depth + 1)
        return f"{{% for k, group in {written} | groupby({by!r}) %}}{body}{{% endfor %}}"

    def _name(self, scope: Mapping[str, Any]) -> str:
        """Choose a variable's name: a new one, or one that hides another."""
        return self._random.choice(["e", "x", "y", *(name for name in scope if name.isidentifier())])

    def _list(self, scope: Mapping[str, Any]) -> tuple[str, Sequence[Any]]:
        for _ in range(5):
            written, value = self._expression(scope)
            if isinstance(value, list) and value:
                return written, value
        return "['t']", ["t"]

    def _expression(self, scope: Mapping[str, Any]) -> tuple[str, Any]:
        name = self._random.choice([name for name in scope if name.isidentifier()] or [None])
        if name is None:
            return "'t'", "t"
        written, value = str(name), scope[name]
        for _ in range(self._random.randint(0, MAX_DEPTH)):
            written, value = self._stepped(written, value)
        return written, value

    def _stepped(self, written: str, value: Any) -> tuple[str, Any]:
        if isinstance(value, Mapping) and value:
            key = self._random.choice([*value])
            forms = [f"{written}[{key!r}]"]
            if key.isidentifier() and not hasattr(dict, key):
                forms += [f"{written}.{key}", f"({written}).{key}"]
            return self._random.choice(forms), value[key]
        if isinstance(value, list) and value:
            return self._random.choice([self._item, self._items])(written, value)
        if isinstance(value, str):
            return f"({written}).{self._random.choice(['upper()', 'lower()', 'strip()'])}", value
        return written, value

    def _item(self, written: str, value: list[Any]) -> tuple[str, Any]:
        step, found = self._random.choice(
            [("[0]", value[0]), ("[-1]", value[-1]), (" | first", value[0]), (" | last", value[-1])]
        )
        return f"({written}{step})", found

    def _items(self, written: str, value: list[Any]) -> tuple[str, Any]:
        steps: list[tuple[str, Any]] = [
            *((" | list", value), ("[:5]", value), (" | reverse | list", [*reversed(value)])),
            *((" | batch(2) | list", [value[:2]]), (" or []", value)),
        ]
        if isinstance(one := value[0], Mapping) and one:
            by = self._random.choice([*one])
            steps += [
                (f" | map(attribute={by!r}) | list", [one[by]]),
                (f" | selectattr({by!r}) | list", [one]),
            ]
        step, found = self._random.choice(steps)
        return f"({written}{step})", found


def seen_by(kind: EventType) -> Variables:
    """Return what a template of a digest of two samples sees."""
    event = Event("e", kind.name, parse("2026-01-15T10:30:00Z"), sample(kind))
    of_one = rendering.variables(event, kind).having({"repeats": 0})
    if CONTEXT not in kind.fields:  # every event has one, but only templates of some types may name it
        del of_one[CONTEXT]
    return digests.variables([of_one, of_one], (), ())


@contextmanager
def missed() -> Iterator[list[object]]:
    """List the names that are looked up in vain meanwhile."""
    found: list[object] = []

    class Missed(Absent):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            found.append(self._undefined_name)

    SANDBOX.undefined = Missed
    try:
        yield found
    finally:
        SANDBOX.undefined = Absent


@settings(max_examples=CASES * settings().max_examples)
@given(TYPES, st.integers(0, 2**32).map(Random))
def test_what_renders_without_a_missing_name_is_taken(kind: EventType, random: Random) -> None:
    """A template that finds every name that it reads, in a sample of the type, is not refused."""
    seen = seen_by(kind)
    source = Author(random).template({name: seen[name] for name in seen})
    with missed() as names:
        try:
            templates.run(in_code(source, "text"), seen, "text", 500_000)
        except TemplateError:
            return  # such as one that compares a text with a number, or that costs too much
    if not names:
        templates.check(source, kind, "text", WITH_BOTH)
