"""A deployed stack in moto's AWS."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from tests.unit.cli.deployed.stack import API_URL, FIRST, REGION, STACK, deploy


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Deploy a stack with the outputs that matter; return a Secrets Manager client."""
    from moto import mock_aws  # noqa: PLC0415 - takes half a second, which only slow tests need

    with mock_aws():
        monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
        client = boto3.client("secretsmanager")
        first = client.create_secret(Name="first", SecretString=json.dumps(FIRST))["ARN"]
        others = client.create_secret(Name="keypairs")["ARN"]
        arns = {"KeypairSecretArn": first, "KeypairsSecretArn": others}
        deploy(STACK, {"ApiUrl": f"{API_URL}/", **arns, "EventBusName": "bus"})
        yield client
