"""Parts of the v1 documents of the wire contract that channels and rules share."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from notifications.core import times, zones
from notifications.core.managing import Managed
from notifications.core.model import MAX_EVENT_TYPE_CHARS, ChannelType, timestamp
from notifications.core.search import DEFAULT_LIMIT, MAX_LIMIT, Direction, Order, OrderField, Window

MAX_NAME_CHARS = 256
MAX_DESCRIPTION_CHARS = 4_096
MAX_ZONE_CHARS = 64
MAX_ORDERS = 8
"""The most sort keys of a search; each sorts all results once more."""


def trimmed(value: object) -> object:
    """Remove white space around a text; return any other value unchanged. For pydantic."""
    return value.strip() if isinstance(value, str) else value


def printable(value: str) -> str:
    """Return a text unchanged. For pydantic.

    Raises:
        ValueError: it has a control character.
    """
    if not value.isprintable():
        raise ValueError("has a control character")
    return value


def _timestamp(text: str) -> str:
    """Return a time in the form of records; one without an offset is in UTC."""
    try:
        return timestamp(times.parse(text))
    except ValueError:
        raise ValueError("must be an ISO 8601 time, like 2026-01-15T10:30:00Z") from None


def lower(value: object) -> object:
    """Return a text in lower case without white space around it, and any other value unchanged.

    For pydantic.
    """
    return value.strip().lower() if isinstance(value, str) else value


def _known_zone(name: str) -> str:
    """Return a zone's name unchanged; raise ``ValueError`` if there is no such zone. It may be empty."""
    if name and (fault := zones.fault(name)):
        raise ValueError(fault)
    return name


Name = Annotated[
    str, BeforeValidator(trimmed), Field(min_length=1, max_length=MAX_NAME_CHARS), AfterValidator(printable)
]
Description = Annotated[str, Field(max_length=MAX_DESCRIPTION_CHARS)]
LowerText = Annotated[str, BeforeValidator(lower), Field(min_length=1, max_length=MAX_EVENT_TYPE_CHARS)]
ChannelTypeIn = Annotated[ChannelType, BeforeValidator(lower)]
Uuid = Annotated[str, Field(json_schema_extra={"format": "uuid"})]
Timestamp = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
"""A time in responses: RFC 3339 text, in UTC, with microseconds."""
Time = Annotated[Timestamp, AfterValidator(_timestamp)]
"""A time in requests, in ISO 8601, which is converted to the form of those in responses."""

TimeZone = Annotated[str, Field(max_length=MAX_ZONE_CHARS), AfterValidator(_known_zone)]
"""The IANA name of a time zone in requests; an empty one means UTC."""

StringFilter = dict[str, Any]
"""A StringFilter of the wire contract; ``notifications.core.search.string_filter`` reads it."""


class Document(BaseModel):
    """A JSON document of the API. Pydantic builds its validator on first use.

    The docstring of a field becomes its description in the OpenAPI document, without any cost at run time.
    """

    model_config = ConfigDict(defer_build=True)


class ManagedOut(Document):
    """The set of configuration that something belongs to."""

    model_config = ConfigDict(defer_build=True, from_attributes=True)

    set: str
    """The set's name."""
    key: str
    """Its key in the set."""

    @classmethod
    def of(cls, managed: Managed | None) -> "ManagedOut | None":
        """Make the document of a membership; None if there is none."""
        return None if managed is None else cls.model_validate(managed)


class OrderBy(Document):
    """One sort key of a v1 search."""

    field: OrderField
    """What to sort by."""
    direction: Direction = "asc"
    """Ascending or descending."""

    def order(self) -> Order:
        """Convert it to the core's value."""
        return Order(self.field, self.direction)


class Search(Document):
    """The members of every v1 search."""

    order: Annotated[list[OrderBy], Field(max_length=MAX_ORDERS)] | None = None
    """Sort keys, the most important one first. Without any, the oldest come first."""
    limit: Annotated[int, Field(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT
    """How many to return at most."""
    offset: Annotated[int, Field(ge=0)] = 0
    """How many results to skip."""

    def orders(self) -> list[Order]:
        """Convert the sort keys to the core's values."""
        return [order.order() for order in self.order or ()]

    def window(self) -> Window:
        """Convert limit and offset to the core's value."""
        return Window(limit=self.limit, offset=self.offset)


class Pagination(Document):
    """The position of a page in the results."""

    total: int
    """How many results there are in all."""
    offset: int
    """How many of them come before this page."""
    limit: int
    """How many a page has at most."""


class Deleted(Document):
    """The response to a deletion."""

    deleted: Literal[True] = True
    """Always true."""


class Resource(Document):
    """The members that every channel and rule has."""

    created_at: Timestamp
    """When it was created."""
    created_by: str
    """The user id of the keypair that created it."""
    updated_at: Timestamp
    """When it was last changed."""
