"""backend.ai notification event-type."""

from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.lazy import LazyGroup

command = LazyGroup(
    epilog=examples("notification event-type list"),
    package=__name__,
    subcommands={
        "list": "List all event types.",
        "info": "Show an event type.",
        "create": "Create a custom event type.",
        "update": "Update a custom event type.",
        "delete": "Delete a custom event type.",
        "history": "List a custom event type's revisions.",
        "diff": "Compare two of a custom event type's revisions.",
    },
    help="Manage custom event types.",
)
