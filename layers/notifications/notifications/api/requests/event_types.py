"""The document that creates an event type."""

import re
from typing import Annotated, Any

from pydantic import Field, field_validator

from notifications.api.models import Description, Document
from notifications.core.model import MAX_EVENT_TYPE_CHARS

_EVENT_TYPE = r"[a-z0-9]+([._-][a-z0-9]+)*"


class EventTypeIn(Document):
    """A custom event type to create."""

    name: Annotated[str, Field(max_length=MAX_EVENT_TYPE_CHARS)]
    """The name: lower-case words joined by ``.``, ``-`` or ``_``."""
    description: Description | None = None
    """When such an event happens."""
    json_schema: dict[str, Any]
    """The JSON Schema of its events' fields. Its type has to be ``object``."""

    @field_validator("name")
    @classmethod
    def _plain_name(cls, name: str) -> str:
        if not re.fullmatch(_EVENT_TYPE, name):
            raise ValueError("must be lower-case words joined by '.', '-' or '_', like 'quota.exceeded'")
        return name
