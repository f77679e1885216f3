"""Normalise a target's host to the one form that is looked up, vetted and connected to."""

import re
from ipaddress import IPv4Address, IPv6Address

from notifications.core.errors import InvalidRequest
from notifications.core.values import value

MAX_HOST_CHARS = 253
MAX_LABEL_CHARS = 63
MAX_IPV4_PARTS = 4

_LABEL = r"[0-9a-z_]([0-9a-z_-]*[0-9a-z_])?"
_NAME = rf"{_LABEL}(\.{_LABEL})*"
_NUMBER = r"0x[0-9a-f]*|[0-9]+"
_HEX = r"0x[0-9a-f]+"
_OCTAL = r"0[0-7]*"
_DECIMAL = r"[1-9][0-9]*"


@value
class Host:
    """A normalised host.

    ``name``: in lower case, without a trailing dot. ``address``: the name's IP address in canonical form,
    None if the name must be looked up.
    """

    name: str
    address: str | None

    @property
    def in_url(self) -> str:
        """The host as a URL has it."""
        return f"[{self.name}]" if ":" in self.name else self.name


def read_host(text: str) -> Host:
    """Parse a host name or an IP address; IPv6 without brackets.

    A name that ends in a number is an IPv4 address as inet_aton reads it: ``2130706433``, ``0x7f.1`` and
    ``127.1`` are 127.0.0.1 to every C library, and so they are here.

    Raises:
        InvalidRequest: it is neither a host name in ASCII nor an IP address, or it has a zone.
    """
    if not text.isascii():
        raise InvalidRequest("The host must be written in ASCII, an international name as xn--...")
    if ":" in text:
        return _ipv6(text)
    if "%" in text:
        raise InvalidRequest("The host is not a host name: it has a percent sign in it")
    name = text.lower().removesuffix(".")
    if len(name) > MAX_HOST_CHARS or not re.fullmatch(_NAME, name):
        raise InvalidRequest("The host is not a host name or an IP address")
    if any(len(label) > MAX_LABEL_CHARS for label in name.split(".")):
        raise InvalidRequest(f"The host is not a host name: a part has over {MAX_LABEL_CHARS} characters")
    if re.fullmatch(_NUMBER, name.rpartition(".")[2]):
        address = _ipv4(name)
        return Host(address, address)
    return Host(name, None)


def _ipv6(text: str) -> Host:
    if "%" in text:
        raise InvalidRequest("The host has a zone, which leads to a network of this machine")
    try:
        address = IPv6Address(text).compressed
    except ValueError:
        raise InvalidRequest("The host is not an IP address") from None
    return Host(address, address)


def _ipv4(name: str) -> str:
    """Read one to four numbers; the last one fills the bytes that are left."""
    parts = [_number(part) for part in name.split(".")]
    room = 256 ** (MAX_IPV4_PARTS + 1 - len(parts))
    if len(parts) > MAX_IPV4_PARTS or any(part > 255 for part in parts[:-1]) or parts[-1] >= room:  # noqa: PLR2004 - the largest byte
        raise InvalidRequest("The host ends in a number and is not an IP address")
    value = parts[-1]
    for place, part in enumerate(parts[:-1]):
        value += part * 256 ** (MAX_IPV4_PARTS - 1 - place)
    return str(IPv4Address(value))


def _number(part: str) -> int:
    if re.fullmatch(_DECIMAL, part):
        return int(part)
    if re.fullmatch(_OCTAL, part):
        return int(part, 8)
    if re.fullmatch(_HEX, part):
        return int(part, 16)
    raise InvalidRequest("The host ends in a number and is not an IP address")
