"""backend.ai notification event."""

from backendai_notification_cli.terminal.lazy import LazyGroup

command = LazyGroup(
    package=__name__,
    subcommands={
        "emit": "Send an event.",
        "list": "List events, the newest first.",
        "info": "Show an event with its deliveries.",
        "dispatch": "Dispatch recorded events again.",
    },
    help="Send, list and dispatch events.",
)
