"""The specs of email channels in requests."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, Field, ValidationError, field_validator, model_validator

from notifications.api import on_demand
from notifications.api.channel_specs import certificates
from notifications.api.channel_specs.stored import Stored
from notifications.api.models import Document, printable
from notifications.api.powertools import RequestValidationError
from notifications.core import mailboxes, recipients
from notifications.core.errors import InvalidRequest, NotificationError
from notifications.core.kinds import kind_of
from notifications.core.model import DEFAULT_TIMEOUT_SECONDS, MAX_TIMEOUT_SECONDS, EmailSpec
from notifications.core.recipients import is_template
from notifications.core.refusals import placed
from notifications.core.targets import MAX_HOST_CHARS, TargetPolicy, check_mail_server

MAX_CREDENTIAL_CHARS = 1_024
MAX_SUBJECT_TEMPLATE_CHARS = 1_024

T = TypeVar("T")
Credential = Annotated[str, Field(min_length=1, max_length=MAX_CREDENTIAL_CHARS), AfterValidator(printable)]
Timeout = Annotated[float, Field(gt=0, le=MAX_TIMEOUT_SECONDS)]
Pem = Annotated[str, Field(min_length=1, max_length=certificates.MAX_PEM_CHARS)]
CaBundle = Annotated[Pem, AfterValidator(certificates.checked_bundle)]


def _usable(read: Callable[..., T], *values: Any) -> T:
    """Call a parser of the core, and turn its error into one that pydantic reports."""
    try:
        return read(*values)
    except InvalidRequest as error:
        raise ValueError(error.message) from None


class SmtpIn(Document):
    """How to reach the mail server. ``use_tls``: implicit TLS on port 465, STARTTLS on any other."""

    host: Annotated[str, Field(min_length=1, max_length=MAX_HOST_CHARS)]
    """The mail server's name or address."""
    port: Annotated[int, Field(ge=1, le=65_535)]
    """The mail server's port. AWS blocks port 25 for Lambda functions."""
    use_tls: bool = True
    """TLS from the first byte on port 465, and STARTTLS on any other."""
    timeout: Timeout = DEFAULT_TIMEOUT_SECONDS
    """The limit of a whole attempt in seconds."""


class EmailMessageIn(Document):
    """The sender and the recipients of every email; a recipient may be a template of an address."""

    from_email: str
    """The sender, with or without a name: ``Backend.AI <a@example.com>``."""
    to_emails: Annotated[list[str], Field(min_length=1, max_length=recipients.MAX_RECIPIENTS)]
    """The recipients: addresses, and templates that render to one."""
    allowed_domains: Annotated[list[str], Field(max_length=recipients.MAX_DOMAINS)] | None = None
    """The domains that the addresses of templates must be in."""
    subject_template: Annotated[str, Field(max_length=MAX_SUBJECT_TEMPLATE_CHARS)] | None = None
    """The template of the subject. Without one, the subject is the message's first line."""

    @field_validator("from_email")
    @classmethod
    def _mailbox(cls, value: str) -> str:
        _usable(mailboxes.read, value)
        return value

    @field_validator("to_emails")
    @classmethod
    def _recipients(cls, to_emails: list[str]) -> list[str]:
        for recipient in to_emails:
            _usable(recipients.check, recipient)
        return to_emails

    @field_validator("allowed_domains")
    @classmethod
    def _domains(cls, domains: list[str] | None) -> list[str] | None:
        return domains and [*dict.fromkeys(_usable(recipients.read_domain, domain) for domain in domains)]

    @model_validator(mode="after")
    def _bounded(self) -> "EmailMessageIn":
        _usable(recipients.check_bounds, self.to_emails, self.allowed_domains or ())
        return self


class EmailAuthIn(Document):
    """Whose account to use. A password of null keeps the one that is stored for the same user."""

    username: Credential | None = None
    """The account's name at the mail server."""
    password: Credential | None = None
    """The account's password. It is sealed, and not shown in responses."""


class EmailIn(Document):
    """Where and how to send emails."""

    smtp: SmtpIn
    """How to reach the mail server."""
    message: EmailMessageIn
    """The sender and the recipients of every email."""
    auth: EmailAuthIn | None = None
    """Whose account to use; null for no login."""
    ca_bundle: CaBundle | None = None
    """The certificate authorities, as PEM, to verify the mail server with instead of the stack's."""

    def spec(self, policy: TargetPolicy, stored: Stored | None) -> EmailSpec:
        """Make the model's spec. ``stored``: the present spec, whose password is used if this one is null.

        Raises:
            InvalidRequest: the mail server is not allowed, or half of the credentials is missing.
            TemplateError: the subject template or a recipient template does not parse.
        """
        target = check_mail_server(self.smtp.host, self.smtp.port, policy)
        for template in (self.message.subject_template, *filter(is_template, self.message.to_emails)):
            if template is not None:
                on_demand.check_subject(template)
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
            allowed_domains=tuple(self.message.allowed_domains or ()),
            subject_template=self.message.subject_template,
            username=username,
            password=password,
            ca_bundle=self.ca_bundle,
        )

    def refusals(self, policy: TargetPolicy) -> Iterator[NotificationError]:
        """Yield why no new channel can have this spec."""
        smtp, message = self.smtp, self.message
        yield from placed("spec.smtp.host", lambda: check_mail_server(smtp.host, smtp.port, policy))
        subject = message.subject_template
        if subject is not None:
            yield from placed("spec.message.subject_template", lambda: on_demand.check_subject(subject))
        for number, recipient in enumerate(message.to_emails):
            if is_template(recipient):
                place = f"spec.message.to_emails.{number}"
                yield from placed(place, partial(on_demand.check_subject, recipient))
        auth = self.auth or EmailAuthIn()
        if (auth.username is None) is not (auth.password is None):
            yield InvalidRequest("spec.auth: a username and a password belong together")


class EmailParts(Document):
    """Parts of an email channel's spec to change. Absent parts stay; ``auth`` of null is removed."""

    smtp: dict[str, Any] | None = None
    """What to change about how to reach the mail server."""
    message: dict[str, Any] | None = None
    """What to change about the sender and the recipients."""
    auth: EmailAuthIn | None = None
    """Whose account to use; null for no login."""
    ca_bundle: CaBundle | None = None
    """The certificate authorities, as PEM, to verify the mail server with; null for the stack's."""

    def spec(self, policy: TargetPolicy, stored: Stored | None) -> EmailSpec:
        """Make the model's spec from the stored one and the parts.

        Raises:
            InvalidRequest: there is no part of an email channel's spec, or no stored spec to complete it.
            RequestValidationError, TemplateError: a part is invalid.
        """
        if not self.model_fields_set:
            raise InvalidRequest("spec: none of smtp, message, auth and ca_bundle is given, nor a url")
        if stored is None or not isinstance(stored.spec, EmailSpec):
            raise InvalidRequest("spec: the channel is a webhook channel, whose spec has a url")
        given = self.model_dump(exclude_unset=True)
        whole = kind_of(stored.spec).document(stored.spec)
        for part in ("smtp", "message"):
            whole[part] |= given.pop(part, None) or {}
        if given.get("auth") and whole["auth"]:
            whole["auth"] |= given.pop("auth")
        try:
            new = EmailIn.model_validate(whole | given)
        except ValidationError as error:
            raise RequestValidationError(
                [{**one, "loc": ("body", "spec", *one["loc"])} for one in error.errors()]
            ) from None
        return new.spec(policy, stored)
