"""backend.ai notification event."""

from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.lazy import LazyGroup

command = LazyGroup(
    epilog=examples(
        "notification event list --since 1h", "notification event explain --where session_id=s-1"
    ),
    package=__name__,
    subcommands={
        "emit": "Send an event.",
        "list": "List events, the newest first.",
        "info": "Show an event with its deliveries.",
        "explain": "Explain which rules an event fired, and why or why not.",
        "tail": "Follow events until Ctrl-C.",
        "dispatch": "Dispatch recorded events again.",
        "replay": "Send recorded events through a rule that was made later.",
    },
    help="Send, list, explain, follow, dispatch and replay events.",
)
