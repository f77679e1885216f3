"""Start the command line; Ctrl-C is quiet from the first import on."""

import sys

from backendai_notification_cli.exits import ExitCode
from backendai_notification_cli.terminal.streams import guarded, open_closed


def run() -> None:
    """Run the command that the arguments name."""
    open_closed()
    try:
        from backendai_notification_cli.cli import main

        sys.exit(guarded(main))
    except KeyboardInterrupt:
        sys.exit(ExitCode.INTERRUPTED)


if __name__ == "__main__":
    run()
