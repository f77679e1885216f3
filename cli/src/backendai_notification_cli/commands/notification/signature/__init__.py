"""backend.ai notification signature."""

from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.lazy import LazyGroup

command = LazyGroup(
    epilog=examples(
        "notification signature verify --secret-file secret.txt --headers-file "
        "headers.txt --body-file body.bin"
    ),
    package=__name__,
    subcommands={"verify": "Check the signature of a webhook that was received."},
    help="Check the signatures of webhooks.",
)
