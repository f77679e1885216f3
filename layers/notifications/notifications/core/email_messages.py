"""Emails, with their headers."""

import re
from collections.abc import Collection, Sequence
from datetime import datetime
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Literal

from notifications.core import mailboxes, recipients
from notifications.core.delivery import Content, EmailRequest, OwnTls, told_unsent
from notifications.core.errors import NoRecipient
from notifications.core.mailboxes import Mailbox
from notifications.core.model import EmailSpec

IMPLICIT_TLS_PORT = 465
_WORDS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]+")
"""A name that can be written without quotes."""


def build(
    spec: EmailSpec, content: Content, message_id: str, now: datetime, settled: Collection[str] = ()
) -> EmailRequest:
    """Build an email.

    ``settled``: recipients who must not get it again, although its header still names them. If all are
    settled, it has no recipients.

    Raises:
        InvalidRequest: an email address is malformed.
        NoRecipient: all recipients are templates, and none rendered to an address that is allowed.
    """
    sender = mailboxes.read(spec.from_email)
    to = recipients.resolve(spec, content.recipients or {})
    if to.unsent and not to.mailboxes:
        raise NoRecipient(told_unsent(to.unsent))
    mail = EmailMessage(policy=SMTP)
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{message_id}@{sender.address.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(content.message, charset="utf-8", cte="base64")
    if content.html is not None:
        mail.add_alternative(content.html, subtype="html", charset="utf-8", cte="base64")
    addresses = tuple(dict.fromkeys(mailbox.address for mailbox in to.mailboxes))
    return EmailRequest(
        host=spec.host,
        port=spec.port,
        tls=_tls(spec),
        credentials=(spec.username, spec.password or "") if spec.username else None,
        sender=sender.address,
        recipients=tuple(one for one in addresses if one not in settled),
        body=_head(content.subject or "", sender, to.mailboxes) + mail.as_bytes(),
        timeout=spec.timeout,
        own_tls=OwnTls(spec.ca_bundle) if spec.ca_bundle else None,
        unsent={one: reason for one, reason in to.unsent.items() if one not in settled},
    )


def _head(subject: str, sender: Mailbox, recipients: Sequence[Mailbox]) -> bytes:
    """Write the headers whose text comes from events and operators.

    The policy of Python's ``email`` does not write them, because until Python 3.13 it decodes text that looks
    encoded, like ``=?utf-8?q?...?=``, and writes the line breaks in it.
    """
    to = f",{SMTP.linesep} ".join(map(_written, recipients))
    lines = (f"Subject: {_encoded(subject, 'Subject')}", f"From: {_written(sender)}", f"To: {to}")
    return "".join(f"{line}{SMTP.linesep}" for line in lines).encode()


def _written(mailbox: Mailbox) -> str:
    """Write an address with its name: plain, quoted, or encoded if it is not printable ASCII."""
    name = mailbox.name
    if not name:
        return mailbox.address
    if not _is_plain(name):
        name = _encoded(name, "From")
    elif not _WORDS.fullmatch(name):
        escaped = re.sub(r"([\\\"])", r"\\\1", name)
        name = f'"{escaped}"'
    return f"{name} <{mailbox.address}>"


def _encoded(text: str, header: str) -> str:
    charset = "us-ascii" if _is_plain(text) else "utf-8"
    return Header(text, charset, header_name=header).encode(linesep=SMTP.linesep)


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isprintable() and "=?" not in text


def _tls(spec: EmailSpec) -> Literal["implicit", "starttls", "none"]:
    if not spec.use_tls:
        return "none"
    return "implicit" if spec.port == IMPLICIT_TLS_PORT else "starttls"
