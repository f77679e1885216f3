"""Mails, with their headers."""

from datetime import datetime
from email.errors import MessageError
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Literal

from notifications.core.delivery import Content, Mail
from notifications.core.errors import InvalidRequest
from notifications.core.model import EmailSpec

IMPLICIT_TLS_PORT = 465


def lay_out(spec: EmailSpec, content: Content, message_id: str, now: datetime) -> Mail:
    """Lay out a mail.

    Raises:
        InvalidRequest: a mail address is malformed.
    """
    mail = EmailMessage(policy=SMTP)
    try:
        mail["From"] = Address(addr_spec=spec.from_email)
        mail["To"] = [Address(addr_spec=recipient) for recipient in spec.to_emails]
    except (ValueError, MessageError) as error:
        raise InvalidRequest(f"A mail address is malformed: {error}") from None
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{message_id}@{spec.from_email.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(content.message.strip() + "\n", charset="utf-8", cte="base64")
    return Mail(
        host=spec.host,
        port=spec.port,
        tls=_tls(spec),
        credentials=(spec.username, spec.password or "") if spec.username else None,
        sender=spec.from_email,
        recipients=spec.to_emails,
        body=_subject(content.subject or "") + mail.as_bytes(),
        timeout=spec.timeout,
    )


def _subject(text: str) -> bytes:
    """Write the subject's header.

    Not by the policy: that reads what looks encoded, ``=?utf-8?q?...?=``, and writes the line breaks that
    are in it (until Python 3.13).
    """
    plain = text.isascii() and text.isprintable() and "=?" not in text
    header = Header(text, "us-ascii" if plain else "utf-8", header_name="Subject")
    return f"Subject: {header.encode(linesep=SMTP.linesep)}{SMTP.linesep}".encode()


def _tls(spec: EmailSpec) -> Literal["implicit", "starttls", "none"]:
    if not spec.use_tls:
        return "none"
    return "implicit" if spec.port == IMPLICIT_TLS_PORT else "starttls"
