"""AWS as it is with the template's policies: a function may call only what they allow.

moto checks no policies. Here each call that a function makes is looked up in what template.yaml grants it.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest

from notifications.awsapi.client import Client, Json
from tests.cloud.partiql import table_of
from tests.template import grants

TABLES = {"config": "ConfigTable", "deliveries": "DeliveriesTable"}
QUEUES = {
    "event": "EventQueue",
    "dead_letter": "DeadLetterQueue",
    "delivery": "DeliveryQueue",
    "slow": "SlowQueue",
    "hint_dead_letter": "HintDeadLetterQueue",
}
OTHERS = {
    "GetMetricData": ("cloudwatch:GetMetricData", "*"),
    "GetSecretValue": ("secretsmanager:GetSecretValue", "KeypairSecret"),
    "PutEvents": ("events:PutEvents", "EventBus"),
    "Encrypt": ("kms:Encrypt", "SecretsKey"),
    "Decrypt": ("kms:Decrypt", "SecretsKey"),
}


class _Acting:
    """Which function acts, in whatever thread, and what it was refused."""

    def __init__(self) -> None:
        self.function: str | None = None
        self.refused: list[str] = []


_acting = _Acting()


class NotPermitted(AssertionError):
    """A function did what its policies do not allow."""


@contextmanager
def acting_as(function: str) -> Iterator[None]:
    """Make all calls those of a function.

    Raises:
        NotPermitted: at the end, as the code may have caught what it could not call.
    """
    refused: list[str] = []
    _acting.function, _acting.refused = function, refused
    try:
        yield
    finally:
        _acting.function = None
    if refused:
        raise NotPermitted(f"{function} may not do {', '.join(refused)}")


@contextmanager
def aside() -> Iterator[None]:
    """Make calls those of somebody else again, who comes in between while a function acts."""
    function, _acting.function = _acting.function, None
    try:
        yield
    finally:
        _acting.function = function


def enforce(patch: pytest.MonkeyPatch) -> None:
    """Check all calls of all clients from now on."""
    call = Client.call

    def checked(client: Client, operation: str, **parameters: Any) -> dict[str, Any]:
        function = _acting.function
        if function is not None:
            missing = {*needed(operation, parameters)} - grants(function)
            if missing:
                _acting.refused += [f"{action} on {resource}" for action, resource in sorted(missing)]
                raise NotPermitted(f"{function} may not do {missing}")
        return call(client, operation, **parameters)

    patch.setattr(Client, "call", checked)


def needed(operation: str, parameters: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Name the actions and resources that a call needs, as IAM does."""
    match operation:
        case "TransactWriteItems":
            for item in parameters["TransactItems"]:
                for kind, what in item.items():
                    action = "ConditionCheckItem" if kind == "ConditionCheck" else f"{kind}Item"
                    yield f"dynamodb:{action}", TABLES[what["TableName"]]
        case "BatchGetItem" | "BatchWriteItem":
            asked = parameters["RequestItems"]
            for table in json.loads(asked) if isinstance(asked, Json) else asked:
                yield f"dynamodb:{operation}", TABLES[table]
        case "BatchExecuteStatement":
            for statement in parameters["Statements"]:
                yield "dynamodb:PartiQLInsert", TABLES[table_of(statement)]
        case _ if "QueueUrl" in parameters:
            yield f"sqs:{operation.removesuffix('Batch')}", QUEUES[parameters["QueueUrl"].rsplit("/", 1)[1]]
        case _ if "TableName" in parameters:
            index = f"/index/{parameters['IndexName']}" if "IndexName" in parameters else ""
            yield f"dynamodb:{operation}", TABLES[parameters["TableName"]] + index
        case _:
            yield OTHERS.get(operation, (operation, "anything"))
