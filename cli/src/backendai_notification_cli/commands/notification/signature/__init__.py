"""backend.ai notification signature."""

from backendai_notification_cli.terminal.lazy import LazyGroup

command = LazyGroup(
    package=__name__,
    subcommands={"verify": "Check the signature of a webhook that was received."},
    help="Check the signatures of webhooks.",
)
