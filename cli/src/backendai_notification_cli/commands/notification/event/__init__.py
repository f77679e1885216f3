"""backend.ai notification event."""

from backendai_notification_cli.lazy import LazyGroup

command = LazyGroup(
    package=__name__,
    subcommands={
        "emit": "Send an event.",
    },
    help="Send events.",
)
