"""A part of AWS that is away."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from notifications.awsapi.client import Client
from notifications.awsapi.errors import Refused

THROTTLED = {"__type": "ThrottlingException", "message": "too much"}
Meets = Callable[[str, str], bool]


class Away:
    """Refuses the calls of AWS that ``meets``: by the operation, and all that is asked, as text."""

    def __init__(self, patch: pytest.MonkeyPatch, meets: Meets) -> None:
        self.is_away = True
        call = Client.call

        def throttled(aws_client: Client, operation: str, **parameters: Any) -> dict[str, Any]:
            if self.is_away and meets(operation, json.dumps(parameters)):
                raise Refused(400, THROTTLED)
            return call(aws_client, operation, **parameters)

        patch.setattr(Client, "call", throttled)


def deliveries_only(operation: str, asked: str) -> bool:
    """Meet what writes deliveries: a partition of one of their indexes may be hot, and nothing else."""
    return operation in {"BatchWriteItem", "PutItem"} and "DELIVERY#" in asked


def all_writes(operation: str, _asked: str) -> bool:
    """Meet what writes anything to a table but claims, with which an outage may begin."""
    return operation in {"BatchWriteItem", "PutItem", "UpdateItem"}


def kms(operation: str, _asked: str) -> bool:
    """Meet what opens secrets."""
    return operation == "Decrypt"
