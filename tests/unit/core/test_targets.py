"""Which URLs and mail servers messages can be sent to, and what is connected to for them."""

from ipaddress import ip_network

import pytest

from notifications.core.errors import InvalidRequest, RefusedAddress
from notifications.core.hosts import Host
from notifications.core.targets import (
    DEFAULT_POLICY,
    MAIL_PORTS,
    MAX_URL_CHARS,
    WEB_PORTS,
    Target,
    TargetPolicy,
    check_mail_server,
    check_url,
)

LOCAL = TargetPolicy.read("127.0.0.0/8, ::1", http=True, ports="any")
"""What the local stack allows."""


@pytest.mark.parametrize(
    ("url", "sent"),
    [
        ("https://example.com", "https://example.com/"),
        ("https://example.com:443/a", "https://example.com/a"),
        ("https://example.com:", "https://example.com/"),
        ("https://example.com:8443?a=b", "https://example.com:8443/?a=b"),
        ("HTTPS://Example.COM./", "https://example.com/"),
        ("https://[2606:4700:0::1111]/x", "https://[2606:4700::1111]/x"),
        ("https://16843009/", "https://1.1.1.1/"),
        ("https://xn--bcher-kva.example/hook", "https://xn--bcher-kva.example/hook"),
        ("https://example.com/a%20b/../c?d=@e#f", "https://example.com/a%20b/../c?d=@e"),
        ("https://example.com/ü", "https://example.com/%C3%BC"),
        (
            "https://example.com/hook?topic=ü&x=이름",
            "https://example.com/hook?topic=%C3%BC&x=%EC%9D%B4%EB%A6%84",
        ),
        ("https://example.com/%c3%bc?a=%2F%zz%", "https://example.com/%c3%bc?a=%2F%zz%"),
        (
            'https://example.com/a\\b{c}|d^`<">?q=\'{}|^`<">\\',
            "https://example.com/a/b%7Bc%7D|d%5E%60%3C%22%3E?q=%27{}|^`%3C%22%3E\\",
        ),
        ("https://example.com?a?b", "https://example.com/?a?b"),
        ("https://example.com/🚀\ud83d", "https://example.com/%F0%9F%9A%80%3F"),
    ],
)
def test_good_url(url: str, sent: str) -> None:
    """Any https URL with a public host is taken; what is sent to has its host and port as they were read."""
    assert check_url(url, DEFAULT_POLICY).url == sent


def test_longest_url() -> None:
    """A URL may have the limit's characters."""
    assert check_url("https://example.com/" + "x" * (MAX_URL_CHARS - 20), DEFAULT_POLICY).port == 443


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1",
        "http://[::1]:8080/x",
        "http://localhost:4566/",
        "http://127.1",
        "https://a.localhost",
    ],
)
def test_local_url(url: str) -> None:
    """A policy that allows http, loopback and any port takes what the default one refuses."""
    assert check_url(url, LOCAL).url
    with pytest.raises(InvalidRequest):
        check_url(url, DEFAULT_POLICY)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", "must begin with http:// or https://$"),
        ("example.com/hook", "http://"),
        ("//example.com/hook", "http://"),
        ("ftp://example.com/s3cret", "http://"),
        ("file:///etc/s3cret", "http://"),
        ("gopher://127.0.0.1/s3cret", "http://"),
        ("http://example.com/s3cret", "https://.*in the clear"),
        ("https:s3cret", "no host"),
        ("https:/s3cret", "no host"),
        ("https:///s3cret", "no host"),
        ("https://:80/s3cret", "no host"),
        ("https://?s3cret", "no host"),
        ("https://bot:s3cret@example.com", "credentials"),
        ("https://s3cret@example.com", "credentials"),
        ("https://@example.com/s3cret", "credentials"),
        ("https://example.com\\@s3cret.example/", "credentials"),
        ("https://example.com/s3cret a", "space"),
        ("https://example.com/s3cret\n", "control"),
        ("https://exa\tmple.com/s3cret", "control"),
        ("https://exa\rmple.com/s3cret", "control"),
        ("\x01https://example.com/s3cret", "control"),
        ("https://example.com/\x7fs3cret", "control"),
        ("https://example.com:99999/s3cret", "malformed"),
        ("https://example.com:000443/s3cret", "malformed"),
        ("https://example.com:s3cret/hook", "malformed"),
        ("https://example.com:\uff14\uff14\uff13/s3cret", "malformed"),
        ("https://example.com:443:443/s3cret", "malformed"),
        ("https://[::1/s3cret", "malformed"),
        ("https://[::1]s3cret/", "malformed"),
        ("https://s3cret[::1]/", "malformed"),
        ("https://s3cret.example\u2100.com/", "ASCII"),
        ("https://s3cret.b\u00fccher.example/", "ASCII"),
        ("https://s3cret..example/", "host"),
        ("https://-s3cret.example/", "host"),
        ("https://s3cret\\.example/", "host"),
        ("https://[v1.s3cret]/", "IP address"),
        ("https://[127.0.0.1]/s3cret", "IP address"),
        ("https://[fe80::1%25eth0]/s3cret", "zone"),
        ("https://127.0.0.1%2f.s3cret.example/", "percent"),
        ("https://example.com:0/s3cret", "Port 0"),
        ("https://example.com:22/s3cret", "port 22, only to 443, 8443"),
        ("https://example.com:80/s3cret", "port 80, only to 443, 8443"),
        ("https://example.com/s3cret" + "x" * MAX_URL_CHARS, str(MAX_URL_CHARS)),
    ],
)
def test_bad_url(url: str, reason: str) -> None:
    """A URL that nothing may be sent to is refused with the reason, and the refusal does not repeat it."""
    with pytest.raises(InvalidRequest, match=reason) as caught:
        check_url(url, DEFAULT_POLICY)
    assert "s3cret" not in caught.value.message


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "2130706433",
        "0x7f.1",
        "127.1",
        "017700000001",
        "0X7F000001",
        "127.0.0.1.",
        "0",
        "169.254.169.254",
        "0xA9FEA9FE",
        "10.0.0.1",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::FFFF:7F00:1]",
        "[64:ff9b::a9fe:a9fe]",
        "[fd00:ec2::254]",
        "[2002:7f00:1::]",
        "localhost",
        "LOCALHOST.",
        "metadata.localhost",
    ],
)
@pytest.mark.parametrize("port", ["", ":443", ":8443"])
def test_internal_address(host: str, port: str) -> None:
    """A host that is an internal address in any form is refused when the URL is first seen."""
    with pytest.raises(RefusedAddress, match="does not connect to"):
        check_url(f"https://{host}{port}/hook", DEFAULT_POLICY)


def test_http_has_its_port() -> None:
    """Where http is allowed, so is port 80, and other ports are not."""
    policy = TargetPolicy(http=True)
    assert check_url("http://example.com", policy) == Target(
        Host("example.com", None), 80, "http://example.com/"
    )
    with pytest.raises(InvalidRequest, match="port 8080, only to 80, 443, 8443"):
        check_url("http://example.com:8080", policy)


@pytest.mark.parametrize("port", sorted(MAIL_PORTS))
def test_mail_server(port: int) -> None:
    """Mail goes to the ports of mail, and the host is read as a URL's is."""
    assert check_mail_server("Mail.Example.com.", port, DEFAULT_POLICY) == Target(
        Host("mail.example.com", None), port
    )


@pytest.mark.parametrize(
    ("host", "port", "reason"),
    [
        ("mail.example.com", 443, "port 443, only to 25, 465, 587, 2525"),
        ("mail.example.com", 0, "Port 0"),
        ("mail.example.com:25", 25, "host"),
        ("user@mail.example.com", 25, "host"),
        ("10.0.0.1", 25, "does not connect"),
        ("::ffff:10.0.0.1", 25, "does not connect"),
        ("167772161", 25, "does not connect"),
        ("localhost", 25, "this machine"),
    ],
)
def test_bad_mail_server(host: str, port: int, reason: str) -> None:
    """What is no host, an internal address, or another port is refused."""
    with pytest.raises(InvalidRequest, match=f"(?i){reason}"):
        check_mail_server(host, port, DEFAULT_POLICY)


def test_policy_of_stack_parameters() -> None:
    """Empty parameters mean the default; ports add to the default ones; any stands for all."""
    assert TargetPolicy.read() == TargetPolicy.read(" ", ports=" ") == DEFAULT_POLICY
    policy = TargetPolicy.read("10.0.0.0/8", http=True, ports="8080, 9000,")
    assert policy.allowed == (ip_network("10.0.0.0/8"),)
    assert (policy.http, policy.ports) == (True, WEB_PORTS | {8080, 9000})
    assert policy.mail_ports == MAIL_PORTS | {8080, 9000}
    assert (LOCAL.ports, LOCAL.mail_ports) == (None, None)


@pytest.mark.parametrize("ports", ["0", "65536", "-1", "a", "80;443", "\u0664\u0664\u0663", "9" * 5_000])
def test_bad_ports(ports: str) -> None:
    """What is no port number is refused."""
    with pytest.raises(InvalidRequest, match="is not a port number"):
        TargetPolicy.read(ports=ports)


def test_bad_networks() -> None:
    """A malformed allow-list is refused by name: it must not end as an empty or a wide one."""
    with pytest.raises(InvalidRequest, match=r"'10\.0\.0\.0/99' is not a network"):
        TargetPolicy.read("127.0.0.0/8,10.0.0.0/99")
