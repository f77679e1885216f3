"""Find a stack's keypair secret."""

from typing import TYPE_CHECKING

from backendai_notification_cli.aws import stack
from backendai_notification_cli.aws.session import Aws, default_stack

if TYPE_CHECKING:
    from types_boto3_secretsmanager import SecretsManagerClient


def keypair_secret(
    stack_name: str | None, region: str | None, profile: str | None
) -> tuple["SecretsManagerClient", str]:
    """Return the client and the ARN for the keypair secret of a stack."""
    name = stack_name or default_stack()
    aws = Aws(name, region, profile)
    return aws.secretsmanager(), stack.describe(aws.cloudformation(), name).secret_arn
