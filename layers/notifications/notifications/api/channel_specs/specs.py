"""Channel specs in requests."""

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from typing import Annotated

from pydantic import AfterValidator, Discriminator, Field, Tag, field_validator

from notifications.api import on_demand
from notifications.api.channel_specs import certificates, presets
from notifications.api.channel_specs.email_specs import CaBundle, EmailIn, EmailParts, Pem, Timeout
from notifications.api.channel_specs.presets import PresetIn, RoutingKey
from notifications.api.channel_specs.stored import Stored
from notifications.api.models import Document
from notifications.core.errors import InvalidRequest, NotificationError
from notifications.core.masking import is_credential
from notifications.core.model import (
    DEFAULT_CONTENT_TYPE,
    DEFAULT_SUCCESS_STATUS_CODES,
    DEFAULT_TIMEOUT_SECONDS,
    PresetName,
    WebhookSpec,
)
from notifications.core.refusals import of as refusals_of
from notifications.core.refusals import placed, raise_first
from notifications.core.targets import Target, TargetPolicy, check_url
from notifications.core.values import replace

MAX_HEADERS = 32
MAX_HEADER_CHARS = 4_096
MAX_HEADER_NAME_CHARS = 256
MAX_STATUS_CODES = 100
MAX_PATTERN_CHARS = 512
METHODS = ("POST", "PUT", "PATCH")

_HEADER_NAME = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_HEADER_VALUE = r"[\t\x20-\x7e\xa0-\ud7ff\ue000-\U0010ffff]*"
_CHARSET = re.compile(r";\s*charset\s*=\s*\"?([^\s;\"]*)", re.IGNORECASE)


def _linear(pattern: str) -> str:
    if on_demand.pattern_cost(pattern) is None:
        raise ValueError("is not a regular expression, or is too large")
    return pattern


Pattern = Annotated[str, Field(min_length=1, max_length=MAX_PATTERN_CHARS), AfterValidator(_linear)]
StatusCode = Annotated[int, Field(ge=100, le=599)]


class WebhookIn(Document):
    """Where and how to send webhooks. A header's value of null keeps the stored one."""

    url: str
    """Where to send the messages."""
    method: str = "POST"
    """The HTTP method, in any case: POST, PUT or PATCH."""
    content_type: Annotated[str, Field(min_length=1, max_length=256)] = DEFAULT_CONTENT_TYPE
    """The media type of the messages. If it is JSON, rules' templates must render JSON."""
    headers: Annotated[dict[str, str | None], Field(max_length=MAX_HEADERS)] = {}
    """Headers of each request. A value of null keeps the stored one."""
    timeout: Timeout = DEFAULT_TIMEOUT_SECONDS
    """The limit of a whole attempt in seconds."""
    success_status_codes: Annotated[list[StatusCode], Field(min_length=1, max_length=MAX_STATUS_CODES)] = (
        list(DEFAULT_SUCCESS_STATUS_CODES)
    )
    """The status codes that count as delivered. 200, 201, 202 and 204 together stand for every 2xx."""
    response_match: Pattern | None = None
    """A regular expression that the beginning of a successful response's body must match."""
    response_no_match: Pattern | None = None
    """A regular expression that the beginning of a successful response's body must not match."""
    ca_bundle: CaBundle | None = None
    """The certificate authorities, as PEM, to verify the receiver with instead of the stack's."""
    client_certificate: Pem | None = None
    """The certificate, as PEM, to show to the receiver."""
    client_key: Pem | None = None
    """The certificate's key, as PEM without a password. It is sealed; null keeps the stored one."""
    preset: PresetIn = None
    """The service whose messages the channel sends; ``none`` for any other receiver. Absent in a change, the
    stored one stays, because clients that know no presets replace whole specs."""
    routing_key: RoutingKey | None = None
    """The key of PagerDuty's integration, for ``pagerduty``. It is sealed; null keeps the stored one."""

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
        if not re.fullmatch(_HEADER_VALUE, content_type):
            raise ValueError("has a character that no header can carry")
        charset = _CHARSET.search(content_type)
        if charset and charset[1].lower() not in {"utf-8", "utf8"}:
            raise ValueError(
                f"messages are sent as UTF-8, so charset={charset[1]} would be wrong: leave it out"
            )
        return content_type

    @field_validator("headers")
    @classmethod
    def _clean_headers(cls, headers: dict[str, str | None]) -> dict[str, str | None]:
        for name, value in headers.items():
            if len(name) > MAX_HEADER_NAME_CHARS or not re.fullmatch(_HEADER_NAME, name):
                raise ValueError(f"{name[:MAX_HEADER_NAME_CHARS]!r} is not a header's name")
            if value is not None and not re.fullmatch(_HEADER_VALUE, value):
                raise ValueError(f"the value of {name} has a character that no header can carry")
            if value is not None and len(value) > MAX_HEADER_CHARS:
                raise ValueError(f"the value of {name} has more than {MAX_HEADER_CHARS} characters")
        return headers

    def spec(self, policy: TargetPolicy, stored: Stored | None) -> WebhookSpec:
        """Make the model's spec. ``stored``: the present spec, whose values replace headers and keys of null.

        Raises:
            InvalidRequest: the URL is not allowed, or a header has no value here nor in the present spec, or
                the preset cannot send to the URL.
        """
        target = check_url(self.url, policy)
        certificate, key = self._client_certificate(stored, target)
        made = replace(
            self._plain(),
            headers=self._headers(stored, target),
            client_certificate=certificate,
            client_key=key,
            preset=self._preset(stored),
            routing_key=self._routing_key(stored, target),
        )
        raise_first(presets.refusals(made))
        return made

    def refusals(self, policy: TargetPolicy) -> Iterator[NotificationError]:
        """Yield why no new channel can have this spec."""
        yield from placed("spec.url", lambda: check_url(self.url, policy))
        yield from refusals_of(lambda: self._client_certificate(None, None))
        for name, value in self.headers.items():
            if value is None:
                yield InvalidRequest(f"spec.headers.{name}: has no value")
        yield from presets.refusals(replace(self._plain(), preset=self.preset, routing_key=self.routing_key))

    def _plain(self) -> WebhookSpec:
        """Make the spec without what may be stored already."""
        return WebhookSpec(
            url=self.url,
            method=self.method,
            content_type=self.content_type,
            timeout=self.timeout,
            success_status_codes=tuple(self.success_status_codes),
            response_match=self.response_match,
            response_no_match=self.response_no_match,
            ca_bundle=self.ca_bundle,
        )

    def _headers(self, stored: Stored | None, target: Target) -> dict[str, str]:
        """Return the given headers, with the stored values of those that have none."""
        kept = (
            {name.lower(): value for name, value in stored.spec.headers.items()}
            if stored and isinstance(stored.spec, WebhookSpec)
            else {}
        )
        headers: dict[str, str] = {}
        for name, value in self.headers.items():
            known = kept.get(name.lower()) if value is None else value
            if known is None:
                raise InvalidRequest(f"spec.headers: {name} has no value")
            if value is None and stored and is_credential(name) and not stored.lends_to(target):
                stored.dropped.append(name)
            else:
                headers[name] = known
        return headers

    def _preset(self, stored: Stored | None) -> PresetName | None:
        if "preset" in self.model_fields_set or not stored or not isinstance(stored.spec, WebhookSpec):
            return self.preset
        return stored.spec.preset

    def _routing_key(self, stored: Stored | None, target: Target) -> str | None:
        """Return the given key, or the stored one if the preset still needs it and the target may have it.

        Raises:
            InvalidRequest: the preset needs a key, and the stored one must not go to the new target.
        """
        if self.routing_key is not None or self._preset(stored) != "pagerduty":
            return self.routing_key
        if stored is None or not isinstance(stored.spec, WebhookSpec):
            return None
        key = stored.spec.routing_key
        if key is not None and not stored.lends_to(target):
            raise InvalidRequest(
                "spec.routing_key: the stored key is not sent to another host; give the key again, or keep "
                "it by keep_credentials"
            )
        return key

    def _client_certificate(
        self, stored: Stored | None, target: Target | None
    ) -> tuple[str | None, str | None]:
        """Return the certificate with its key: the given or the stored one. ``target``: of what is stored.

        If the key stays with the old target, the certificate is useless and is dropped with it.
        """
        if self.client_certificate is None:
            if self.client_key is not None:
                raise InvalidRequest("spec.client_key: there is no client_certificate that it belongs to")
            return None, None
        key = self.client_key
        if key is None and stored and isinstance(stored.spec, WebhookSpec):
            key = stored.spec.client_key
            if key is not None and not (target and stored.lends_to(target)):
                stored.dropped += ["client_certificate", "client_key"]
                return None, None
        if key is None:
            raise InvalidRequest("spec.client_key: the client_certificate needs its key")
        certificates.check_pair(self.client_certificate, key)
        return self.client_certificate, key


def _kind(value: object) -> str:
    names = _names(value)
    return "email" if "smtp" in names else "webhook"


def _kind_of_changes(value: object) -> str:
    names = _names(value)
    if {"smtp", "message"} <= names:
        return "email"
    return "webhook" if names & WebhookIn.model_fields.keys() - {"ca_bundle"} else "email parts"


def _names(value: object) -> AbstractSet[str]:
    return value.keys() if isinstance(value, dict) else getattr(type(value), "model_fields", {}).keys()


SpecIn = Annotated[
    Annotated[WebhookIn, Tag("webhook")] | Annotated[EmailIn, Tag("email")], Discriminator(_kind)
]
"""Either spec; one with ``smtp`` is an email channel's."""

SpecChanges = Annotated[
    Annotated[WebhookIn, Tag("webhook")]
    | Annotated[EmailIn, Tag("email")]
    | Annotated[EmailParts, Tag("email parts")],
    Discriminator(_kind_of_changes),
]
"""A whole new spec, or parts of an email channel's."""
