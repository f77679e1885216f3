"""backend.ai notification audit."""

from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.lazy import LazyGroup

command = LazyGroup(
    epilog=examples("notification audit list --since 7d", "notification rule history Started"),
    package=__name__,
    subcommands={"list": "List changes of the configuration."},
    help="See who changed what, and when.",
)
