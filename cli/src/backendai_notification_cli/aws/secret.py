"""Read and edit the keypairs secret, without losing an edit that someone else makes meanwhile."""

import json
import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from backendai_notification_cli.aws import keypairs
from backendai_notification_cli.aws.session import translated
from backendai_notification_cli.errors import CliError

if TYPE_CHECKING:
    from types_boto3_secretsmanager import SecretsManagerClient

CURRENT = "AWSCURRENT"
# A version needs some label until it becomes the current one.
EDIT = "KEYPAIR_EDIT"
ATTEMPTS = 5


def read(client: "SecretsManagerClient", arn: str) -> tuple[str, keypairs.Document]:
    """Return the current version's id and the document."""
    with translated(f"Reading the keypair secret {arn}"):
        answer = client.get_secret_value(SecretId=arn, VersionStage=CURRENT)
    try:
        document = json.loads(answer.get("SecretString", ""))
    except ValueError:
        document = None
    if not isinstance(document, dict) or not document.get("access_key") or not document.get("secret_key"):
        raise CliError(f"The secret {arn} holds no keypair")
    return answer["VersionId"], document


def edit(
    client: "SecretsManagerClient",
    arn: str,
    access_key: str,
    change: Callable[[keypairs.Document], keypairs.Document],
) -> None:
    """Apply a change that concerns one access key; start again when another edit came between."""
    for _ in range(ATTEMPTS):
        version, document = read(client, arn)
        changed = change(document)
        if changed == document or _replace(client, arn, version, changed):
            _verify(client, arn, access_key, changed)
            return
    raise CliError("Others keep changing the keypairs at the same time: try again")


def _replace(client: "SecretsManagerClient", arn: str, old: str, document: keypairs.Document) -> bool:
    """Store a new version and make it the current one, if `old` still is; False if it is not.

    PutSecretValue knows no condition, but moving a label does: it fails unless the label is where
    RemoveFromVersionId says.
    https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_UpdateSecretVersionStage.html
    """
    with translated(f"Writing the keypair secret {arn}"):
        new = client.put_secret_value(
            SecretId=arn,
            ClientRequestToken=str(uuid.uuid4()),
            SecretString=json.dumps(document),
            VersionStages=[EDIT],
        )["VersionId"]
        try:
            client.update_secret_version_stage(
                SecretId=arn, VersionStage=CURRENT, MoveToVersionId=new, RemoveFromVersionId=old
            )
        except ClientError:
            if client.get_secret_value(SecretId=arn, VersionStage=CURRENT)["VersionId"] == old:
                raise
            return False
    return True


def _verify(client: "SecretsManagerClient", arn: str, access_key: str, changed: keypairs.Document) -> None:
    _, stored = read(client, arn)
    if keypairs.find(stored, access_key) != keypairs.find(changed, access_key):
        raise CliError(
            f"The change of {access_key} was overwritten at once: look with 'keypair list', try again"
        )
