"""backend.ai notification delivery."""

from backendai_notification_cli.terminal.lazy import LazyGroup

command = LazyGroup(
    package=__name__,
    subcommands={
        "list": "List deliveries, the newest first.",
        "info": "Show a delivery with its attempts.",
        "retry": "Retry deliveries.",
        "tail": "Follow deliveries until Ctrl-C.",
    },
    help="List, follow and retry deliveries.",
)
