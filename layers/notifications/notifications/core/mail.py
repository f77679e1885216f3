"""Mails, with their headers."""

from collections.abc import Collection
from datetime import datetime
from email.errors import MessageError
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Literal

from notifications.core import mailboxes
from notifications.core.delivery import Content, Mail, OwnTls
from notifications.core.errors import InvalidRequest
from notifications.core.mailboxes import Mailbox
from notifications.core.model import EmailSpec

IMPLICIT_TLS_PORT = 465


def lay_out(
    spec: EmailSpec, content: Content, message_id: str, now: datetime, settled: Collection[str] = ()
) -> Mail:
    """Lay out a mail. ``settled``: recipients who get it no more; its header names them all the same.

    Raises:
        InvalidRequest: a mail address is malformed.
    """
    sender = mailboxes.read(spec.from_email)
    recipients = [mailboxes.read(recipient) for recipient in spec.to_emails]
    mail = EmailMessage(policy=SMTP)
    try:
        mail["From"] = _address(sender)
        mail["To"] = [_address(recipient) for recipient in recipients]
    except (ValueError, MessageError) as error:
        raise InvalidRequest(f"A mail address is malformed: {error}") from None
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{message_id}@{sender.address.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(content.message, charset="utf-8", cte="base64")
    addresses = tuple(dict.fromkeys(recipient.address for recipient in recipients))
    return Mail(
        host=spec.host,
        port=spec.port,
        tls=_tls(spec),
        credentials=(spec.username, spec.password or "") if spec.username else None,
        sender=sender.address,
        recipients=tuple(one for one in addresses if one not in settled) or addresses,
        body=_subject(content.subject or "") + mail.as_bytes(),
        timeout=spec.timeout,
        own_tls=OwnTls(spec.ca_bundle) if spec.ca_bundle else None,
    )


def _address(mailbox: Mailbox) -> Address:
    return Address(display_name=mailbox.name, addr_spec=mailbox.address)


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
