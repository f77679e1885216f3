"""The secret that a channel's webhooks are signed with: the API shows it when it is made, and never again."""

from collections.abc import Mapping
from typing import Any

import click

from backendai_notification_cli.terminal.choice import chosen
from backendai_notification_cli.terminal.output import warn


def say_once(channel: Mapping[str, Any], *, otherwise: str = "") -> None:
    """Say on stderr that a secret was shown, if it was; `otherwise` is the way out for those who lose it.

    The services of presets check no signature, so nobody has to keep theirs.
    """
    if not channel.get("signing_secret") or (channel.get("spec") or {}).get("preset"):
        return
    choice = chosen().of_list()
    if choice.format == "id" or (choice.fields and "signing_secret" not in choice.fields):
        warn("The signing secret was not printed: channel rotate-secret makes another")
    elif not choice.quiet:
        click.echo(f"The signing secret is shown this once: keep it{otherwise}.", err=True)
