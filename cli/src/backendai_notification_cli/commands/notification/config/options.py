"""What the commands about files share: the file, whether others are deleted, and where AWS's secrets are."""

import click

from backendai_notification_cli.aws.stack_options import stack_options
from backendai_notification_cli.commands.notification.config.sources import AwsOptions
from backendai_notification_cli.terminal.inputs import FILE
from backendai_notification_cli.terminal.options import collected

file_argument = click.argument("file", type=FILE)
aws_options = collected(AwsOptions, "aws", (stack_options,))
"""Add the options that say where secrets of AWS are, and pass them on as one `aws`."""

no_prune_option = click.option(
    "--no-prune", is_flag=True, help="Keep objects of the set that the file does not have any more."
)
