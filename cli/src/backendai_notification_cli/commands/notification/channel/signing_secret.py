"""The secret that a channel's webhooks are signed with: the API shows it when it is made, and never again."""

from collections.abc import Mapping
from typing import Any

import click


def say_once(channel: Mapping[str, Any], *, otherwise: str = "") -> None:
    """Say on stderr that a secret was shown, if it was; `otherwise` is the way out for those who lose it."""
    if channel.get("signing_secret"):
        click.echo(f"The signing secret is shown this once: keep it{otherwise}.", err=True)
