"""The form of a command's output: the options that every command has, and their values."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any, Literal

import click

from backendai_notification_cli.errors import CliError
from backendai_notification_cli.nearest import hint
from backendai_notification_cli.terminal.kinds import UNKNOWN, Item, Kind, field_of, shown_kind

FORMATS = ("table", "json", "jsonl", "yaml", "tsv", "id")
Format = Literal["table", "json", "jsonl", "yaml", "tsv", "id"]
_KEY = "backendai_notification_cli.output"


@dataclass(frozen=True, slots=True)
class Choice:
    """What the options say. ``format``: None for what the command prints of itself."""

    format: Format | None = None
    fields: Sequence[str] = ()
    jq: str | None = None
    quiet: bool = False
    pager: bool = True

    @property
    def structured(self) -> bool:
        """Whether it is asked for in another form than the command's own."""
        return self.format is not None or self.jq is not None

    def of_list(self) -> "Choice":
        """Return how a list is shown: with --quiet as ids, unless something else is asked for."""
        return replace(self, format="id") if self.quiet and not self.structured else self

    def of(self, item: Item, kind: Kind) -> "Choice":
        """Return how one thing is shown: with --quiet as its id, if it has one."""
        return self if field_of(item, kind.id) is None else self.of_list()


def chosen() -> Choice:
    """Return the choice of the running command."""
    context = click.get_current_context(silent=True)
    found = None if context is None else context.meta.get(_KEY)
    return found if isinstance(found, Choice) else Choice()


def running_kind() -> Kind:
    """Return the kind of what the running command shows."""
    context = click.get_current_context(silent=True)
    return UNKNOWN if context is None else shown_kind(context.command.callback)


def on_terminal() -> bool:
    """Whether somebody looks at the output."""
    return sys.stdout is not None and sys.stdout.isatty()


def is_table() -> bool:
    """Whether a list is shown as a table."""
    choice = chosen().of_list()
    return choice.format == "table" or (not choice.structured and on_terminal())


def has_columns() -> bool:
    """Whether a list is shown with the columns of its kind: as a table, or as tsv."""
    choice = chosen().of_list()
    return not choice.fields and choice.jq is None and (is_table() or choice.format == "tsv")


def output_options(taken: frozenset[str]) -> list[click.Option]:
    """Return the options, but for those whose names a command has given to its own."""
    made = (
        OutputOption(
            ["-o", "--output"],
            type=click.Choice(FORMATS, case_sensitive=False),
            metavar="FORMAT",
            help=f"Print as {', '.join(FORMATS[:-1])} or {FORMATS[-1]}.",
        ),
        OutputOption(
            ["--json"],
            is_flag=False,
            flag_value="",
            metavar="FIELDS",
            shell_complete=_offered_fields,
            help="Print these fields as JSON, as in id,name; without FIELDS, say which there are.",
        ),
        OutputOption(["--jq"], metavar="EXPR", help="Print what a jq expression makes of the JSON."),
        OutputOption(["-q", "--quiet"], is_flag=True, help="Print nothing but ids, or the data."),
        OutputOption(["--no-pager"], is_flag=True, help="Do not page long output on a terminal."),
    )
    return [option for option in made if not taken.intersection((*option.opts, option.name))]


class OutputOption(click.Option):
    """An option about the output: it is read before the others, and no command sees it."""

    def __init__(self, names: list[str], **attrs: Any) -> None:
        super().__init__(names, is_eager=True, expose_value=False, callback=_choose, **attrs)


def _choose(context: click.Context, option: click.Parameter, value: Any) -> None:
    if value is None or value is False or context.resilient_parsing:
        return
    present = context.meta.get(_KEY, Choice())
    given: dict[str, Any]
    match option.name:
        case "output":
            given = {"format": value.lower()}
        case "json":
            given = {"fields": _fields(value, shown_kind(context.command.callback))}
            given |= {} if present.format else {"format": "json"}
        case "jq":
            given = {"jq": value}
        case "quiet":
            given = {"quiet": True}
        case _:
            given = {"pager": False}
    context.meta[_KEY] = replace(present, **given)


def _offered_fields(context: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    front, comma, last = incomplete.rpartition(",")
    return [
        f"{front}{comma}{name}"
        for name in shown_kind(context.command.callback).fields
        if name.startswith(last)
    ]


def json_alone(args: list[str], kind: Kind) -> list[str]:
    """Return the arguments of a command so that ``--json`` takes the next one only if it names fields."""
    return [
        "--json=" if arg == "--json" and not _names_fields(after, kind) else arg
        for arg, after in zip_longest(args, args[1:], fillvalue="")
    ]


def _names_fields(text: str, kind: Kind) -> bool:
    return all(part.strip().partition(".")[0] in kind.fields for part in text.split(","))


def _fields(text: str, kind: Kind) -> list[str]:
    """Read ``id,name``.

    Raises:
        CliError: there are none, or one that the kind does not have; with those that there are.
    """
    given = [name for part in text.split(",") if (name := part.strip())]
    if not given and not kind.whole:
        raise CliError(
            "--json needs the fields to print, separated by commas"
            + (":" if kind.fields else ", as in --json id,name"),
            *kind.fields,
        )
    for name in given:
        if kind.fields and name.partition(".")[0] not in kind.fields:
            listed = ", ".join(kind.fields)
            raise CliError(f"There is no field '{name}'{hint(name, kind.fields)}", f"There are: {listed}")
    return given
