"""The parts of a rule that documents show as objects."""

from dataclasses import asdict
from typing import Any

from notifications.core import periods
from notifications.core.model import Rule

NAMES = ("message", "once_per", "digest")


def documents(rule: Rule) -> dict[str, Any]:
    """Write these parts of a rule by their names; None for those that it lacks."""
    shown = {name: asdict(part) if (part := getattr(rule, name)) else None for name in NAMES}
    if rule.once_per is not None:
        shown["once_per"] = asdict(rule.once_per) | {"period": periods.written(rule.once_per.period)}
    return shown
