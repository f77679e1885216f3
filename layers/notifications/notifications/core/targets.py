"""Targets that the service may be asked to call: the only parser of URLs and mail servers, and the policy.

libcurl gets a URL that is composed here from the parsed parts, never the original text, because two parsers
may read the same text differently. So libcurl connects to the host that was checked.
"""

import re
from urllib.parse import quote

from notifications.core.addresses import Network, networks, permitted
from notifications.core.errors import InvalidRequest, RefusedAddress
from notifications.core.hosts import MAX_HOST_CHARS, Host, read_host
from notifications.core.values import value

MAX_URL_CHARS = 2_048
MAX_PORT = 65_535
MAX_PORT_DIGITS = 5
SCHEMES = {"http": 80, "https": 443}

WEB_PORTS = frozenset({443, 8443})
"""Servers that do not run as root listen on 8443 for TLS. Where http is allowed, port 80 is too."""

MAIL_PORTS = frozenset({25, 465, 587, 2525})
ANY_PORT = "any"

_PRINTABLE = "".join(map(chr, range(0x21, 0x7F)))
_PATH_SAFE = "".join(set(_PRINTABLE) - set('"#<>?^`{}'))
_QUERY_SAFE = "".join(set(_PRINTABLE) - set("\"#<>'"))

_URL = r"(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?://([^/?#]*))?(.*)"
_BRACKETED = r"\[([^\[\]]*)\](?::([0-9]*))?"
_PLAIN = r"([^:\[\]]*)(?::([0-9]*))?"
_LOOPBACK = ("127.0.0.1", "::1")

__all__ = ["MAX_HOST_CHARS", "MAX_URL_CHARS", "Target", "TargetPolicy", "check_mail_server", "check_url"]


@value
class TargetPolicy:
    """The targets that may be called. The defaults are those of a stack on AWS.

    ``allowed``: networks that are allowed although the tables refuse them. ``http``: whether webhooks may be
    sent without TLS. ``ports``, ``mail_ports``: those of webhooks and of mail servers; None for any.
    """

    allowed: tuple[Network, ...] = ()
    http: bool = False
    ports: frozenset[int] | None = WEB_PORTS
    mail_ports: frozenset[int] | None = MAIL_PORTS

    @classmethod
    def read(cls, allowed: str = "", *, http: bool = False, ports: str = "") -> "TargetPolicy":
        """Make a policy from stack parameters: networks and ports separated by commas.

        ``ports``: empty for the defaults, "any" for all, otherwise more ports for webhooks and mail servers.

        Raises:
            InvalidRequest: a network or a port is malformed; the error names it.
        """
        if ports.strip().lower() == ANY_PORT:
            return cls(networks(allowed), http, None, None)
        more = frozenset(_listed_port(part.strip()) for part in ports.split(",") if part.strip())
        return cls(networks(allowed), http, WEB_PORTS | more, MAIL_PORTS | more)

    def takes_address(self, address: str) -> bool:
        """Return whether a connection to this address may be made."""
        return permitted(address, self.allowed)


DEFAULT_POLICY = TargetPolicy()


@value
class Target:
    """A server to connect to. ``url``: composed from the parsed parts; empty for mail servers."""

    host: Host
    port: int
    url: str = ""


def check_url(url: str, policy: TargetPolicy) -> Target:
    """Parse the URL of a webhook and refuse one that must not be called.

    Raises:
        InvalidRequest: not http(s), http where only https is allowed, no host, credentials, control
            characters, a port that is not allowed, or longer than ``MAX_URL_CHARS``. The message does not
            quote the URL, because it may be a secret.
        RefusedAddress: the host is an address that must not be connected to.
    """
    if len(url) > MAX_URL_CHARS:
        raise InvalidRequest(f"The URL has {len(url)} characters, at most {MAX_URL_CHARS} are allowed")
    if any(character <= " " or character == "\x7f" for character in url):
        raise InvalidRequest("The URL has a space or a control character in it")
    matched = re.fullmatch(_URL, url, re.DOTALL)
    scheme, authority, rest = matched.groups() if matched else (None, None, "")
    scheme = (scheme or "").lower()
    if scheme not in SCHEMES:
        instead = f", not {scheme}" if scheme else ""
        raise InvalidRequest(f"The URL must begin with http:// or https://{instead}")
    if scheme == "http" and not policy.http:
        raise InvalidRequest("The URL must begin with https://: this stack sends nothing in the clear")
    if "@" in (authority or ""):
        raise InvalidRequest("The URL has credentials in it; use a header for them")
    host, port = _authority(authority or "", SCHEMES[scheme])
    _check_port(port, policy.ports, also=SCHEMES["http"] if policy.http else None)
    _check_host(host, policy)
    suffix = "" if port == SCHEMES[scheme] else f":{port}"
    path = rest if rest.startswith("/") else f"/{rest}"
    return Target(host, port, f"{scheme}://{host.in_url}{suffix}{_encoded(path)}")


def _encoded(rest: str) -> str:
    """Encode path and query as browsers do, without encoding anything twice; drop the fragment.

    Source: https://url.spec.whatwg.org/#path-percent-encode-set and the set of queries.
    """
    path, mark, query = rest.partition("#")[0].partition("?")
    path = quote(path.replace("\\", "/"), safe=_PATH_SAFE, errors="replace")
    return path + mark + quote(query, safe=_QUERY_SAFE, errors="replace")


def check_mail_server(host: str, port: int, policy: TargetPolicy) -> Target:
    """Parse the address of a mail server and refuse one that must not be called.

    Raises:
        InvalidRequest: the host is malformed, or the port is not listed.
        RefusedAddress: the host is an address that must not be connected to.
    """
    read = read_host(host)
    _check_port(port, policy.mail_ports)
    _check_host(read, policy)
    return Target(read, port)


def _authority(authority: str, default_port: int) -> tuple[Host, int]:
    bracketed = authority.startswith("[")
    matched = re.fullmatch(_BRACKETED if bracketed else _PLAIN, authority)
    if not matched:
        raise InvalidRequest("The URL is malformed: its host or port cannot be read")
    host, digits = matched.groups()
    if not host:
        raise InvalidRequest("The URL has no host")
    if bracketed and ":" not in host:
        raise InvalidRequest("The host is not an IP address")
    if digits and len(digits) > MAX_PORT_DIGITS:
        raise InvalidRequest("The URL is malformed: its port cannot be read")
    return read_host(host), int(digits) if digits else default_port


def _check_port(port: int, ports: frozenset[int] | None, also: int | None = None) -> None:
    if port == 0:
        raise InvalidRequest("Port 0 is one that nothing can listen on")
    if port > MAX_PORT:
        raise InvalidRequest(f"The port is malformed: {port} is above {MAX_PORT}")
    if ports is not None and port not in ports and port != also:
        listed = ", ".join(str(one) for one in sorted(ports if also is None else ports | {also}))
        raise InvalidRequest(f"This stack does not connect to port {port}, only to {listed}")


def _check_host(host: Host, policy: TargetPolicy) -> None:
    if host.address is not None:
        if not policy.takes_address(host.address):
            raise RefusedAddress(f"The host is {host.address}, which this service does not connect to")
    # RFC 6761 reserves these names for the local machine. libcurl does not even look them up, so the check of
    # addresses would never see them.
    elif host.name.rpartition(".")[2] == "localhost" and not any(map(policy.takes_address, _LOOPBACK)):
        raise RefusedAddress("The host is this machine, which this service does not connect to")


def _listed_port(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 0 < int(text[: MAX_PORT_DIGITS + 1]) <= MAX_PORT):
        raise InvalidRequest(f"{text!r} is not a port number")
    return int(text)
