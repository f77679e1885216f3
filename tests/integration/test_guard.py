"""Nothing is connected to but addresses that were vetted, whatever name servers and receivers say."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pycurl
import pytest
import trustme

from local.receiver import Receiver, Reply
from notifications.core.delivery import Content, EmailRequest, Failure, Outcome, Response
from notifications.core.kinds import build_request
from notifications.core.model import EmailSpec
from notifications.core.targets import DEFAULT_POLICY, TargetPolicy, check_url
from notifications.outbound import resolver
from notifications.outbound.exchange import Handle
from notifications.outbound.resolver import Route
from notifications.outbound.sender import Sender
from tests.integration.sending import LOCAL, post
from tests.integration.sockets import answer, echo, hang, raw_server

ANY_PORT = TargetPolicy.read(http=True, ports="any")
"""Takes no address but public ones."""

NAME = "receiver.example"
INTERNAL = [
    "127.0.0.1",
    "10.0.0.1",
    "169.254.169.254",
    "::1",
    "::ffff:127.0.0.1",
    "fd00:ec2::254",
    "fe80::1%lo",
]


def answering(*answers: Sequence[str]) -> tuple[Callable[[str], Sequence[str]], list[str]]:
    """Make a name server that gives these answers, one after the other, and tells what it was asked."""
    asked: list[str] = []

    def look_up(host: str) -> Sequence[str]:
        asked.append(host)
        return answers[min(len(asked), len(answers)) - 1]

    return look_up, asked


def answer_at_once(connection: socket.socket, _ended: threading.Event) -> None:
    """Greet as a mail server that takes no mail."""
    connection.sendall(b"554 no service\r\n")


def refused(outcome: Outcome) -> str:
    """Return the message of a refusal."""
    assert isinstance(outcome, Failure)
    assert outcome.error_class == "refused_address"
    return outcome.message


@pytest.mark.parametrize("address", INTERNAL)
@pytest.mark.parametrize("good", [[], ["93.184.215.14"], ["2606:4700::1111", "93.184.215.14"]])
def test_mixed_answers(address: str, good: list[str]) -> None:
    """One internal address among the answers refuses the host, wherever it stands: nothing is opened."""
    with raw_server(echo) as server:
        port = server.url.rpartition(":")[2]
        for answers in ([address, *good], [*good, address]):
            sender = Sender(1, policy=ANY_PORT, look_up=answering(answers)[0])
            assert address in refused(sender.send(post(f"http://{NAME}:{port}/")))
        assert server.connections == []


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1/", "http://0x7f.1/", "http://[::1]/", "http://2130706433/"]
)
def test_addresses_in_urls(url: str) -> None:
    """An internal address in a stored URL, in any form, is refused without a look-up."""
    look_up, asked = answering(["93.184.215.14"])
    assert "does not connect" in refused(Sender(1, policy=ANY_PORT, look_up=look_up).send(post(url)))
    assert asked == []


def test_a_name_is_looked_up_once() -> None:
    """What was vetted is connected to: a name server that changes its answer is not asked again."""
    look_up, asked = answering(["127.0.0.1"], ["127.0.0.2"])  # nothing listens on the second one
    with Receiver() as receiver:
        url = f"http://{NAME}:{receiver.url.rpartition(':')[2]}/"
        outcomes = dict(Sender(4, policy=LOCAL, look_up=look_up).send_all([post(url)] * 20))
    assert [type(outcomes[position]) for position in range(20)] == [Response] * 20
    assert asked == [NAME]


def test_an_answer_that_turns_bad(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that led to a good address and then leads inside is refused as soon as it is looked up again."""
    monkeypatch.setattr(resolver, "KEPT_SECONDS", 0.0)
    look_up, asked = answering(["127.0.0.1"], ["10.0.0.1"])
    with Receiver() as receiver:
        url = f"http://{NAME}:{receiver.url.rpartition(':')[2]}/"
        sender = Sender(1, policy=LOCAL, look_up=look_up)
        assert isinstance(sender.send(post(url)), Response)
        assert "10.0.0.1" in refused(sender.send(post(url)))
        assert len(receiver.received) == 1
    assert asked == [NAME, NAME]


@pytest.mark.parametrize("host", ["127.0.0.1", NAME])
def test_vetted_again_at_the_connection(host: str) -> None:
    """Even if libcurl is told, or finds out itself, an internal address, no socket is opened for it."""
    with raw_server(echo) as server:
        port = server.url.rpartition(":")[2]
        target = check_url(f"http://{host}:{port}/", LOCAL)
        handle = Handle(DEFAULT_POLICY, "/dev/null")
        handle.prepare(post(server.url), Route(target, f"{host}:{port}:127.0.0.1"), 5)
        with pytest.raises(pycurl.error) as caught:
            handle.curl.perform()
        assert "127.0.0.1" in refused(handle.outcome(*caught.value.args))
        assert server.connections == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_inside(status: int) -> None:
    """A redirect to an internal address is an answer like any other: it is not followed."""
    with Receiver() as internal:
        reply = Reply(status, {"Location": f"{internal.url}/latest/meta-data"})
        with Receiver(lambda _: reply) as receiver:
            outcome = Sender(1, policy=LOCAL).send(post(receiver.url))
        assert isinstance(outcome, Response)
        assert outcome.status == status
        assert internal.received == []


def test_the_name_stays_in_the_request(tmp_path: Path) -> None:
    """Certificate check, SNI and Host are those of the name, though an address is connected to."""
    authority = trustme.CA()
    ca_file = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(ca_file)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(NAME).configure_cert(context)
    named: list[str | None] = []
    context.sni_callback = lambda _socket, name, _context: named.append(name)

    def serve(connection: object, ended: threading.Event) -> None:
        with context.wrap_socket(connection, server_side=True) as wrapped:  # type: ignore[arg-type]
            echo(wrapped, ended)

    with raw_server(serve) as server:
        port = server.url.rpartition(":")[2]
        sender = Sender(1, str(ca_file), LOCAL, answering(["127.0.0.1"])[0])
        outcome = sender.send(post(f"https://{NAME.upper()}.:{port}/"))
        assert isinstance(outcome, Response)
        assert f"\r\nHost: {NAME}:{port}\r\n".encode() in outcome.body
        wrong = sender.send(post(f"https://other.example:{port}/"))
    assert named[0] == NAME
    assert isinstance(wrong, Failure)
    assert wrong.error_class == "tls"


def test_mail_is_guarded_too() -> None:
    """A mail server whose name or address leads inside is not connected to."""
    with raw_server(answer(b"220 hello\r\n")) as server:
        port = int(server.url.rpartition(":")[2])
        for host in (NAME, "127.0.0.1", "2130706433", "::1"):
            spec = EmailSpec(host, port, "a@example.com", ("b@example.com",), use_tls=False)
            mail = build_request(spec, Content("b", "s"), "m", datetime.now(UTC))
            assert isinstance(mail, EmailRequest)
            sender = Sender(1, policy=ANY_PORT, look_up=answering(["127.0.0.1"])[0])
            refused(sender.send(mail))
        assert server.connections == []


def test_mail_goes_to_the_vetted_address() -> None:
    """A mail server is connected to at the address that was looked up."""
    with raw_server(answer_at_once) as server:
        spec = EmailSpec(
            NAME, int(server.url.rpartition(":")[2]), "a@example.com", ("b@example.com",), use_tls=False
        )
        mail = build_request(spec, Content("b", "s"), "m", datetime.now(UTC))
        outcome = Sender(1, policy=LOCAL, look_up=answering(["127.0.0.1"])[0]).send(mail)
        assert isinstance(outcome, Failure)
        assert outcome.error_class != "refused_address"
        assert len(server.connections) == 1


def test_policy_at_delivery() -> None:
    """What the policy does not take is not sent to, though it was stored when it did: http, ports."""
    with raw_server(hang) as server:
        for policy in (TargetPolicy.read("127.0.0.0/8"), TargetPolicy.read("127.0.0.0/8", http=True)):
            outcome = Sender(1, policy=policy).send(post(server.url))
            assert isinstance(outcome, Failure)
            assert outcome.error_class == "invalid"
        assert server.connections == []


def test_a_slow_look_up_does_not_delay_the_others() -> None:
    """While one name takes long, the others are sent; the slow one ends at its own timeout."""
    released = threading.Event()

    def look_up(host: str) -> list[str]:
        if host == "slow.example":
            released.wait(10)
        return ["127.0.0.1"]

    with Receiver() as receiver:
        port = receiver.url.rpartition(":")[2]
        requests = [post(f"http://slow.example:{port}/", timeout=1.0)]
        requests += [post(f"http://n{number}.example:{port}/") for number in range(30)]
        started = time.monotonic()
        ended = [
            (position, outcome, time.monotonic() - started)
            for position, outcome in Sender(8, policy=LOCAL, look_up=look_up).send_all(requests)
        ]
        released.set()
    position, slow, seconds = ended[-1]
    assert (position, isinstance(slow, Failure) and slow.error_class) == (0, "timeout")
    assert 0.9 < seconds < 3
    assert all(isinstance(outcome, Response) for _, outcome, _ in ended[:-1])
    assert max(seconds for *_, seconds in ended[:-1]) < 0.9


@pytest.mark.parametrize("answers", [[], None])
def test_names_without_an_address(answers: list[str] | None) -> None:
    """A name that has no address, or whose server fails, is a failure of class dns."""

    def look_up(_: str) -> list[str]:
        if answers is None:
            raise OSError("the server fails")
        return answers

    outcome = Sender(1, policy=LOCAL, look_up=look_up).send(post(f"http://{NAME}/"))
    assert isinstance(outcome, Failure)
    assert outcome.error_class == "dns"


def test_the_systems_own_look_up() -> None:
    """The name localhost is looked up by the system, and refused where loopback is not on the list."""
    with Receiver() as receiver:
        url = receiver.url.replace("127.0.0.1", "localhost")
        assert isinstance(Sender(1, policy=LOCAL).send(post(url)), Response)
        refused(Sender(1, policy=ANY_PORT).send(post(url)))
        assert len(receiver.received) == 1
    assert "127.0.0.1" in resolver.look_up("localhost")
