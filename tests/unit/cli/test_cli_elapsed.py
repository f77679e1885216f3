"""What takes long is told on a terminal while it lasts."""

import sys
from collections.abc import Callable
from io import StringIO
from threading import active_count

import pytest

from backendai_notification_cli.terminal import elapsed
from backendai_notification_cli.terminal.choice import Choice
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


def log_of(monkeypatch: pytest.MonkeyPatch) -> StringIO:
    """Make stderr a file."""
    made = StringIO()
    monkeypatch.setattr(sys, "stderr", made)
    return made


def test_a_log_has_a_line_from_time_to_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no terminal is, whole lines say how far it is, and how long it has taken."""
    log = log_of(monkeypatch)
    times = iter([0.0, 10.2])
    monkeypatch.setattr(elapsed, "monotonic", lambda: next(times, 20.4))
    with Elapsed("", SHORTLY) as progress:
        progress.tell("Applied 40 of 300 changes")
        until("it is told", lambda: log.getvalue().count("\n") > 1, 20)
    first, second, *_ = log.getvalue().splitlines()
    assert (first, second) == ("Applied 40 of 300 changes ... 10 s", "Applied 40 of 300 changes ... 20 s")
    assert "\x1b" not in log.getvalue()


def test_a_log_is_not_filled(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is done in less than ten seconds writes nothing there, however many steps it has."""
    log = log_of(monkeypatch)
    with Elapsed("Planning") as progress:
        progress.tell("Applied 1 of 3 changes")
        progress.tell("Applied 2 of 3 changes")
    assert log.getvalue() == ""
    assert elapsed.LOG_SECONDS == 10


@pytest.mark.parametrize("made", [terminal_of, log_of])
def test_quiet_is_quiet(
    monkeypatch: pytest.MonkeyPatch, made: Callable[[pytest.MonkeyPatch], StringIO]
) -> None:
    """With --quiet nothing is told, on a terminal or elsewhere, and no thread runs."""
    stream = made(monkeypatch)
    monkeypatch.setattr(elapsed, "chosen", lambda: Choice(quiet=True))
    running = active_count()
    with Elapsed("Planning", SHORTLY) as progress:
        progress.tell("Applied 1 of 3 changes")
        assert active_count() == running
    assert stream.getvalue() == ""
