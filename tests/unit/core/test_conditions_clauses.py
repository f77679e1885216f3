"""Clauses: the command line's spelling of conditions."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.core import conditions
from notifications.core.conditions import ConditionError
from tests.samples.conditions import FLAT_PATTERNS, PATTERNS

PRESENT = [{"prefix": ""}, {"numeric": ["<", 0]}, {"numeric": [">=", 0]}, True, False]


def but(what: Any) -> list[Any]:
    """Make what a person means by "not": absent and null count, too."""
    return [{"anything-but": what}, {"exists": False}]


CLAUSES: list[tuple[list[str], dict[str, Any]]] = [
    (["f=a"], {"f": ["a"]}),
    (["f=a,b"], {"f": ["a", "b"]}),
    (["f=two words,x"], {"f": ["two words", "x"]}),
    (["f=5,-2.5,1e3"], {"f": [5, -2.5, 1000.0]}),
    (["f=true,false,null"], {"f": [True, False, None]}),
    (['f="5","true",""'], {"f": ["5", "true", ""]}),
    (['f="a,b","a*b","say \\"x\\""," x "'], {"f": ["a,b", "a*b", 'say "x"', " x "]}),
    (["f=pre*"], {"f": [{"prefix": "pre"}]}),
    (["f=*"], {"f": [{"prefix": ""}]}),
    (["f=*suf"], {"f": [{"suffix": "suf"}]}),
    (["f=*mid*,a*b"], {"f": [{"wildcard": "*mid*"}, {"wildcard": "a*b"}]}),
    (['f="a,b"*,*"*"*'], {"f": [{"prefix": "a,b"}, {"wildcard": "*\\**"}]}),
    (["f=2..10"], {"f": [{"numeric": [">=", 2, "<=", 10]}]}),
    (["f=1,5..7,x*"], {"f": [1, {"numeric": [">=", 5, "<=", 7]}, {"prefix": "x"}]}),
    (["f=1..x"], {"f": ["1..x"]}),
    (["f!=a"], {"f": but(["a"])}),
    (["f!=a,b"], {"f": but(["a", "b"])}),
    (["f!=1,2"], {"f": but([1, 2])}),
    (["f!=pre*"], {"f": but({"prefix": "pre"})}),
    (["f!=*a,*b"], {"f": but({"suffix": ["a", "b"]})}),
    (["f!=*mid*"], {"f": but({"wildcard": "*mid*"})}),
    (["f!=a*,*b,c"], {"f": but({"wildcard": ["a*", "*b", "c"]})}),
    (["f!=true"], {"f": [False, None, {"exists": False}]}),
    (["f!=false"], {"f": [True, None, {"exists": False}]}),
    (["f~=Text,5"], {"f": [{"equals-ignore-case": "Text"}, {"equals-ignore-case": "5"}]}),
    (
        ["f~=pre*,*suf"],
        {"f": [{"prefix": {"equals-ignore-case": "pre"}}, {"suffix": {"equals-ignore-case": "suf"}}]},
    ),
    (["f!~=a"], {"f": but({"equals-ignore-case": "a"})}),
    (["f!~=a,b"], {"f": but({"equals-ignore-case": ["a", "b"]})}),
    (["f>5"], {"f": [{"numeric": [">", 5]}]}),
    (["f>=5"], {"f": [{"numeric": [">=", 5]}]}),
    (["f<-0.5"], {"f": [{"numeric": ["<", -0.5]}]}),
    (["f<=5"], {"f": [{"numeric": ["<=", 5]}]}),
    (["f>2", "f<10"], {"f": [{"numeric": [">", 2, "<", 10]}]}),
    (["f"], {"f": PRESENT}),
    (["!f"], {"f": [None, {"exists": False}]}),
    (["a.b.c=x"], {"a": {"b": {"c": ["x"]}}}),
    (["a.b=1", "c", "a.d=2"], {"a": {"b": [1], "d": [2]}, "c": PRESENT}),
    (['"a=b"."c d"=1'], {"a=b": {"c d": [1]}}),
    (["job-name=x", "nginx.ingress/path=/x"], {"job-name": ["x"], "nginx": {"ingress/path": ["/x"]}}),
]


@pytest.mark.parametrize(("clauses", "pattern"), CLAUSES, ids=[" & ".join(one) for one, _ in CLAUSES])
def test_clauses_are_event_patterns(clauses: list[str], pattern: dict[str, Any]) -> None:
    """Clauses compile to the pattern that says the same, and print as clauses that make it again."""
    condition = conditions.from_clauses(clauses)
    assert conditions.to_json(condition) == pattern
    assert condition == conditions.parse(pattern)
    printed = conditions.clauses(condition)
    assert printed is not None
    assert conditions.from_clauses(printed) == condition


@pytest.mark.parametrize(
    ("clauses", "pattern"),
    [
        ([" f  =  a , b "], {"f": ["a", "b"]}),
        (["f >= 5"], {"f": [{"numeric": [">=", 5]}]}),
        ([" ! f"], {"f": [None, {"exists": False}]}),
        (["f<10", "f>2"], {"f": [{"numeric": [">", 2, "<", 10]}]}),
        (["f!=a", "f!=b"], {"f": but(["a", "b"])}),
        (["f!=null"], {"f": PRESENT}),
        (["f=a,"], None),
    ],
)
def test_other_spellings(clauses: list[str], pattern: dict[str, Any] | None) -> None:
    """White space means nothing around parts, and two clauses on one field become one where they can."""
    if pattern is None:
        with pytest.raises(ConditionError):
            conditions.from_clauses(clauses)
    else:
        assert conditions.to_json(conditions.from_clauses(clauses)) == pattern


@pytest.mark.parametrize(
    ("clauses", "told"),
    [
        (["=a"], "where: =a: it begins with the field's name"),
        (["f="], 'where: f=: a value is missing; the empty text is written ""'),
        (["f==a"], "where: f==a: == is not an operator; write ="),
        (["f<>a"], "where: f<>a: <> is not an operator; write !="),
        (["f=>5"], "where: f=>5: => is not an operator; write >="),
        (["f>a"], "where: f>a: > takes one number"),
        (["f>1,2"], "where: f>1,2: > takes one number"),
        (["f>1*"], "where: f>1*: > takes one number"),
        (['f="a'], 'where: f="a: a text that begins with " must end with one'),
        (["f=a", "f=b"], "where: f=b: 'f' is in two clauses, which cannot be put together; any of several"),
        (["f!=1,x"], "where: f!=1,x: != takes texts, or numbers, or one of true, false and null"),
        (["f!=1..2"], "where: f!=1..2: != takes texts, or numbers"),
        (["f~=a*b"], "where: f~=a*b: ~= takes a star at the beginning or at the end of a value"),
        (["f!~=a*"], "where: f!~=a*: !~= takes no stars"),
        (["!f=a"], "where: !f=a: write !field for what is absent or null, and field!=value"),
        (["f=10..2"], "where: f=10..2: no more than one number is from 10 to 2"),
        (["f=~a"], "where: f=~a: =~ is not an operator; write ~="),
        (["f= >5"], "where: f= >5: a value that begins with > is written in double quotes"),
        (["f!"], "where: f!: '!' is no operator with a value"),
        (["f=1e999"], "where: f=1e999: the number 1e999 is beyond the range of a double"),
        ([], "where: there is no clause"),
    ],
)
def test_what_is_refused_says_what_would_be_right(clauses: list[str], told: str) -> None:
    """A refusal names the clause, what is wrong with it, and what would be right."""
    with pytest.raises(ConditionError) as raised:
        conditions.from_clauses(clauses)
    assert raised.value.message.startswith(told)


@given(pattern=st.one_of(FLAT_PATTERNS, PATTERNS))
def test_clauses_that_are_printed_make_the_identical_condition(pattern: dict[str, Any]) -> None:
    """Whatever is printed as clauses compiles to what was printed, in JSON too."""
    condition = conditions.parse(pattern)
    printed = conditions.clauses(condition)
    if printed is not None:
        again = conditions.from_clauses(printed)
        assert again == condition
        assert conditions.to_json(again) == pattern


@given(
    name=st.text(min_size=1).filter(lambda name: "." not in name and name != "$or"),
    texts=st.lists(st.text(), min_size=1, max_size=3),
)
def test_any_name_and_text_can_be_written(name: str, texts: list[str]) -> None:
    """Whatever characters are in a name or a text, there is a clause for them, with all kinds of values."""
    condition = conditions.parse({name: [*texts, *({"prefix": text} for text in texts), 5, True]})
    printed = conditions.clauses(condition)
    assert printed is not None
    assert conditions.from_clauses(printed) == condition


@given(clause=st.text(alphabet='f.!=<>~,*" 1ae\\', max_size=12))
def test_any_text_is_a_clause_or_is_refused(clause: str) -> None:
    """No text makes the reader fail, and what it reads can be printed or is left to JSON."""
    try:
        condition = conditions.from_clauses([clause])
    except ConditionError:
        return
    printed = conditions.clauses(condition)
    assert printed is not None
    assert conditions.from_clauses(printed) == condition


def test_what_has_no_clause_is_left_to_json() -> None:
    """Of what clauses cannot say, none are printed: not part of it, and nothing like it."""
    for pattern in (
        {"$or": [{"a": [1]}, {"b": [2]}]},
        {"a": [{"exists": True}]},
        {"a": [{"exists": False}]},
        {"a": [{"anything-but": ["x"]}]},
        {"a": [{"anything-but": "x"}, {"exists": False}]},
        {"a": [{"cidr": "10.0.0.0/8"}]},
        {"a": [{"wildcard": "x*"}]},
        {"a": [{"suffix": ""}]},
        {"a": [{"numeric": ["=", 1]}]},
    ):
        assert conditions.clauses(conditions.parse(pattern)) is None, pattern
