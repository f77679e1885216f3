"""A host ends in the form in which it is connected to, whatever way it is written."""

import contextlib
import socket
from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.core.errors import InvalidRequest
from notifications.core.hosts import MAX_HOST_CHARS, MAX_LABEL_CHARS, Host, read_host


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("mail.example.com", "mail.example.com"),
        ("Mail.Example.COM.", "mail.example.com"),
        ("localhost", "localhost"),
        ("a_b", "a_b"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("1password.example", "1password.example"),
        ("0x7f.example", "0x7f.example"),
        ("10.0.0.0x", None),
        ("10.0.0.1x", "10.0.0.1x"),
        ("x" * MAX_LABEL_CHARS, "x" * MAX_LABEL_CHARS),
    ],
)
def test_name(text: str, name: str | None) -> None:
    """A name is kept in lower case and without a dot at its end."""
    if name is None:
        with pytest.raises(InvalidRequest):
            read_host(text)
    else:
        assert read_host(text) == Host(name, None)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("127.0.0.1.", "127.0.0.1"),
        ("2130706433", "127.0.0.1"),
        ("0x7f000001", "127.0.0.1"),
        ("0X7F.1", "127.0.0.1"),
        ("0x7f.0.0.0x1", "127.0.0.1"),
        ("017700000001", "127.0.0.1"),
        ("0177.0.0.01", "127.0.0.1"),
        ("127.1", "127.0.0.1"),
        ("127.0.1", "127.0.0.1"),
        ("10.65535", "10.0.255.255"),
        ("0", "0.0.0.0"),  # noqa: S104 - this is what it is
        ("4294967295", "255.255.255.255"),
        ("::1", "::1"),
        ("0:0:0:0:0:0:0:1", "::1"),
        ("2606:4700:0::1111", "2606:4700::1111"),
    ],
)
def test_address(text: str, address: str) -> None:
    """Numbers in any form that a C library takes, and long forms of IPv6, are the address that they are."""
    assert read_host(text) == Host(address, address)


@given(st.ip_addresses(v=4), st.sampled_from(["{:d}", "{:#x}", "0{:o}"]), st.integers(1, 4))
def test_every_form_of_an_ipv4_address(address: IPv4Address, form: str, parts: int) -> None:
    """One to four decimal, hexadecimal or octal numbers are read as inet_aton reads them."""
    octets = list(address.packed)
    numbers = [*octets[: parts - 1], int.from_bytes(octets[parts - 1 :], "big")]
    text = ".".join(form.format(number) for number in numbers)
    assert read_host(text).address == str(address) == socket.inet_ntoa(socket.inet_aton(text))


@given(st.text("0123456789abcdefx.", min_size=1, max_size=20))
def test_no_form_is_missed(text: str) -> None:
    """What inet_aton takes for an address is never taken for a name here."""
    try:
        meant = socket.inet_ntoa(socket.inet_aton(text))
    except OSError:
        return
    with contextlib.suppress(InvalidRequest):  # then nothing is connected to
        assert read_host(text).address == meant


@given(st.ip_addresses(v=6))
def test_ipv6_in_full(address: IPv6Address) -> None:
    """The long form of an IPv6 address is the same as its usual one."""
    assert (
        read_host(address.exploded) == read_host(str(address)) == Host(address.compressed, address.compressed)
    )


@pytest.mark.parametrize(
    "host",
    [
        "",
        ".",
        "a.b..",
        ":::",
        "a:25",
        "a..b",
        "a b",
        "a/b",
        "a\\b",
        "a\tb",
        "a\n",
        "-a",
        "x" * (MAX_HOST_CHARS + 1),
        "x" * (MAX_LABEL_CHARS + 1),
        "1.2.3.4.5",
        "1.2.3.256",
        "256.1",
        "4294967296",
        "08.1",
        "0x.1",
        "example.0x",
        "example.1",
        "127.0.0.1%2e",
        "%31%32%37.0.0.1",
        "fe80::1%eth0",
        "::1%1",
        "\uff11\uff12\uff17.0.0.1",
        "127\u30020\u30020\u30021",
        "b\u00fccher.example",
        "loc\u00adalhost",
        "\u24db\u24de\u24d2\u24d0\u24db\u24d7\u24de\u24e2\u24e3",
    ],
)
def test_bad_host(host: str) -> None:
    """What is no name and no address, zones, percent signs and look-alikes of other scripts are refused."""
    with pytest.raises(InvalidRequest, match=r"[Hh]ost"):
        read_host(host)
