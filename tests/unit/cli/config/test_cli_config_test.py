"""The tests of a file."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.unit.cli.config.files import SECRET, TEST, TEXT, faults, written
from tests.unit.cli.conftest import PROBLEM

Run = Callable[..., Any]
COMMAND = ("notification", "config", "test")
TESTS = """\
tests:
  - name: a failure is told
    event: {rule_type: session.failed, sample: true}
    fires: [failed]
"""


def test_each_test_is_a_line(service: Any, run: Run, tmp_path: Path) -> None:
    """Results are in the Test Anything Protocol; 3 is the exit code if one fails."""
    results = [
        {"name": "a", "passed": True, "faults": []},
        {"name": "b", "passed": False, "faults": ["x", "y"]},
    ]
    service.answers("POST", TEST, {"tests": results[:1], "next": None})
    service.answers("POST", TEST, {"tests": results[:1], "next": 1})
    service.answers("POST", TEST, {"tests": results[1:], "next": None})
    result = run(*COMMAND, written(tmp_path, TEXT + TESTS))
    assert (result.exit_code, result.stdout, result.stderr) == (0, "1..1\nok 1 - a\n", "✓ 1 test passed\n")
    sent = service.last["body"]
    assert sent["tests"][0]["fires"] == ["failed"]
    assert sent["rules"].keys() == {"failed"}
    result = run(*COMMAND, written(tmp_path, TEXT + TESTS + TESTS.partition("\n")[2]))
    assert [sent["body"]["first"] for sent in service.requests] == [0, 0, 1]
    assert (result.exit_code, result.stdout) == (3, "1..2\nok 1 - a\nnot ok 2 - b: x; y\n")
    assert result.stderr == "! 1 of 2 tests failed\n"


def test_results_have_other_forms(service: Any, run: Run, tmp_path: Path) -> None:
    """With an option about the output the results are a list like any other; the exit code is the same."""
    told = [{"name": "a", "faults": []}, {"name": "b", "faults": ["x"]}]
    service.answers("POST", TEST, {"tests": told, "next": None})
    path = written(tmp_path, TEXT + TESTS)
    result = run(*COMMAND, path, "-o", "jsonl")
    assert (result.exit_code, result.stderr) == (3, "")
    assert result.stdout == (
        '{"name":"a","passed":true,"fault":null}\n{"name":"b","passed":false,"fault":"x"}\n'
    )
    service.answers("POST", TEST, {"tests": told, "next": None})
    assert run(*COMMAND, path, "--json", "name", "--jq", ".[].name").stdout == "a\nb\n"


def test_names_of_tests_have_no_secrets(service: Any, run: Run, tmp_path: Path) -> None:
    """A test whose name refers to a secret is told without that."""
    service.answers("POST", TEST, {"tests": [{"name": f"to {SECRET}", "faults": []}], "next": None})
    result = run(*COMMAND, written(tmp_path, TEXT + TESTS))
    assert result.stdout == "1..1\nok 1 - to https://hooks.slack.com***\n"


def test_faults_of_tests_have_lines(service: Any, run: Run, tmp_path: Path) -> None:
    """A fault in a test is told with its line; a file without tests has nothing to run."""
    refused = faults((["tests", 0, "fires", 0], "there is no rule 'failed2'; the nearest is 'failed'"))
    service.answers("POST", TEST, refused, status=422, content_type=PROBLEM)
    path = written(tmp_path, TEXT + TESTS)
    told = f"✗ {path}:18: tests[0].fires[0]: there is no rule 'failed2'; the nearest is 'failed'\n"
    result = run(*COMMAND, path)
    assert (result.stderr, result.stdout) == (told, "")
    assert "has no `tests:`" in run(*COMMAND, written(tmp_path)).stderr
