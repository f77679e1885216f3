"""Ask the service about a configuration."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from backendai_notification_cli.errors import CliError, Refused
from backendai_notification_cli.http.service import connect

if TYPE_CHECKING:
    from backendai_notification_cli.commands.notification.config.configuration import Configuration

MAX_BODY_BYTES = 1024 * 1024
"""How long a request may be that the service reads."""

PATH = "/notifications/configuration"


def asked(configuration: "Configuration", route: str, more: Mapping[str, Any]) -> dict[str, Any]:
    """Send a configuration to a route that only reads; return its answer.

    Raises:
        CliError: with the faults of the file and those that the service found in it, all at once.
    """
    if not configuration.whole:
        configuration.check()
    body = {**configuration.wanted, **more}
    if len(json.dumps(body)) > MAX_BODY_BYTES:
        told = f"is too long with what it refers to: a request has at most {MAX_BODY_BYTES:,} bytes"
        raise configuration.document.fault((), f"{told}; make several sets of it")
    try:
        reply = connect(configuration.hidden).call("POST", f"{PATH}/{route}", body)
    except Refused as refused:
        raise configuration.explained(refused) from None
    except CliError:
        configuration.check()
        raise
    configuration.check()
    return reply


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
