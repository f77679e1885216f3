"""What takes long is told on a terminal while it lasts."""

import sys
from io import StringIO

import pytest

from backendai_notification_cli.terminal import elapsed
from backendai_notification_cli.terminal.elapsed import Elapsed
from local.waiting import until

SHORTLY = 0.01


class Terminal(StringIO):
    """A terminal that keeps what it shows."""

    def isatty(self) -> bool:
        """Say that it is one."""
        return True


def terminal_of(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Make stderr a terminal; pytest sets it anew after fixtures."""
    made = Terminal()
    monkeypatch.setattr(sys, "stderr", made)
    return made


def test_what_takes_long_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """The line says for how many seconds, and is taken away at the end."""
    terminal = terminal_of(monkeypatch)
    times = iter([0.0, 0.5, 3.9])
    monkeypatch.setattr(elapsed, "monotonic", lambda: next(times, 4.0))
    with Elapsed("Planning", SHORTLY):
        until("it is told", lambda: "Planning ... 4 s" in terminal.getvalue(), 20)
    assert terminal.getvalue().startswith("\r\x1b[KPlanning ...\r\x1b[KPlanning ... 3 s")
    assert terminal.getvalue().endswith("\r\x1b[K")


def test_what_is_soon_done_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing flickers."""
    terminal = terminal_of(monkeypatch)
    with Elapsed("Planning", 60):
        pass
    assert not terminal.getvalue()


def test_what_is_done_meanwhile_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A new line replaces the one before."""
    terminal = terminal_of(monkeypatch)
    with Elapsed("", 60) as progress:
        progress.tell("Applied 1 of 3 changes")
        progress.tell("Applied 2 of 3 changes")
    assert terminal.getvalue() == (
        "\r\x1b[KApplied 1 of 3 changes ...\r\x1b[KApplied 2 of 3 changes ...\r\x1b[K"
    )


def test_nothing_is_told_elsewhere(capsys: pytest.CaptureFixture[str]) -> None:
    """Where no terminal is, nothing is written, and no thread runs."""
    with Elapsed("Planning", SHORTLY) as progress:
        progress.tell("Applied 1 of 3 changes")
    assert capsys.readouterr().err == ""
