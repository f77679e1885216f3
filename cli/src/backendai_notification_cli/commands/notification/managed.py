"""Say that something belongs to a set of configuration, when it is changed by hand."""

from collections.abc import Mapping
from typing import Any

from backendai_notification_cli.terminal.output import warn

UNDONE = "the next 'config apply' undoes this, unless its file says the same"
MADE_AGAIN = "the next 'config apply' makes it again, unless its file lacks it then"


def warn_if_managed(noun: str, item: Mapping[str, Any], then: str = UNDONE) -> None:
    """Warn if a set manages something. ``then``: what becomes of the change."""
    managed = item.get("managed")
    if isinstance(managed, Mapping):
        name = item.get("name") or item.get("reason")
        warn(f"The {noun} '{name}' is '{managed.get('key')}' of the set '{managed.get('set')}': {then}")
