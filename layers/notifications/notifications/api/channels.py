"""Channels as they are shown, by themselves and inside rules. No document here can hold a secret."""

from dataclasses import replace
from typing import Any, Literal

from notifications.api.models import Document, Record
from notifications.core.channel_health import Health, State, state
from notifications.core.masking import is_credential, masked_url
from notifications.core.model import Channel, ChannelType, EmailSpec, RetryName, WebhookSpec


class WebhookOut(Document):
    """A webhook's spec; the values of headers that carry credentials are null."""

    url: str
    method: str
    content_type: str
    headers: dict[str, str | None]
    timeout: float
    success_status_codes: list[int]
    response_match: str | None
    response_no_match: str | None
    ca_bundle: str | None
    client_certificate: str | None
    client_key: None = None


class SmtpOut(Document):
    """How the mail server is reached. ``timeout`` in whole seconds, as clients expect it."""

    host: str
    port: int
    use_tls: bool
    timeout: int


class MessageOut(Document):
    """What is the same in every mail."""

    from_email: str
    to_emails: list[str]
    allowed_domains: list[str] | None
    subject_template: str | None


class AuthOut(Document):
    """Whose account is used; the password is always null."""

    username: str
    password: None = None


class EmailOut(Document):
    """A mail channel's spec."""

    smtp: SmtpOut
    message: MessageOut
    auth: AuthOut | None
    ca_bundle: str | None


class ChannelOut(Record):
    """A channel of the v1 routes."""

    id: str
    name: str
    description: str | None
    channel_type: ChannelType
    spec: WebhookOut | EmailOut
    enabled: bool
    retry: RetryName | list[int]


class ChannelWithState(ChannelOut):
    """A channel of the v1 routes with how its receiver is."""

    state: State
    state_reason: str | None


class V2WebhookOut(WebhookOut):
    """A webhook's spec of the v2 routes."""

    channel_type: Literal["webhook"] = "webhook"


class V2AuthOut(Document):
    """Whose account is used."""

    username: str


class V2EmailOut(Document):
    """A mail channel's spec of the v2 routes."""

    channel_type: Literal["email"] = "email"
    smtp: SmtpOut
    message: MessageOut
    auth: V2AuthOut | None
    ca_bundle: str | None


class V2ChannelOut(Record):
    """A channel of the v2 routes. ``entity_id`` is ``id`` again: Backend.AI's clients want it since 26.9."""

    id: str
    entity_id: str
    name: str
    description: str | None
    channel_type: ChannelType
    spec: V2WebhookOut | V2EmailOut
    enabled: bool


def listed(channel: Channel) -> Channel:
    """Leave of a webhook's URL only where it leads to, for lists and rules: it may be a credential."""
    if isinstance(channel.spec, EmailSpec):
        return channel
    return replace(channel, spec=replace(channel.spec, url=masked_url(channel.spec.url)))


def shown(channel: Channel) -> ChannelOut:
    """Show a channel as the v1 routes do."""
    return ChannelOut.model_validate(_common(channel, ChannelOut) | {"spec": _spec(channel)})


def shown_with_state(channel: Channel, health: Health | None) -> ChannelWithState:
    """Show a channel as the v1 routes of channels do. ``health``: None if its receiver is well."""
    known, reason = state(channel, health)
    values = shown(channel).model_dump() | {"state": known, "state_reason": reason}
    return ChannelWithState.model_validate(values)


def v2_shown(channel: Channel) -> V2ChannelOut:
    """Show a channel as the v2 routes do."""
    spec = _spec(channel) | {"channel_type": channel.channel_type}
    values = _common(channel, V2ChannelOut) | {"entity_id": channel.id, "spec": spec}
    return V2ChannelOut.model_validate(values)


def _common(channel: Channel, model: type[Document]) -> dict[str, Any]:
    return {name: getattr(channel, name) for name in model.model_fields if name not in {"spec", "entity_id"}}


def _spec(channel: Channel) -> dict[str, Any]:
    return _email(channel.spec) if isinstance(channel.spec, EmailSpec) else _webhook(channel.spec)


def _webhook(spec: WebhookSpec) -> dict[str, Any]:
    return {
        "url": spec.url,
        "method": spec.method,
        "content_type": spec.content_type,
        "headers": {name: None if is_credential(name) else value for name, value in spec.headers.items()},
        "timeout": spec.timeout,
        "success_status_codes": list(spec.success_status_codes),
        "response_match": spec.response_match,
        "response_no_match": spec.response_no_match,
        "ca_bundle": spec.ca_bundle,
        "client_certificate": spec.client_certificate,
    }


def _email(spec: EmailSpec) -> dict[str, Any]:
    return {
        "smtp": {
            "host": spec.host,
            "port": spec.port,
            "use_tls": spec.use_tls,
            "timeout": max(1, round(spec.timeout)),
        },
        "message": {
            "from_email": spec.from_email,
            "to_emails": list(spec.to_emails),
            "allowed_domains": list(spec.allowed_domains) or None,
            "subject_template": spec.subject_template,
        },
        "auth": {"username": spec.username} if spec.username else None,
        "ca_bundle": spec.ca_bundle,
    }
