"""Say that a name is taken, before another thing gets it."""

import sys

from backendai_notification_cli.errors import CliError
from backendai_notification_cli.http import names
from backendai_notification_cli.terminal.output import warn


def warn_if_taken(kind: names.Named, name: str | None, but: str | None = None) -> None:
    """Warn somebody at a terminal of others that have a name. ``but``: the id of what may have it.

    It is no error: names need not be unique, but a command that is given one must know which is meant.
    """
    if name is None or not sys.stderr.isatty():
        return
    try:
        others = [item for item in names.of_name(kind, name.strip()) if item.get("id") != but]
    except CliError:  # the command itself will report it
        return
    if others:
        ids = ", ".join(str(item.get("id")) for item in others)
        warn(
            f"There is a {kind.noun} named '{name.strip()}' already ({ids}): commands need its ID from now on"
        )
