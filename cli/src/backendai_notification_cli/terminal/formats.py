"""One value or many, in the format that was asked for. Values in, text out."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

import click

from backendai_notification_cli.errors import CliError
from backendai_notification_cli.nearest import hint
from backendai_notification_cli.terminal.choice import Choice
from backendai_notification_cli.terminal.kinds import Column, Item, Kind, field_of
from backendai_notification_cli.terminal.visible import visible, visible_json, visible_text

_KEY = re.compile(r'^(\s*)("(?:[^"\\]|\\.)*")(?=:)', re.MULTILINE)
_NO_JQ = "--jq needs the package jq: pip install jq"


def json_text(value: object) -> str:
    """Write a value as indented JSON."""
    return visible_json(json.dumps(value, indent=2, ensure_ascii=False))


def coloured_json(value: object) -> str:
    """Write a value as indented JSON whose names have a colour."""
    return _KEY.sub(lambda found: found[1] + click.style(found[2], fg="blue", bold=True), json_text(value))


def compact(value: object) -> str:
    """Write a value as JSON on one line."""
    return visible_json(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def picked(item: Item, choice: Choice) -> Item:
    """Return the fields of an item that are wanted."""
    return {name: field_of(item, name) for name in choice.fields} if choice.fields else item


def require_fields(item: Item, kind: Kind, choice: Choice) -> None:
    """Refuse a field that a thing does not have, where its kind could not tell before.

    Raises:
        CliError: there is no such field; with those that there are.
    """
    for name in () if kind.fields else choice.fields:
        if name not in item and name.partition(".")[0] not in item:
            raise CliError(
                f"There is no field '{name}'{hint(name, item)}", f"There are: {', '.join(map(str, item))}"
            )


def columns_of(kind: Kind, choice: Choice) -> list[Column]:
    """Return the columns that are wanted."""
    return [Column(name, name) for name in choice.fields] if choice.fields else [*kind.row()]


def one(item: Item, kind: Kind, choice: Choice) -> str | None:
    """Write one thing; None if a jq expression leaves nothing of it.

    Raises:
        CliError: it has no id or no such field, or the jq expression fails.
    """
    require_fields(item, kind, choice)
    return _one(item, kind, choice) if choice.jq is None else jq(picked(item, choice), choice.jq)


def _one(item: Item, kind: Kind, choice: Choice) -> str:
    match choice.format:
        case "id":
            return identity(item, kind)
        case "tsv":
            return tsv(item, columns_of(kind, choice) if kind.row() or choice.fields else _all(item))
        case "jsonl":
            return compact(picked(item, choice))
        case "yaml":
            return yaml_text(picked(item, choice))
        case _:
            return json_text(picked(item, choice))


def many(items: Iterable[Item], kind: Kind, choice: Choice) -> Iterator[str]:
    """Write many things, as they come wherever the format allows it."""
    if choice.jq is not None:
        text = jq([picked(item, choice) for item in items], choice.jq)
        yield from () if text is None else (text,)
    elif choice.format in {"id", "tsv", "jsonl"}:
        for item in items:
            require_fields(item, kind, choice)
            yield _one(item, kind, choice)
    elif choice.format == "yaml":
        yield yaml_text([picked(item, choice) for item in items])
    else:
        yield json_text([picked(item, choice) for item in items])


def identity(item: Item, kind: Kind) -> str:
    """Return what names an item to other commands."""
    found = field_of(item, kind.id)
    if found is None:
        raise CliError("What this command prints has no id: choose another output with -o")
    return visible(found)


def tsv(item: Item, columns: Iterable[Column]) -> str:
    """Write the values of an item with tabs between them; a tab or line break inside is escaped."""
    return "\t".join(_plain(column.value(item)) for column in columns)


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return visible(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def _all(item: Item) -> list[Column]:
    return [Column(name, name) for name in item]


def field_rows(item: Item) -> list[list[str]]:
    """Return a row for each field of one thing: its name, and its value on one line."""
    return [[name, _plain(value)] for name, value in item.items()]


def yaml_text(value: Any) -> str:
    """Write a value as YAML."""
    from backendai_notification_cli.files.yaml_writing import yaml_of  # 15 ms, for this format

    return yaml_of(value).removesuffix("\n")


def jq(value: object, expression: str) -> str | None:
    """Run a jq expression: texts are written as they are, other results as JSON, each on a line.

    Returns: None if there are no results, as of `select` or `.[]`; an empty text is a result.

    Raises:
        CliError: jq cannot read it, or it fails on the value.
    """
    try:
        import jq as library
    except ImportError:
        raise CliError(_NO_JQ) from None
    try:
        results = library.compile(expression).input_value(value).all()
    except ValueError as error:
        raise CliError(f"--jq: {' '.join(str(error).split())}") from None
    if not results:
        return None
    return "\n".join(visible_text(each) if isinstance(each, str) else json_text(each) for each in results)
