"""The options that say where a stack is."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

Function = TypeVar("Function", bound=Callable[..., Any])


def stack_options(function: Function) -> Function:
    """Add --stack-name, --region and --profile."""
    for option in (
        click.option("--profile", help="AWS profile."),
        click.option("--region", help="AWS region."),
        click.option(
            "--stack-name", metavar="NAME", help="CloudFormation stack (default: the configured one)."
        ),
    ):
        function = option(function)
    return function
