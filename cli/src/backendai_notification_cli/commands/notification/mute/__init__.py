"""backend.ai notification mute."""

from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.lazy import LazyGroup

command = LazyGroup(
    epilog=examples(
        "notification mute create --channel Ops --until 06:00 --reason 'Night shift'",
        "notification mute list",
    ),
    package=__name__,
    subcommands={
        "create": "Keep messages back for a while.",
        "list": "List mutes, the newest first.",
        "info": "Show a mute, and how many deliveries it keeps back.",
        "end": "End a mute now.",
        "history": "List a mute's revisions.",
        "diff": "Compare two of a mute's revisions.",
    },
    help="Keep messages back for a while.",
)
