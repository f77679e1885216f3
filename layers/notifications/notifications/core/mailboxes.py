"""Who a mail is from and to: an address, with or without a name before it."""

import re

from notifications.core.errors import InvalidRequest
from notifications.core.nearest import quoted
from notifications.core.values import value

MAX_ADDRESS_CHARS = 254
MAX_NAME_CHARS = 128

_ATOM = r"[!#-'*+/-9=?A-Z^-~-]+"
_LABEL = r"[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"{_ATOM}(\.{_ATOM})*@{_LABEL}(\.{_LABEL})*")
_NAMED = re.compile(r"\s*(?:\"((?:[^\"\\]|\\.)*)\"|([^\"<>]*?))\s*<\s*([^<>]*?)\s*>\s*")


@value
class Mailbox:
    """``name`` is for people, and may be empty; ``address`` is where the mail goes."""

    name: str
    address: str


def read(text: str) -> Mailbox:
    """Read ``a@example.com``, ``Name <a@example.com>`` or ``"Name, of a kind" <a@example.com>``.

    Raises:
        InvalidRequest: it is none of these, or a part of it is too long or has a control character.
    """
    named = _NAMED.fullmatch(text)
    name, address = ("", text.strip())
    if named is not None:
        name = re.sub(r"\\(.)", r"\1", named[1]) if named[1] is not None else named[2]
        address = named[3]
    if not _ADDRESS.fullmatch(address) or len(address) > MAX_ADDRESS_CHARS:
        raise InvalidRequest(
            f"{quoted(text)} is not a mail address like ops@example.com or Backend.AI <ops@example.com>"
        )
    if len(name) > MAX_NAME_CHARS or not name.isprintable():
        raise InvalidRequest(
            f"{quoted(text)} has a name that is longer than {MAX_NAME_CHARS} or cannot be written"
        )
    return Mailbox(name.strip(), address)
