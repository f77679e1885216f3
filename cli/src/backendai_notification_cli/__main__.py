"""Start the command line; Ctrl-C is quiet from the first import on."""

import sys

from backendai_notification_cli.exits import ExitCode


def run() -> None:
    """Run the command that the arguments name."""
    try:
        from backendai_notification_cli.cli import main

        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(ExitCode.INTERRUPTED)


if __name__ == "__main__":
    run()
