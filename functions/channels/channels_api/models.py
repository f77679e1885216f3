"""The v1 documents of channels."""

import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, field_validator

from notifications.api.models import Description, LowerText, Name, Pagination, Record, Search, StringFilter
from notifications.core.model import (
    DEFAULT_CONTENT_TYPE,
    DEFAULT_SUCCESS_STATUS_CODES,
    DEFAULT_TIMEOUT_SECONDS,
    Channel,
    WebhookSpec,
)

MAX_TIMEOUT_SECONDS = 60
"""The dispatcher must end within its own time, and a receiver that needs longer is not a webhook's."""

MAX_HEADERS = 32
MAX_HEADER_CHARS = 4_096
MAX_TEST_MESSAGE_CHARS = 5_000
METHODS = ("POST", "PUT", "PATCH")

_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_HEADER_VALUE = re.compile(r"[\t\x20-\x7e\x80-\uffff]*")
_CREDENTIAL = re.compile(r"auth|token|secret|password|cookie|api-?key|signature|credential", re.IGNORECASE)


class WebhookSpecIn(BaseModel):
    """Where and how to send. A header's value of null keeps the one that is stored."""

    url: str
    method: str = "POST"
    content_type: Annotated[str, Field(min_length=1, max_length=256)] = DEFAULT_CONTENT_TYPE
    headers: Annotated[dict[str, str | None], Field(max_length=MAX_HEADERS)] = {}
    timeout: Annotated[float, Field(gt=0, le=MAX_TIMEOUT_SECONDS)] = DEFAULT_TIMEOUT_SECONDS
    success_status_codes: Annotated[list[Annotated[int, Field(ge=100, le=599)]], Field(min_length=1)] = list(
        DEFAULT_SUCCESS_STATUS_CODES
    )

    @field_validator("method")
    @classmethod
    def _known_method(cls, method: str) -> str:
        method = method.upper()
        if method == "GET":
            raise ValueError("GET has no body to carry the message; use POST, PUT or PATCH")
        if method not in METHODS:
            raise ValueError(f"{method} is not one of {', '.join(METHODS)}")
        return method

    @field_validator("content_type")
    @classmethod
    def _plain_content_type(cls, content_type: str) -> str:
        if not _HEADER_VALUE.fullmatch(content_type):
            raise ValueError("has a character that no header can carry")
        return content_type

    @field_validator("headers")
    @classmethod
    def _clean_headers(cls, headers: dict[str, str | None]) -> dict[str, str | None]:
        for name, value in headers.items():
            if not _HEADER_NAME.fullmatch(name):
                raise ValueError(f"{name!r} is not a header's name")
            if value is not None and not _HEADER_VALUE.fullmatch(value):
                raise ValueError(f"the value of {name} has a character that no header can carry")
            if value is not None and len(value) > MAX_HEADER_CHARS:
                raise ValueError(f"the value of {name} has more than {MAX_HEADER_CHARS} characters")
        return headers


class ChannelIn(BaseModel):
    """A channel to create."""

    name: Name
    description: Description | None = None
    channel_type: LowerText = "webhook"
    spec: WebhookSpecIn
    enabled: bool = True

    @field_validator("channel_type")
    @classmethod
    def _known_type(cls, channel_type: str) -> str:
        if channel_type != "webhook":
            raise ValueError(f"channel type {channel_type!r} is not known; expected 'webhook'")
        return channel_type


class ChannelChanges(BaseModel):
    """What to change of a channel; absent or null is unchanged."""

    name: Name | None = None
    description: Description | None = None
    spec: WebhookSpecIn | None = None
    enabled: bool | None = None


class ChannelFilter(BaseModel):
    """Which channels to find; all conditions must hold."""

    name: StringFilter | None = None
    channel_types: list[LowerText] | None = None
    enabled: bool | None = None


class ChannelSearch(Search):
    """A search for channels."""

    filter: ChannelFilter | None = None


class TestMessage(BaseModel):
    """A message to try a channel with."""

    test_message: Annotated[str, Field(max_length=MAX_TEST_MESSAGE_CHARS)]


class WebhookSpecOut(BaseModel):
    """A spec as it is shown: the values of headers that carry credentials are null."""

    url: str
    method: str
    content_type: str
    headers: dict[str, str | None]
    timeout: float
    success_status_codes: list[int]


class ChannelOut(Record):
    """A channel as it is shown."""

    id: str
    name: str
    description: str | None
    channel_type: Literal["webhook", "email"]
    spec: WebhookSpecOut
    enabled: bool


class ChannelEnvelope(BaseModel):
    """A reply with one channel."""

    channel: ChannelOut


class ChannelList(BaseModel):
    """A page of channels."""

    channels: list[ChannelOut]
    pagination: Pagination


class Validated(BaseModel):
    """The answer to a test message that was delivered."""

    channel_id: str


def shown(channel: Channel) -> ChannelOut:
    """Show a channel without its secrets."""
    values: dict[str, Any] = {
        name: getattr(channel, name) for name in ChannelOut.model_fields if name != "spec"
    }
    return ChannelOut(spec=_shown_spec(channel.spec), **values)


def _shown_spec(spec: WebhookSpec) -> WebhookSpecOut:
    return WebhookSpecOut(
        url=spec.url,
        method=spec.method,
        content_type=spec.content_type,
        headers={name: None if _CREDENTIAL.search(name) else value for name, value in spec.headers.items()},
        timeout=spec.timeout,
        success_status_codes=list(spec.success_status_codes),
    )
