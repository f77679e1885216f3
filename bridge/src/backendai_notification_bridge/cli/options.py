"""The options of commands that need the settings."""

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

import click

from backendai_notification_bridge.cli.common import told
from backendai_notification_bridge.settings import Settings, load

P = ParamSpec("P")
R = TypeVar("R")


def settings_options(command: Callable[Concatenate[Settings, P], R]) -> Callable[..., R]:
    """Give a command the settings; wrong ones end it with one line."""

    @click.option(
        "-c",
        "--config",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        envvar="BACKENDAI_BRIDGE_CONFIG",
        help="The bridge's TOML file.",
    )
    @functools.wraps(command)
    def with_settings(config: Path | None, *args: P.args, **kwargs: P.kwargs) -> R:
        with told():
            settings = load(config)
        return command(settings, *args, **kwargs)

    return with_settings
