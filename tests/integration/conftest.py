"""AWS by moto's server, with the tables that template.yaml defines and a secret with keypairs."""

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import boto3
import pytest
from moto.core.botocore_stubber import BotocoreStubber
from moto.kms.utils import generate_private_key
from moto.moto_api._internal.models import moto_api_backend
from moto.server import ThreadedMotoServer

from notifications.store.channels import ChannelStore
from notifications.store.event_types import EventTypeStore
from notifications.store.rules import RuleStore
from notifications.store.table import ConfigTable
from tests.cloud import gateway, partiql
from tests.cloud.permissions import enforce
from tests.cloud.pipeline import MAX_RECEIVES, Pipeline
from tests.cloud.services import renewed, services
from tests.integration.flapping import endpoint, rule  # noqa: F401 - fixtures
from tests.template import table_definition

ENVIRONMENT = {
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "CONFIG_TABLE": "config",
    "KEYPAIR_SECRET": "first-keypair",
    "KEYPAIRS_SECRET": "keypairs",
    "EVENT_BUS": "events",
    "DELIVERIES_TABLE": "deliveries",
    "SECRETS_KEY": "alias/secrets",
    "RECORD_DAYS": "30",
    **{
        f"{name.upper()}_QUEUE_URL": f"https://sqs.us-east-1.amazonaws.com/123456789012/{name}"
        for name in ("event", "dead_letter", "delivery", "slow")
    },
    "SLOW_QUEUE_ARN": "arn:aws:sqs:us-east-1:123456789012:slow",
    "TARGET_NETWORKS": "127.0.0.0/8,::1",
    "TARGET_HTTP": "true",
    "TARGET_PORTS": "any",
}
DEAD_LETTER_ARN = "arn:aws:sqs:us-east-1:123456789012:dead_letter"
FIRST_KEYPAIR = {
    "access_key": gateway.ACCESS_KEY,
    "secret_key": gateway.SECRET_KEY,
    "role": "superadmin",
    "user_id": gateway.SUPERADMIN_ID,
}
KEYPAIRS = {
    "keypairs": [
        {
            "access_key": gateway.USER_ACCESS_KEY,
            "secret_key": gateway.USER_SECRET_KEY,
            "role": "user",
            "user_id": "u-2",
        },
        {
            "access_key": gateway.INACTIVE_ACCESS_KEY,
            "secret_key": gateway.INACTIVE_SECRET_KEY,
            "role": "superadmin",
            "user_id": "u-3",
            "active": False,
        },
    ],
}


@pytest.fixture(scope="session", autouse=True)
def _environment() -> Iterator[None]:
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    try:
        with pytest.MonkeyPatch.context() as patch:
            for name in ("AWS_PROFILE", "AWS_REGION", "AWS_SESSION_TOKEN"):
                patch.delenv(name, raising=False)
            for name, value in ENVIRONMENT.items():
                patch.setenv(name, value)
            patch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
            # The key here is symmetric, yet moto makes an RSA key for it, which takes longer than all else.
            patch.setattr("moto.kms.models.generate_private_key", cache(generate_private_key))
            enforce(patch)
            partiql.teach()
            yield
    finally:
        server.stop()


@cache
def client(service: str) -> Any:
    """Make a client of the tests' own, which moto answers without a server, in a quarter of the time."""
    made = boto3.client(service, endpoint_url=f"https://{service}.us-east-1.amazonaws.com")  # type: ignore[call-overload]
    stubber = BotocoreStubber()
    stubber.enabled = True
    made.meta.events.register("before-send", stubber)
    return made


@pytest.fixture
def cloud() -> Iterator[None]:
    """Have an empty table, the keypairs and an event bus; AWS forgets all of it after the test."""
    for name in ("Config", "Deliveries"):
        client("dynamodb").create_table(TableName=name.lower(), **table_definition(f"{name}Table"))
    for name in ("dead_letter", "delivery", "slow"):
        client("sqs").create_queue(QueueName=name)
    redrive = {"deadLetterTargetArn": DEAD_LETTER_ARN, "maxReceiveCount": MAX_RECEIVES}
    client("sqs").create_queue(QueueName="event", Attributes={"RedrivePolicy": json.dumps(redrive)})
    key_id = client("kms").create_key()["KeyMetadata"]["KeyId"]
    client("kms").create_alias(AliasName=ENVIRONMENT["SECRETS_KEY"], TargetKeyId=key_id)
    for name, secret in (("first-keypair", FIRST_KEYPAIR), ("keypairs", KEYPAIRS)):
        client("secretsmanager").create_secret(Name=name, SecretString=json.dumps(secret))
    client("events").create_event_bus(Name="events")
    renewed()
    yield
    moto_api_backend.reset()


@pytest.fixture
def table(cloud: None) -> ConfigTable:  # noqa: ARG001
    """Open the table."""
    return services().config_table


@pytest.fixture
def channels(cloud: None) -> ChannelStore:  # noqa: ARG001
    """Open the store of channels."""
    return services().channels


@pytest.fixture
def rules(cloud: None) -> RuleStore:  # noqa: ARG001
    """Open the store of rules."""
    return services().rules


@pytest.fixture
def event_types(cloud: None) -> EventTypeStore:  # noqa: ARG001
    """Open the store of event types."""
    return services().event_types


@pytest.fixture
def pipeline(cloud: None) -> Pipeline:  # noqa: ARG001
    """Have all functions from an event to its deliveries."""
    return Pipeline()
