"""Rates and time zones in requests."""

import re
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

UNPACED = "none"
_RATE = re.compile("[1-9][0-9]{0,3}/[smh]")


def _lower(value: object) -> object:
    return value.strip().lower() if isinstance(value, str) else value


def _known_rate(text: str) -> str:
    if text in {"", UNPACED} or _RATE.fullmatch(text):
        return text
    raise ValueError(f"{text!r} is no rate; expected 1/s, 30/m, 100/h or none")


Rate = Annotated[str, BeforeValidator(_lower), Field(max_length=16), AfterValidator(_known_rate)]
Timezone = Annotated[str, Field(max_length=64)]
