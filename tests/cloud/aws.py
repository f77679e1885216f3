"""AWS by moto's server, with what template.yaml defines and a secret with keypairs."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from functools import cache
from typing import Any
from unittest.mock import patch

import boto3
from moto.backends import get_backend
from moto.core.botocore_stubber import BotocoreStubber
from moto.kms.utils import generate_private_key
from moto.moto_api._internal.models import moto_api_backend
from moto.server import ThreadedMotoServer

from tests.cloud import gateway, partiql, serial
from tests.cloud.pipeline import ACCOUNT, MAX_RECEIVES, REGION
from tests.cloud.services import renewed
from tests.template import table_definition

QUEUES = ("event", "dead_letter", "delivery", "slow", "hint_dead_letter")
ENVIRONMENT = {
    "AWS_DEFAULT_REGION": REGION,
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "CONFIG_TABLE": "config",
    "KEYPAIR_SECRET": "first-keypair",
    "KEYPAIRS_SECRET": "keypairs",
    "EVENT_BUS": "events",
    "DELIVERIES_TABLE": "deliveries",
    "SECRETS_KEY": "alias/secrets",
    "RECORD_DAYS": "30",
    "RECORD_SHARDS": "4",
    **{
        f"{name.upper()}_QUEUE_URL": f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{name}" for name in QUEUES
    },
    "SLOW_QUEUE_ARN": f"arn:aws:sqs:{REGION}:{ACCOUNT}:slow",
    "TARGET_NETWORKS": "127.0.0.0/8,::1",
    "TARGET_HTTP": "true",
    "TARGET_PORTS": "any",
}
"""What the functions read, and what leads to AWS."""

SERVICES = ("cloudwatch", "dynamodb", "events", "kms", "secretsmanager", "sqs")
_first: dict[str, Any] = {}
"""What moto has of each service when everything is created and nothing was done with it."""

OTHERS_AWS = ("AWS_PROFILE", "AWS_REGION", "AWS_SESSION_TOKEN")
DEAD_LETTER_ARN = f"arn:aws:sqs:{REGION}:{ACCOUNT}:dead_letter"
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
        *(
            {"access_key": access_key, "secret_key": secret_key, "role": role, "user_id": f"u-{role}"}
            for role, (access_key, secret_key) in gateway.KEYS_OF_ROLES.items()
        ),
    ],
}


@contextmanager
def serving() -> Iterator[None]:
    """Run moto's server with nothing in it; the environment leads there."""
    partiql.teach()
    serial.teach()
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    try:
        # The key here is symmetric, yet moto makes an RSA key for it, which takes longer than all else.
        with (
            patch.dict(os.environ, {**ENVIRONMENT, "AWS_ENDPOINT_URL": f"http://{host}:{port}"}),
            patch("moto.kms.models.generate_private_key", cache(generate_private_key)),
        ):
            for name in OTHERS_AWS:
                os.environ.pop(name, None)
            yield
    finally:
        server.stop()


@cache
def client(service: str) -> Any:
    """Make a client of the tests' own, which moto answers without a server, in a quarter of the time."""
    host = "monitoring" if service == "cloudwatch" else service
    made = boto3.client(service, endpoint_url=f"https://{host}.{REGION}.amazonaws.com")  # type: ignore[call-overload]
    stubber = BotocoreStubber()
    stubber.enabled = True
    made.meta.events.register("before-send", stubber)
    return made


def create() -> None:
    """Have the tables, queues, keys, secrets and the bus as they begin, and make the service's parts anew."""
    if not _first:
        _create()
        _first.update({name: _copied(_backends(name)[REGION]) for name in SERVICES})
    for name, backend in _first.items():
        _backends(name)[REGION] = _copied(backend)
    renewed()


def _backends(service: str) -> dict[str, Any]:
    """Return what moto has of a service, by region."""
    return get_backend(service)[ACCOUNT]  # type: ignore[call-overload, no-any-return]


def _copied(backend: Any) -> Any:
    # To create everything by calls takes fifty times as long. A lock cannot be copied, and may be shared.
    locks = [queue._messages_lock for queue in getattr(backend, "queues", {}).values()]  # noqa: SLF001
    return deepcopy(backend, {id(lock): lock for lock in locks})


def _create() -> None:
    for name in ("Config", "Deliveries"):
        client("dynamodb").create_table(TableName=name.lower(), **table_definition(f"{name}Table"))
    for name in QUEUES:
        client("sqs").create_queue(QueueName=name)
    redrive = {"deadLetterTargetArn": DEAD_LETTER_ARN, "maxReceiveCount": MAX_RECEIVES}
    client("sqs").set_queue_attributes(
        QueueUrl=ENVIRONMENT["EVENT_QUEUE_URL"], Attributes={"RedrivePolicy": json.dumps(redrive)}
    )
    key_id = client("kms").create_key()["KeyMetadata"]["KeyId"]
    client("kms").create_alias(AliasName=ENVIRONMENT["SECRETS_KEY"], TargetKeyId=key_id)
    for name, secret in (("first-keypair", FIRST_KEYPAIR), ("keypairs", KEYPAIRS)):
        client("secretsmanager").create_secret(Name=name, SecretString=json.dumps(secret))
    client("events").create_event_bus(Name="events")


def forget() -> None:
    """Have AWS forget everything."""
    moto_api_backend.reset()
