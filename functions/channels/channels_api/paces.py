"""Rates and time zones in requests."""

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from notifications.core import pacing
from notifications.core.errors import InvalidRequest


def _lower(value: object) -> object:
    return value.strip().lower() if isinstance(value, str) else value


def _known_rate(text: str) -> str:
    if text:  # an empty one stands for the preset's own
        try:
            pacing.read(text)
        except InvalidRequest as error:
            raise ValueError(error.message) from None
    return text


Rate = Annotated[str, BeforeValidator(_lower), Field(max_length=16), AfterValidator(_known_rate)]
Timezone = Annotated[str, Field(max_length=64)]
