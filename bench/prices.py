"""List prices in us-east-1, in US dollars, without free tiers; docs/cost.md says where each is from."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Price:
    """What is paid for: ``dollars`` for so many (``per``) of a ``unit``."""

    service: str
    unit: str
    per: float
    dollars: float

    def of(self, quantity: float) -> float:
        """Return the dollars for a quantity."""
        return quantity / self.per * self.dollars


_MILLION = 1_000_000

PRICES: Mapping[str, Price] = {
    "event": Price("EventBridge", "custom events of 64 KB", _MILLION, 1.00),
    "sqs": Price("SQS", "requests of 64 KB", _MILLION, 0.40),
    "invocation": Price("Lambda", "invocations", _MILLION, 0.20),
    "gb_second": Price("Lambda", "GB-seconds, arm64", 1, 0.0000133334),
    "write": Price("DynamoDB", "write request units", _MILLION, 0.625),
    "read": Price("DynamoDB", "read request units", _MILLION, 0.125),
    "stored": Price("DynamoDB", "GB-months stored", 1, 0.25),
    "log": Price("CloudWatch", "GB of logs taken", 1, 0.50),
    "log_stored": Price("CloudWatch", "GB-months of logs kept", 1, 0.03),
    "sent": Price("Data transfer", "GB sent to the internet", 1, 0.09),
    "alarm": Price("CloudWatch", "alarm-months", 1, 0.10),
    "metric": Price("CloudWatch", "metric-months", 1, 0.30),
    "key": Price("KMS", "key-months", 1, 1.00),
    "secret": Price("Secrets Manager", "secret-months", 1, 0.40),
    "destination": Price("API destinations", "invocations", _MILLION, 0.20),
}


@dataclass(frozen=True, slots=True)
class Plan:
    """A hosted service's: dollars a month, how many messages are in that, dollars for each further million.

    ``by_delivery``: whether each delivery is counted as a message, or each event.
    """

    name: str
    month: float
    included: float
    million: float
    by_delivery: bool = True

    def of(self, events: float, rules: int) -> float:
        """Return the dollars for a month with so many events, which meet so many rules each."""
        messages = events * (rules if self.by_delivery else 1)
        return self.month + max(0.0, messages - self.included) / _MILLION * self.million


PLANS = (
    Plan("Svix Professional, if each event counts", 490, 50_000, 100, by_delivery=False),
    Plan("Svix Professional, if each delivery counts", 490, 50_000, 100),
    Plan("Hookdeck Team", 39, 10_000, 10),
)


def given(prices: Mapping[str, Price], changes: list[str]) -> dict[str, Price]:
    """Replace prices by what is given as NAME=DOLLARS.

    Raises:
        ValueError: a name is not known, or a number is none.
    """
    changed = dict(prices)
    for change in changes:
        name, _, dollars = change.partition("=")
        if name not in changed:
            raise ValueError(f"There is no price {name!r}; there are {', '.join(prices)}")
        known = changed[name]
        changed[name] = Price(known.service, known.unit, known.per, float(dollars))
    return changed
