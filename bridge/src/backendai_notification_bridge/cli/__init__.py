"""The bridge's commands."""

import click


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="backendai-notification-bridge")
def main() -> None:
    """Carry Backend.AI's events to Amazon EventBridge."""
