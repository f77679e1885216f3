"""Both tables in a local DynamoDB, for as long as something is measured."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import boto3

from local.common import CREDENTIALS, REGION, Tell, free_port
from local.ministack import Ministack
from notifications.wiring import Services
from tests.template import table_definition


@contextmanager
def endpoint(tell: Tell) -> Iterator[str]:
    """Have AWS's APIs: where AWS_ENDPOINT_URL says, else in a ministack that runs until the end.

    Raises:
        StackError: ministack does not start.
    """
    given = os.environ.get("AWS_ENDPOINT_URL")
    if given:
        yield given
        return
    with tempfile.TemporaryDirectory(prefix="ministack-") as directory:
        stack = Ministack(Path(directory), free_port(), ends_with_starter=True)
        stack.start(tell)
        try:
            yield stack.url
        finally:
            stack.stop()


@contextmanager
def tables(url: str) -> Iterator[Services]:
    """Make tables as template.yaml has them, and the service's parts that lead to them.

    Their names are such that nobody else uses: the endpoint may be somebody's stack.
    """
    names = {kind: f"bench-{kind}-{uuid4()}" for kind in ("config", "deliveries")}
    environment = {
        **CREDENTIALS,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ENDPOINT_URL": url,
        "RECORD_DAYS": "1",
        "RECORD_SHARDS": "16",
        **{f"{kind.upper()}_TABLE": name for kind, name in names.items()},
    }
    with patch.dict(os.environ, environment):
        client = aws_client("dynamodb")
        made = []
        try:
            for kind, name in names.items():
                client.create_table(TableName=name, **table_definition(f"{kind.capitalize()}Table"))
                made.append(name)
            yield Services(dict(os.environ))
        finally:
            for name in made:
                client.delete_table(TableName=name)


def aws_client(service: str) -> Any:
    """Make a client by the environment, for what the service itself does not do."""
    return boto3.client(service)  # type: ignore[call-overload]
