"""Ask the service about a configuration."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from backendai_notification_cli.errors import CliError, Refused
from backendai_notification_cli.files.document import spelled
from backendai_notification_cli.http.service import connect
from backendai_notification_cli.terminal.elapsed import Elapsed
from backendai_notification_cli.terminal.visible import visible

if TYPE_CHECKING:
    from backendai_notification_cli.commands.notification.config.configuration import Configuration

MAX_BODY_BYTES = 1024 * 1024
"""How long a request may be that the service reads."""

APPLYING = {"version": "0" * 64, "holder": "0" * 32}
"""As long as what an apply adds to a request: what can be planned can be applied, too."""

MAX_SHOWN = 3
"""How many of the largest parts are named of a file that is too large."""

_DOING = {"plan": "Planning", "test": "Running the tests"}

PATH = "/notifications/configuration"


def asked(configuration: "Configuration", route: str, more: Mapping[str, Any]) -> dict[str, Any]:
    """Send a configuration to a route that only reads; return its answer.

    Raises:
        CliError: with the faults of the file and those that the service found in it, all at once.
    """
    if not configuration.whole:
        configuration.check()
    body = {**configuration.wanted, **more}
    _require_room(configuration, body)
    try:
        with Elapsed(_DOING[route]):
            reply = connect(configuration.hidden).call("POST", f"{PATH}/{route}", body)
    except Refused as refused:
        raise configuration.explained(refused) from None
    except CliError:
        configuration.check()
        raise
    configuration.check()
    return reply


def _require_room(configuration: "Configuration", body: Mapping[str, Any]) -> None:
    """Refuse what no request has room for.

    Raises:
        CliError: with how much is too much, and with the largest parts of the file.
    """
    size = _size({**APPLYING, **body})
    if size <= MAX_BODY_BYTES:
        return
    told = f"is too large with what it refers to: its request would have {size:,} bytes"
    fault = configuration.document.fault(
        (), f"{told}, {size - MAX_BODY_BYTES:,} more than are allowed; divide it into several sets"
    )
    parts = [
        (_size(part), spelled((section, key)))
        for section, parts in body.items()
        if isinstance(parts, dict | list)
        for key, part in (parts.items() if isinstance(parts, dict) else enumerate(parts))
    ]
    largest = sorted(parts, reverse=True)[:MAX_SHOWN]
    named = ", ".join(f"{visible(place)} with {bytes_:,} bytes" for bytes_, place in largest)
    fault.details = (f"The largest parts are {named}",)
    raise fault


def _size(value: Any) -> int:
    return len(json.dumps(value))


def faults_of_list(refused: Refused, name: str) -> list[tuple[int, str]]:
    """List which entries of a list that was sent are refused, and why; none if anything else is, too."""
    found: list[tuple[int, str]] = []
    for error in (refused.problem.get("data") or {}).get("errors") or ():
        match error.get("loc"):
            case [str(member), int(number), *_] if member == name:
                found.append((number, str(error.get("msg"))))
            case _:
                return []
    return found
