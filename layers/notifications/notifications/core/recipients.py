"""The recipients of an email: addresses of its channel, and those that templates render from an event."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import field

from notifications.core import mailboxes
from notifications.core.errors import InvalidRequest
from notifications.core.mailboxes import Mailbox
from notifications.core.model import EmailSpec
from notifications.core.nearest import quoted
from notifications.core.values import value

MAX_RECIPIENTS = 50
MAX_RECIPIENTS_WITH_TEMPLATES = 10
"""The limit is lower with templates, because events then choose some of the recipients."""

MAX_TEMPLATE_BYTES = 1_000
MAX_MADE_BYTES = 800
"""The longest result of a recipient template; a name and an address are shorter. Each delivery's record has
the results, and the largest message leaves little room there.
"""

MAX_TOLD_CHARS = 100
"""How much of a result that cannot be an address is kept."""

MAX_DOMAINS = 20
MAX_DOMAIN_CHARS = 253

_MARKS = ("{{", "{%", "{#")
_LABEL = r"[a-z0-9]([a-z0-9-]*[a-z0-9])?"
_DOMAIN = rf"{_LABEL}(\.{_LABEL})*"


@value
class Recipients:
    """The recipients of an email. ``unsent``: the channel's recipients who do not get it, with reasons."""

    mailboxes: tuple[Mailbox, ...]
    unsent: Mapping[str, str] = field(default_factory=dict)


def is_template(recipient: str) -> bool:
    """Return whether a recipient is a template."""
    return any(mark in recipient for mark in _MARKS)


def templates_of(spec: EmailSpec) -> tuple[str, ...]:
    """Return the templates among a channel's recipients."""
    return tuple(filter(is_template, spec.to_emails))


def read_domain(text: str) -> str:
    """Parse the domain of email addresses.

    Raises:
        InvalidRequest: it is malformed.
    """
    domain = text.strip().lower()
    if len(domain) > MAX_DOMAIN_CHARS or not re.fullmatch(_DOMAIN, domain):
        raise InvalidRequest(f"{quoted(text)} is not a domain like example.com")
    return domain


def check(recipient: str) -> None:
    """Refuse a recipient who can never get an email.

    Raises:
        InvalidRequest: it is neither an address nor a template of at most ``MAX_TEMPLATE_BYTES``.
    """
    if not is_template(recipient):
        mailboxes.read(recipient)
    elif len(recipient.encode(errors="replace")) > MAX_TEMPLATE_BYTES:
        raise InvalidRequest(f"{quoted(recipient)} has more than {MAX_TEMPLATE_BYTES} bytes")


def check_bounds(to_emails: Sequence[str], allowed_domains: Sequence[str]) -> None:
    """Refuse recipients that events could choose without a limit.

    Raises:
        InvalidRequest: a template has no ``allowed_domains``, or there are too many recipients beside it.
    """
    template = next(filter(is_template, to_emails), None)
    if template is None:
        return
    if not allowed_domains:
        raise InvalidRequest(
            f"allowed_domains must list the domains of addresses that {quoted(template)} may make"
        )
    if len(to_emails) > MAX_RECIPIENTS_WITH_TEMPLATES:
        raise InvalidRequest(
            f"to_emails has {len(to_emails)} recipients: with a template among them, "
            f"at most {MAX_RECIPIENTS_WITH_TEMPLATES} are taken"
        )


def kept(made: str) -> str:
    """Return a template's result as it is recorded: quoted and cut if it cannot be an address."""
    text = made.strip()
    is_kept = text.isprintable() and len(text.encode(errors="replace")) <= MAX_MADE_BYTES
    return text if is_kept else repr(text[:MAX_TOLD_CHARS])


def resolve(spec: EmailSpec, made: Mapping[str, str]) -> Recipients:
    """Resolve the recipients of an email.

    ``made``: the templates' results, without templates that were added to the channel later.

    Raises:
        InvalidRequest: an address that the channel itself names is malformed.
    """
    found: list[Mailbox] = []
    unsent: dict[str, str] = {}
    for recipient in spec.to_emails:
        if not is_template(recipient):
            found.append(mailboxes.read(recipient))
        elif (text := made.get(recipient)) is not None:
            _take(recipient, text, spec.allowed_domains, found, unsent)
    return Recipients(tuple(found), unsent)


def _take(
    template: str, text: str, allowed: tuple[str, ...], found: list[Mailbox], unsent: dict[str, str]
) -> None:
    """Add the address that a template rendered, or the reason why it may not get the email."""
    if not text:
        unsent[template] = "it makes no address of this event"
        return
    try:
        mailbox = mailboxes.read(text)
    except InvalidRequest as error:
        unsent[template] = error.message
        return
    if mailbox.address.rpartition("@")[2].lower() in allowed:
        found.append(mailbox)
    else:
        unsent[mailbox.address] = (
            f"its domain is none of the channel's allowed_domains ({', '.join(allowed)})"
        )
