"""Whether ./backend.ai leads to the local stack."""

import os

from backendai_notification_cli.errors import CliError
from backendai_notification_cli.http import settings
from local.stack import Stack


def elsewhere(stack: Stack) -> str | None:
    """Say where commands go if that is not the local stack, and how they get there; None if it is."""
    os.environ.setdefault(settings.LOCAL_FILE, str(stack.env_file))  # as the launcher does
    try:
        found = settings.load()
    except CliError as error:
        return f"! Commands do not reach it: {error.message}; './backend.ai --profile local ...' does"
    if found.endpoint == stack.settings()["BACKEND_ENDPOINT"]:
        return None
    return (
        f"! Commands go to {found.endpoint}, which comes from {found.source}:"
        " './backend.ai --profile local ...' goes to this stack"
    )
