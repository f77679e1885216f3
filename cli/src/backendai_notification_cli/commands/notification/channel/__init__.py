"""backend.ai notification channel."""

from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.lazy import LazyGroup

command = LazyGroup(
    epilog=examples("notification channel list --state suspended", "notification channel info Ops"),
    package=__name__,
    subcommands={
        "list": "List all channels.",
        "info": "Show a channel.",
        "create": "Create a channel.",
        "update": "Update a channel.",
        "delete": "Delete a channel.",
        "history": "List a channel's revisions.",
        "diff": "Compare two of a channel's revisions.",
        "revert": "Bring a channel back to an earlier revision.",
        "validate": "Test a channel by sending a test message.",
        "resume": "End a channel's suspension.",
        "rotate-secret": "Replace a channel's signing secret.",
    },
    help="Manage notification channels.",
)
