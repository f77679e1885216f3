"""Email addresses with and without names."""

import pytest

from notifications.core import mailboxes
from notifications.core.errors import InvalidRequest
from notifications.core.mailboxes import Mailbox


@pytest.mark.parametrize(
    ("text", "name", "address"),
    [
        (" a@example.com ", "", "a@example.com"),
        ("<a@example.com>", "", "a@example.com"),
        ("Backend.AI Alerts <a@example.com>", "Backend.AI Alerts", "a@example.com"),
        ("홍길동 <a@example.com>", "홍길동", "a@example.com"),
        ("👩\u200d👩\u200d👧 team <a@example.com>", "👩\u200d👩\u200d👧 team", "a@example.com"),
        ("Élodie\xa0Martin<a@example.com>", "Élodie\xa0Martin", "a@example.com"),
        ('"Kim, \\"Ops\\" <x>" <a@example.com>', 'Kim, "Ops" <x>', "a@example.com"),
        ('"" <a@example.com>', "", "a@example.com"),
        ("Kim, Ops <a+b@xn--3e0b707e.kr>", "Kim, Ops", "a+b@xn--3e0b707e.kr"),
    ],
)
def test_what_is_read(text: str, name: str, address: str) -> None:
    """A name in any script, quoted or not, and its address are told apart."""
    assert mailboxes.read(text) == Mailbox(name, address)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "is not an email address"),
        ("Name a@example.com", "is not an email address"),
        ("Name <a@example.com> x", "is not an email address"),
        ('"Name <a@example.com>', "is not an email address"),
        ("a@b@c", "is not an email address"),
        ("a@example.com, b@example.com", "several addresses"),
        ("a@example.com;b@example.com", "several addresses"),
        ("ops@한국.kr", "xn--"),
        ("X\r\nBcc: y <a@example.com>", "a line break"),
        ("x\u2028y <a@example.com>", "a line break"),
        ("x\udc80 <a@example.com>", "control character"),
        ("n" * 129 + " <a@example.com>", "a name of more than 128"),
        ("a@" + "b." * 130 + "c", "an address of more than 254"),
        (" " * 100_000 + "<" + " " * 100_000, "more than 1024"),
    ],
)
def test_what_is_refused(text: str, told: str) -> None:
    """What is no address is refused in words that say why, however long it is."""
    with pytest.raises(InvalidRequest) as refused:
        mailboxes.read(text)
    assert told in refused.value.message
    assert len(refused.value.message) < 400
