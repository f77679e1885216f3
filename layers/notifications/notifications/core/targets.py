"""What a webhook's URL may be."""

import re
from ipaddress import IPv6Address
from urllib.parse import urlsplit

from notifications.core.errors import InvalidRequest

MAX_URL_CHARS = 2_048
MAX_HOST_CHARS = 253
SCHEMES = ("http", "https")

_LABEL = r"[0-9A-Za-z_]([0-9A-Za-z_-]*[0-9A-Za-z_])?"
_HOST = re.compile(rf"{_LABEL}(\.{_LABEL})*\.?")


def check_host(host: str) -> None:
    """Refuse what can not be the name or address of a server.

    Raises:
        InvalidRequest: it is neither a host name in ASCII nor an IP address.
    """
    try:
        if ":" in host:
            IPv6Address(host)
            return
    except ValueError:
        raise InvalidRequest("The host is not an IP address") from None
    if not host.isascii():
        raise InvalidRequest("The host must be written in ASCII, an international name as xn--...")
    if len(host) > MAX_HOST_CHARS or not _HOST.fullmatch(host):
        raise InvalidRequest("The host is not a host name or an IP address")


def check_url(url: str) -> None:
    """Refuse a URL that no webhook can be sent to.

    Raises:
        InvalidRequest: not http(s), no host, credentials in it, control characters, a bad port,
            or longer than ``MAX_URL_CHARS``. The message does not repeat the URL: it may be a secret.
    """
    if len(url) > MAX_URL_CHARS:
        raise InvalidRequest(f"The URL has {len(url)} characters, at most {MAX_URL_CHARS} are allowed")
    if any(character <= " " or character == "\x7f" for character in url):
        raise InvalidRequest("The URL has a space or a control character in it")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise InvalidRequest("The URL is malformed: its host or port can not be read") from None
    if parts.scheme not in SCHEMES:
        raise InvalidRequest(f"The URL must begin with http:// or https://, not {parts.scheme or 'nothing'}")
    if not parts.hostname:
        raise InvalidRequest("The URL has no host")
    if "[" in parts.netloc and ":" not in parts.hostname:
        raise InvalidRequest("The host is not an IP address")  # an address form that nothing speaks
    check_host(parts.hostname)
    if port == 0:
        raise InvalidRequest("The URL has port 0, which nothing can listen on")
    if parts.username is not None or parts.password is not None:
        raise InvalidRequest("The URL has credentials in it; use a header for them")
