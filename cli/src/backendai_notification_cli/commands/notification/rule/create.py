"""backend.ai notification rule create."""

import click

from backendai_notification_cli.commands.notification.rule.conditions import Condition, condition_options
from backendai_notification_cli.commands.notification.rule.parts import Parts, parts_options
from backendai_notification_cli.commands.notification.rule.rules import RULE
from backendai_notification_cli.http.service import FORCE, WITH_CUSTOM, connect
from backendai_notification_cli.terminal.inputs import FILE, exactly_one_of, only_given
from backendai_notification_cli.terminal.kinds import shows
from backendai_notification_cli.terminal.output import show_json, success
from backendai_notification_cli.terminal.subjects import ONE_CHANNEL, RULE_TYPE
from backendai_notification_cli.terminal.surplus import TEMPLATE_EXAMPLE, QuotedTextCommand


@click.command(cls=QuotedTextCommand, file_option="--template-file", example=TEMPLATE_EXAMPLE)
@shows(RULE)
@click.argument("name")
@click.argument("rule_type", type=RULE_TYPE)
@click.argument("channel_id", metavar="CHANNEL", type=ONE_CHANNEL)
@click.option("--template", help="Jinja2 template string.")
@click.option("--template-file", type=FILE, help="Path to the template file (use '-' for stdin).")
@condition_options
@parts_options
@click.option("--description", help="Rule description.")
@click.option("--disabled", is_flag=True, help="Create the rule as disabled.")
@click.option("--observe", is_flag=True, help="Only record what the rule would send.")
@click.option("--force", is_flag=True, help="Save the template whatever it makes of a sample.")
def command(
    *,
    name: str,
    rule_type: str,
    channel_id: str,
    template: str | None,
    template_file: str | None,
    condition: Condition,
    parts: Parts,
    description: str | None,
    disabled: bool,
    observe: bool,
    force: bool,
) -> None:
    """Create a rule.

    Either --template or --template-file must be given, but not both, unless the channel has a default
    message.
    """
    body = only_given(
        name=name,
        description=description,
        rule_type=rule_type,
        channel_id=channel_id,
        message_template=exactly_one_of("--template", template, "--template-file", template_file),
        enabled=False if disabled else None,
        observe=observe or None,
        **condition.body(),
        **parts.body(),
    )
    rule = connect().item("rule", "POST", f"/notifications/rules{WITH_CUSTOM}{FORCE if force else ''}", body)
    success(f"Rule created: {rule.get('id')}")
    show_json(rule)
