"""Start the bridge's command line."""

from backendai_notification_bridge.cli import main


def run() -> None:
    """Run the command that the arguments name."""
    main()


if __name__ == "__main__":
    run()
