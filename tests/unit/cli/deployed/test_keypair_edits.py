"""Edits of the secret with keypairs, which others edit too."""

import json
from typing import Any

import pytest

from backendai_notification_cli.aws import keypairs, secret
from backendai_notification_cli.aws.stack import Secrets
from backendai_notification_cli.errors import CliError
from tests.unit.cli.deployed.stack import FIRST, stored

pytestmark = pytest.mark.slow


def named(client: Any) -> Secrets:
    """Name the stack's secrets."""
    first, others = (client.describe_secret(SecretId=name)["ARN"] for name in ("first", "keypairs"))
    return Secrets(first, others)


def test_edit_between_read_and_write_is_kept(aws: Any) -> None:
    """An edit by someone else between our read and our write is not lost: ours is made anew on top of it."""
    theirs, ours = keypairs.new("user", None), keypairs.new("user", None)
    aws.put_secret_value(SecretId="keypairs", SecretString=json.dumps({"keypairs": []}))
    seen: list[keypairs.KeypairDocument] = []

    def change(document: keypairs.KeypairDocument) -> keypairs.KeypairDocument:
        if not seen:
            aws.put_secret_value(SecretId="keypairs", SecretString=json.dumps(keypairs.add(document, theirs)))
        seen.append(document)
        return keypairs.add(document, ours)

    secret.edit(aws, named(aws), ours["access_key"], change)
    assert stored(aws)["keypairs"] == [theirs, ours]
    assert len(seen) == 2


def test_edit_gives_up_clearly(aws: Any) -> None:
    """When others win every time, the edit ends with a clear error and without a write."""
    aws.put_secret_value(SecretId="keypairs", SecretString=json.dumps({"keypairs": []}))

    def change(document: keypairs.KeypairDocument) -> keypairs.KeypairDocument:
        more = keypairs.add(document, keypairs.new("user", None))
        aws.put_secret_value(SecretId="keypairs", SecretString=json.dumps(more))
        return keypairs.add(document, {**FIRST, "access_key": "AKIAOURS"})

    with pytest.raises(CliError, match="Others keep changing"):
        secret.edit(aws, named(aws), "AKIAOURS", change)
    assert keypairs.find(stored(aws), "AKIAOURS") is None
