"""The signing secrets that a command is given: in a file, or in the environment, which others cannot see."""

import os

import click

from backendai_notification_cli.terminal.inputs import FILE, read_text

SECRET_VARIABLE = "NOTIFICATION_SIGNING_SECRET"  # noqa: S105 - the variable's name, not a secret

secret_file_option = click.option(
    "--secret-file", type=FILE, help="Signing secrets from a file, one per line ('-' for stdin)."
)


def secrets_of(path: str | None) -> list[str]:
    """Return the secrets in a file, or without one those in the environment, of which there may be none."""
    found = os.environ.get(SECRET_VARIABLE, "") if path is None else read_text(path)
    secrets = found.split()
    if path is not None and not secrets:
        raise click.UsageError(f"--secret-file '{path}' has no secret in it.")
    return secrets
