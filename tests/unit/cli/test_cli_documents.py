"""Files in YAML or JSON: what they say, and where."""

import json
from pathlib import Path
from typing import Any

import pytest

from backendai_notification_cli.errors import CliError
from backendai_notification_cli.files import building, document
from backendai_notification_cli.files.document import read
from tests.speed import yardsticks


def made(folder: Path, text: str, name: str = "file.yaml") -> str:
    """Write a file, and return its name."""
    path = folder / name
    path.write_text(text, "utf-8")
    return str(path)


def nested() -> str:
    """Return a text that aliases nest twice as deep as it looks."""
    return f"a: &a {'[' * 60}{']' * 60}\nb: &b {'[' * 30}*a{']' * 30}\nc: {'[' * 30}*b{']' * 30}"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: no\nb: 12:30\nc: 2026-01-15T10:30:00Z", {"a": "no", "b": "12:30", "c": "2026-01-15T10:30:00Z"}),
        ("[1, -2, 1.5, 1e3, .5, 010]", [1, -2, 1.5, 1000.0, 0.5, 10]),
        ("[true, False, null, ~, 'true', \"1\"]", [True, False, None, None, "true", "1"]),
        ("a: |\n  one\n  two\n", {"a": "one\ntwo\n"}),
        ("a: &x {b: 1}\nc: *x", {"a": {"b": 1}, "c": {"b": 1}}),
        ("a:", {"a": None}),
        ("'1': x", {"1": "x"}),
        ('\'<<\': 1\n"a": {"<<": 2, b: <<}', {"<<": 1, "a": {"<<": 2, "b": "<<"}}),
        ('{"<<": 1}', {"<<": 1}),
        ('{\n\t"a": [1e3, "\\ud83d\\ude00"],\n\t"b": null}', {"a": [1000.0, "😀"], "b": None}),
        ("{a: 1}", {"a": 1}),
        ("text", "text"),
    ],
)
def test_values_are_those_of_json(tmp_path: Path, text: str, value: Any) -> None:
    """YAML is read by its core schema, and JSON as JSON: times and ``no`` are texts."""
    assert read(made(tmp_path, text)).value == value


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("a: 1\na: 2", ":2: the key 'a' comes twice"),
        ('{"a": 1,\n "a": 2}', ":2: the key 'a' comes twice"),
        ("1: x", ":1: a key must be a text: put it in quotes"),
        ("? [a]\n: x", ":1: a key must be a text: put it in quotes"),
        ("a: !!binary aGk=", ":1: a: the tag tag:yaml.org,2002:binary cannot be used here"),
        ("a: !include x", ":1: a: the tag !include cannot be used here"),
        ('{"a": [NaN]}', ":1: a[0]: NaN is not a JSON value; as a text it must be in quotes"),
        ("a: 1e999", ":1: a: the number 1e999 is beyond the range of a double"),
        ("a: &x [*x]", ":1: a[0]: the alias *x is inside the value that it stands for"),
        ("a: *x", ":1: a: the alias *x has no anchor before it"),
        (
            "a: {<<: {b: 1}}",
            ":1: a: merge keys are not read: write the members out, or put << in quotes if it is a name",
        ),
        ("a:\n\t- b", ":2: it is not YAML or JSON: a tab stands here: YAML is indented with spaces"),
        ("a: %x", ":1: it is not YAML or JSON: '%' cannot begin a text: put it in quotes"),
        ("a: [\nb: 1", ":2: it is not YAML or JSON: "),
        ("a: b: c", ":1: it is not YAML or JSON: ': ' inside a text: put the text in quotes"),
        ("a: 1\n---\nb: 2", ":2: it is not YAML or JSON: another document begins here: one is read"),
        ("\x07", ": it is not YAML or JSON: "),
        ("", ": it is empty"),
        ("[" * 1_000_000, ":1: it is nested deeper than 100 levels"),
        ("- " * 200_000, ":1: it is nested deeper than 100 levels"),
        (nested(), ":3: it is nested deeper than 100 levels"),
    ],
)
def test_what_json_cannot_say_is_refused(tmp_path: Path, text: str, fault: str) -> None:
    """A fault is told with the file and the line."""
    path = made(tmp_path, text)
    with pytest.raises(CliError) as raised:
        read(path)
    assert raised.value.message.startswith(path + fault)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            '{"a": [1, 2,\n ]}',
            (":1:12: ", "nothing follows this comma", "JSON has no comma after the last item"),
        ),
        (
            '{"a": 1,\n}',
            (":1:8: ", "nothing follows this comma", "JSON has no comma after the last"),
        ),
        ("{\n  a: 1}", (":2:3: ", "a name in double quotes belongs here", "names and texts stand in double")),
        ("set: prod", (":1:1: ", "a value belongs here", "names and texts stand in double quotes")),
        ('{"a": 1 // why\n}', (":1:9: ", "a comma, or the bracket", "JSON has no comments: leave them out")),
        ('{"a" 1}', (":1:6: ", "a colon belongs here, between a name and its value")),
        ("{\"a\": 'b'}", (":1:7: ", "a value belongs here", "not in single ones")),
        ('{"a": True}', (":1:7: ", "a value belongs here", "it is written true or false")),
        ('{"a": 1', (":1:8: ", "a comma, or the bracket that closes", "a bracket is not closed")),
        ('{"a": "b', (":1:7: ", "the text that begins here is not closed")),
        ('{"a": "b\nc"}', (":1:9: ", "a control character", "a line break as \\n")),
        ('{"a": "\\d"}', (":1:8: ", "no escape begins like this")),
        ("{}\n{}", (":2:1: ", "it has ended before this")),
        ("{'\u20ac\U0001f600': 1}", (":1:2: ", "a name in double quotes belongs here")),
    ],
)
def test_a_json_file_is_json(tmp_path: Path, text: str, told: tuple[str, ...]) -> None:
    """What is named so is read by other programs, too: YAML in it is told with line and column."""
    path = made(tmp_path, text, "file.JSON")
    with pytest.raises(CliError) as raised:
        read(path)
    assert raised.value.message.startswith(f"{path}{told[0]}it is not JSON: ")
    assert all(part in " ".join((raised.value.message, *raised.value.details)) for part in told)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", ": it is empty"),
        ("[" * 1_000_000, ":1: it is nested deeper than 100 levels"),
        ('{"a":\n ' + "9" * 5_000 + "}", ":2: a: the number 99999999999999999999… is beyond the range"),
        ('{"a": 1, "a": 2}', ":1: the key 'a' comes twice"),
    ],
)
def test_limits_hold_for_json_files_too(tmp_path: Path, text: str, fault: str) -> None:
    """What is JSON, and yet cannot be used, is told as of any other file."""
    path = made(tmp_path, text, "file.json")
    with pytest.raises(CliError) as raised:
        read(path)
    assert raised.value.message.startswith(path + fault)


def test_a_file_that_is_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that would take minutes to read is refused before it is."""
    monkeypatch.setattr(document, "MAX_CHARS", 3)
    with pytest.raises(CliError, match=r"file\.yaml: it has 4 characters, 3 are allowed"):
        read(made(tmp_path, "a: 1"))


def test_aliases_are_counted_as_often_as_they_are_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A small file cannot stand for a large value."""
    monkeypatch.setattr(building, "MAX_VALUES", 1_000)
    levels = "".join(f"a{level}: &a{level} [{f'*a{level - 1}, ' * 9}]\n" for level in range(1, 5))
    with pytest.raises(CliError, match="the file has more than 1,000 values"):
        read(made(tmp_path, f"a0: &a0 [1]\n{levels}"))


def test_a_fault_names_line_and_place(tmp_path: Path) -> None:
    """The fault of a value is told with the line of its key, or of what would have it."""
    document = read(made(tmp_path, "rules:\n  - name: a\n  - name: b\n    enabled: 1\n"))
    for place, told in (
        (("rules", 1, "enabled"), ":4: rules[1].enabled: bad"),
        (("rules", 1, "channel"), ":3: rules[1].channel: bad"),
        ((), ":1: bad"),
    ):
        assert document.fault(place, "bad").message == document.path + told


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    """Whoever wrote several faults reads all of them, in the order of the file."""
    path = made(tmp_path, "a: {b: 1, b: 2}\n1: x\nc:\n  - !x y\n  - d: *z\n")
    with pytest.raises(CliError) as raised:
        read(path)
    assert (raised.value.message, *raised.value.details) == (
        f"{path} has 4 faults",
        f"{path}:1: a: the key 'b' comes twice",
        f"{path}:2: a key must be a text: put it in quotes",
        f"{path}:4: c[0]: the tag !x cannot be used here",
        f"{path}:5: c[1].d: the alias *z has no anchor before it",
    )


@pytest.mark.parametrize("form", ["yaml", "json"])
def test_large_files_are_quick(tmp_path: Path, form: str) -> None:
    """Half a megabyte is read within a second or so, with the line of each of its values."""
    rules = {f"rule-{n}": {"name": f"Rule {n}", "text": "one\n" * 20, "of": [n, True]} for n in range(6_000)}
    if form == "json":
        text, line = json.dumps({"rules": rules}, indent=1), 3 + 8 * 7 + 5
    else:
        texts = "".join(
            f"  {key}:\n    name: {rule['name']}\n    of: {rule['of']}\n" for key, rule in rules.items()
        )
        text, line = f"rules:\n{texts}".replace("True", "true"), 2 + 3 * 7 + 2
    path, found = made(tmp_path, text), []
    assert yardsticks(lambda: found.append(read(path)), 2_000) < 2_000
    document = found[-1]
    assert document.value["rules"]["rule-7"]["of"] == [7, True]
    assert document.line(("rules", "rule-7", "of", 1)) == line
