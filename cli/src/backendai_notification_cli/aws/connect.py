"""Find a stack's keypairs."""

from typing import TYPE_CHECKING

from backendai_notification_cli.aws import stack
from backendai_notification_cli.aws.session import Aws, default_stack

if TYPE_CHECKING:
    from types_boto3_secretsmanager import SecretsManagerClient


def keypair_secrets(
    stack_name: str | None, region: str | None, profile: str | None
) -> tuple["SecretsManagerClient", stack.Secrets]:
    """Return the client and the ARNs for the keypairs of a stack."""
    name = stack_name or default_stack()
    aws = Aws(name, region, profile)
    return aws.secretsmanager(), stack.describe(aws.cloudformation(), name).keypairs
