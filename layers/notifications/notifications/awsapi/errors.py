"""Why a call of an AWS API has no result. The stores translate them, see ``notifications.core.errors``."""

from collections.abc import Mapping
from typing import Any

SERVER_FAULT = 500

PASSING_CODES = frozenset(
    {
        "BandwidthLimitExceeded",
        "EC2ThrottledException",
        "InternalServerError",
        "LimitExceededException",
        "PriorRequestNotComplete",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "RequestTimeout",
        "RequestTimeoutException",
        "SlowDown",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
        "TransactionInProgressException",
    }
)
"""Error codes of refusals that a later try may not meet again.

Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
"""


class CallFailed(Exception):
    """A call has no result. ``code``: the reason, as AWS names it. ``passing``: whether a retry may help."""

    def __init__(self, code: str, message: str, *, passing: bool) -> None:
        super().__init__(f"{code}: {message}" if message else code)
        self.code = code
        self.passing = passing


class NotReached(CallFailed):
    """There was no response, or none that can be read."""

    def __init__(self, message: str) -> None:
        super().__init__("NotReached", message, passing=True)


class Refused(CallFailed):
    """AWS answered with an error. ``document``: the whole response."""

    def __init__(self, status: int, document: Mapping[str, Any]) -> None:
        code = str(document.get("__type") or f"Status{status}").rpartition("#")[2]
        message = document.get("message") or document.get("Message") or ""
        super().__init__(code, str(message), passing=status >= SERVER_FAULT or code in PASSING_CODES)
        self.document = document
