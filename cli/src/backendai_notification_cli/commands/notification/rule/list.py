"""backend.ai notification rule list."""

import re
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

import click

from backendai_notification_cli.commands.notification.rule.rules import RULE
from backendai_notification_cli.commands.notification.unknown import (
    field_named,
    or_warn,
    warn_of_unknown,
)
from backendai_notification_cli.http.service import WITH_CUSTOM, connect
from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.inputs import only_given
from backendai_notification_cli.terminal.kinds import shows
from backendai_notification_cli.terminal.output import show_all
from backendai_notification_cli.terminal.record_options import limit_option
from backendai_notification_cli.terminal.subjects import CLAUSE, ONE_CHANNEL, RULE_TYPE

_OPERATOR = re.compile(r"\s*(!~=|~=|!=|>=|<=|=|>|<)\s*")


def _clauses(context: click.Context, option: click.Parameter, given: tuple[str, ...]) -> tuple[str, ...]:
    """Write clauses as rules show them, without spaces around their operators.

    Raises:
        BadParameter: one begins with no field.
    """
    for clause in given:
        if field_named(clause) is None and not clause.strip().startswith('"'):
            told = f"'{clause}' begins with no field, as status and status=ERROR do."
            raise click.BadParameter(told, context, option)
    return tuple(_OPERATOR.sub(r"\1", clause.strip(), count=1) for clause in given)


@click.command(
    epilog=examples(
        "notification rule list --channel Ops",
        "notification rule list --where status",
        "notification rule list --rule-types session.started --name gpu -q",
    )
)
@shows(RULE)
@click.option("--enabled-only", is_flag=True, help="List only enabled rules.")
@click.option(
    "--rule-types",
    multiple=True,
    metavar="RULE_TYPE",
    type=RULE_TYPE,
    help="List only rules of this type (repeatable).",
)
@click.option("--channel", metavar="CHANNEL", type=ONE_CHANNEL, help="List only rules of this channel.")
@click.option("--name", metavar="TEXT", help="List only rules with this in their names, in any case.")
@click.option(
    "--where",
    multiple=True,
    metavar="CLAUSE",
    type=CLAUSE,
    callback=_clauses,
    help="List only rules whose condition has this clause, or one about this field (repeatable).",
)
@limit_option
def command(
    *,
    enabled_only: bool,
    rule_types: Sequence[str],
    channel: str | None,
    name: str | None,
    where: Sequence[str],
    limit: int | None,
) -> None:
    """List all rules."""
    conditions = only_given(
        enabled=enabled_only or None,
        rule_types=list(rule_types) or None,
        channel_id=channel,
        name=None if name is None else {"i_contains": name},
    )
    api, path = connect(), f"/notifications/rules/search{WITH_CUSTOM}"
    if channel is None and not where:
        show_all(api.search("rules", path, conditions, limit))
        return
    found = (
        rule
        for rule in api.search("rules", path, conditions)
        # A service that does not know the channel's filter yet has sent the rules of others too.
        if channel in {None, rule.get("channel_id")} and all(_has(rule, clause) for clause in where)
    )
    named: dict[str, Any] = only_given(channel=channel, where=where, rule_type=rule_types)
    show_all(or_warn(islice(found, limit), lambda: warn_of_unknown(api, named)))


def _has(rule: Mapping[str, Any], wanted: str) -> bool:
    """Return whether a condition has a clause that is this one, or that begins with it as a whole word."""
    clauses = (str(clause) for clause in rule.get("where") or ())
    return any(
        clause.startswith(wanted)
        and not (rest := clause[len(wanted) :][:1]).isalnum()
        and rest not in {*"._-"}
        for clause in clauses
    )
