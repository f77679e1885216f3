"""What commands print: data on stdout, status lines on stderr."""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

import click

from backendai_notification_cli.terminal.choice import Choice, chosen, is_table, on_terminal, running_kind
from backendai_notification_cli.terminal.kinds import Item, Kind
from backendai_notification_cli.terminal.visible import visible, visible_text

TABLE_LIMIT = 50
"""How many items a list on a terminal has, unless --limit says otherwise."""

DEFAULT_LIMIT = "backendai_notification_cli.default_limit"
"""Where a command's context says that no limit was given."""


def success(message: str) -> None:
    """Write a `✓` line to stderr."""
    if not chosen().quiet:
        click.echo(f"✓ {visible(message)}", err=True)


def warn(message: str) -> None:
    """Write a `!` line to stderr: it is done, but not only what was asked for."""
    click.echo(f"! {visible(message)}", err=True)


def warn_of(response: Mapping[str, Any]) -> None:
    """Write what the service warns of in a response, a line for each."""
    warnings = response.get("warnings")
    for warning in warnings if isinstance(warnings, list) else []:
        warn(str(warning))


def show_json(value: Mapping[str, Any]) -> None:
    """Write one thing to stdout: as indented JSON, or as the options about the output say."""
    text = _text_of(value)
    if text is not None:
        _page(text)


def show_changed(value: Mapping[str, Any]) -> None:
    """Write what a change has made of one thing, as `show_json` does, but never through the pager.

    What was done needs no key to go on, and a secret that is shown once stays on the terminal.
    """
    text = _text_of(value)
    if text is not None:
        click.echo(text)


def _text_of(value: Mapping[str, Any]) -> str | None:
    from backendai_notification_cli.terminal import formats

    kind = running_kind()
    choice = chosen().of(value, kind)
    if choice.format == "table":
        formats.require_fields(value, kind, choice)
        return _fields(formats.picked(value, choice))
    if choice.structured:
        return formats.one(value, kind, choice)
    return formats.coloured_json(value) if on_terminal() else formats.json_text(value)


def show_reply(value: Mapping[str, Any], text: Callable[[], None]) -> None:
    """Show a response as the command's own text, or as the options about the output say."""
    if chosen().of(value, running_kind()).structured:
        show_json(value)
    else:
        text()


def show_done(value: Mapping[str, Any]) -> None:
    """Show the response to a command that prints nothing of it, if an option asks for it."""
    if chosen().structured:
        show_json(value)


def show_text(text: str) -> None:
    """Write a text that others made to stdout: exactly, but on a terminal without what would steer it."""
    _page(visible_text(text) if on_terminal() else text)


def show_lines(lines: Iterable[str]) -> None:
    """Write lines to stdout as they come; on a terminal all together, through the pager if they are many."""
    if on_terminal() and chosen().pager:
        if found := [*lines]:
            _page("\n".join(found))
    else:
        for line in lines:
            click.echo(line)


def show_streamed(item: Item, text: str) -> None:
    """Show something that has just arrived, on one line."""
    kind = running_kind()
    choice = chosen().of(item, kind)
    if not choice.structured:
        click.echo(text)
        return
    from dataclasses import replace

    from backendai_notification_cli.terminal import formats

    as_line = replace(choice, format="jsonl") if choice.format in {"json", "table", "yaml"} else choice
    written = formats.one(item, kind, as_line)
    if written is not None:
        click.echo(written)
        sys.stdout.flush()


def show_all(items: Iterable[Item], kind: Kind | None = None) -> None:
    """Show a list: as a table on a terminal, otherwise as blocks, or as the options about the output say.

    ``kind``: None for the one that the command declares.
    """
    choice, described = chosen().of_list(), kind or running_kind()
    listed = _Limited(items)
    if is_table():
        _write_table(listed, described, choice)
    elif choice.structured:
        from backendai_notification_cli.terminal import formats

        show_lines(formats.many(listed, described, choice))
    else:
        _write_blocks(listed, described)
    listed.tell()


class _Limited:
    """Items up to the limit that a list on a terminal has by itself."""

    def __init__(self, items: Iterable[Item]) -> None:
        context = click.get_current_context(silent=True)
        is_default = context is not None and bool(context.meta.get(DEFAULT_LIMIT))
        self._limit = TABLE_LIMIT if is_default else None
        self._items = iter(items)

    def __iter__(self) -> Iterator[Item]:
        return islice(self._items, self._limit)

    def tell(self) -> None:
        """Say how to see more, if there are more."""
        if self._limit is not None and next(self._items, None) is not None:
            click.echo(
                f"These are the first {self._limit}: --limit N shows more, --limit all shows all", err=True
            )


def _write_blocks(items: Iterable[Item], kind: Kind) -> None:
    empty = True
    for item in items:
        empty = False
        for label, value in kind.lines(item):
            click.echo(f"{label}: {'' if value is None else visible(value)}")
        click.echo("---")
    if empty:
        click.echo(kind.nothing)


def _write_table(items: Iterable[Item], kind: Kind, choice: Choice) -> None:
    from backendai_notification_cli.terminal import formats, pager, tables

    found = [*items]
    if not found:
        click.echo(kind.nothing)
        return
    columns = formats.columns_of(kind, choice)
    shown = tables.rows(found, columns, tables.utc_now())
    _page("\n".join(tables.lines(shown, columns, pager.table_columns())))


def _fields(item: Item) -> str:
    from backendai_notification_cli.terminal import formats, pager, tables
    from backendai_notification_cli.terminal.kinds import Column

    columns = [Column("field", "field"), Column("value", "value")]
    return "\n".join(tables.lines(formats.field_rows(item), columns, pager.table_columns()))


def _page(text: str) -> None:
    if on_terminal():
        from backendai_notification_cli.terminal import pager

        pager.write(text)
    else:
        click.echo(text)
