"""The options of commands that need the settings."""

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

import click

from backendai_notification_bridge.cli.common import told
from backendai_notification_bridge.settings import Settings, load

P = ParamSpec("P")
R = TypeVar("R")

_FILE = click.Path(dir_okay=False, path_type=Path)

FLAGS: tuple[tuple[str, str, Any, str], ...] = (
    ("--valkey", "valkey__addr", str, "HOST:PORT of Backend.AI's Valkey or Redis."),
    ("--redis-from", "redis_from", _FILE, "The manager's TOML file, of which [redis] is taken."),
    ("--manager", "manager__endpoint", str, "URL of the manager's API."),
    ("--bus", "bus__name", str, "Name or ARN of the event bus."),
    ("--region", "bus__region", str, "The event bus's region."),
    ("--spool", "spool__file", _FILE, "The spool's file."),
    ("--health-port", "health__port", int, "Where health and metrics are served; 0 for nowhere."),
)
"""Options for settings. Secrets have none, because every user of the machine can see arguments."""


def settings_options(command: Callable[Concatenate[Settings, P], R]) -> Callable[..., R]:
    """Give a command the settings; wrong ones end it with one line."""

    @functools.wraps(command)
    def with_settings(config: Path | None, *args: P.args, **kwargs: P.kwargs) -> R:
        flags = {name: kwargs.pop(name, None) for _, name, _, _ in FLAGS}
        with told():
            settings = load(config, **flags)
        return command(settings, *args, **kwargs)

    decorated: Callable[..., R] = with_settings
    for flag, name, kind, text in reversed(FLAGS):
        decorated = click.option(flag, name, type=kind, help=text)(decorated)
    config = click.option(
        "-c", "--config", type=_FILE, envvar="BACKENDAI_BRIDGE_CONFIG", help="The bridge's TOML file."
    )
    return config(decorated)
