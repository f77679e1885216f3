"""backend.ai notification config."""

from backendai_notification_cli.terminal.examples import examples
from backendai_notification_cli.terminal.lazy import LazyGroup

command = LazyGroup(
    epilog=examples(
        "notification config plan prod.yaml",
        "--profile staging notification config export > prod.yaml",
        "--profile prod notification config apply prod.yaml",
    ),
    package=__name__,
    subcommands={
        "plan": "Show what applying a file would change.",
        "apply": "Make the service what a file says.",
        "test": "Run the tests of a file with the file's own rules.",
        "export": "Write what the service has as a file.",
        "adopt": "Let a file's set manage what exists already.",
        "give-up": "Let a set manage something no more.",
    },
    help="Keep channels, rules, event types and mutes in a file.",
)
