"""backend.ai notification config export."""

from collections.abc import Mapping
from typing import Any

import click

from backendai_notification_cli.commands.notification.config.asking import PATH
from backendai_notification_cli.commands.notification.config.kinds import EXPORTED
from backendai_notification_cli.errors import CliError
from backendai_notification_cli.http.service import connect
from backendai_notification_cli.terminal import offered
from backendai_notification_cli.terminal.choice import chosen
from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.kinds import shows
from backendai_notification_cli.terminal.output import show_json, show_text, success, warn


@click.command(
    epilog=examples(
        "notification config export > all.yaml",
        "notification config export --set prod -f exported.yaml",
    )
)
@shows(EXPORTED)
@click.option(
    "-f", "--file", metavar="FILE", help="Write to this file, which must not exist yet; - is standard output."
)
@click.option(
    "--set", "set_name", metavar="SET", shell_complete=offered.sets, help="Only what this set manages."
)
@click.option("--all", "every", is_flag=True, help="With --set: also what no set manages.")
def command(*, file: str | None, set_name: str | None, every: bool) -> None:
    """Write what the service has as a file.

    Without --set it is everything. Secrets are not in it: references to variables stand for them, as in
    ${env:OPS_URL}.
    """
    reply = connect().call(
        "POST",
        f"{PATH}/export",
        {"all": every or set_name is None, **({} if set_name is None else {"set": set_name})},
    )
    document = reply.get("document") or {}
    if file is not None and file != "-":
        _write(file, _text(reply, document))
        success(f"Written: {file}")
    elif chosen().structured:
        show_json(document)
    else:
        show_text(_text(reply, document).removesuffix("\n"))
    _tell(reply)


def _text(reply: Mapping[str, Any], document: Mapping[str, Any]) -> str:
    from backendai_notification_cli.files.yaml_writing import yaml_of

    names = dict.fromkeys(str(each.get("name")) for each in reply.get("variables") or ())
    heading = f"# Before this is applied, set: {', '.join(names)}\n" if names else ""
    return heading + yaml_of(document)


def _write(path: str, text: str) -> None:
    try:
        with open(path, "x", encoding="utf-8") as file:  # noqa: PTH123 - pathlib takes 10 ms
            file.write(text)
    except FileExistsError:
        raise CliError(f"{path} exists already: name another file, or remove it") from None
    except OSError as error:
        raise CliError(f"Cannot write {path}: {error.strerror}") from None


def _tell(reply: Mapping[str, Any]) -> None:
    for note in reply.get("notes") or ():
        warn(str(note))
    for each in reply.get("variables") or ():
        warn(f"Set {each.get('name')} before this is applied: {each.get('path')} of {each.get('key')}")
