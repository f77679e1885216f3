"""The options that say where a stack is."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

Function = TypeVar("Function", bound=Callable[..., Any])


def stack_options(function: Function) -> Function:
    """Add --stack-name, --region and --aws-profile."""
    for option in (
        click.option("--aws-profile", metavar="NAME", help="Profile of AWS's own configuration."),
        click.option("--region", help="AWS region."),
        click.option(
            "--stack-name", metavar="NAME", help="CloudFormation stack (default: the configured one)."
        ),
    ):
        function = option(function)
    return function
