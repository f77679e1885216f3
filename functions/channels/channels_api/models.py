"""The v1 documents of channels."""

from typing import Annotated, Any

from pydantic import Field, model_validator

from channels_api.email_specs import EmailIn
from channels_api.retries import RetryIn
from channels_api.specs import SpecChanges, SpecIn
from notifications.api.channels import ChannelWithState
from notifications.api.models import (
    ChannelKind,
    Description,
    Document,
    LowerText,
    Name,
    Pagination,
    Search,
    StringFilter,
)
from notifications.core import search
from notifications.core.model import CHANNEL_TYPES, DEFAULT_RETRY
from notifications.core.nearest import quoted
from notifications.core.search import Predicate

MAX_TEST_MESSAGE_CHARS = 5_000
DEFAULT_KEEP_OLD_SECONDS = 24 * 3600
MAX_KEEP_OLD_SECONDS = 7 * 24 * 3600
"""How long an old signing secret may stay valid beside a new one."""


class ChannelIn(Document):
    """A channel to create."""

    name: Name
    description: Description | None = None
    channel_type: LowerText = "webhook"
    spec: SpecIn
    enabled: bool = True
    retry: RetryIn = DEFAULT_RETRY

    @model_validator(mode="before")
    @classmethod
    def _meant_spec(cls, request: Any) -> Any:
        """Let a mail channel's spec that lacks its server be told so, not that it lacks a URL."""
        match request:
            case {"channel_type": str(kind), "spec": dict(spec)} if kind.strip().lower() == "email":
                return request | {"spec": {"smtp": None} | spec}
        return request

    @model_validator(mode="after")
    def _known_type(self) -> "ChannelIn":
        check_kind(self.channel_type, self.spec)
        return self


class ChannelChanges(Document):
    """What to change of a channel; absent or null is unchanged."""

    name: Name | None = None
    description: Description | None = None
    spec: SpecChanges | None = None
    enabled: bool | None = None
    retry: RetryIn | None = None
    keep_credentials: bool = False


class ChannelFilter(Document):
    """Which channels to find; all conditions must hold."""

    name: StringFilter | None = None
    channel_types: list[ChannelKind] | None = None
    enabled: bool | None = None

    def predicate(self) -> Predicate:
        """Give it to the core."""
        return search.where(name=self.name, types=self.channel_types, enabled=self.enabled)


class ChannelSearch(Search):
    """A search for channels."""

    filter: ChannelFilter | None = None


class TestMessage(Document):
    """A message to try a channel with."""

    test_message: Annotated[str, Field(max_length=MAX_TEST_MESSAGE_CHARS)]


class ChannelEnvelope(Document):
    """A reply with one channel."""

    channel: ChannelWithState


class ChangedChannelEnvelope(ChannelEnvelope):
    """A reply with a channel that was changed, and the names of the credentials that it lost by that."""

    dropped_credentials: list[str]


class ChannelWithSecret(ChannelWithState):
    """A channel with what its webhooks are signed with: shown this once. Mail has none."""

    signing_secret: str | None


class NewChannelEnvelope(Document):
    """A reply with a channel that was made, or has a new secret."""

    channel: ChannelWithSecret


class Rotation(Document):
    """How long the present secret stays valid beside the new one."""

    keep_old_seconds: Annotated[int, Field(ge=0, le=MAX_KEEP_OLD_SECONDS)] = DEFAULT_KEEP_OLD_SECONDS


class ChannelList(Document):
    """A page of channels."""

    channels: list[ChannelWithState]
    pagination: Pagination


class Validated(Document):
    """The answer to a test message that was delivered."""

    channel_id: str


def check_kind(channel_type: str, spec: SpecIn) -> None:
    """Refuse a channel type that is unknown, or that its spec is not for.

    Raises:
        ValueError: for pydantic to tell.
    """
    if channel_type not in CHANNEL_TYPES:
        raise ValueError(f"channel type {quoted(channel_type)} is not known; expected 'webhook' or 'email'")
    kind = "email" if isinstance(spec, EmailIn) else "webhook"
    if kind != channel_type:
        raise ValueError(f"the spec is one of {kind} channels, but channel_type is {channel_type!r}")
