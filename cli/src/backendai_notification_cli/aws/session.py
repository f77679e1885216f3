"""The AWS account and region of a command, and its errors as messages."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    CredentialRetrievalError,
    NoCredentialsError,
    NoRegionError,
    PartialCredentialsError,
)

from backendai_notification_cli.errors import CliError
from backendai_notification_cli.http import settings

if TYPE_CHECKING:
    from types_boto3_cloudformation import CloudFormationClient
    from types_boto3_secretsmanager import SecretsManagerClient
    from types_boto3_ssm import SSMClient

# Any of these shows that the caller chose an AWS account; the local stack's values then stay out of it.
CALLERS_CHOICE = (
    "AWS_ENDPOINT_URL",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_DEFAULT_REGION",
    "AWS_REGION",
)
TIMEOUTS = Config(connect_timeout=10, read_timeout=20, retries={"mode": "standard", "max_attempts": 3})


class Aws:
    """The clients for the account and region of one stack."""

    def __init__(self, stack: str, region: str | None, profile: str | None) -> None:
        local = None if region or profile else _local_values(stack)
        with translated("Reading the AWS settings"):
            if local is None:
                self._session = boto3.session.Session(
                    region_name=region or _region(stack), profile_name=profile
                )
            else:
                self._session = boto3.session.Session(
                    aws_access_key_id=local.get("AWS_ACCESS_KEY_ID"),
                    aws_secret_access_key=local.get("AWS_SECRET_ACCESS_KEY"),
                    region_name=local.get(settings.REGION),
                )
        self._endpoint_url = local.get("AWS_ENDPOINT_URL") if local else None

    @property
    def endpoint_url(self) -> str | None:
        """Return the endpoint of AWS's APIs if it is not AWS's own."""
        return self._endpoint_url or os.environ.get("AWS_ENDPOINT_URL")

    @property
    def region(self) -> str:
        """Return the region in use."""
        return self._session.region_name or ""

    def cloudformation(self) -> "CloudFormationClient":
        """Return a client for CloudFormation."""
        with translated("Connecting to CloudFormation"):
            return self._session.client("cloudformation", endpoint_url=self._endpoint_url, config=TIMEOUTS)

    def secretsmanager(self) -> "SecretsManagerClient":
        """Return a client for Secrets Manager."""
        with translated("Connecting to Secrets Manager"):
            return self._session.client("secretsmanager", endpoint_url=self._endpoint_url, config=TIMEOUTS)

    def ssm(self) -> "SSMClient":
        """Return a client for Parameter Store."""
        with translated("Connecting to Parameter Store"):
            return self._session.client("ssm", endpoint_url=self._endpoint_url, config=TIMEOUTS)


@contextmanager
def translated(action: str) -> Iterator[None]:
    """Translate AWS's errors into one line."""
    try:
        yield
    except (NoCredentialsError, PartialCredentialsError, CredentialRetrievalError) as error:
        raise CliError(
            f"No AWS credentials: log in, or name a profile with --aws-profile ({error})"
        ) from None
    except NoRegionError:
        raise CliError("No AWS region: pass --region or set AWS_DEFAULT_REGION") from None
    except ClientError as error:
        raise CliError(f"{action} was refused: {error_message(error)} ({error_code(error)})") from None
    except (BotoCoreError, ValueError) as error:
        raise CliError(f"{action} failed: {error}") from None


def error_code(error: ClientError) -> str:
    """Return the code of AWS's error."""
    return error.response.get("Error", {}).get("Code", "unknown")


def error_message(error: ClientError) -> str:
    """Return the message of AWS's error."""
    return error.response.get("Error", {}).get("Message", "no reason given")


def default_stack() -> str:
    """Return the stack that the profile, the environment or the local stack names."""
    for values in settings.stack_values():
        if values.get(settings.STACK):
            return values[settings.STACK]
    raise CliError("No stack is known: pass --stack-name, or run 'make up' or 'backend.ai configure' first")


def _local_values(stack: str) -> dict[str, str] | None:
    local = settings.local_values()
    if (
        local is None
        or local.get(settings.STACK) != stack
        or any(os.environ.get(key) for key in CALLERS_CHOICE)
    ):
        return None
    configured = settings.configured_values() or {}
    # A deployed stack may have the local stack's name, so the endpoint decides which one was configured.
    is_deployed = configured.get(settings.STACK) == stack and configured.get(settings.ENDPOINT) != local.get(
        settings.ENDPOINT
    )
    return None if is_deployed else local


def _region(stack: str) -> str | None:
    chosen = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")
    configured = settings.configured_values() or {}
    if not chosen and configured.get(settings.STACK) == stack:
        return configured.get(settings.REGION)
    return chosen
