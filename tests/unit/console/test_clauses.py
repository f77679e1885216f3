"""The console's clause builder, beside the service's own reading of conditions and clauses."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.core import conditions
from notifications.core.conditions import ConditionError
from notifications.core.rule_types import BUILT_IN
from tests.samples.conditions import FLAT_PATTERNS, PATTERNS
from tests.unit.console.node import Ask

STARTS = "f.!=<>~,*\" 1ae\\'-"


def _normal(pattern: Any) -> Any:
    """Return a pattern as the service writes it, with nesting in place of dotted names."""
    return conditions.to_json(conditions.parse(pattern))


@given(pattern=st.one_of(FLAT_PATTERNS, PATTERNS))
def test_no_condition_is_lost_in_the_builder(ask_rules: Ask, pattern: dict[str, Any]) -> None:
    """Any condition, drawn and written again, is the condition that it was."""
    told = ask_rules("written", ask_rules("drawn", pattern))
    assert told["faults"] == []
    assert _normal(told["condition"]) == _normal(pattern)


@given(pattern=st.one_of(FLAT_PATTERNS, PATTERNS))
def test_clauses_are_those_of_the_command_line(ask_rules: Ask, pattern: dict[str, Any]) -> None:
    """The clauses beside the builder make the same condition with --where, and are there if there are any."""
    shown = ask_rules("clauses", pattern)
    printed = conditions.clauses(conditions.parse(pattern))
    assert (shown is None) == (printed is None or _is_beyond_javascript(pattern))
    if shown is not None:
        assert conditions.to_json(conditions.from_clauses(shown)) == _normal(pattern)


@given(clauses=st.lists(st.text(alphabet=STARTS, max_size=12), min_size=1, max_size=2))
def test_clauses_are_read_as_the_service_reads_them(ask_rules: Ask, clauses: list[str]) -> None:
    """A text is a condition of the builder exactly if the service takes it, and then it is the same one."""
    try:
        made = conditions.to_json(conditions.from_clauses(clauses))
    except ConditionError:
        made = None
    pattern = ask_rules("pattern", clauses)
    if pattern is not None:
        try:
            pattern = _normal(pattern)
        except ConditionError:  # the builder leaves the limits to the service
            pattern = None
    assert pattern == made


@given(
    name=st.text(min_size=1).filter(lambda name: "." not in name and name != "$or"),
    texts=st.lists(st.text(), min_size=1, max_size=3),
)
def test_any_name_and_text_can_be_written(ask_rules: Ask, name: str, texts: list[str]) -> None:
    """Whatever characters are in a name or a text, the clauses shown mean exactly these."""
    for pattern in ({name: texts}, {name: [{"prefix": text} for text in texts]}):
        shown = ask_rules("clauses", pattern)
        assert conditions.to_json(conditions.from_clauses(shown)) == pattern


@pytest.mark.parametrize(
    ("items", "faults"),
    [
        ([["", "is", ["x"]]], [{"at": [0], "fault": "path"}]),
        ([["a", "is", []]], [{"at": [0], "fault": "value"}]),
        ([["a", "between", [5, 2]]], [{"at": [0], "fault": "value"}]),
        ([["a", "is", ["x"]], ["a", "begins", ["y"]]], [{"at": [1], "fault": "twice"}]),
        ([["a", "is", ["x"]], ["a.b", "is", ["y"]]], [{"at": [1], "fault": "twice"}]),
        ([["$or", "is", ["x"]]], [{"at": [0], "fault": "path"}]),
    ],
)
def test_rows_that_make_no_condition_are_told_apart(
    ask_rules: Ask, items: list[list[Any]], faults: list[dict[str, Any]]
) -> None:
    """A row says what is missing in it, or that it cannot stand beside another one."""
    rows = [
        {"kind": "row", "path": path.split("."), "operator": operator, "values": values}
        for path, operator, values in items
    ]
    assert ask_rules("written", {"kind": "all", "items": rows}) == {"condition": None, "faults": faults}


@given(pattern=st.one_of(FLAT_PATTERNS, PATTERNS))
def test_json_for_people_is_the_same_json(ask_rules: Ask, pattern: dict[str, Any]) -> None:
    """What is shown of a condition that has no clauses is that condition."""
    assert json.loads(ask_rules("readable", pattern)) == pattern


@pytest.mark.parametrize(
    ("alternatives", "operator", "values"),
    [
        (["a", "b"], "is", ["a", "b"]),
        ([{"prefix": "job"}, "train-7"], "any_of", ["job*", "train-7"]),
        ([{"numeric": [">=", 2, "<=", 10]}, "26", 5], "any_of", ["2..10", '"26"', "5"]),
        ([{"wildcard": "a*b*c"}], "matches", ["a*b*c"]),
        ([{"wildcard": "*a*"}, {"wildcard": "*b*"}], "contains", ["a", "b"]),
        ([None, {"exists": False}], "absent", []),
        ([{"anything-but": {"prefix": "x"}}, {"exists": False}], "not_begins", ["x"]),
    ],
)
def test_a_field_is_drawn_with_the_simplest_operator(
    ask_rules: Ask, alternatives: list[Any], operator: str, values: list[Any]
) -> None:
    """What one operator says is a row with it; several are a row of values as clauses write them."""
    (row,) = ask_rules("drawn", {"f": alternatives})["items"]
    assert (row["operator"], row["values"]) == (operator, values)


def test_two_bounds_and_two_exclusions_go_together(ask_rules: Ask) -> None:
    """Two rows on one field make the one condition that the two clauses make."""
    for clauses in (["a>2", "a<=5"], ["a!=x", "a!=y,z"]):
        pattern = ask_rules("pattern", clauses)
        assert _normal(pattern) == conditions.to_json(conditions.from_clauses(clauses))
        assert ask_rules("written", ask_rules("drawn", pattern))["condition"] == pattern


def test_each_field_of_a_built_in_type_is_offered(ask_rules: Ask) -> None:
    """All fields that a schema declares are offered, with their descriptions."""
    for event_type in BUILT_IN.values():
        fields = {field["path"]: field for field in ask_rules("fields", event_type.json_schema)}
        for name, schema in event_type.json_schema["properties"].items():
            inner = [path for path in fields if path == name or path.startswith(f"{name}.")]
            assert inner, (event_type.name, name)
            if schema.get("type") == "string":
                assert fields[name]["kinds"] == ["text"]
                assert fields[name]["description"] == schema.get("description", "")


def _is_beyond_javascript(value: Any) -> bool:
    """Tell whether an integer is in it that a JavaScript number may have rounded."""
    if isinstance(value, dict):
        return any(map(_is_beyond_javascript, value.values()))
    if isinstance(value, list):
        return any(map(_is_beyond_javascript, value))
    return isinstance(value, (int, float)) and abs(value) >= 2**53
