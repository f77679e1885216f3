"""Which URLs a webhook can be sent to."""

import pytest

from notifications.core.errors import InvalidRequest
from notifications.core.targets import MAX_HOST_CHARS, MAX_URL_CHARS, check_host, check_url


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com",
        "http://example.com:8080/hook?token=a%20b&c=d#part",
        "HTTPS://Example.COM/",
        "http://127.0.0.1:1",
        "http://[2001:db8::1]:8080/x",
        "https://xn--bcher-kva.example/hook",
        "https://example.com/" + "x" * (MAX_URL_CHARS - 20),
    ],
)
def test_good_url(url: str) -> None:
    """Any http or https URL with a host is taken."""
    assert check_url(url) is None  # type: ignore[func-returns-value]


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", "nothing"),
        ("example.com/hook", "http://"),
        ("//example.com/hook", "http://"),
        ("ftp://example.com/s3cret", "http://"),
        ("file:///etc/s3cret", "http://"),
        ("gopher://127.0.0.1/s3cret", "http://"),
        ("https:///s3cret", "no host"),
        ("https://:80/s3cret", "no host"),
        ("https://bot:s3cret@example.com", "credentials"),
        ("https://s3cret@example.com", "credentials"),
        ("https://@example.com/s3cret", "credentials"),
        ("https://example.com/s3cret a", "space"),
        ("https://example.com/s3cret\n", "control"),
        ("https://exa\tmple.com/s3cret", "control"),
        ("https://example.com/\x7fs3cret", "control"),
        ("https://example.com:99999/s3cret", "malformed"),
        ("https://example.com:s3cret/hook", "malformed"),
        ("https://[::1/s3cret", "malformed"),
        ("https://s3cret.example\u2100.com/", "malformed"),
        ("https://s3cret.b\u00fccher.example/", "ASCII"),
        ("https://s3cret..example/", "host"),
        ("https://-s3cret.example/", "host"),
        ("http://[v1.s3cret]/", "malformed|IP address"),
        ("https://example.com:0/s3cret", "port 0"),
        ("https://example.com/s3cret" + "x" * MAX_URL_CHARS, str(MAX_URL_CHARS)),
    ],
)
def test_bad_url(url: str, reason: str) -> None:
    """A URL that nothing can be sent to is refused with the reason, and the refusal does not repeat it."""
    with pytest.raises(InvalidRequest, match=reason) as caught:
        check_url(url)
    assert "s3cret" not in caught.value.message


@pytest.mark.parametrize(
    "host", ["mail.example.com", "mail.example.com.", "10.0.0.1", "::1", "localhost", "a_b"]
)
def test_good_host(host: str) -> None:
    """A name or an address is a host."""
    assert check_host(host) is None  # type: ignore[func-returns-value]


@pytest.mark.parametrize("host", ["", ".", ":::", "a:25", "a..b", "a b", "a/b", "x" * (MAX_HOST_CHARS + 1)])
def test_bad_host(host: str) -> None:
    """What is no name and no address is refused."""
    with pytest.raises(InvalidRequest, match=r"[Hh]ost"):
        check_host(host)
