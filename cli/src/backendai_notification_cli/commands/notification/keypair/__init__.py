"""backend.ai notification keypair."""

from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.lazy import LazyGroup

command = LazyGroup(
    epilog=examples("notification keypair list"),
    package=__name__,
    subcommands={
        "create": "Create a keypair and show its secret once.",
        "list": "List the keypairs without their secrets.",
        "deactivate": "Deactivate a keypair.",
    },
    help="Manage the keypairs of a stack.",
)
