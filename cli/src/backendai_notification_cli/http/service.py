"""What commands need to call the service. HTTP is imported only when a request is made."""

from typing import TYPE_CHECKING, Protocol
from urllib.parse import quote

import click

from backendai_notification_cli.errors import CliError

if TYPE_CHECKING:
    from backendai_notification_cli.http.api import Api
    from backendai_notification_cli.http.debug import Trace

# Backend.AI's stock clients fail on event types they do not know, so rules on custom ones are hidden unless
# asked for.
WITH_CUSTOM = "?custom=true"
FORCE = "&force=true"


class Hider(Protocol):
    """Knows what nobody may see."""

    def text(self, text: str) -> str:
        """Return a text without that."""
        ...


def connect(hidden: Hider | None = None) -> "Api":
    """Return the API that the settings name. ``hidden``: what --debug must not show of the requests."""
    from backendai_notification_cli.http import settings
    from backendai_notification_cli.http.api import Api

    return Api(settings.load(), _trace(hidden))


def _trace(hidden: Hider | None) -> "Trace | None":
    # Asked here and not in its module, which most commands do not import.
    context = click.get_current_context(silent=True)
    if context is None or not context.find_root().params.get("debug"):
        return None
    from backendai_notification_cli.http.debug import Trace

    return Trace(hidden)


def segment(value: str) -> str:
    """Quote a name as one segment of a path; an empty one would name another path."""
    if not value:
        raise CliError("The name must not be empty")
    return quote(value, safe="")
