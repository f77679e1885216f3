"""The hits of a backtest by the hour: drawn, and held against a maximum."""

from collections.abc import Callable

import pytest

from backendai_notification_cli.commands.notification.rule import histogram
from backendai_notification_cli.commands.notification.rule.backtest_counts import beyond, parse_max
from tests.unit.cli.test_cli_backtest import hour

pytestmark = pytest.mark.usefixtures("utc")


def test_bars_fit_and_gaps_are_short() -> None:
    """The longest bar fills the width; two empty hours are drawn, more are told in a line."""
    hours = {hour(15, 8): 1, hour(15, 9): 4, hour(15, 12): 2, hour(15, 16): 1_000}
    drawn = [*histogram.lines(hours, 50, ascii_only=True)]
    assert drawn == [
        "2026-01-15 08:00      1  #",
        "2026-01-15 09:00      4  #",
        "2026-01-15 10:00      0",
        "2026-01-15 11:00      0",
        "2026-01-15 12:00      2  #",
        "             ...  3 hours without hits",
        f"2026-01-15 16:00  1,000  {'#' * 25}",
    ]
    assert max(map(len, drawn)) == 50


def test_bars_have_eighths() -> None:
    """Where the terminal has UTF-8 a bar ends in eighths of a character, and no hit is without a bar."""
    drawn = [*histogram.lines({hour(15, 8): 1, hour(15, 9): 3, hour(15, 10): 8_000}, 45, ascii_only=False)]
    assert [line.split()[-1] for line in drawn] == ["▏", "▏", "█" * 20]
    half = [*histogram.lines({hour(15, 8): 10, hour(15, 9): 20}, 35, ascii_only=False)]
    assert [line.split()[-1] for line in half] == ["██████▌", "█████████████"]


def test_many_hours_are_days() -> None:
    """More hours with hits than a week has are drawn as days."""
    hours = {hour(1 + number // 24, number % 24): 1 for number in range(169)}
    drawn = [*histogram.lines(hours, 40, ascii_only=True)]
    assert [line.split()[:2] for line in drawn] == [
        *([f"2026-01-{day:02}", "24"] for day in range(1, 8)),
        ["2026-01-08", "1"],
    ]
    assert [*histogram.lines({}, 40, ascii_only=True)] == []


def test_a_narrow_terminal_has_bars() -> None:
    """However narrow the terminal is, there are bars of ten characters."""
    (line,) = histogram.lines({hour(15, 8): 1}, 5, ascii_only=True)
    assert line.endswith("  " + "#" * 10)


@pytest.mark.parametrize(
    ("most", "past"),
    [("4/h", ["12:00"]), ("5/h", []), ("8/d", ["00:00"]), ("9/d", []), ("0/h", ["12:00", "08:00"])],
)
def test_max(most: str, past: list[str]) -> None:
    """No hour, or no day of local time, may have more; the worst comes first."""
    hours = {hour(15, 8): 4, hour(15, 12): 5}
    assert [at.strftime("%H:%M") for at in beyond(hours, parse_max(most))] == past


def test_days_are_local(zone: Callable[[str], None]) -> None:
    """What is past midnight here counts for the next day here, also where hours begin at half past."""
    zone("Asia/Kolkata")
    hours = {hour(15, 18): 1, hour(15, 19): 5}
    assert {at.strftime("%d") for at in beyond(hours, parse_max("4/d"))} == {"16"}
    assert [line.split()[1] for line in histogram.lines(hours, 50, ascii_only=True)] == ["23:30", "00:30"]
