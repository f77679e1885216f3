"""The document that creates a channel."""

from typing import Any

from pydantic import model_validator

from notifications.api.channel_specs.email_specs import EmailIn
from notifications.api.channel_specs.rates import Rate
from notifications.api.channel_specs.retries import RetryIn
from notifications.api.channel_specs.specs import SpecIn
from notifications.api.models import Description, Document, LowerText, Name, TimeZone
from notifications.core.model import CHANNEL_TYPES, DEFAULT_RETRY
from notifications.core.nearest import quoted


class ChannelIn(Document):
    """A channel to create."""

    name: Name
    """The channel's name. White space around it is removed."""
    description: Description | None = None
    """What the channel is for."""
    channel_type: LowerText = "webhook"
    """How the channel sends, in any case: ``webhook`` or ``email``. It cannot be changed later."""
    spec: SpecIn
    """Where and how the channel sends: a spec of its type."""
    enabled: bool = True
    """Whether events are delivered to it."""
    retry: RetryIn = DEFAULT_RETRY
    """When failed deliveries are tried again: a schedule's name, or the seconds between the attempts."""
    rate: Rate | None = None
    """How fast messages are sent, like ``1/s``; ``none`` for no bound, absent for the preset's own rate."""
    timezone: TimeZone | None = None
    """The IANA time zone of times in default messages, like ``Asia/Seoul``. Absent for UTC."""

    @model_validator(mode="before")
    @classmethod
    def _meant_spec(cls, request: Any) -> Any:
        """Validate a spec as one of the given channel type, so that its errors name the right fields."""
        match request:
            case {"channel_type": str(kind), "spec": dict(spec)} if kind.strip().lower() == "email":
                return request | {"spec": {"smtp": None} | spec}
        return request

    @model_validator(mode="after")
    def _known_type(self) -> "ChannelIn":
        check_kind(self.channel_type, self.spec)
        return self


def check_kind(channel_type: str, spec: SpecIn) -> None:
    """Refuse a channel type that is unknown or does not match the spec.

    Raises:
        ValueError: it is or does not. Pydantic turns this into its own error.
    """
    told = kind_fault(channel_type, "email" if isinstance(spec, EmailIn) else "webhook")
    if told is not None:
        raise ValueError(told)


def kind_fault(channel_type: str, kind: str) -> str | None:
    """Say why a spec of a kind is none of a channel type; None if it is."""
    if channel_type not in CHANNEL_TYPES:
        return f"channel type {quoted(channel_type)} is not known; expected 'webhook' or 'email'"
    if kind != channel_type:
        return f"the spec is one of {kind} channels, but channel_type is {channel_type!r}"
    return None
