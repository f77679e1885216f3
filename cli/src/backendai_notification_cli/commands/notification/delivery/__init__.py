"""backend.ai notification delivery."""

from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.lazy import LazyGroup

command = LazyGroup(
    epilog=examples(
        "notification delivery list --status failed --since 24h",
        "notification delivery retry --status failed --since 24h --yes",
    ),
    package=__name__,
    subcommands={
        "list": "List deliveries, the newest first.",
        "info": "Show a delivery with its attempts.",
        "retry": "Retry deliveries.",
        "tail": "Follow deliveries until Ctrl-C.",
    },
    help="List, follow and retry deliveries.",
)
