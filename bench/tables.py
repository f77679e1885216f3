"""Both tables in a local DynamoDB, for as long as something is measured."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import boto3

from local.common import CREDENTIALS, REGION, Tell, free_port
from local.ministack import Ministack
from tests.template import resources

NOT_FOR_CREATE_TABLE = frozenset(
    {"PointInTimeRecoverySpecification", "SSESpecification", "TimeToLiveSpecification"}
)
"""CreateTable does not know these, or not in CloudFormation's form."""


@contextmanager
def local_tables(tell: Tell) -> Iterator[None]:
    """Make tables as template.yaml has them, and name them in the environment for ``notifications.aws``.

    They are made where AWS_ENDPOINT_URL says, else in a ministack that runs until the end.

    Raises:
        StackError: ministack does not start.
    """
    given = os.environ.get("AWS_ENDPOINT_URL")
    if given:
        with _tables(given):
            yield
        return
    with tempfile.TemporaryDirectory(prefix="ministack-") as directory:
        stack = Ministack(Path(directory), free_port())
        stack.start(tell)
        try:
            with _tables(stack.url):
                yield
        finally:
            stack.stop()


@contextmanager
def _tables(url: str) -> Iterator[None]:
    """Have tables with names that nobody else uses: the endpoint may be somebody's stack."""
    for name, value in {**CREDENTIALS, "AWS_DEFAULT_REGION": REGION, "RECORD_DAYS": "1"}.items():
        os.environ.setdefault(name, value)
    os.environ["AWS_ENDPOINT_URL"] = url
    client: Any = boto3.client("dynamodb", endpoint_url=url)
    names = {kind: f"bench-{kind}-{uuid4()}" for kind in ("config", "deliveries")}
    made = []
    try:
        for kind, name in names.items():
            properties = resources()[f"{kind.capitalize()}Table"]["Properties"]
            known = {key: value for key, value in properties.items() if key not in NOT_FOR_CREATE_TABLE}
            client.create_table(**{**known, "TableName": name})
            made.append(name)
            os.environ[f"{kind.upper()}_TABLE"] = name
        yield
    finally:
        for name in made:
            client.delete_table(TableName=name)
