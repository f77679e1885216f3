"""docs/conditions.md says what is so: each line of its table of operators is run."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from notifications.core import conditions
from notifications.core.conditions import model, work

TEXT = (Path(__file__).parents[3] / "docs" / "conditions.md").read_text("utf-8")
_CODE = re.compile(r"`([^`]+)`")
_LINE = re.compile(
    r"^\|(?P<means>[^|]+)\|(?P<clause>[^|]*)\|(?P<json>[^|]+)\|(?P<yes>[^|]+)\|(?P<no>[^|]+)\|$", re.MULTILINE
)


def _code(cell: str) -> str:
    found = _CODE.search(cell)
    return found[1] if found else ""


LINES = [line.groupdict() for line in _LINE.finditer(TEXT) if "`{" in line["json"]]
LEAST_LINES = 25
LEAST_CLAUSES = 8


def test_the_table_is_found() -> None:
    """There are lines to run."""
    assert len(LINES) > LEAST_LINES


@pytest.mark.parametrize("line", LINES, ids=[line["means"].strip() for line in LINES])
def test_each_line_of_the_table(line: dict[str, Any]) -> None:
    """The clause and the JSON make one condition, which prints as that clause, and holds as the line says."""
    condition = conditions.parse(json.loads(_code(line["json"])))
    clause = _code(line["clause"])
    assert conditions.clauses(condition) == ([clause] if clause else None)
    if clause:
        assert conditions.from_clauses([clause]) == condition
    assert conditions.match(condition, json.loads(_code(line["yes"])))
    assert not conditions.match(condition, json.loads(_code(line["no"])))


def test_examples_of_clauses() -> None:
    """Each clause in the text is one."""
    written = re.findall(r"(?:--where |`)'([^'\n]+)'", TEXT)
    assert len(written) >= LEAST_CLAUSES
    for clause in written:
        conditions.from_clauses([clause])


@pytest.mark.parametrize(
    ("row", "limits"),
    [
        ("A condition, as JSON", f"{model.MAX_BYTES // 1024} KiB"),
        (
            "Fields that it tests; names in a path, `$or` within `$or`",
            f"{model.MAX_LEAVES}; {model.MAX_DEPTH}",
        ),
        (
            "Alternatives of one field, values of one `anything-but`, combinations of all `$or`",
            str(model.MAX_ALTERNATIVES),
        ),
        ("Stars in one text", str(model.MAX_STARS)),
        (
            "Texts between two stars, in all combinations of `$or`; their characters together",
            f"{model.MAX_SEARCHES}; {model.MAX_SEARCHED_CHARS}",
        ),
        ("Steps to try it on the lists of one event: a value compared is a step", f"{work.MAX_STEPS:,}"),
    ],
)
def test_limits_are_those_of_the_code(row: str, limits: str) -> None:
    """The table of limits has the constants' values."""
    assert f"| {row} | {limits} |" in TEXT
