"""Have the service apply a configuration, request by request, and tell what it did."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import click

from backendai_notification_cli.commands.notification.config.asking import PATH
from backendai_notification_cli.commands.notification.config.configuration import Configuration
from backendai_notification_cli.commands.notification.config.plans import SIGNS, counted, noun
from backendai_notification_cli.commands.notification.revisions import short_author
from backendai_notification_cli.errors import CliError, Refused
from backendai_notification_cli.exits import ExitCode
from backendai_notification_cli.http.service import connect
from backendai_notification_cli.terminal.output import show_lines, success, warn
from backendai_notification_cli.terminal.progress import Counting
from backendai_notification_cli.terminal.times import local_time
from backendai_notification_cli.terminal.visible import visible

LOCKED = "/notification-configuration-locked"
AGAIN = "What was applied stays: plan and apply again, and the rest follows"
DONE = {"create": "created", "update": "changed", "delete": "deleted"}

Applied = Mapping[str, Any]


class Busy(CliError):
    """Another applies the same set."""

    exit_code = ExitCode.BUSY


def applied(configuration: Configuration, plan: Mapping[str, Any], *, prune: bool) -> list[Applied]:
    """Apply what a plan shows; return what was done.

    Raises:
        Busy: another applies the set.
        CliError: the service has changed since, or fails; with what to do.
    """
    body = {**configuration.wanted, "prune": prune, "holder": uuid.uuid4().hex}
    api, total = connect(configuration.hidden), len(plan["changes"])
    counting = Counting("Applied", "changes")
    made: list[Applied] = []
    version = plan["version"]
    try:
        while True:
            counting.show(len(made), total)
            reply = api.call("POST", f"{PATH}/apply", {**body, "version": version})
            made += api.objects(reply, "applied")
            version = None  # what is stored is no longer what was planned for
            if not api.value(reply, "remaining"):
                return made
    except KeyboardInterrupt:
        counting.end()
        # What was being applied may be there by now, but nobody has said so.
        warn(f"Interrupted after {len(made)} of {total} changes were confirmed. {AGAIN}")
        raise
    except Refused as refused:
        raise _refusal(configuration, refused, made) from None
    except CliError as error:
        raise CliError(error.message, *error.details, AGAIN) from None
    finally:
        counting.end()


def _refusal(configuration: Configuration, refused: Refused, made: Sequence[Applied]) -> CliError:
    if not str(refused.problem.get("type")).endswith(LOCKED):
        told = configuration.explained(refused)
        told.details = (*told.details, *([AGAIN] if made else []))
        return told
    data = refused.problem.get("data") or {}
    who = short_author({"by": data.get("by")})
    since, until = (local_time(str(data.get(name))) for name in ("since", "until"))
    return Busy(
        f"{who} applies the set '{configuration.set}' since {since}",
        f"If that was broken off, it can be applied again from {until} on",
    )


def shown(made: Iterable[Applied], *, secrets: bool) -> list[dict[str, Any]]:
    """Return what was done as it may be shown. ``secrets``: whether signing secrets may be."""
    return [
        {name: part for name, part in each.items() if name != "signing_secret" or (secrets and part)}
        for each in made
    ]


def tell(configuration: Configuration, made: Sequence[Applied]) -> None:
    """Say what was done, a line for each thing."""
    show_lines(_line(each) for each in made)
    if made:
        done = counted(made).replace("to create", "created").replace("to change", "changed")
        success(f"Applied '{configuration.set}': {done.replace('to delete', 'deleted')}")


def _line(each: Applied) -> str:
    action = str(each["action"])
    about = visible(f"{DONE.get(action, action)} {noun(each['kind'])} {each['key']} ({each.get('id')})")
    secret = f", signing secret {visible(each['signing_secret'])}" if each.get("signing_secret") else ""
    return f"{SIGNS.get(action, '?')} {about}{secret}"


def tell_secrets(configuration: Configuration, made: Iterable[Applied], *, shown: bool) -> None:
    """Say what became of the secrets that new channels sign with."""
    channels = configuration.given.get("channels") or {}
    for each in made:
        # The services of presets check no signature, so nobody needs theirs.
        if each.get("signing_secret") and not _spec(channels.get(each["key"])).get("preset"):
            if shown:
                click.echo(f"The signing secret of {each['key']} is shown this once: keep it.", err=True)
            else:
                told = f"channel rotate-secret {each.get('id')} --keep-old 0"
                click.echo(
                    f"The signing secret of {each['key']} was not shown: '{told}' makes another.", err=True
                )


def _spec(channel: Any) -> Mapping[str, Any]:
    spec = channel.get("spec") if isinstance(channel, dict) else None
    return spec if isinstance(spec, dict) else {}
