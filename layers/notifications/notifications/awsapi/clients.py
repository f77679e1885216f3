"""The clients of AWS services that a function uses, made from its environment."""

from collections.abc import Mapping
from functools import cached_property

from notifications.awsapi.client import Client
from notifications.awsapi.credentials import CredentialSource

KEEP_SECONDS = 6.0
"""The time that is reserved for sending records to SQS if DynamoDB has not stored them."""

LAST_SECONDS = 2.0
"""The time that is reserved after that for logging it and returning."""


class Clients:
    """The clients of AWS services. ``environment``: the variables that template.yaml sets."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self._clients: dict[str, Client] = {}

    def client(self, service: str) -> Client:
        """Make the client of an AWS service, once."""
        if service not in self._clients:
            env = self._environment
            # `sam local invoke` can set only variables that template.yaml names, hence SDK_ENDPOINT_URL.
            endpoint = env.get("SDK_ENDPOINT_URL") or env.get("AWS_ENDPOINT_URL") or None
            region = env.get("AWS_REGION") or env["AWS_DEFAULT_REGION"]
            self._clients[service] = Client(service, region, self._credentials, endpoint)
        return self._clients[service]

    def end_calls(self, end: float) -> None:
        """Stop retries of AWS calls for which the invocation has no time left.

        ``end``: the invocation's end as monotonic time. DynamoDB and KMS are given up first, so that records
        that could not be stored can still be sent to SQS.
        """
        self.client("dynamodb").give_up_at = end - KEEP_SECONDS
        self.client("kms").give_up_at = end - KEEP_SECONDS
        self.client("sqs").give_up_at = end - LAST_SECONDS

    @cached_property
    def _credentials(self) -> CredentialSource:
        return CredentialSource()
