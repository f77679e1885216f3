"""backend.ai notification rule create."""

import click

from backendai_notification_cli.commands.notification.rule import saving
from backendai_notification_cli.commands.notification.rule.conditions import Condition, condition_options
from backendai_notification_cli.commands.notification.rule.parts import Parts, parts_options
from backendai_notification_cli.commands.notification.rule.rules import RULE
from backendai_notification_cli.commands.notification.taken import warn_if_taken
from backendai_notification_cli.http import names
from backendai_notification_cli.http.service import connect
from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.inputs import FILE, one_of, only_given
from backendai_notification_cli.terminal.kinds import shows
from backendai_notification_cli.terminal.output import show_all, show_changed, success
from backendai_notification_cli.terminal.subjects import ONE_CHANNEL, RULE_TYPE
from backendai_notification_cli.terminal.surplus import TEMPLATE_EXAMPLE, QuotedTextCommand


@click.command(
    cls=QuotedTextCommand,
    file_option="--template-file",
    example=TEMPLATE_EXAMPLE,
    epilog=examples(
        'notification rule create Started session.started Ops --template \'{"text": "{{ '
        "session_id }} started\"}'",
        'notification rule create "Failed sessions" session.terminated Ops '
        "--template-file template.json --where status=ERROR",
    ),
)
@shows(RULE)
@click.argument("name")
@click.argument("rule_type", type=RULE_TYPE)
@click.argument("channel_id", metavar="CHANNEL", type=ONE_CHANNEL)
@click.option("--template", help="Jinja2 template string.")
@click.option("--template-file", type=FILE, help="Path to the template file (use '-' for stdin).")
@condition_options
@parts_options
@click.option(
    "--resolve-on",
    metavar="TYPE",
    type=RULE_TYPE,
    help="With --dedup, on PagerDuty: make a second rule on TYPE that resolves the incidents.",
)
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
    resolve_on: str | None,
    description: str | None,
    disabled: bool,
    observe: bool,
    force: bool,
) -> None:
    """Create a rule.

    Either --template or --template-file must be given, but not both. A channel with a preset, and an email
    channel, needs neither: it sends the default message of the type, of which --title, --text, --field,
    --link and --level change parts.
    """
    body = only_given(
        name=name,
        description=description,
        rule_type=rule_type,
        channel_id=channel_id,
        message_template=one_of("--template", template, "--template-file", template_file),
        enabled=False if disabled else None,
        observe=observe or None,
        **condition.body(),
        **parts.body(),
    )
    warn_if_taken(names.RULE, name)
    if resolve_on is None:
        rule = saving.save(connect(), "POST", saving.PATH, body, force=force)
        success(f"Rule created: {rule.get('id')}")
        parts.tell_zone()
        show_changed(rule)
        return
    saving.check_pair(body, resolve_on)
    rule, other = saving.create_pair(connect(), body, resolve_on, force=force)
    success(f"Rule created: {rule.get('id')}")
    success(f"Rule that resolves created: {other.get('id')}")
    parts.tell_zone()
    show_all([rule, other])
