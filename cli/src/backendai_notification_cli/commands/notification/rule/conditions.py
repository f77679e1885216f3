"""The options that say which events a rule sends, and how its condition is shown."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import click

from backendai_notification_cli.errors import CliError
from backendai_notification_cli.terminal.inputs import FILE, json_object, one_of, only_given
from backendai_notification_cli.terminal.options import collected
from backendai_notification_cli.terminal.subjects import CLAUSE


@dataclass(frozen=True, slots=True)
class Condition:
    """What the options say. ``no_where``: that the rule is to have no condition."""

    where: Sequence[str] = ()
    condition: str | None = None
    condition_file: str | None = None
    no_where: bool = False

    def body(self) -> dict[str, Any]:
        """Return what the request says of it; nothing if no option is given."""
        text = one_of("--condition", self.condition, "--condition-file", self.condition_file)
        given = {"--where": bool(self.where), "--condition": text is not None, "--no-where": self.no_where}
        names = [name for name, is_given in given.items() if is_given]
        if len(names) > 1:
            raise CliError(f"Cannot specify both {names[0]} and {names[1]}")
        condition = None if text is None else json_object(text, "condition")
        return only_given(where=list(self.where) or None, condition={} if self.no_where else condition)


_OPTIONS = (
    click.option(
        "--where",
        multiple=True,
        metavar="CLAUSE",
        type=CLAUSE,
        help="Send only events with such a field, as in 'status=ERROR' (repeatable: all must hold).",
    ),
    click.option("--condition", metavar="JSON", help="The condition as an EventBridge event pattern."),
    click.option("--condition-file", type=FILE, help="The condition from a file (use '-' for stdin)."),
)
condition_options = collected(Condition, "condition", _OPTIONS)
"""Add the options that give a condition."""

condition_changes = collected(
    Condition,
    "condition",
    (*_OPTIONS, click.option("--no-where", is_flag=True, help="Remove the condition: send all events.")),
)
"""Add the options that give a condition or remove it."""


def lines(rule: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Return the labels and values that a list shows of where a rule sends, and of what it does not send."""
    shown: list[tuple[str, Any]] = []
    if rule.get("channel"):
        shown.append(("Channel", f"{rule['channel'].get('name')} ({rule['channel'].get('id')})"))
    if rule.get("observe"):
        shown.append(("Observe", True))
    if rule.get("where"):
        return shown + [("Where", clause) for clause in rule["where"]]
    if rule.get("condition"):
        shown.append(("Condition", json.dumps(rule["condition"], ensure_ascii=False)))
    return shown
