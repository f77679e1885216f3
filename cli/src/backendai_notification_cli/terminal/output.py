"""What commands print: data on stdout, status lines on stderr."""

import json
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import click

from backendai_notification_cli.terminal.visible import visible, visible_json, visible_text


def success(message: str) -> None:
    """Write a `✓` line to stderr."""
    click.echo(f"✓ {visible(message)}", err=True)


def warn(message: str) -> None:
    """Write a `!` line to stderr: it is done, but not only what was asked for."""
    click.echo(f"! {visible(message)}", err=True)


def show_json(value: object) -> None:
    """Write a value as indented JSON to stdout."""
    click.echo(visible_json(json.dumps(value, indent=2, ensure_ascii=False)))


def show_text(text: str) -> None:
    """Write a text that others made to stdout: exactly, but on a terminal without what would steer it."""
    click.echo(visible_text(text) if sys.stdout.isatty() else text)


def show_list(
    items: Iterable[Mapping[str, Any]],
    labels: Mapping[str, str],
    nothing: str,
    more: Callable[[Mapping[str, Any]], Iterable[tuple[str, Any]]] = lambda _: (),
) -> None:
    """Write each item as `Label: value` lines closed by `---`, or say that there is nothing.

    `more` returns the labels and values that only some items have.
    """
    empty = True
    for item in items:
        empty = False
        for label, key in labels.items():
            value = item.get(key)
            click.echo(f"{label}: {'' if value is None else visible(value)}")
        for label, value in more(item):
            click.echo(f"{label}: {visible(value)}")
        click.echo("---")
    if empty:
        click.echo(nothing)
