"""Nothing of one exchange is left for the next one that goes over the same line."""

import itertools
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest

from notifications.core.delivery import EmailRequest, Failure, Request, Response, WebhookRequest
from notifications.outbound.sender import Sender
from tests.integration.sending import LOCAL, post
from tests.integration.sockets import echo, raw_server
from tests.integration.test_mail import SPEC, built
from tests.smtp import MailServer, mail_server

ACCOUNT = ("user", "secret")
NAME = "receiver.example.com"


@pytest.fixture
def url() -> Iterator[str]:
    """Have a receiver that answers with what it got."""
    with raw_server(echo) as server:
        yield server.url


@pytest.fixture(scope="module")
def mail_to(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MailServer]:
    """Have a mail server that knows an account, and takes mail without one."""
    with mail_server(tmp_path_factory.mktemp("smtp")) as server:
        yield server


def webhooks(url: str) -> list[WebhookRequest]:
    """Make webhooks each of which has something that the others lack."""
    return [
        post(url, "a long message, " * 9, headers=(("Authorization", "Bearer t"), ("Content-Type", "a/b"))),
        post(url + "/path?token=t", "", method="PUT", headers=(("Accept", "text/plain"),)),
        post(url.replace("127.0.0.1", NAME), "short", method="PATCH", headers=(("X-Empty", ""),)),
        post(url, headers=()),
    ]


def mails(server: MailServer) -> list[EmailRequest]:
    """Make emails with and without an account."""
    plain = built(replace(SPEC, port=server.port))
    return [replace(plain, credentials=ACCOUNT, recipients=("c@example.com",)), plain]


def sender() -> Sender:
    """Make a sender with one line."""
    return Sender(1, policy=LOCAL, look_up=lambda _: ["127.0.0.1"])


def arrived(sender: Sender, request: Request, server: MailServer) -> object:
    """Send, and return what came: the bytes of a webhook, or an email."""
    outcome = sender.send(request)
    assert isinstance(outcome, Response), outcome
    return server.next_mail() if isinstance(request, EmailRequest) else outcome.body


def test_a_used_line_sends_what_a_new_one_does(url: str, mail_to: MailServer) -> None:
    """After any webhook or mail, any other one arrives byte for byte as over a new line."""
    requests: list[Request] = [*webhooks(url), *mails(mail_to)]
    expected = [arrived(sender(), request, mail_to) for request in requests]
    used = sender()
    for first, second in itertools.permutations(range(len(requests)), 2):
        assert arrived(used, requests[first], mail_to) == expected[first]
        assert arrived(used, requests[second], mail_to) == expected[second]


def test_a_request_that_can_not_be_made_leaves_nothing(url: str, mail_to: MailServer) -> None:
    """What was prepared of a request or an email that libcurl refuses is not there for the next one."""
    bad: list[Request] = [
        replace(webhooks(url)[0], method="PO\0ST"),
        replace(mails(mail_to)[0], recipients=("c\0@example.com",)),
    ]
    plain = webhooks(url)[3]
    expected = arrived(sender(), plain, mail_to)
    used = sender()
    for request in bad:
        outcome = used.send(request)
        assert isinstance(outcome, Failure)
        assert outcome.error_class == "invalid"
        assert arrived(used, plain, mail_to) == expected


def hang_a_little(_connection: socket.socket, ended: threading.Event) -> None:
    """Take the connection and close it before long."""
    ended.wait(0.3)


def test_a_short_timeout_is_its_own_requests() -> None:
    """A request that has more time than the one before it on its line gets it."""
    with raw_server(hang_a_little) as server:
        used = sender()
        outcomes = [used.send(post(server.url, timeout=timeout)) for timeout in (0.05, 5)]
    assert [outcome.error_class for outcome in outcomes if isinstance(outcome, Failure)] == [
        "timeout",
        "protocol",  # it hung up
    ]
