"""What the console says of a clause while it is typed, beside what the service says of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.core import conditions
from notifications.core.conditions import ConditionError
from tests.unit.console.node import Ask

WRONG = {
    "!a=1": "absent",
    "a==1": "meant",
    "a*1": "operator",
    "a.b.c.d.e.f.g.h.i.j.k=1": "deep",
    "=1": "field",
    'a="b': "quote",
    "a=": "value",
    "a=b,<1": "sign",
    "a>b": "comparison",
    "a!~=b*": "no_stars",
    "a~=b*c": "star_inside",
    "a=**": "two_stars",
    "a=*b*c*d*e*f*g": "many_stars",
    "a=3..2": "range",
    "a!=1,b": "mixed",
    "a!=*": "nothing_left",
}
"""A clause for each thing that can be wrong with one."""

FIELDS_AND_VALUES = ("a", "b.c", '"x, y"', "1", "2..10", "10..2", "true", "null", "1e5")
SIGNS = ("=", "!=", "~=", "!~=", ">", "<=", "==", '"', "*", ",", "\\", "!", ".", " ")
clauses = st.builds("".join, st.lists(st.sampled_from([*FIELDS_AND_VALUES, *SIGNS]), max_size=7))


@given(clause=clauses)
def test_a_clause_is_wrong_exactly_if_the_service_refuses_it(ask_records: Ask, clause: str) -> None:
    """The page finds a fault in just the clauses that the service refuses, and names a place in it."""
    fault = ask_records("clauseFault", clause)
    try:
        conditions.from_clauses([clause])
    except ConditionError:
        assert fault is not None
        assert 0 <= fault["at"] <= len(clause)
    else:
        assert fault is None


@pytest.mark.parametrize(
    ("clause", "place"),
    [
        (" !a=1", "=1"),
        ("a == 1", "== 1"),
        ("a = b , >1", ">1"),
        ('a=b, "c', '"c'),
        ("a=b,,c", ",c"),
        ("a~=b, c*d", "c*d"),
        ("=1", "=1"),
    ],
)
def test_a_fault_is_marked_where_it_is(ask_records: Ask, clause: str, place: str) -> None:
    """What a page marks of a clause begins with what is wrong, and not with the white space before it."""
    assert clause[ask_records("clauseFault", clause)["at"] :] == place


def test_each_fault_of_a_clause_has_a_text(ask_records: Ask) -> None:
    """There is a sentence in both languages for each thing that can be wrong with a clause."""
    assert {clause: ask_records("clauseFault", clause)["code"] for clause in WRONG} == WRONG
    for names in ask_records("clauseTexts"):
        assert {*names} == {*WRONG.values(), "refused", "unknown_field"}


def test_a_field_that_no_type_has(ask_records: Ask) -> None:
    """A field is asked about if no type can have it; the fields of objects are suggested, too."""
    context = {"type": "object", "properties": {"project": {}}}
    types = [{"name": "t", "json_schema": {"properties": {"status": {}, "context": context}}}]
    assert ask_records("suggested", types) == ["context.project", "status"]
    assert ask_records("unknownField", "statsu=x", types) == {"name": "statsu", "nearest": "status"}
    assert ask_records("unknownField", "context.project=x", types) is None
    open_type = {"name": "o", "json_schema": {"additionalProperties": True}}
    assert ask_records("unknownField", "anything", [*types, open_type]) is None
