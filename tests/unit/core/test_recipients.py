"""Who gets an email: an event may choose recipients, but only addresses in domains that are allowed."""

import email
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.core import mailboxes, recipients, rendering
from notifications.core.delivery import Content, EmailRequest
from notifications.core.errors import InvalidRequest, NoRecipient
from notifications.core.kinds import build_request
from notifications.core.model import EmailSpec

NOW = datetime(2026, 1, 15, 10, 30, tzinfo=UTC)
OWNER = "{{ context.user_email }}"
SPEC = EmailSpec(
    host="mail.example.com",
    port=25,
    from_email="alerts@example.com",
    to_emails=("ops@example.com", OWNER),
    allowed_domains=("example.com", "lab.example.com"),
)


def mail(made: str, **changes: Any) -> EmailRequest:
    """Build an email whose template made a text."""
    content = Content("text", "s", {OWNER: recipients.kept(made)})
    built = build_request(replace(SPEC, **changes), content, "m", NOW)
    assert isinstance(built, EmailRequest)
    return built


@pytest.mark.parametrize(
    ("made", "address"),
    [
        ("kim@example.com", "kim@example.com"),
        (" kim@Lab.Example.COM\n", "kim@Lab.Example.COM"),
        ("Kim <kim@example.com>", "kim@example.com"),
        ('"Kim, of the lab" <kim@example.com>', "kim@example.com"),
    ],
)
def test_an_address_is_made_of_an_event(made: str, address: str) -> None:
    """What a template makes gets the email like an address of the channel's own, with a name too."""
    sent = mail(made)
    assert sent.recipients == ("ops@example.com", address)
    assert sent.unsent == {}
    assert address in str(email.message_from_bytes(sent.body)["To"])


@pytest.mark.parametrize(
    ("made", "who", "why"),
    [
        ("", OWNER, "it makes no address of this event"),
        ("None", OWNER, "'None' is not an email address"),
        ("kim@example.org", "kim@example.org", "its domain is none of the channel's allowed_domains"),
        ("kim@evil.example.com", "kim@evil.example.com", "allowed_domains (example.com, lab.example.com)"),
        ("kim@example.com.evil.test", "kim@example.com.evil.test", "its domain is none"),
        ("a@example.com, b@example.com", OWNER, "has several addresses"),
        ("a@example.com;b@example.com", OWNER, "has several addresses"),
        ("a@example.com b@example.com", OWNER, "is not an email address"),
        ("a@example.com\nBcc: b@example.org", OWNER, "is not an email address"),
        ("x\r\nBcc: b@example.org <kim@example.com>", OWNER, "is not an email address"),
        ("kim@example.com>, <b@example.org", OWNER, "several addresses"),
        ("'a@example.org'@example.com", OWNER, "is not an email address"),
        ("k\u0131m@example.com", OWNER, "letters beyond ASCII"),
        ("k" * 100_000, OWNER, "is not an email address"),
        (f"{'n' * 1_000} <kim@example.com>", OWNER, "is not an email address"),
    ],
)
def test_who_may_have_no_mail(made: str, who: str, why: str) -> None:
    """What is no single address in an allowed domain gets nothing, the reason is told, and the others do."""
    sent = mail(made)
    assert sent.recipients == ("ops@example.com",)
    assert [*sent.unsent] == [who]
    assert why in sent.unsent[who]
    assert len(sent.unsent[who]) < 300
    assert email.message_from_bytes(sent.body)["To"] == "ops@example.com"


def test_nobody_at_all() -> None:
    """If templates are all there are, and none makes an address, there is no email; the reason names each."""
    with pytest.raises(NoRecipient) as caught:
        mail("kim@example.org", to_emails=(OWNER,))
    assert caught.value.message.startswith("not sent to kim@example.org: its domain is none of")


def test_a_template_that_came_later() -> None:
    """A template that the channel got after the email was rendered makes nobody of it."""
    sent = mail("kim@example.com", to_emails=("ops@example.com", "{{ other }}"))
    assert (sent.recipients, sent.unsent) == (("ops@example.com",), {})


@given(st.text() | st.from_regex(r"[a-z]*@[a-z.]*[\r\n,;<> ]*(Bcc: )?[a-z@.]*", fullmatch=True))
def test_no_text_of_an_event_leads_elsewhere(made: str) -> None:
    """Whatever an event says, an email has three headers of addresses, and none leads out of the domains."""
    sent = mail(made)
    read = email.message_from_bytes(sent.body)
    assert [name for name in read if name not in {"Date", "Message-ID", "Auto-Submitted"}][:3] == [
        *("Subject", "From", "To")
    ]
    assert not {"Bcc", "Cc"} & {*read}
    assert all(address.rpartition("@")[2].lower() in SPEC.allowed_domains for address in sent.recipients)
    assert len(sent.recipients) <= 2


def test_what_templates_make() -> None:
    """A message is completed with what each template among the recipients makes of the event."""
    content = rendering.completed(SPEC, "text", {"context": {"user_email": "kim@example.com"}})
    assert content.recipients == {OWNER: "kim@example.com"}
    assert rendering.completed(replace(SPEC, to_emails=("a@b",)), "text", {}).recipients is None


@pytest.mark.parametrize("domain", ["", "*", "*.example.com", "@a.com", "a..b", "ä.com", "a" * 254])
def test_what_is_no_domain(domain: str) -> None:
    """Only a whole domain is one: no pattern, and nothing that no address can have."""
    with pytest.raises(InvalidRequest, match="is not a domain like"):
        recipients.read_domain(domain)


def test_bounds_are_for_templates() -> None:
    """Without a template there need be no domains, and recipients may be many."""
    recipients.check_bounds(["a@example.com"] * 50, [])
    recipients.check_bounds([OWNER] * 10, ["example.com"])
    with pytest.raises(InvalidRequest, match=r"allowed_domains must list the domains .*context\.user_email"):
        recipients.check_bounds(["a@example.com", OWNER], [])
    with pytest.raises(InvalidRequest, match="at most 10 are taken"):
        recipients.check_bounds([*["a@example.com"] * 10, OWNER], ["example.com"])


@given(st.text())
def test_what_is_kept_is_small_and_makes_no_other_address(made: str) -> None:
    """Of any text so much is kept as a record has room for, and it is an address only if the text was one."""
    kept = recipients.kept(made)
    assert len(kept.encode()) <= 1_100
    assert kept.isprintable()
    if kept != made.strip():
        with pytest.raises(InvalidRequest):
            mailboxes.read(kept)
