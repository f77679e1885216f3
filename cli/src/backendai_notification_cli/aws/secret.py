"""Read and edit the keypairs secret, without losing an edit that somebody else makes meanwhile."""

import json
import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from backendai_notification_cli.aws import keypairs
from backendai_notification_cli.aws.session import translated
from backendai_notification_cli.aws.stack import Secrets
from backendai_notification_cli.errors import CliError

if TYPE_CHECKING:
    from types_boto3_secretsmanager import SecretsManagerClient

CURRENT = "AWSCURRENT"
# A version without a label is deleted, so a new one has this label until it becomes the current one.
EDIT = "KEYPAIR_EDIT"
ATTEMPTS = 5


def read(client: "SecretsManagerClient", arns: Secrets) -> tuple[str | None, keypairs.KeypairDocument]:
    """Return the id of the current version of the other keypairs, None if there is none, and all keypairs."""
    first = _parsed(_value(client, arns.first), arns.first)
    if not first.get("access_key") or not first.get("secret_key"):
        raise CliError(f"The secret {arns.first} holds no keypair")
    response = _value(client, arns.others)
    # On the local stack a secret that never had a value has an empty one.
    empty = response is None or response.get("SecretString") == ""
    others = {"keypairs": []} if empty else _parsed(response, arns.others)
    document = {**first, "keypairs": others.get("keypairs") or []}
    if others.get("first_active") is False:
        document["active"] = False
    return None if response is None else response["VersionId"], document


def edit(
    client: "SecretsManagerClient",
    arns: Secrets,
    access_key: str,
    change: Callable[[keypairs.KeypairDocument], keypairs.KeypairDocument],
) -> None:
    """Apply a change that concerns one access key; start again if another edit came in between."""
    for _ in range(ATTEMPTS):
        version, document = read(client, arns)
        changed = change(document)
        if changed == document or _replace(client, arns.others, version, changed):
            _verify(client, arns, access_key, changed)
            return
    raise CliError("Others keep changing the keypairs at the same time: try again")


def _value(client: "SecretsManagerClient", arn: str) -> Any:
    with translated(f"Reading the keypair secret {arn}"):
        try:
            return client.get_secret_value(SecretId=arn, VersionStage=CURRENT)
        except client.exceptions.ResourceNotFoundException:
            return None


def _parsed(response: Any, arn: str) -> dict[str, Any]:
    try:
        document = json.loads((response or {}).get("SecretString", ""))
    except ValueError:
        document = None
    if not isinstance(document, dict):
        raise CliError(f"The secret {arn} holds no keypair")
    return document


def _replace(
    client: "SecretsManagerClient", arn: str, old: str | None, document: keypairs.KeypairDocument
) -> bool:
    """Store a new version and make it the current one, if `old` still is; False if it is not.

    PutSecretValue has no condition, but moving a label does: it fails unless the label is where
    RemoveFromVersionId says. The very first version gets the label in any case.
    https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_UpdateSecretVersionStage.html
    """
    kept = {"keypairs": document["keypairs"], "first_active": keypairs.is_active(document)}
    with translated(f"Writing the keypair secret {arn}"):
        new = client.put_secret_value(
            SecretId=arn,
            ClientRequestToken=str(uuid.uuid4()),
            SecretString=json.dumps(kept),
            VersionStages=[CURRENT if old is None else EDIT],
        )["VersionId"]
        if old is None:
            return True
        try:
            client.update_secret_version_stage(
                SecretId=arn, VersionStage=CURRENT, MoveToVersionId=new, RemoveFromVersionId=old
            )
        except ClientError:
            if client.get_secret_value(SecretId=arn, VersionStage=CURRENT)["VersionId"] == old:
                raise
            return False
    return True


def _verify(
    client: "SecretsManagerClient", arns: Secrets, access_key: str, changed: keypairs.KeypairDocument
) -> None:
    _, stored = read(client, arns)
    if keypairs.find(stored, access_key) != keypairs.find(changed, access_key):
        raise CliError(
            f"The change of {access_key} was overwritten at once: look with 'keypair list', try again"
        )
