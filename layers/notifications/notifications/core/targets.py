"""Where the service may be made to call: the one parser of URLs and mail servers, and the policy.

What this parser reads is what is connected to: libcurl is given the URL that is put together here of the
parts, never the text that somebody wrote.
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
"""8443 is where servers that do not run as root take TLS. Where http is allowed, port 80 is as well."""

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
    """What may be called. The default is what a stack on AWS allows without being told otherwise.

    ``allowed``: networks that are taken though the tables refuse them. ``http``: webhooks without TLS too.
    ``ports``, ``mail_ports``: of webhooks and of mail servers; None stands for any.
    """

    allowed: tuple[Network, ...] = ()
    http: bool = False
    ports: frozenset[int] | None = WEB_PORTS
    mail_ports: frozenset[int] | None = MAIL_PORTS

    @classmethod
    def read(cls, allowed: str = "", *, http: bool = False, ports: str = "") -> "TargetPolicy":
        """Make a policy of stack parameters: networks and ports separated by commas.

        ``ports``: empty for the default ones, "any" for all, mail servers' too, else more of either kind.

        Raises:
            InvalidRequest: a network or a port is malformed; names it.
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
    """A server to connect to. ``url`` is what to ask it for, put together anew; empty for mail servers."""

    host: Host
    port: int
    url: str = ""


def check_url(url: str, policy: TargetPolicy) -> Target:
    """Read the URL of a webhook and refuse one that nothing may be sent to.

    Raises:
        InvalidRequest: no http(s), http where only https may be, no host, credentials in it, control
            characters, a port that is not listed, or longer than ``MAX_URL_CHARS``. The message does not
            repeat the URL: it may be a secret.
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
        raise InvalidRequest(f"The URL must begin with http:// or https://, not {scheme or 'nothing'}")
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
    """Encode path and query as browsers do, what is encoded stays; a fragment is not sent.

    Source: https://url.spec.whatwg.org/#path-percent-encode-set and the set of queries.
    """
    path, mark, query = rest.partition("#")[0].partition("?")
    path = quote(path.replace("\\", "/"), safe=_PATH_SAFE, errors="replace")
    return path + mark + quote(query, safe=_QUERY_SAFE, errors="replace")


def check_mail_server(host: str, port: int, policy: TargetPolicy) -> Target:
    """Read where a mail server is and refuse one that nothing may be sent to.

    Raises:
        InvalidRequest: the host is no host, or the port is not listed.
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
    # RFC 6761: these names are this machine's, whatever a name server says. libcurl looks up neither.
    elif host.name.rpartition(".")[2] == "localhost" and not any(map(policy.takes_address, _LOOPBACK)):
        raise RefusedAddress("The host is this machine, which this service does not connect to")


def _listed_port(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 0 < int(text[: MAX_PORT_DIGITS + 1]) <= MAX_PORT):
        raise InvalidRequest(f"{text!r} is not a port number")
    return int(text)
