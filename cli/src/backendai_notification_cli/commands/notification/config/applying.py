"""Have the service apply a configuration, request by request, and tell what it did."""

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import click

from backendai_notification_cli.commands.notification.config.asking import PATH
from backendai_notification_cli.commands.notification.config.configuration import Configuration
from backendai_notification_cli.commands.notification.config.plans import SIGNS, counted, noun
from backendai_notification_cli.commands.notification.revisions import short_author
from backendai_notification_cli.errors import CliError, Refused
from backendai_notification_cli.exits import ExitCode
from backendai_notification_cli.http.service import connect
from backendai_notification_cli.terminal.elapsed import Elapsed
from backendai_notification_cli.terminal.output import warn
from backendai_notification_cli.terminal.times import local_time
from backendai_notification_cli.terminal.visible import visible

LOCKED = "/notification-configuration-locked"
AGAIN = "What was applied stays: plan and apply again, and the rest follows"
MAX_SECRETS_TOLD = 5
"""Of so many new channels each is named whose secret was not shown."""

DONE = {"create": "created", "update": "changed", "delete": "deleted"}

Applied = Mapping[str, Any]


class Busy(CliError):
    """Another applies the same set."""

    exit_code = ExitCode.BUSY


def apply(configuration: Configuration, plan: Mapping[str, Any], made: list[Applied], *, prune: bool) -> None:
    """Apply what a plan shows. ``made``: grows by what was done, also if not all of it is.

    Raises:
        Busy: another applies the set.
        CliError: the service has changed since, or fails; with what to do.
    """
    total = len(plan["changes"])
    try:
        with Elapsed("") as progress:
            progress.tell(_applied(0, total))
            for part in _parts(configuration, plan, prune=prune):
                made += part
                progress.tell(_applied(len(made), total))
    except KeyboardInterrupt:
        # What was being applied may exist by now, but no response has confirmed it.
        warn(f"Interrupted after {len(made)} of {total} changes were confirmed. {AGAIN}")
        raise
    except Refused as refused:
        raise _refusal(configuration, refused, made) from None
    except CliError as error:
        raise CliError(error.message, *error.details, AGAIN) from None


def _applied(count: int, total: int) -> str:
    return f"Applied {count:,} of {total:,} changes"


def _parts(
    configuration: Configuration, plan: Mapping[str, Any], *, prune: bool
) -> Iterator[Sequence[Applied]]:
    """Yield what each request has done, until nothing is left."""
    api, holder = connect(configuration.hidden), uuid.uuid4().hex
    body = {**configuration.wanted, "prune": prune, "holder": holder, "version": plan["version"]}
    remaining = True
    while remaining:
        reply = api.call("POST", f"{PATH}/apply", body)
        done = api.objects(reply, "applied")
        yield [{**each, "name": configuration.hidden.value(each.get("name"))} for each in done]
        remaining = bool(api.value(reply, "remaining"))
        body["version"] = None  # what is stored is no longer what was planned for


def _refusal(configuration: Configuration, refused: Refused, made: Sequence[Applied]) -> CliError:
    if not str(refused.problem.get("type")).endswith(LOCKED):
        told = configuration.explained(refused)
        told.details = (*told.details, *([AGAIN] if made or refused.passing else []))
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


def lines(made: Iterable[Applied]) -> Iterator[str]:
    """Say what was done, a line for each thing."""
    return map(_line, made)


def done(made: Sequence[Applied]) -> str:
    """Count what was done: ``2 created, 1 changed, 0 deleted``."""
    return counted(made, ("created", "changed", "deleted"))


def _line(each: Applied) -> str:
    action = str(each["action"])
    about = visible(f"{DONE.get(action, action)} {noun(each['kind'])} {each['key']} ({each.get('id')})")
    secret = f", signing secret {visible(each['signing_secret'])}" if each.get("signing_secret") else ""
    return f"{SIGNS.get(action, '?')} {about}{secret}"


def tell_secrets(configuration: Configuration, made: Iterable[Applied], *, shown: bool) -> None:
    """Say what became of the secrets that new channels sign with."""
    channels = configuration.given.get("channels") or {}
    # The services of presets check no signature, so nobody needs theirs.
    signed = [
        each
        for each in made
        if each.get("signing_secret") and not _spec(channels.get(each["key"])).get("preset")
    ]
    if len(signed) > MAX_SECRETS_TOLD:
        whose = f"The signing secrets of {len(signed):,} channels"
        kept = "were not shown: 'channel rotate-secret CHANNEL --keep-old 0' makes another of one."
        click.echo(f"{whose} {'are shown this once: keep them.' if shown else kept}", err=True)
        return
    for each in signed:
        whose = f"The signing secret of {each['key']}"
        kept = f"was not shown: 'channel rotate-secret {each.get('id')} --keep-old 0' makes another."
        click.echo(f"{whose} {'is shown this once: keep it.' if shown else kept}", err=True)


def _spec(channel: Any) -> Mapping[str, Any]:
    spec = channel.get("spec") if isinstance(channel, dict) else None
    return spec if isinstance(spec, dict) else {}
