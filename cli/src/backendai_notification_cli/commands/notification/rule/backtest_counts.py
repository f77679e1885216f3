"""The counts of a backtest: its pages added up, and held against a maximum. Values in, values out."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from backendai_notification_cli.errors import CliError
from backendai_notification_cli.terminal.kinds import Kind

FIRST = {"samples": 3, "failures": 5}
"""How many of the first hits, and of the first failures, are shown."""

FIRST_DIFFERENT = 5
COUNTS = ("searched", "unreadable", "hits", "empty", "failed")
ABOUT = ("rule_id", "rule_name", "rule_type", "enabled")
MEMBERS = (*ABOUT, *COUNTS, *FIRST, "hours", "difference")
"""What each page has."""

WITH_WINDOWS = ("messages", "windows")
"""What a page of a rule with once-per or a digest has besides; an older service has neither."""

HOUR, DAY = "h", "d"
_MAX = re.compile(r"([0-9]{1,9})/([hd])")

BACKTEST = Kind(
    labels={},
    fields=(*MEMBERS, "messages", "share", "since", "until", "max", "past_max"),
    whole=True,
)

Page = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Max:
    """How many hits there may be in any hour, or in any day of local time."""

    count: int
    per: str

    def __str__(self) -> str:
        return f"{self.count}/{self.per}"


def parse_max(text: str) -> Max:
    """Read `20/h` or `100/d`."""
    found = _MAX.fullmatch(text.strip())
    if found is None:
        raise CliError(f"'{text}' is not a number of hits: expected 20/h (in any hour) or 100/d (in any day)")
    return Max(int(found[1]), found[2])


def merged(pages: Iterable[Page]) -> dict[str, Any]:
    """Merge pages: their counts are added up, of examples the first ones stay."""
    told: dict[str, Any] = {**dict.fromkeys(COUNTS, 0), "hours": {}}
    told |= {name: [] for name in FIRST} | {"difference": None, "messages": None}
    hours: Counter[str] = Counter()
    for page in pages:
        told |= {name: page[name] for name in ABOUT}
        told |= {name: told[name] + page[name] for name in COUNTS}
        told |= {name: (told[name] + page[name])[:most] for name, most in FIRST.items()}
        hours.update(page["hours"])
        if page.get("messages") is not None:
            told["messages"] = (told["messages"] or 0) + page["messages"]
        told["difference"] = _together(told["difference"], page.get("difference"))
    share = told["hits"] / told["searched"] if told["searched"] else 0.0
    return {
        **{name: told[name] for name in ABOUT},
        **told,
        "hours": dict(sorted(hours.items())),
        "share": share,
    }


def _together(one: Page | None, other: Page | None) -> dict[str, Any] | None:
    if one is None or other is None:
        return dict(other or one or {}) or None
    return {
        name: (one[name] + value)[:FIRST_DIFFERENT] if isinstance(value, list) else one[name] + value
        for name, value in other.items()
    }


def periods(hours: Mapping[str, int], per: str) -> dict[datetime, int]:
    """Sum up hits by hour, or by day of local time; periods without any are left out."""
    sums: Counter[datetime] = Counter()
    for text, hits in hours.items():
        at = datetime.fromisoformat(text).astimezone()
        if per == DAY:  # without its offset, because a day on which clocks change has two
            at = at.replace(hour=0, minute=0, tzinfo=None).astimezone()
        sums[at] += hits
    return dict(sums)


def beyond(hours: Mapping[str, int], most: Max) -> dict[datetime, int]:
    """Return the periods with more hits than there may be, the one with most of them first."""
    found = {at: hits for at, hits in periods(hours, most.per).items() if hits > most.count}
    return dict(sorted(found.items(), key=lambda each: -each[1]))
