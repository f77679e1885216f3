"""backend.ai notification keypair."""

from backendai_notification_cli.terminal.lazy import LazyGroup

command = LazyGroup(
    package=__name__,
    subcommands={
        "create": "Create a keypair and show its secret once.",
        "list": "List the keypairs without their secrets.",
        "deactivate": "Deactivate a keypair.",
    },
    help="Manage the keypairs of a stack.",
)
