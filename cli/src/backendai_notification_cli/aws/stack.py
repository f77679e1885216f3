"""The outputs of a deployed stack."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from backendai_notification_cli.aws.session import error_code, translated
from backendai_notification_cli.errors import CliError

if TYPE_CHECKING:
    from types_boto3_cloudformation import CloudFormationClient

API_URL, FIRST_ARN, OTHERS_ARN, EVENT_BUS = OUTPUTS = (
    "ApiUrl",
    "KeypairSecretArn",
    "KeypairsSecretArn",
    "EventBusName",
)


@dataclass(frozen=True, slots=True)
class Secrets:
    """The ARNs of the secrets with a stack's first keypair and with the others."""

    first: str
    others: str


@dataclass(frozen=True, slots=True)
class Stack:
    """The outputs of a stack that the command line needs."""

    api_url: str
    keypairs: "Secrets"
    event_bus: str


def describe(client: "CloudFormationClient", name: str) -> Stack:
    """Read the outputs of a stack."""
    with translated(f"Reading the stack '{name}'"):
        try:
            stacks = client.describe_stacks(StackName=name)["Stacks"]
        except ClientError as error:
            if error_code(error) != "ValidationError":
                raise
            stacks = []
    if not stacks:
        raise CliError(f"There is no stack '{name}' in {client.meta.region_name}")
    outputs = {item.get("OutputKey"): item.get("OutputValue", "") for item in stacks[0].get("Outputs", [])}
    missing = [key for key in OUTPUTS if not outputs.get(key)]
    if missing:
        status = stacks[0].get("StackStatus", "unknown")
        raise CliError(
            f"The stack '{name}' ({status}) has no output {', '.join(missing)}: is it a notification service?"
        )
    secrets = Secrets(outputs[FIRST_ARN], outputs[OTHERS_ARN])
    return Stack(outputs[API_URL].rstrip("/"), secrets, outputs[EVENT_BUS])
