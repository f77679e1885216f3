"""The command that measures everything."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from bench import __main__ as command
from bench.figure import Figure
from local.common import StackError, Tell

PAGE = "A\n<!-- figures: one -->\n<!-- end -->\n"
Part = Callable[[int, Tell], list[Figure]]


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Have the results and the page in a folder of their own, and no arguments."""
    monkeypatch.setattr(command, "committed", lambda _: {})
    monkeypatch.setattr(command, "RESULTS", tmp_path / "results.json")
    monkeypatch.setattr(command, "PAGE", tmp_path / "page.md")
    monkeypatch.setattr("sys.argv", ["bench"])
    (tmp_path / "page.md").write_text(PAGE)
    return tmp_path


def measured(value: float) -> Part:
    """Make a part whose figure has this value, and 2 as its bound."""
    return lambda rounds, _tell: [Figure("slowness", "times", [value] * rounds, bound=2)]


def failing(_rounds: int, _tell: Tell) -> list[Figure]:
    """Be a part that cannot be measured."""
    raise StackError("no stack")


@pytest.mark.parametrize(("value", "code"), [(1.5, 0), (2.5, 1)])
def test_results_are_kept(kept: Path, value: float, code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Results and page are written whether or not the bounds are kept; the exit code tells that."""
    monkeypatch.setattr(command, "PARTS", {"one": measured(value)})
    assert command.main() == code
    (figure,) = json.loads((kept / "results.json").read_text())["figures"]
    assert (figure["part"], figure["median"], figure["holds"]) == ("one", value, code == 0)
    assert f"| slowness, times | {value} |" in (kept / "page.md").read_text()


def test_a_part_that_fails_leaves_the_results(
    kept: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The other parts are measured and shown, but what is kept is only ever whole."""
    monkeypatch.setattr(command, "PARTS", {"broken": failing, "one": measured(1.0)})
    assert command.main() == 1
    shown = capsys.readouterr()
    assert "slowness, times" in shown.out
    assert "broken was not measured: no stack" in shown.err
    assert not (kept / "results.json").exists()
    assert (kept / "page.md").read_text() == PAGE


def test_one_part_is_not_kept(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A part that is asked for by its name is only shown."""
    monkeypatch.setattr(command, "PARTS", {"broken": failing, "one": measured(1.0)})
    monkeypatch.setattr("sys.argv", ["bench", "--only", "one"])
    assert command.main() == 0
    assert not (kept / "results.json").exists()
