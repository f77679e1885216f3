"""Random conditions and events, and a plain reading of the rules of event patterns to compare with."""

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

from hypothesis import strategies as st

from notifications.core.conditions.branching import branches
from notifications.core.conditions.comparing import predicate
from notifications.core.conditions.model import Condition, ConditionError, Exists, Leaf
from notifications.core.conditions.parsing import parse

Membership = Mapping[Any, int]
"""Which element of each list a value is in."""
Field = tuple[str, Any, Membership]

NAMES = st.sampled_from(["a", "b", "c"])
TEXTS = st.sampled_from(["", "x", "X", "xy", "yx", "5", "true", "a*b", 'q"', "a,b", " s ", "2..3", "\\", "é"])
NUMBERS = st.sampled_from([0, 1, 1.0, 2, 2.5, -3, 1e20])
SCALARS = st.one_of(TEXTS, NUMBERS, st.booleans(), st.none())

WILDCARDS = st.lists(st.sampled_from(["x", "y", "\\*", "\\\\", ","]), min_size=1, max_size=3).flatmap(
    lambda pieces: st.sampled_from(["*".join(pieces), "*" + "*".join(pieces), "*".join(pieces) + "*"])
)


def one_or_more(texts: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    """A text or a list of texts."""
    return st.one_of(texts, st.lists(texts, min_size=1, max_size=3))


def _bounds(two: list[float]) -> list[Any]:
    return [">", two[0], "<=", two[1]]


FULL_TEXTS = TEXTS.filter(bool)
NUMERIC = st.one_of(
    st.tuples(st.sampled_from(["<", "<=", ">", ">=", "="]), NUMBERS).map(list),
    st.lists(NUMBERS, min_size=2, max_size=2, unique=True).map(sorted).map(_bounds),
    st.lists(NUMBERS, min_size=2, max_size=2, unique=True)
    .map(sorted)
    .map(lambda two: [">=", two[0], "<=", two[1]]),
)
ALTERNATIVES = st.one_of(
    SCALARS,
    st.booleans().map(lambda present: {"exists": present}),
    st.tuples(st.sampled_from(["prefix", "suffix", "equals-ignore-case"]), TEXTS).map(
        lambda two: {two[0]: two[1]}
    ),
    st.tuples(st.sampled_from(["prefix", "suffix"]), TEXTS).map(
        lambda two: {two[0]: {"equals-ignore-case": two[1]}}
    ),
    WILDCARDS.map(lambda text: {"wildcard": text}),
    NUMERIC.map(lambda bounds: {"numeric": bounds}),
    st.one_of(one_or_more(TEXTS), NUMBERS, st.lists(NUMBERS, min_size=1, max_size=3)).map(
        lambda values: {"anything-but": values}
    ),
    st.tuples(st.sampled_from(["prefix", "suffix", "equals-ignore-case"]), one_or_more(FULL_TEXTS)).map(
        lambda two: {"anything-but": {two[0]: two[1]}}
    ),
    one_or_more(WILDCARDS).map(lambda texts: {"anything-but": {"wildcard": texts}}),
)
LEAVES = st.one_of(
    st.lists(ALTERNATIVES, min_size=1, max_size=3),
    st.lists(ALTERNATIVES, min_size=1, max_size=1).map(lambda one: [*one, {"exists": False}]),
)


def _patterns(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    fields = st.dictionaries(NAMES, inner, min_size=1, max_size=3)
    options = st.lists(st.dictionaries(NAMES, LEAVES, min_size=1, max_size=2), min_size=2, max_size=2)
    return st.one_of(fields, st.tuples(fields, options).map(lambda two: {**two[0], "$or": two[1]}))


def _is_allowed(pattern: dict[str, Any]) -> bool:
    try:
        parse(pattern)
    except ConditionError:  # options multiply what they look for
        return False
    return True


PATTERNS: st.SearchStrategy[dict[str, Any]] = _patterns(st.one_of(LEAVES, _patterns(LEAVES))).filter(
    _is_allowed
)
FLAT_PATTERNS: st.SearchStrategy[dict[str, Any]] = st.dictionaries(NAMES, LEAVES, min_size=1, max_size=3)

VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(NAMES, inner, max_size=3)),
    max_leaves=8,
)
EVENTS: st.SearchStrategy[dict[str, Any]] = st.dictionaries(NAMES, VALUES, max_size=3)


def holds(condition: Condition, data: Mapping[str, Any]) -> bool:
    """Try a condition by the letter of the rules: each way to choose among the fields, laid out flat."""
    fields = [*_flat((), data, {})]
    return any(_branch_holds(leaves, fields) for leaves in branches(condition))


def _branch_holds(leaves: list[Leaf], fields: list[Field]) -> bool:
    return any(
        _consistent(chosen, leaves, fields) for chosen in product(*(_choices(one, fields) for one in leaves))
    )


def _choices(leaf: Leaf, fields: list[Field]) -> list[Field | None]:
    """List the fields that meet a leaf; None stands for its absence."""
    meets = predicate(leaf.alternatives)
    found: list[Field | None] = [one for one in fields if one[0] == ".".join(leaf.path) and meets(one[1])]
    return [*found, None] if Exists(present=False) in leaf.alternatives else found


def _consistent(chosen: tuple[Field | None, ...], leaves: list[Leaf], fields: list[Field]) -> bool:
    """Tell whether fields are of the same elements of each list, and what must be absent is so from these."""
    joined: dict[Any, int] = {}
    for field in chosen:
        for array, at in (field[2] if field else {}).items():
            if joined.setdefault(array, at) != at:
                return False
    absent = {".".join(leaf.path) for field, leaf in zip(chosen, leaves, strict=True) if field is None}
    return not any(name in absent and _agree(joined, members) for name, _, members in fields)


def _agree(one: Membership, other: Membership) -> bool:
    return all(one.get(array, at) == at for array, at in other.items())


def _flat(path: tuple[str, ...], value: Any, members: Membership) -> Iterator[Field]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _flat((*path, name), inner, members)
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield from _flat(path, inner, {**members, (path, *members.items()): at})
    else:
        yield ".".join(path), value, members
