"""Mailboxes of emails: an address, with or without a display name before it."""

import re
import unicodedata

from notifications.core.errors import InvalidRequest
from notifications.core.nearest import quoted
from notifications.core.values import value

MAX_ADDRESS_CHARS = 254
MAX_NAME_CHARS = 128
MAX_MAILBOX_CHARS = 1_024
"""More than an address and a name need together, with escapes and spaces. It is checked first, so that no
pattern runs on a text of unbounded length.
"""

_ATOM = r"[!#-'*+/-9=?A-Z^-~-]+"
_LABEL = r"[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?"
_ADDRESS = rf"{_ATOM}(\.{_ATOM})*@{_LABEL}(\.{_LABEL})*"
_QUOTED = r"\"((?:[^\"\\]|\\.)*)\""
_UNWRITABLE = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Categories of characters that no name may have: controls, surrogates, line separators."""


@value
class Mailbox:
    """An email mailbox. ``name``: for people, may be empty. ``address``: where the email goes."""

    name: str
    address: str


def read(text: str) -> Mailbox:
    """Parse ``a@example.com``, ``Name <a@example.com>`` or ``"Name, of a kind" <a@example.com>``.

    Raises:
        InvalidRequest: it is none of these, or a part of it is too long or has a control character.
    """
    if len(text) > MAX_MAILBOX_CHARS:
        raise InvalidRequest(f"{quoted(text)} has more than {MAX_MAILBOX_CHARS} characters")
    name, address = _parts(text)
    if not address.isascii():
        raise InvalidRequest(
            f"{quoted(text)} has an address with letters beyond ASCII, which few mail servers take: "
            "write its domain as xn--..."
        )
    if address.count("@") > 1 and {",", ";"} & {*address}:
        raise InvalidRequest(f"{quoted(text)} has several addresses: write each as an item of its own")
    if not re.fullmatch(_ADDRESS, address):
        raise InvalidRequest(
            f"{quoted(text)} is not an email address like ops@example.com or Backend.AI <ops@example.com>"
        )
    if len(address) > MAX_ADDRESS_CHARS:
        raise InvalidRequest(f"{quoted(text)} has an address of more than {MAX_ADDRESS_CHARS} characters")
    if len(name) > MAX_NAME_CHARS:
        raise InvalidRequest(f"{quoted(text)} has a name of more than {MAX_NAME_CHARS} characters")
    if any(unicodedata.category(character) in _UNWRITABLE for character in name):
        raise InvalidRequest(f"{quoted(text)} has a name with a line break or another control character")
    return Mailbox(name, address)


def _parts(text: str) -> tuple[str, str]:
    """Split a name from its address; any other text is taken as an address."""
    text = text.strip(" \t")
    name, opened, address = text.rpartition("<")
    name = name.strip(" \t")
    if not opened or not address.endswith(">"):
        return "", text
    if name.startswith('"'):
        inside = re.fullmatch(_QUOTED, name)
        return (re.sub(r"\\(.)", r"\1", inside[1]).strip(), address[:-1].strip()) if inside else ("", text)
    return (name, address[:-1].strip()) if not {*'"<>'} & {*name} else ("", text)
