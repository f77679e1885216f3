"""Receivers with certificates of their own authorities are reached, verified, and shown who calls."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import trustme

from notifications import ca_bundle
from notifications.core.delivery import Failure, OwnTls, Response
from notifications.outbound.sender import Sender
from tests.cloud.gateway import call
from tests.cloud.services import services
from tests.integration.sending import LOCAL, post
from tests.integration.test_mail import SPEC, built
from tests.smtp import mail_server

AUTHORITY, OTHER = trustme.CA(), trustme.CA()
CA, OTHER_CA = (authority.cert_pem.bytes().decode() for authority in (AUTHORITY, OTHER))
CLIENT = AUTHORITY.issue_cert("client@example.com")
CERTIFICATE = "".join(part.bytes().decode() for part in CLIENT.cert_chain_pems)
KEY = CLIENT.private_key_pem.bytes().decode()
URL = "https://example.com/hook"


@contextmanager
def receiver(*, wants_certificate: bool = False) -> Iterator[str]:
    """Take webhooks over TLS with a certificate of the authority; give the URL."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    AUTHORITY.issue_cert("127.0.0.1").configure_cert(context)
    if wants_certificate:
        context.verify_mode = ssl.CERT_REQUIRED
        AUTHORITY.configure_trust(context)
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError):  # the end of the test, or a handshake that failed
            while True:
                connection, _ = listening.accept()
                with suppress(OSError), context.wrap_socket(connection, server_side=True) as secured:
                    secured.recv(65_536)
                    secured.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield f"https://127.0.0.1:{listening.getsockname()[1]}/"
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()


def test_a_bundle_of_the_channel() -> None:
    """With its authority the receiver is trusted, without it or with another one nothing is sent."""
    sender = Sender(max_in_flight=1, policy=LOCAL)
    with receiver() as url:
        for own_tls, trusted in (
            (OwnTls(CA), True),
            (OwnTls(f"# 우리 기관\n{CA}"), True),
            (None, False),
            (OwnTls(OTHER_CA), False),
            (OwnTls(CA), True),
        ):
            outcome = sender.send(replace(post(url), own_tls=own_tls))
            assert isinstance(outcome, Response) == trusted, outcome
            if isinstance(outcome, Failure):
                assert outcome.error_class == "tls"


def test_a_client_certificate() -> None:
    """A receiver that wants to know who calls is shown it, by this channel's requests and no others."""
    sender = Sender(max_in_flight=1, policy=LOCAL)
    with receiver(wants_certificate=True) as url:
        shown = replace(post(url), own_tls=OwnTls(CA, CERTIFICATE, KEY))
        assert isinstance(sender.send(shown), Response)
        assert isinstance(sender.send(replace(post(url), own_tls=OwnTls(CA))), Failure)
        assert isinstance(sender.send(shown), Response)


def test_a_bundle_of_the_stack() -> None:
    """The stack's own authorities are trusted besides the public ones."""
    both = ca_bundle.receivers_ca_file(CA.replace("\n", "\\n"))
    try:
        assert Path(both).read_text("utf-8").startswith(Path(ca_bundle.ca_file()).read_text("utf-8"))
        with receiver() as url:
            sender = Sender(max_in_flight=1, ca_file=both, policy=LOCAL)
            assert isinstance(sender.send(post(url)), Response)
    finally:
        Path(both).unlink()


def test_mail_servers_too(tmp_path: Path) -> None:
    """A mail server with a certificate of the channel's authority is trusted."""
    with mail_server(tmp_path, "--tls", "starttls") as server:
        spec = replace(SPEC, port=server.port, use_tls=True)
        sender = Sender(max_in_flight=1, policy=LOCAL)
        bundle = Path(server.ca_file).read_text("utf-8")
        assert isinstance(sender.send(built(replace(spec, ca_bundle=bundle))), Response)
        assert isinstance(sender.send(built(spec)), Failure)


def channel(**spec: Any) -> Any:
    """Ask for a channel with this spec."""
    return call("POST", "/notifications/channels", {"name": "c", "spec": {"url": URL, **spec}})


@pytest.mark.usefixtures("cloud")
def test_a_bundle_with_comments() -> None:
    """A bundle may say in any language whose certificates it has."""
    assert channel(ca_bundle=f"# 우리 기관\n{CA}").status == 201


@pytest.mark.usefixtures("cloud")
def test_the_key_is_sealed() -> None:
    """The key is never shown; an update that leaves it out keeps it, at the same host only."""
    made = channel(ca_bundle=CA, client_certificate=CERTIFICATE, client_key=KEY).json["channel"]
    assert made["spec"]["client_key"] is None
    stored = services().channels.get(made["id"])
    assert "PRIVATE KEY" not in repr(stored)
    assert services().vault.opened(stored).spec.client_key == KEY  # type: ignore[union-attr]
    path = f"/notifications/channels/{made['id']}"
    assert call("PATCH", path, {"spec": {**made["spec"], "timeout": 5}}).status == 200
    assert services().vault.opened(services().channels.get(made["id"])).spec.client_key == KEY  # type: ignore[union-attr]
    moved = {**made["spec"], "url": "https://other.example.com/"}
    kept = call("PATCH", path, {"spec": moved, "keep_credentials": True})
    assert (kept.status, kept.json["dropped_credentials"]) == (200, [])
    assert services().vault.opened(services().channels.get(made["id"])).spec.client_key == KEY  # type: ignore[union-attr]
    dropped = call("PATCH", path, {"spec": made["spec"]})
    assert dropped.json["dropped_credentials"] == ["client_certificate", "client_key"]
    assert dropped.json["channel"]["spec"]["client_certificate"] is None
    assert services().vault.opened(services().channels.get(made["id"])).spec.client_key is None  # type: ignore[union-attr]


@pytest.mark.usefixtures("cloud")
@pytest.mark.parametrize(
    ("spec", "told"),
    [
        ({"ca_bundle": "nothing"}, "not a list of certificates in PEM"),
        ({"ca_bundle": "인증서"}, "not a list of certificates in PEM"),
        ({"ca_bundle": CA.replace("M", "é")}, "not a list of certificates in PEM"),
        ({"client_certificate": "인증서", "client_key": "열쇠"}, "spec.client_key"),
        ({"ca_bundle": CERTIFICATE.replace("M", "N")}, "not a list of certificates in PEM"),
        ({"client_certificate": CERTIFICATE}, "needs its key"),
        ({"client_key": KEY}, "no client_certificate"),
        ({"client_certificate": CERTIFICATE, "client_key": "nothing"}, "spec.client_key"),
        (
            {
                "client_certificate": CERTIFICATE,
                "client_key": OTHER.issue_cert("x.example.com").private_key_pem.bytes().decode(),
            },
            "spec.client_key",
        ),
        ({"ca_bundle": "x" * 20_000}, "16384"),
    ],
)
def test_what_is_no_certificate(spec: dict[str, Any], told: str) -> None:
    """What cannot serve is refused when it is saved, in words."""
    answer = channel(**spec)
    assert answer.status == 400
    assert told in answer.json["msg"]
    assert "PRIVATE KEY" not in answer.text
