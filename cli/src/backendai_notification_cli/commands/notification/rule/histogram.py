"""Hits by the hour, drawn as bars. Values in, lines out."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from backendai_notification_cli.commands.notification.rule.backtest_counts import DAY, HOUR, periods

MAX_LINES = 168
"""How many hours are drawn, those of a week; if more have hits, days are."""

SHORT_GAP = 2
"""How many hours without hits are drawn one by one: more are told in one line."""

MIN_BAR = 10
STEPS = {HOUR: timedelta(hours=1), DAY: timedelta(days=1)}
FORMATS = {HOUR: "%Y-%m-%d %H:%M", DAY: "%Y-%m-%d"}
NOUNS = {HOUR: "hours", DAY: "days"}
BLOCKS = "▏▎▍▌▋▊▉█"
"""Eighths of a bar's last character."""


def lines(hours: Mapping[str, int], width: int, *, ascii_only: bool) -> Iterator[str]:
    """Draw a line for each hour, or each day if there are too many, within so many columns."""
    per = HOUR if len(hours) <= MAX_LINES else DAY
    hits = periods(hours, per)
    if not hits:
        return
    labels = {at: at.strftime(FORMATS[per]) for at in hits}
    most = max(hits.values())
    digits = len(f"{most:,}")
    room = max(MIN_BAR, width - max(map(len, labels.values())) - digits - 4)
    before: datetime | None = None
    for at, count in sorted(hits.items()):
        yield from _gap(before, at, per, digits)
        bar = _bar(count / most * room, ascii_only=ascii_only)
        yield f"{labels[at]}  {count:>{digits},}  {bar}"
        before = at


def _gap(before: datetime | None, at: datetime, per: str, digits: int) -> Iterator[str]:
    """Draw the periods without hits between two with some."""
    missing = 0 if before is None else round((at - before) / STEPS[per]) - 1
    if before is None or missing <= 0:
        return
    if missing <= SHORT_GAP:
        for number in range(1, missing + 1):
            yield f"{(before + number * STEPS[per]).strftime(FORMATS[per])}  {0:>{digits}}"
        return
    yield f"{'...':>{len(before.strftime(FORMATS[per]))}}  {missing:,} {NOUNS[per]} without hits"


def _bar(length: float, *, ascii_only: bool) -> str:
    if ascii_only:
        return "#" * max(1, round(length))
    eighths = max(1, round(length * 8))
    return BLOCKS[-1] * (eighths // 8) + (BLOCKS[eighths % 8 - 1] if eighths % 8 else "")
