"""Which addresses the service connects to: the whole table, its borders, and the allow-list."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.core.addresses import (
    IPV4_REFUSED,
    IPV6_REFUSED,
    IPV6_TAKEN,
    MAX_NETWORKS,
    Network,
    networks,
    permitted,
    vet,
)
from notifications.core.errors import InvalidRequest, RefusedAddress
from tests.speed import yardsticks

REFUSED: tuple[Network, ...] = (*IPV4_REFUSED, *IPV6_REFUSED)
OUTSIDE_GLOBAL = tuple(
    IPv6Network(text)
    for text in (
        "::/8",
        "::ffff:0:0/96",
        "::ffff:0:0:0/96",
        "64:ff9b::/32",
        "64:ff9b:1::/48",
        "100::/64",
        "1000::/4",
        "4000::/3",
        "5f00::/16",
        "6000::/3",
        "8000::/1",
        "fc00::/7",
        "fd00:ec2::254/128",
        "fe80::/10",
        "fec0::/10",
        "ff00::/8",
    )
)


def inside(network: Network) -> st.SearchStrategy[str]:
    """Draw addresses of a network."""
    first, last = int(network[0]), int(network[-1])
    kind = type(network[0])
    return st.integers(first, last).map(lambda value: str(kind(value)))


@pytest.mark.parametrize("network", [*REFUSED, *OUTSIDE_GLOBAL], ids=str)
def test_ends_of_a_refused_network(network: Network) -> None:
    """The first and the last address of each network of the tables are refused."""
    assert not permitted(str(network[0]))
    assert not permitted(str(network[-1]))


@given(st.sampled_from([*REFUSED, *OUTSIDE_GLOBAL]).flatmap(inside))
def test_inside_of_a_refused_network(address: str) -> None:
    """Every address inside the networks of the tables is refused."""
    assert not permitted(address)


def neighbours(network: Network) -> list[str]:
    """Find the addresses just outside a network that no other network of the tables holds."""
    kind = type(network[0])
    beside = [value for value in (int(network[0]) - 1, int(network[-1]) + 1) if 0 <= value < 2**128]
    found = [kind(value) for value in beside if kind is IPv6Address or value < 2**32]
    return [
        str(address)
        for address in found
        if not any(address in other for other in REFUSED)
        and (isinstance(address, IPv4Address) or address in IPV6_TAKEN)
    ]


@pytest.mark.parametrize("network", REFUSED, ids=str)
def test_neighbours_of_a_refused_network(network: Network) -> None:
    """The addresses just outside the networks of the tables are taken: none is wider than it says."""
    for address in neighbours(network):
        assert permitted(address)


def test_neighbours_are_looked_at() -> None:
    """Most networks do have a neighbour that is taken, so the test before this one is none of nothing."""
    assert sum(len(neighbours(network)) for network in REFUSED) >= len(REFUSED)


@given(st.ip_addresses(v=4))
def test_ipv4_is_what_the_table_says(address: IPv4Address) -> None:
    """An IPv4 address is taken exactly if no network of the table holds it."""
    assert permitted(str(address)) is not any(address in network for network in IPV4_REFUSED)


@given(st.ip_addresses(v=6) | st.ip_addresses(v=6, network="2000::/3"))
def test_ipv6_is_what_the_table_says(address: IPv6Address) -> None:
    """An IPv6 address is taken exactly if it is global unicast and no network of the table holds it."""
    held = any(address in network for network in IPV6_REFUSED)
    assert permitted(str(address)) is (address in IPV6_TAKEN and not held)


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.215.14", "2606:4700::1111", "2a00:1450:4001::200e"])
def test_public_addresses(address: str) -> None:
    """Addresses of the open internet are taken."""
    assert permitted(address)


@pytest.mark.parametrize(
    "address",
    [
        "64:ff9b::a9fe:a9fe",
        "::7f00:1",
        "::ffff:0:7f00:1",
        "::ffff:127.0.0.1",
        "::ffff:1.1.1.1",
        "::1.1.1.1",
        "2002:7f00:1::",
        "2001:0:7f00:1::",
        "::",
        "255.255.255.255",
        "fd00:ec2::254",
        "169.254.169.254",
        "2130706433",
        "127.1",
        "0x7f.1",
        "010.0.0.1",
        "1.1.1.1 ",
        "\uff11.1.1.1",
        "2606:4700::1111%eth0",
        "localhost",
        "",
    ],
)
def test_disguises(address: str) -> None:
    """Wrapped IPv4 addresses, zones and what is no address in its usual form are refused."""
    assert not permitted(address)


def test_allow_list_wins() -> None:
    """A network on the allow-list is taken, and its neighbours are not."""
    allowed = networks("10.1.0.0/16, ::1/128")
    assert permitted("10.1.2.3", allowed)
    assert permitted("::1", allowed)
    assert not permitted("10.2.0.0", allowed)
    assert not permitted("::2", allowed)
    assert permitted("1.1.1.1", allowed)


@pytest.mark.parametrize(
    ("listed", "taken"),
    [("127.0.0.0/8", False), ("0.0.0.0/0", False), ("::/0", False), ("::ffff:0:0/96", True)],
)
def test_mapped_address_and_the_allow_list(listed: str, taken: bool) -> None:  # noqa: FBT001
    """A mapped IPv4 address is opened by a network of mapped addresses, and by no other."""
    assert permitted("::ffff:127.0.0.1", networks(listed)) is taken


@given(st.sampled_from(REFUSED).flatmap(inside))
def test_allow_list_of_one_address(address: str) -> None:
    """Whatever single address is on the list is taken, and only that is."""
    only = networks(address)
    assert permitted(address, only)
    other = "127.0.0.1" if address != "127.0.0.1" else "127.0.0.2"
    assert not permitted(other, only)


def test_any_bad_answer_refuses_all() -> None:
    """One bad address among good ones is enough, wherever it stands, and it is named."""
    good = ["1.1.1.1", "2606:4700::1111"]
    vet("h", good)
    for place in range(3):
        answers = [*good[:place], "10.0.0.9", *good[place:]]
        with pytest.raises(RefusedAddress, match=r"h has the address 10\.0\.0\.9"):
            vet("h", answers)
        vet("h", answers, networks("10.0.0.8/31"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" , ", []),
        ("10.0.0.0/8", ["10.0.0.0/8"]),
        (" 10.1.2.3 ,::1,", ["10.1.2.3/32", "::1/128"]),
    ],
)
def test_allow_list_is_read(text: str, expected: list[str]) -> None:
    """Networks are separated by commas, with or without spaces; an address is a network of one."""
    assert networks(text) == tuple(ip_network(network) for network in expected)


@pytest.mark.parametrize(
    "text", ["10.0.0.0/33", "10.0.0.1/8", "10.0.0.0/8;::1", "intranet", "fe80::%eth0/64", "10.0.0.0/8 ::1"]
)
def test_malformed_allow_list(text: str) -> None:
    """What is no network is refused by name."""
    with pytest.raises(InvalidRequest, match=r"is not a network|has a zone"):
        networks(text)


def test_endless_allow_list() -> None:
    """An allow-list is a short list."""
    with pytest.raises(InvalidRequest, match=str(MAX_NETWORKS)):
        networks(",".join(["10.0.0.0/8"] * (MAX_NETWORKS + 1)))


def test_it_is_fast() -> None:
    """A decision takes microseconds: it is made for each new connection."""
    thousand = ["93.184.215.14"] * 1_000
    assert yardsticks(lambda: [permitted(address) for address in thousand], limit=100) < 100


@pytest.mark.parametrize("prefix", ["2600:1f18:1234:5678", "2a00:1450:4001:81b"])
@pytest.mark.parametrize("identifier", ["0:5efe", "200:5efe", "100:5efe", "300:5efe"])
@pytest.mark.parametrize(
    ("carried", "taken"),
    [
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("169.254.169.254", False),
        ("0.0.0.0", False),  # noqa: S104 - it is refused
        ("8.8.8.8", True),
    ],
)
def test_isatap_is_judged_by_what_it_carries(prefix: str, identifier: str, carried: str, taken: bool) -> None:  # noqa: FBT001
    """An ISATAP address under any prefix is permitted if the IPv4 address in it is."""
    address = f"{prefix}:{identifier}:{carried}"
    assert permitted(address) == taken
    # To allow the prefix does not allow what is carried under it.
    assert permitted(address, networks(f"{prefix}::/64")) == taken


def test_isatap_that_is_allowed_in_both_forms() -> None:
    """Whoever names the carried address and the prefix opens it."""
    allowed = networks("10.1.2.3/32,fd00::/8")
    assert permitted("fd00::5efe:10.1.2.3", allowed)
    assert not permitted("fd00::5efe:10.1.2.4", allowed)
    assert permitted("2600::5eff:10.1.2.4")
