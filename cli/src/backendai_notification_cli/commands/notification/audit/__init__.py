"""backend.ai notification audit."""

from backendai_notification_cli.terminal.lazy import LazyGroup

command = LazyGroup(
    package=__name__,
    subcommands={"list": "List changes of the configuration."},
    help="See who changed what, and when.",
)
