"""Which IP addresses the service may connect to.

The tables are written out because ``ipaddress.is_global`` lets addresses through that lead inside, such as
64:ff9b::a9fe:a9fe. Sources: IANA's IPv4 and IPv6 Special-Purpose Address Registries.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from notifications.core.errors import InvalidRequest, RefusedAddress

Network = IPv4Network | IPv6Network

MAX_NETWORKS = 64
"""How many networks an allow-list may have."""

IPV4_REFUSED = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8",  # this network; Linux connects to itself for 0.0.0.0
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # shared by carriers; cloud providers put services of their own here
        "127.0.0.0/8",  # loopback; in a Lambda its runtime API
        "169.254.0.0/16",  # link-local; metadata and credentials of clouds
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
    )
)
IPV6_TAKEN = IPv6Network("2000::/3")
"""Global unicast. All else is refused: every form that wraps an IPv4 address, local and multicast too."""

IPV6_REFUSED = tuple(
    IPv6Network(text)
    for text in (
        "2001::/23",  # protocol assignments, Teredo with them
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: wraps any IPv4 address
        "3fff::/20",  # documentation
    )
)
IPV6_MAPPED = IPv6Network("::ffff:0:0/96")

# The tables as numbers: one search instead of a comparison per network.
_IPV4_FIRSTS = [int(network.network_address) for network in IPV4_REFUSED]
_IPV4_LASTS = [int(network.broadcast_address) for network in IPV4_REFUSED]
_IPV6_FIRSTS = [int(network.network_address) for network in IPV6_REFUSED]
_IPV6_LASTS = [int(network.broadcast_address) for network in IPV6_REFUSED]
_IPV6_TAKEN = range(int(IPV6_TAKEN.network_address), int(IPV6_TAKEN.broadcast_address) + 1)


_ISATAP = 0x00005EFE
_ISATAP_MASK = 0xFCFFFFFF
"""The identifier's first half, without the bits that say whether it is unique, and of a group."""


def permitted(address: str, allowed: Sequence[Network] = ()) -> bool:
    """Return whether a connection to this address may be made; ``allowed`` wins over the tables.

    What is no address in its usual form, or has a zone (``fe80::1%eth0``), is not permitted.

    ::ffff:127.0.0.1 leads to 127.0.0.1, but it is an IPv6 address and is looked for as such: 127.0.0.0/8 on
    the list does not open it, and ::/0 does not either, for whoever allows all of IPv6 has not allowed
    IPv4. Only a network inside ::ffff:0:0/96 does. An ISATAP address, under whatever prefix, leads to the
    IPv4 address at its end, which must be permitted too.
    """
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, IPv4Address):
        refused = _within(int(parsed), _IPV4_FIRSTS, _IPV4_LASTS)
    else:
        if parsed.scope_id is not None:
            return False
        value = int(parsed)
        carried = _isatap(value)
        if carried is not None and not permitted(str(carried), allowed):
            return False
        refused = value not in _IPV6_TAKEN or _within(value, _IPV6_FIRSTS, _IPV6_LASTS)
    return not refused or (bool(allowed) and _listed(parsed, allowed))


def vet(host: str, answers: Iterable[str], allowed: Sequence[Network] = ()) -> None:
    """Refuse a host when any address of one look-up is bad: an attacker mixes good answers with bad ones.

    Raises:
        RefusedAddress: names the host and the first bad address.
    """
    for address in answers:
        if not permitted(address, allowed):
            raise RefusedAddress(f"{host} has the address {address}, which this service does not connect to")


def networks(text: str) -> tuple[Network, ...]:
    """Read an allow-list: networks in CIDR notation, separated by commas; an empty text has none.

    Raises:
        InvalidRequest: one is malformed, has bits set beyond its prefix or a zone, or there are too many.
    """
    read: list[Network] = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        try:
            read.append(ip_network(part))
        except ValueError as error:
            raise InvalidRequest(f"{part!r} is not a network like 10.1.0.0/16: {error}") from None
        if "%" in part:
            raise InvalidRequest(f"{part!r} has a zone, which no network of an allow-list can have")
    if len(read) > MAX_NETWORKS:
        raise InvalidRequest(f"The allow-list has {len(read)} networks, at most {MAX_NETWORKS} are taken")
    return tuple(read)


def _isatap(value: int) -> IPv4Address | None:
    """Return the IPv4 address that an ISATAP address carries. Source: RFC 5214, section 6.1."""
    identifier = value >> 32 & _ISATAP_MASK
    return IPv4Address(value & 0xFFFFFFFF) if identifier == _ISATAP else None


def _within(value: int, firsts: list[int], lasts: list[int]) -> bool:
    place = bisect_right(firsts, value) - 1
    return place >= 0 and value <= lasts[place]


def _listed(address: IPv4Address | IPv6Address, allowed: Sequence[Network]) -> bool:
    if isinstance(address, IPv4Address):
        return any(address in network for network in allowed)
    if address in IPV6_MAPPED:
        return any(
            isinstance(network, IPv6Network) and network.subnet_of(IPV6_MAPPED) and address in network
            for network in allowed
        )
    return any(address in network for network in allowed)
