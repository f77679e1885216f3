"""What the console reads out of an event type's schema, and how it compares texts."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.core.rule_types import BUILT_IN
from tests.unit.console.node import Ask


def object_of(**properties: Any) -> dict[str, Any]:
    """Make a schema of an object."""
    return {"type": "object", "properties": properties}


@pytest.mark.parametrize("name", sorted(BUILT_IN))
def test_every_field_of_a_built_in_type_is_a_row(ask: Ask, name: str) -> None:
    """The table has all fields that events of the type have, in their order, and which are required."""
    schema = BUILT_IN[name].json_schema
    rows = [row for row in ask("fields", schema) if row["depth"] == 0]
    assert [row["path"] for row in rows] == [*schema["properties"]]
    assert {row["path"] for row in rows if row["required"]} == {*schema.get("required", ())}
    assert all(row["type"] for row in rows)


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": "integer", "minimum": 1}, ("integer", False, [], ["minimum 1"])),
        ({"type": ["string", "null"]}, ("string", True, [], [])),
        ({"anyOf": [{"type": "number"}, {"type": "null"}]}, ("number", True, [], [])),
        ({"enum": ["a", 1]}, ("string | integer", False, ['"a"', "1"], [])),
        ({"type": "array", "items": {"type": "string"}}, ("array of string", False, [], [])),
        ({"$ref": "#/$defs/x"}, ("boolean", False, [], [])),
        ({"$ref": "#/$defs/missing"}, ("any", False, [], [])),
        (True, ("any", False, [], [])),
    ],
)
def test_a_field_is_told(ask: Ask, schema: Any, expected: tuple[Any, ...]) -> None:
    """A field's type is told without its null, with the values and bounds that it has."""
    (row,) = ask("fields", {**object_of(a=schema), "$defs": {"x": {"type": "boolean"}}})
    assert (row["type"], row["nullable"], row["values"], row["bounds"]) == expected


def test_fields_within_fields_have_paths(ask: Ask) -> None:
    """An object's fields follow it, and so do those of a list's items."""
    inner = object_of(b={"type": "string"})
    schema = object_of(a=inner, c={"type": "array", "items": inner})
    assert [row["path"] for row in ask("fields", schema)] == ["a", "a.b", "c", "c[].b"]


def test_a_schema_of_itself_ends(ask: Ask) -> None:
    """A definition that refers to itself does not go on for ever."""
    schema = {**object_of(a={"$ref": "#/$defs/x"}), "$defs": {"x": object_of(a={"$ref": "#/$defs/x"})}}
    assert 1 < len(ask("fields", schema)) < 20


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", {"kind": "empty"}),
        ("[]", {"kind": "object"}),
        ("null", {"kind": "object"}),
        ('{\n  "a": 1,\n  b\n}', {"kind": "syntax", "line": 3, "column": 3}),
    ],
)
def test_what_is_no_schema_is_told_where(ask: Ask, text: str, fault: dict[str, Any]) -> None:
    """Text that is no JSON object is told, with line and column of what is wrong."""
    told = ask("read", text)
    assert told["value"] is None
    assert fault.items() <= told["fault"].items()


lines = st.lists(st.sampled_from(["a", "b", "c", ""]), max_size=12)


@given(before=lines, after=lines)
def test_a_difference_has_both_texts_in_it(ask: Ask, before: list[str], after: list[str]) -> None:
    """What was taken away and what was added tell how one text becomes the other."""
    shown = ask("linesOf", {"field": "f", "old": "\n".join(before), "new": "\n".join(after)})
    old = [line["text"] for line in shown if line["mark"] in "- "]
    new = [line["text"] for line in shown if line["mark"] in "+ "]
    if not any(line["mark"] == "…" for line in shown):
        assert "\n".join(old) == "\n".join(before) or before == after
        assert "\n".join(new) == "\n".join(after) or before == after
    removed = [line["text"] for line in shown if line["mark"] == "-"]
    added = [line["text"] for line in shown if line["mark"] == "+"]
    assert len(before or [""]) - len(removed) == len(after or [""]) - len(added)
