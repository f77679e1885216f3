"""Rates in requests."""

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from notifications.api.models import lower
from notifications.core import pacing
from notifications.core.errors import InvalidRequest


def _known(text: str) -> str:
    if text:  # an empty one stands for the preset's own
        try:
            pacing.parse(text)
        except InvalidRequest as error:
            raise ValueError(error.message) from None
    return text


Rate = Annotated[str, BeforeValidator(lower), Field(max_length=16), AfterValidator(_known)]
