"""Where and how to send, as requests say it."""

import re
from dataclasses import dataclass, field
from typing import Annotated, Any

from pydantic import AfterValidator, Discriminator, Field, Tag, field_validator

from channels_api import certificates
from notifications import aws
from notifications.api import late
from notifications.api.models import Document, printable
from notifications.core import mailboxes
from notifications.core.errors import InvalidRequest
from notifications.core.hosts import Host
from notifications.core.masking import is_credential
from notifications.core.model import (
    DEFAULT_CONTENT_TYPE,
    DEFAULT_SUCCESS_STATUS_CODES,
    DEFAULT_TIMEOUT_SECONDS,
    MAX_TIMEOUT_SECONDS,
    EmailSpec,
    Spec,
    WebhookSpec,
)
from notifications.core.targets import MAX_HOST_CHARS, Target, check_mail_server, check_url

MAX_HEADERS = 32
MAX_HEADER_CHARS = 4_096
MAX_HEADER_NAME_CHARS = 256
MAX_STATUS_CODES = 100
MAX_PATTERN_CHARS = 512
MAX_RECIPIENTS = 50
MAX_CREDENTIAL_CHARS = 1_024
MAX_SUBJECT_TEMPLATE_CHARS = 1_024
METHODS = ("POST", "PUT", "PATCH")

_HEADER_NAME = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_HEADER_VALUE = r"[\t\x20-\x7e\xa0-\ud7ff\ue000-\U0010ffff]*"
_CHARSET = re.compile(r";\s*charset\s*=\s*\"?([^\s;\"]*)", re.IGNORECASE)


Credential = Annotated[str, Field(min_length=1, max_length=MAX_CREDENTIAL_CHARS), AfterValidator(printable)]
Timeout = Annotated[float, Field(gt=0, le=MAX_TIMEOUT_SECONDS)]


def _linear(pattern: str) -> str:
    if late.pattern_cost(pattern) is None:
        raise ValueError("is no regular expression, or one that is too large")
    return pattern


Pattern = Annotated[str, Field(min_length=1, max_length=MAX_PATTERN_CHARS), AfterValidator(_linear)]
Pem = Annotated[str, Field(min_length=1, max_length=certificates.MAX_PEM_CHARS)]
CaBundle = Annotated[Pem, AfterValidator(certificates.checked_bundle)]
StatusCode = Annotated[int, Field(ge=100, le=599)]


@dataclass
class Stored:
    """The spec that a channel has, which lends a new one what that leaves out.

    Credentials stay with their host: they are lent to a spec that leads to the same scheme, host and port, or
    if somebody says so (``keep``). ``dropped`` names those that were not.
    """

    spec: Spec
    keep: bool = False
    dropped: list[str] = field(default_factory=list)

    def lends_to(self, new: Target) -> bool:
        """Tell whether credentials may go where a new spec leads."""
        return self.keep or _target(self.spec) == _place(new)


def _target(spec: Spec) -> tuple[Host, int, str] | None:
    try:
        if isinstance(spec, EmailSpec):
            return _place(check_mail_server(spec.host, spec.port, aws.target_policy()))
        return _place(check_url(spec.url, aws.target_policy()))
    except InvalidRequest:  # it was allowed once
        return None


def _place(target: Target) -> tuple[Host, int, str]:
    return target.host, target.port, target.url.partition(":")[0]


class WebhookIn(Document):
    """Where and how to post. A header's value of null keeps the one that is stored."""

    url: str
    method: str = "POST"
    content_type: Annotated[str, Field(min_length=1, max_length=256)] = DEFAULT_CONTENT_TYPE
    headers: Annotated[dict[str, str | None], Field(max_length=MAX_HEADERS)] = {}
    timeout: Timeout = DEFAULT_TIMEOUT_SECONDS
    success_status_codes: Annotated[list[StatusCode], Field(min_length=1, max_length=MAX_STATUS_CODES)] = (
        list(DEFAULT_SUCCESS_STATUS_CODES)
    )
    response_match: Pattern | None = None
    response_no_match: Pattern | None = None
    ca_bundle: CaBundle | None = None
    client_certificate: Pem | None = None
    client_key: Pem | None = None

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

    def spec(self, stored: Stored | None) -> WebhookSpec:
        """Make the model's spec; ``stored`` lends the headers whose values are null.

        Raises:
            InvalidRequest: nothing may be sent to the URL, or a header has no value anywhere.
        """
        target = check_url(self.url, aws.target_policy())
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
        return WebhookSpec(
            url=self.url,
            method=self.method,
            content_type=self.content_type,
            headers=headers,
            timeout=self.timeout,
            success_status_codes=tuple(self.success_status_codes),
            response_match=self.response_match,
            response_no_match=self.response_no_match,
            ca_bundle=self.ca_bundle,
            client_certificate=self.client_certificate,
            client_key=self._client_key(stored, target),
        )

    def _client_key(self, stored: Stored | None, target: Target) -> str | None:
        """Return the key to the certificate: the one that is given, or the stored one."""
        if self.client_certificate is None:
            if self.client_key is not None:
                raise InvalidRequest("spec.client_key: there is no client_certificate that it belongs to")
            return None
        key = self.client_key
        if key is None and stored and isinstance(stored.spec, WebhookSpec):
            key = stored.spec.client_key
            if key is not None and not stored.lends_to(target):
                raise InvalidRequest("spec.client_key: the channel leads elsewhere now, so give the key anew")
        if key is None:
            raise InvalidRequest("spec.client_key: the client_certificate needs its key")
        certificates.check_pair(self.client_certificate, key)
        return key


class SmtpIn(Document):
    """How to reach the mail server. ``use_tls``: implicit TLS on port 465, STARTTLS on any other."""

    host: Annotated[str, Field(min_length=1, max_length=MAX_HOST_CHARS)]
    port: Annotated[int, Field(ge=1, le=65_535)]
    use_tls: bool = True
    timeout: Timeout = DEFAULT_TIMEOUT_SECONDS


class MessageIn(Document):
    """What is the same in every mail."""

    from_email: str
    to_emails: Annotated[list[str], Field(min_length=1, max_length=MAX_RECIPIENTS)]
    subject_template: Annotated[str, Field(max_length=MAX_SUBJECT_TEMPLATE_CHARS)] | None = None

    @field_validator("from_email", "to_emails")
    @classmethod
    def _mailboxes(cls, value: Any) -> Any:
        for text in [value] if isinstance(value, str) else value:
            try:
                mailboxes.read(text)
            except InvalidRequest as error:
                raise ValueError(error.message) from None
        return value


class AuthIn(Document):
    """Whose account to use. A password of null keeps the one that is stored for the same user."""

    username: Credential | None = None
    password: Credential | None = None


class EmailIn(Document):
    """Where and how to mail."""

    smtp: SmtpIn
    message: MessageIn
    auth: AuthIn | None = None
    ca_bundle: CaBundle | None = None

    def spec(self, stored: Stored | None) -> EmailSpec:
        """Make the model's spec; ``stored`` lends the password if it is null.

        Raises:
            InvalidRequest: nothing may be sent to the mail server, or half of the credentials is missing.
            TemplateError: the subject template does not parse.
        """
        target = check_mail_server(self.smtp.host, self.smtp.port, aws.target_policy())
        if self.message.subject_template is not None:
            late.check_subject(self.message.subject_template)
        username = self.auth.username if self.auth else None
        password = self.auth.password if self.auth else None
        if password is None and username is not None and stored and isinstance(stored.spec, EmailSpec):
            same = stored.spec.username == username
            if same and stored.lends_to(target) and self.smtp.use_tls >= stored.spec.use_tls:
                password = stored.spec.password
            elif same:
                stored.dropped.append("password")
                username = None
        if (username is None) is not (password is None):
            raise InvalidRequest("spec.auth: a username and a password belong together")
        return EmailSpec(
            host=self.smtp.host,
            port=self.smtp.port,
            use_tls=self.smtp.use_tls,
            timeout=self.smtp.timeout,
            from_email=self.message.from_email,
            to_emails=tuple(self.message.to_emails),
            subject_template=self.message.subject_template,
            username=username,
            password=password,
            ca_bundle=self.ca_bundle,
        )


def _kind(value: object) -> str:
    names = value.keys() if isinstance(value, dict) else getattr(type(value), "model_fields", {})
    return "email" if "smtp" in names else "webhook"


SpecIn = Annotated[
    Annotated[WebhookIn, Tag("webhook")] | Annotated[EmailIn, Tag("email")], Discriminator(_kind)
]
"""Either spec; what has ``smtp`` is a mail channel's."""
