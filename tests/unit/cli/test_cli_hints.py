"""An input that is meant for another tool, or was taken apart by a shell, is refused with what to do."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ID = "550e8400-e29b-41d4-a716-446655440000"
EMIT = ("notification", "event", "emit", "session.started", "--data")
Run = Callable[..., Any]


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ('{"a": 1, // why\n "b": 2}', "no comments"),
        ('{"a": 1 /* why */}', "no comments"),
        ('# why\n{"a": 1}', "no comments"),
        ('{"a": 1} // why', "no comments"),
        ("{'a': 1}", "not in single ones"),
        ("'{}'", "not in single ones"),
        ("{\"a\": 'b'}", "not in single ones"),
        ("{a: 1}", "the shell takes those away"),
        ("{“a”: 1}", "typographic"),
        ('{"a": True}', "true or false"),
        ('{"a": None}', "null"),
        ('{"a": [1, 2, ]}', "no comma after the last item"),
        ('{"a": {"b": 1}', "ends too early"),
        ('{"a": "b\nc"}', r"line break as \n"),
        (" ", "It is empty"),
        ("@there-is-no-such-file.json", "--data-file there-is-no-such-file.json"),
    ],
)
def test_json(run: Run, text: str, hint: str) -> None:
    """Each usual slip in JSON is told with its place and what JSON wants instead."""
    result = run(*EMIT, text)
    first, second = result.stderr.splitlines()
    assert (result.exit_code, first.split(":")[0]) == (1, "✗ Invalid JSON data")
    assert hint in second


@pytest.mark.parametrize("text", ['{"a" "b"}', '{"a": "\\x"}', '{"a": .5}', '{"a": NaN}', "[]", "1" * 5_000])
def test_no_hint(run: Run, text: str) -> None:
    """Where nothing usual is meant the fault alone is told."""
    assert len(run(*EMIT, text).stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("arguments", "option"),
    [
        (EMIT, "--data-file"),
        (("notification", "rule", "validate", ID, "--data"), "--data-file"),
        (("notification", "channel", "validate", ID, "--data"), "--data-file"),
        (("notification", "channel", "update", ID, "--spec"), "--spec-file"),
        (("notification", "rule", "create", "n", "t", ID, "--template"), "--template-file"),
        (("notification", "rule", "update", ID, "--message-template"), "--template-file"),
        (("notification", "api", "POST", "/x", "--data"), "--data-file"),
    ],
)
def test_a_file_named_as_curl_does(
    service: Any, run: Run, arguments: Any, option: str, tmp_path: Path
) -> None:
    """`@FILE` is no text to send: the option that reads files is named, and nothing is asked for."""
    file = tmp_path / "data.json"
    file.write_text("{}")
    for named in (str(file), "-"):
        result = run(*arguments, f"@{named}")
        assert (result.exit_code, result.stderr.rstrip()[-len(named) :]) == (1, named)
        assert f"give {option} {named}" in result.stderr
    assert service.requests == []


def test_a_text_that_mentions_somebody(service: Any, run: Run) -> None:
    """A message may begin with @."""
    path = f"/notifications/channels/{ID}/validate"
    service.answers("POST", path, {"channel_id": ID})
    assert run("notification", "channel", "validate", ID, "--data", "@here it is").exit_code == 0
    assert service.last["body"] == {"test_message": "@here it is"}


@pytest.mark.parametrize(
    ("template", "name", "is_told"),
    [
        ("{{ ok if success else no }}", "ok", True),
        ("{{ 'ok' if succes else no }}", "ok", False),
        ("{{ first.ok }}", "first.ok", False),
    ],
)
def test_a_name_that_was_a_text(service: Any, run: Run, template: str, name: str, is_told: bool) -> None:  # noqa: FBT001
    """Single quotes that the shell took without leaving surplus arguments are told of, where none is left."""
    problem = {"type": "t", "title": "t", "msg": f"line 1: '{name}' is not a field of t; the nearest is 'id'"}
    service.answers("POST", "/notifications/rules?custom=true", problem, status=400)
    result = run("notification", "rule", "create", "n", "t", ID, "--template", template)
    assert ("the shell takes them away" in result.stderr) is is_told
    assert result.exit_code == 1


def test_a_name_that_is_no_part_of_a_template(service: Any, run: Run) -> None:
    """A wrong field of another option says nothing about the quotes of the template."""
    problem = {"type": "t", "title": "t", "msg": "once_per.by: 'ok' is not a field of t"}
    service.answers("POST", "/notifications/rules?custom=true", problem, status=400)
    given = ("--template", "{}", "--once-per", "5m", "--by", "ok")
    result = run("notification", "rule", "create", "n", "t", ID, *given)
    assert result.stderr == "✗ --by: 'ok' is not a field of t\n"
