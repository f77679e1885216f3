"""Retry schedules in requests."""

from typing import Annotated

from pydantic import BeforeValidator, Discriminator, Field, Tag

from notifications.api.models import lower
from notifications.core.model import Retry, RetryName
from notifications.core.retries import MAX_DELAY_SECONDS, MAX_RETRIES

Delay = Annotated[int, Field(ge=1, le=MAX_DELAY_SECONDS)]
"""Seconds until the next try."""


def _kind(value: object) -> str:
    return "delays" if isinstance(value, list | tuple) else "name"


RetryIn = Annotated[
    Annotated[RetryName, BeforeValidator(lower), Tag("name")]
    | Annotated[list[Delay], Field(min_length=1, max_length=MAX_RETRIES), Tag("delays")],
    Discriminator(_kind),
]
"""A schedule's name, or the seconds between the tries."""


def retry(given: RetryName | list[int]) -> Retry:
    """Convert a schedule of a request to the model's value."""
    return tuple(given) if isinstance(given, list) else given
