"""The faults of a file of configuration, found here and by the service, all at once and with their lines."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.unit.cli.config.files import PLAN, TEXT, faults, plan, written
from tests.unit.cli.conftest import PROBLEM

Run = Callable[..., Any]
COMMAND = ("notification", "config", "plan")


def refuse(service: Any, *errors: tuple[list[str | int], str]) -> None:
    """Have the service find faults."""
    service.answers("POST", PLAN, faults(*errors), status=422, content_type=PROBLEM)


def test_faults_of_file_and_service_are_told_at_once(service: Any, run: Run, tmp_path: Path) -> None:
    """Whoever wrote a file reads all that is wrong with it in one go, in the order of its lines."""
    text = TEXT.replace("SLACK_URL", "NOT_SET") + "    enabled: yes\n    message_template: twice\nrulez: {}\n"
    path = written(tmp_path, text)
    refuse(
        service,
        (["rules", "failed", "enabled"], "must be true or false"),
        (["channels", "ops", "spec", "url"], "Input should be a valid URL"),
        (["rules", "failed", "channel"], "there is no channel 'opz'; the nearest is 'ops'"),
    )
    result = run(*COMMAND, path)
    assert result.exit_code == 1
    assert result.stderr.splitlines() == [
        f"✗ {path} has 5 faults",
        f"  {path}:7: channels.ops.spec.url: ${{env:NOT_SET}}: the variable NOT_SET is not set",
        f"  {path}:11: rules.failed.channel: there is no channel 'opz'; the nearest is 'ops'",
        f'  {path}:15: rules.failed.enabled: must be true or false: "yes" is a text, write true',
        f"  {path}:16: rules.failed: the key 'message_template' comes twice",
        f"  {path}:17: rulez: is not a key here; the nearest is 'rules'",
    ]


@pytest.mark.parametrize(
    ("member", "place", "said", "told"),
    [
        (
            "enabled: off",
            "enabled",
            "must be true or false",
            'must be true or false: "off" is a text, write false',
        ),
        (
            "enabled: 'TRUE'",
            "enabled",
            "Input should be a valid boolean: true or false",
            'must be true or false: "TRUE" is a text, write true without quotes',
        ),
        (
            "enabled: 0",
            "enabled",
            "Input should be a valid boolean: true or false",
            "must be true or false: 0 is a number, write false",
        ),
        ("name: 12", "name", "must be a text", "must be a text: put it in quotes"),
        ("name: true", "name", "Input should be a valid string", "must be a text: put it in quotes"),
        (
            "once_per: 12",
            "once_per",
            "expected a key of this document",
            "expected a key of this document: put it in quotes",
        ),
        ("name: ''", "name", "String should have at least 1 character", "must not be empty"),
        (
            "enabledd: 1",
            "enabledd",
            "is no member; the nearest is 'enabled'",
            "is no member; the nearest is 'enabled'",
        ),
    ],
)
def test_what_yaml_makes_of_a_value_is_told(
    service: Any, run: Run, tmp_path: Path, member: str, place: str, said: str, told: str
) -> None:
    """A value that YAML reads otherwise than its writer is told with what to write."""
    path = written(tmp_path, f"{TEXT}    {member}\n")
    refuse(service, (["rules", "failed", place], said))
    assert run(*COMMAND, path).stderr == f"✗ {path}:15: rules.failed.{place}: {told}\n"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("channels: {}", ":1: a configuration must have `set:`, the name of the set that it is"),
        ("- a", ":1: a configuration must have `set:`, the name of the set that it is"),
        ("set: 5", ":1: set: must be a text"),
        ("set:", ":1: set: must be a text"),
        (
            "\nset: Prod",
            ":2: set: a set's name has letters in lower case, digits, '.', '_' and '-', up to 64, ",
        ),
        ("set: prod\nset: test", ":2: the key 'set' comes twice"),
        ("set: prod\nrules: {a: {}, a: {}}", ":2: rules: the key 'a' comes twice"),
    ],
)
def test_without_its_parts_a_file_is_not_sent(
    service: Any, run: Run, tmp_path: Path, text: str, told: str
) -> None:
    """What the service cannot judge, because parts of it are lost, is told without asking it."""
    path = written(tmp_path, text)
    assert run(*COMMAND, path).stderr.startswith(f"✗ {path}{told}")
    assert service.requests == []


@pytest.mark.parametrize("lines", ["rules: [a]", "channels: text", "tests: {a: b}"])
def test_sections_of_the_wrong_kind(service: Any, run: Run, tmp_path: Path, lines: str) -> None:
    """A section that is no object of keys is told, and so is a list of tests that is none."""
    service.answers("POST", PLAN, plan())
    path = written(tmp_path, f"set: prod\n{lines}\n")
    assert run(*COMMAND, path).stderr.startswith(f"✗ {path}:2: {lines.partition(':')[0]}: must be ")


@pytest.mark.usefixtures("service")
def test_faults_are_told_without_a_service(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the service cannot be reached, the file's own faults are told rather than that."""
    monkeypatch.setenv("BACKEND_ENDPOINT", "http://127.0.0.1:1")
    path = written(tmp_path, TEXT.replace("SLACK_URL", "NOT_SET"))
    assert "the variable NOT_SET is not set" in run(*COMMAND, path).stderr
    assert run(*COMMAND, written(tmp_path)).stderr.startswith("✗ Cannot reach http://127.0.0.1:1")


def test_faults_without_end_are_cut(service: Any, run: Run, tmp_path: Path) -> None:
    """A list that the service has cut says so at its end."""
    answer = faults((["rules", "failed"], "a"), (["channels"], "b"))
    answer["data"]["shortened"] = True
    service.answers("POST", PLAN, answer, status=422, content_type=PROBLEM)
    assert run(*COMMAND, written(tmp_path)).stderr.endswith(
        "  and more, which are told when these are gone\n"
    )


def test_other_refusals_stay_as_they_are(service: Any, run: Run, tmp_path: Path) -> None:
    """What is no fault of the file is told as everywhere."""
    answer = {"type": "https://api.backend.ai/probs/forbidden", "title": "Not for this role."}
    service.answers("POST", PLAN, answer, status=403, content_type=PROBLEM)
    assert run(*COMMAND, written(tmp_path)).stderr.startswith("✗ Not for this role.\n")


def test_a_file_that_is_too_long(service: Any, run: Run, tmp_path: Path) -> None:
    """What no request may have is told of the file, with what can be done, before anything is asked."""
    path = written(tmp_path, f"{TEXT}    description: {'x' * 1024 * 1024}\n")
    first, largest = run(*COMMAND, path).stderr.splitlines()
    assert re.fullmatch(
        rf"✗ {re.escape(path)}:1: is too large with what it refers to: "
        r"its request would have 1,048,9\d\d bytes, 4\d\d more than are allowed; divide it into several sets",
        first,
    )
    assert re.fullmatch(
        r"  The largest parts are rules.failed with 1,048,6\d\d bytes, channels.ops with \d+ bytes", largest
    )
    assert service.requests == []
