"""Write a condition as clauses, if clauses can say all of it."""

import json
from collections.abc import Sequence

from notifications.core.conditions import wildcards
from notifications.core.conditions.compiling import (
    ABSENT_ALTERNATIVES,
    PRESENT_ALTERNATIVES,
    from_clauses,
)
from notifications.core.conditions.model import (
    Alternative,
    AnythingBut,
    Condition,
    ConditionError,
    EqualsIgnoreCase,
    Exact,
    Exists,
    Leaf,
    Numeric,
    Path,
    Prefix,
    Scalar,
    Suffix,
    Wildcard,
)
from notifications.core.conditions.scanning import SPECIAL
from notifications.core.conditions.values import RANGE, is_plain


def clauses(condition: Condition) -> list[str] | None:
    """Write a condition as clauses that parse to the identical condition; None if there are none."""
    written: list[str] = []
    for part in condition.parts:
        made = leaf_clauses(part) if isinstance(part, Leaf) else None
        if made is None:
            return None
        written += made
    try:
        return written if from_clauses(written) == condition else None
    except ConditionError:
        return None


def leaf_clauses(leaf: Leaf) -> list[str] | None:
    """Write one leaf as clauses, if there are any.

    Whether they parse to the same leaf is not checked here.
    """
    path = _path(leaf.path)
    match leaf.alternatives:
        case alternatives if alternatives == PRESENT_ALTERNATIVES:
            return [path]
        case alternatives if alternatives == ABSENT_ALTERNATIVES:
            return [f"!{path}"]
        case (AnythingBut() as negated, Exists(present=False)):
            return [f"{path}{_negated(negated)}"]
        case (Exact(value=bool(value)), Exact(value=None), Exists(present=False)):
            return [f"{path}!={_literal(not value)}"]
        case (Numeric() as numeric,) if (compared := _compared(path, numeric)) is not None:
            return compared
        case alternatives:
            return _any_of(path, alternatives)


def _any_of(path: str, alternatives: Sequence[Alternative]) -> list[str] | None:
    for operator, write in (("=", _item), ("~=", _item_ignoring_case)):
        items = [write(one) for one in alternatives]
        if None not in items:
            return [f"{path}{operator}{','.join(map(str, items))}"]
    return None


def _item(one: Alternative) -> str | None:
    match one:
        case Exact():
            return _literal(one.value)
        case Prefix(text=text, ignore_case=False):
            return f"{_piece(text)}*"
        case Suffix(text=text, ignore_case=False):
            return f"*{_piece(text)}"
        case Wildcard():
            return _wildcard(one.text)
        case Numeric(comparisons=((">=", lower), ("<=", upper))):
            return f"{_literal(lower)}{RANGE}{_literal(upper)}"
        case _:
            return None


def _item_ignoring_case(one: Alternative) -> str | None:
    match one:
        case EqualsIgnoreCase():
            return _text(one.text)
        case Prefix(text=text, ignore_case=True):
            return f"{_piece(text)}*"
        case Suffix(text=text, ignore_case=True):
            return f"*{_piece(text)}"
        case _:
            return None


def _compared(path: str, numeric: Numeric) -> list[str] | None:
    """Write a clause for each bound; None for ranges that ``..`` writes shorter, and for ``=``."""
    comparators = [comparator for comparator, _ in numeric.comparisons]
    if comparators == [">=", "<="] or "=" in comparators:
        return None
    return [f"{path}{comparator}{_literal(bound)}" for comparator, bound in numeric.comparisons]


def _negated(negated: AnythingBut) -> str:
    match negated.operator:
        case "values":
            return f"!={','.join(map(_literal, negated.values))}"
        case "equals-ignore-case":
            return f"!~={','.join(_text(str(text)) for text in negated.values)}"
        case "prefix":
            return f"!={','.join(f'{_piece(str(text))}*' for text in negated.values)}"
        case "suffix":
            return f"!={','.join(f'*{_piece(str(text))}' for text in negated.values)}"
        case _:
            return f"!={','.join(_wildcard(str(text)) for text in negated.values)}"


def _wildcard(wildcard: str) -> str:
    pieces = wildcards.pieces(wildcard) or []
    return _text(pieces[0]) if len(pieces) == 1 else "*".join(map(_piece, pieces))


def _literal(scalar: Scalar) -> str:
    return _text(scalar) if isinstance(scalar, str) else json.dumps(scalar)


def _text(text: str) -> str:
    return text if text and is_plain(text) and _is_bare(text) else _quoted(text)


def _piece(text: str) -> str:
    return text if _is_bare(text) else _quoted(text)


def _is_bare(text: str) -> bool:
    return (
        text.isprintable()
        and text == text.strip()
        and text[:1] not in (*"=!<>~",)
        and not set(text) & set('",*')
    )


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=not text.isprintable())


def _path(path: Path) -> str:
    return ".".join(_name(name) for name in path)


def _name(name: str) -> str:
    bare = name and name.isprintable() and not set(name) & {*SPECIAL, " ", "\\"} and name == name.strip()
    return name if bare else _quoted(name)
