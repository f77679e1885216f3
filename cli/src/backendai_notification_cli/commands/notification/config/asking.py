"""Ask the service about a configuration."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from backendai_notification_cli.errors import CliError, Refused
from backendai_notification_cli.http.service import connect

if TYPE_CHECKING:
    from backendai_notification_cli.commands.notification.config.configuration import Configuration

PATH = "/notifications/configuration"


def asked(configuration: "Configuration", route: str, more: Mapping[str, Any]) -> dict[str, Any]:
    """Send a configuration to a route that only reads; return its answer.

    Raises:
        CliError: with the faults of the file and those that the service found in it, all at once.
    """
    if not configuration.asking:
        configuration.check()
    try:
        reply = connect(configuration.hidden).call(
            "POST", f"{PATH}/{route}", {**configuration.wanted, **more}
        )
    except Refused as refused:
        raise configuration.explained(refused) from None
    except CliError:
        configuration.check()
        raise
    configuration.check()
    return reply
