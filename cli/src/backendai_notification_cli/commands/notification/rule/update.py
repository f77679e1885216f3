"""backend.ai notification rule update."""

import click

from backendai_notification_cli.commands.notification.managed import warn_if_managed
from backendai_notification_cli.commands.notification.rule import saving
from backendai_notification_cli.commands.notification.rule.conditions import Condition, condition_changes
from backendai_notification_cli.commands.notification.rule.parts import Parts, parts_options
from backendai_notification_cli.commands.notification.rule.rules import RULE
from backendai_notification_cli.commands.notification.taken import warn_if_taken
from backendai_notification_cli.http import names
from backendai_notification_cli.http.service import connect
from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.inputs import (
    FILE,
    enabled_flag,
    one_of,
    only_given,
    require_change,
)
from backendai_notification_cli.terminal.kinds import shows
from backendai_notification_cli.terminal.output import show_changed, success, warn
from backendai_notification_cli.terminal.subjects import ONE_CHANNEL, ONE_RULE
from backendai_notification_cli.terminal.surplus import TEMPLATE_EXAMPLE, QuotedTextCommand


@click.command(
    cls=QuotedTextCommand,
    file_option="--template-file",
    example=TEMPLATE_EXAMPLE,
    epilog=examples(
        "notification rule update Started --channel Ops",
        "notification rule update Started --where 'session_type=batch' --observe",
    ),
)
@shows(RULE)
@click.argument("rule_id", metavar="RULE", type=ONE_RULE)
@click.option("--name", help="Update the rule's name.")
@click.option("--description", help="Update the description.")
@click.option("--channel", metavar="CHANNEL", type=ONE_CHANNEL, help="Move the rule to this channel.")
@click.option("--message-template", help="Update the template string.")
@click.option("--template-file", type=FILE, help="Update from a template file (use '-' for stdin).")
@condition_changes
@parts_options
@click.option("--enable", is_flag=True, help="Enable the rule.")
@click.option("--disable", is_flag=True, help="Disable the rule.")
@click.option(
    "--observe/--no-observe", default=None, help="Only record what the rule would send, or send from now on."
)
@click.option("--force", is_flag=True, help="Save the template whatever it makes of a sample.")
def command(
    *,
    rule_id: str,
    name: str | None,
    description: str | None,
    channel: str | None,
    message_template: str | None,
    template_file: str | None,
    condition: Condition,
    parts: Parts,
    enable: bool,
    disable: bool,
    observe: bool | None,
    force: bool,
) -> None:
    """Update a rule.

    An empty --title, --text, --field, --link, --level or --dedup restores the type's own.
    """
    enabled = enabled_flag(enable=enable, disable=disable)
    template = one_of("--message-template", message_template, "--template-file", template_file)
    changes = only_given(
        name=name,
        description=description,
        channel_id=channel,
        message_template=template,
        enabled=enabled,
        observe=observe,
    )
    changes |= condition.body() | parts.body()
    require_change(changes)
    warn_if_taken(names.RULE, name, but=rule_id)
    rule = saving.save(connect(), "PATCH", f"{saving.PATH}/{rule_id}", changes, force=force)
    success(f"Rule updated: {rule.get('id')}")
    parts.tell_zone()
    if channel not in {None, rule.get("channel_id")}:
        warn("The service is older than this command line and cannot move rules: the rule's channel stays")
    warn_if_managed("rule", rule)
    show_changed(rule)
