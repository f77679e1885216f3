"""What a mail server says of each recipient is told, and nobody is mailed twice for another's sake."""

from dataclasses import replace

import pytest

from notifications.core import attempts, records
from notifications.core.delivery import Content, Failure, Response
from notifications.core.kinds import judge
from tests.cloud import pipeline as made
from tests.cloud.pipeline import Pipeline, add_rule, hint
from tests.cloud.services import services
from tests.cloud.values import channel as a_channel
from tests.integration.smtp_script import MAIL, NOW, SPEC, send, server
from tests.samples import records as record_samples
from tests.scripted_smtp import ScriptedMailServer


def test_one_refused_recipient_does_not_stop_the_others() -> None:
    """Who is refused for good is told with the server's words; the others get the mail, and QUIT is said."""
    with server(b=b"550-5.1.1 no such\r\n550 5.1.1 user here") as running:
        outcome = send(running)
    assert isinstance(outcome, Response)
    judgement = judge(SPEC, outcome)
    assert judgement.delivered
    assert judgement.reason == "status 250; RCPT TO b@example.com: 550 5.1.1 no such user here"
    assert len(running.mails) == 1
    assert running.heard[-1] == "QUIT"
    attempt = attempts.attempt(MAIL, outcome, judgement, NOW)
    assert attempt.recipients == {
        "a@example.com": "accepted",
        "b@example.com": "550 5.1.1 no such user here",
        "c@example.com": "accepted",
    }
    assert attempt.response == "250 2.0.0 queued as 4711"


def test_a_deferred_recipient_alone_is_mailed_again() -> None:
    """Who is refused for now is tried again; those who have the mail, and those who never will, are not."""
    with server(a=b"450 4.2.0 greylisted", b=b"550 5.1.1 no") as running:
        outcome = send(running)
    judgement = judge(SPEC, outcome)
    assert (judgement.delivered, judgement.error_class) == (False, "smtp_temporary")
    attempt = attempts.attempt(MAIL, outcome, judgement, NOW)
    record = attempts.attempted(record_samples.delivery(), attempt, judgement, outcome, "standard", 0.0, NOW)
    assert record.status == "pending"
    assert set(record.settled) == {"b@example.com", "c@example.com"}
    with server() as running:
        outcome = send(running, settled=record.settled)
    assert [line for line in running.heard if line.startswith("RCPT")] == ["RCPT TO:<a@example.com>"]
    assert b"c@example.com" in running.mails[0], "the header still names all"
    assert judge(SPEC, outcome).delivered


@pytest.mark.parametrize(
    ("reply", "error_class"),
    [(b"550 5.7.1 not allowed", "smtp_permanent"), (b"452 4.5.3 too many", "smtp_temporary")],
)
def test_all_refused(reply: bytes, error_class: str) -> None:
    """When nobody is accepted the mail has failed, with each recipient's reason."""
    with server(a=reply, b=reply, c=reply) as running:
        outcome = send(running)
    assert isinstance(outcome, Failure)
    assert outcome.error_class == error_class
    assert outcome.message.count(reply.decode()) == 3
    assert "RCPT TO b@example.com: " in outcome.message


def test_some_refused_for_good_and_the_rest_for_now() -> None:
    """As long as one may be accepted later, the mail is tried again, for that one."""
    with server(a=b"550 no", b=b"550 no", c=b"451 later") as running:
        outcome = send(running)
    assert isinstance(outcome, Failure)
    assert outcome.error_class == "smtp_temporary"
    assert outcome.email is not None
    assert outcome.email.settled == ("a@example.com", "b@example.com")


@pytest.mark.parametrize(
    ("replies", "error_class", "told"),
    [
        ({"MAIL_FROM": b"553 5.7.1 sender not owned"}, "smtp_permanent", "MAIL FROM:<alerts@example.com>"),
        ({"the_mail": b"552 5.3.4 message too big"}, "smtp_permanent", "552 5.3.4 message too big"),
        (
            {"the_mail": b"554-5.7.1 looks like\r\n554 5.7.1 spam"},
            "smtp_permanent",
            "554 5.7.1 looks like spam",
        ),
        ({"DATA": b"451 4.3.0 try later"}, "smtp_temporary", "DATA: 451 4.3.0 try later"),
        (
            {"EHLO": b"421 4.3.2 shutting down", "HELO": b"421 4.3.2 shutting down"},
            "smtp_temporary",
            "421 4.3.2",
        ),
        ({"DATA": b""}, "protocol", "DATA"),
        ({"MAIL_FROM": "550 거부됨".encode()}, "smtp_permanent", "550 거부됨"),
        ({"MAIL_FROM": "550 사용자 없음".encode("euc-kr")}, "smtp_permanent", "550 사용자 없음"),
        ({"b": b"550 5.1.1 no", "DATA": b""}, "protocol", "after DATA"),
        ({"b": b"421 4.7.0 too many", "c": b""}, "smtp_temporary", "RCPT TO:<b@example.com>: 421 4.7.0"),
        ({"MAIL_FROM": "550 Größe".encode("latin-1")}, "smtp_permanent", "550 Größe"),
    ],
)
def test_why_it_failed(replies: dict[str, bytes], error_class: str, told: str) -> None:
    """The server's line and the command it was said to are the reason; no reason is empty."""
    with server(**replies) as running:
        outcome = send(running)
    assert isinstance(outcome, Failure)
    assert (outcome.error_class, outcome.message.strip() != "") == (error_class, True)
    assert told in outcome.message


def test_a_server_that_does_not_want_to_talk() -> None:
    """A greeting that refuses is the reason."""
    with server(greeting=b"554 5.3.2 no service here") as running:
        outcome = send(running)
    assert isinstance(outcome, Failure)
    assert outcome.message == "connecting: 554 5.3.2 no service here"


LOGIN = replace(SPEC, username="user", password="pass-word-1")


def test_a_login_that_is_not_offered() -> None:
    """Where the server offers no login nothing is mailed: it would go out as somebody else's."""
    with server(EHLO=b"250-mail.test\r\n250 8BITMIME") as running:
        outcome = send(running, LOGIN)
    assert isinstance(outcome, Failure)
    assert outcome.error_class == "smtp_permanent"
    assert "no login" in outcome.message
    assert running.mails == []


@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN"])
def test_a_login_that_is_refused(mechanism: str) -> None:
    """A refused login is told, and no part of it is, whatever the server repeats."""
    offered = f"250-mail.test\r\n250 AUTH {mechanism}".encode()
    refusal = b"535 5.7.8 bad pass-word-1 AHVzZXIAcGFzcy13b3JkLTE="
    steps = {"AUTH": b"334 VXNlcm5hbWU6"} if mechanism == "LOGIN" else {"AUTH": refusal}
    replies = {"EHLO": offered, **steps, "dXNlcg": b"334 UGFzc3dvcmQ6", "cGFzcy": refusal, "AHVz": refusal}
    running = ScriptedMailServer(replies)
    outcome = send(running, LOGIN)
    running.close()
    assert isinstance(outcome, Failure)
    assert outcome.error_class == "smtp_permanent"
    assert "535 5.7.8 bad ***" in outcome.message
    assert "pass-word-1" not in outcome.message
    assert "cGFzcy13b3JkLTE" not in outcome.message


@pytest.mark.parametrize("before", [280, 285, 292, 980, 990])
def test_a_reply_that_is_cut(before: int) -> None:
    """Of a long reply the beginning is told, and no part of a password that stands across the cut."""
    refusal = f"550 {'x' * (before - 5)} pass-word-1 {'y' * 700}".encode()
    replies = {"EHLO": b"250-mail.test\r\n250 AUTH PLAIN", "AUTH": b"334 ", "AHVz": b"235 welcome"}
    running = ScriptedMailServer(replies | {"RCPT TO:<a@": refusal})
    outcome = send(running, LOGIN)
    running.close()
    assert isinstance(outcome, Response)
    assert outcome.email is not None
    assert len(outcome.email.refused["a@example.com"]) <= 300
    assert "pass" not in outcome.email.refused["a@example.com"]


def test_fifty_recipients_of_whom_one_is_taken() -> None:
    """However many are refused, the one who is accepted gets the mail."""
    spec = replace(SPEC, to_emails=(*(f"n{number}@example.com" for number in range(49)), "a@example.com"))
    running = ScriptedMailServer({"RCPT TO:<n": b"550 5.1.1 unknown"})
    outcome = send(running, spec)
    running.close()
    assert isinstance(outcome, Response)
    assert len(running.mails) == 1
    assert outcome.email is not None
    assert (outcome.email.accepted, len(outcome.email.refused)) == (("a@example.com",), 49)


def test_who_has_the_mail_gets_no_copy_by_a_retry_of_hand() -> None:
    """A retry by hand of an email that some lack goes to those; of one that was delivered, to all."""
    with server(a=b"450 4.2.0 greylisted", b=b"550 5.1.1 no") as running:
        outcome = send(running)
    judgement = judge(SPEC, outcome)
    attempt = attempts.attempt(MAIL, outcome, judgement, NOW)
    record = attempts.attempted(record_samples.delivery(), attempt, judgement, outcome, "none", 0.0, NOW)
    assert record.status == "failed"
    assert records.replayed(record, Content("text", "s"), NOW).settled == ("c@example.com",)
    delivered = replace(record, status="delivered")
    assert records.replayed(delivered, Content("text", "s"), NOW).settled == ()


def test_nobody_is_left_to_mail(pipeline: Pipeline) -> None:
    """If who waited was taken off the channel the retry ends, and those who stay get no second copy."""
    with server() as running:
        channel = a_channel(spec=replace(SPEC, port=running.port, to_emails=("A <a@example.com>",)))
        services().channels.create(channel)
        record = made.pending(rule := add_rule(channel), settled=("a@example.com", "b@example.com"))
        pipeline.redeliver(hint(record), queue="slow")
        ended = made.delivery(rule)
        assert (ended.status, ended.reason) == ("skipped", "no_recipient_left")
        assert running.heard == []
        send(running)
