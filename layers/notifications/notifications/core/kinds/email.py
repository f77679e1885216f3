"""Email channels: one email per message, to recipients some of whom events may choose."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from notifications.core import recipients
from notifications.core.delivery import (
    Content,
    EmailOutcome,
    EmailRequest,
    Judgement,
    Outcome,
    Response,
    told_of,
    told_unsent,
)
from notifications.core.kinds.kind import Described
from notifications.core.model import EmailSpec, Format
from notifications.core.secrets import Secrets
from notifications.core.targets import Target, TargetPolicy, check_mail_server

MAX_SUBJECT_CHARS = 250
"""A longer subject is cut: no email client shows more, and some servers refuse it."""


class Email:
    """See ``ChannelKind``."""

    signed = False
    fast = False

    def read_spec(self, stored: Mapping[str, Any]) -> EmailSpec:
        """Read a stored spec."""
        lists = {name: tuple(stored.get(name, ())) for name in ("to_emails", "allowed_domains")}
        return EmailSpec(**{**stored, **lists})

    def target(self, spec: EmailSpec, policy: TargetPolicy) -> Target:
        """Return the mail server's target.

        Raises:
            InvalidRequest: nothing may be sent there.
        """
        return check_mail_server(spec.host, spec.port, policy)

    def take_secrets(self, spec: EmailSpec) -> tuple[EmailSpec, Secrets]:
        """Take out the password."""
        return replace(spec, password=None), Secrets(password=spec.password)

    def put_secrets(self, spec: EmailSpec, secrets: Secrets) -> EmailSpec:
        """Put back the password."""
        return replace(spec, password=secrets.password)

    def document(self, spec: EmailSpec) -> dict[str, Any]:
        """Write a spec without its password."""
        return {
            "smtp": {"host": spec.host, "port": spec.port, "use_tls": spec.use_tls, "timeout": spec.timeout},
            "message": {
                "from_email": spec.from_email,
                "to_emails": list(spec.to_emails),
                "allowed_domains": list(spec.allowed_domains) or None,
                "subject_template": spec.subject_template,
            },
            "auth": None if spec.username is None else {"username": spec.username},
            "ca_bundle": spec.ca_bundle,
        }

    def message_format(self, spec: EmailSpec) -> Format:  # noqa: ARG002 - see ``ChannelKind``
        """Return text, which any template renders."""
        return "text"

    def templates(self, spec: EmailSpec) -> tuple[str, ...]:
        """List the recipients that are templates."""
        return recipients.templates_of(spec)

    def complete(self, spec: EmailSpec, message: str, render: Callable[[str], str]) -> Content:
        """Add the subject, by default the message's first line, and the recipients that templates render."""
        if spec.subject_template is not None:
            subject = render(spec.subject_template)
        else:
            subject = message.strip().partition("\n")[0]
        made = {source: recipients.kept(render(source)) for source in self.templates(spec)}
        return Content(message, _one_line(subject), made or None)

    def build_request(
        self,
        spec: EmailSpec,
        content: Content,
        message_id: str,
        now: datetime,
        signing: Sequence[str],  # noqa: ARG002 - emails are not signed
        settled: Collection[str],
    ) -> EmailRequest:
        """Build the email.

        Raises:
            InvalidRequest: an address is malformed.
            NoRecipient: the event gives the email no recipient to whom it may be sent.
        """
        from notifications.core import email_messages  # noqa: PLC0415 - Python's packages for email are large

        return email_messages.build(spec, content, message_id, now, settled)

    def describe(self, request: EmailRequest) -> Described:
        """Name the mail server."""
        return "MAIL", f"smtp://{request.host}:{request.port}", {}

    def shown(self, request: EmailRequest, outcome: Outcome) -> Outcome:
        """Add the recipients to whom the email was not sent.

        The replies are masked already, see ``core.smtp``.
        """
        if not request.unsent:
            return outcome
        return replace(outcome, email=replace(outcome.email or EmailOutcome(), unsent=request.unsent))

    def judge(self, spec: EmailSpec, response: Response) -> Judgement:  # noqa: ARG002 - see ``ChannelKind``
        """Judge by the recipients: an email is delivered unless a recipient may still be accepted later."""
        told = response.email or EmailOutcome()
        if told.deferred:
            return Judgement(delivered=False, error_class="smtp_temporary", reason=told_of(told.deferred))
        reasons = [f"status {response.status}", told_of(told.refused), told_unsent(told.unsent)]
        return Judgement(delivered=True, error_class=None, reason="; ".join(filter(None, reasons)))


def _one_line(subject: str) -> str:
    # A line break would begin another header, which an event could choose.
    return " ".join(subject.split())[:MAX_SUBJECT_CHARS]
