"""backend.ai notification config give-up."""

import click

from backendai_notification_cli.commands.notification.config.kinds import GIVEN_UP
from backendai_notification_cli.errors import CliError, Refused
from backendai_notification_cli.terminal import offered
from backendai_notification_cli.terminal.counts import counted
from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.kinds import shows
from backendai_notification_cli.terminal.output import show_done, success

KINDS = ("channel", "event-type", "rule", "mute")


@click.command(
    epilog=examples(
        "notification config give-up staging rule/failed",
        "notification config give-up staging channel/ops rule/failed --json given_up",
    )
)
@shows(GIVEN_UP)
@click.argument("name", metavar="SET", shell_complete=offered.sets)
@click.argument("given", metavar="KIND/KEY...", nargs=-1, required=True, shell_complete=offered.managed)
def command(*, name: str, given: tuple[str, ...]) -> None:
    """Let a set manage something no more.

    KIND is channel, event-type, rule or mute. The object itself stays as it is, and another set can adopt it.
    Take its entry out of the set's file as well: otherwise the next apply creates another one.
    """
    from backendai_notification_cli.commands.notification.config.asking import PATH
    from backendai_notification_cli.http.service import connect

    body = {"set": name, "give_up": [_named(text) for text in given]}
    try:
        reply = connect().call("POST", f"{PATH}/adopt", body)
    except Refused as refused:
        raise _explained(given, refused) from None
    success(f"The set {name} manages {counted(len(given), 'object')} no more")
    show_done({"set": name, "given_up": reply.get("given_up")})


def _explained(given: tuple[str, ...], refused: Refused) -> CliError:
    """Name the arguments that have the faults; the service only numbers them."""
    from backendai_notification_cli.commands.notification.config.asking import faults_of_list

    told = [f"{given[number]}: {why}" for number, why in faults_of_list(refused, "give_up")]
    return CliError(*told) if told else refused


def _named(text: str) -> dict[str, str]:
    """Read ``rule/failed``.

    Raises:
        UsageError: it is nothing like that.
    """
    kind, slash, key = text.partition("/")
    if not (slash and key) or kind not in KINDS:
        raise click.UsageError(
            f"'{text}' is not KIND/KEY, as in rule/failed; KIND is one of {', '.join(KINDS)}"
        )
    return {"kind": kind.replace("-", "_"), "key": key}
