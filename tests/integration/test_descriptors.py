"""However many receivers a process has met, it has descriptors left; else no receiver is blamed."""

import errno
import json
import resource
import socket
import subprocess
import sys
from typing import Any

import pytest

from local.common import ROOT, first_line
from notifications.core.delivery import Failure
from notifications.outbound import exchange, resolver
from notifications.outbound.sender import Sender
from tests.cloud import pipeline as made
from tests.cloud.pipeline import Pipeline, add_channel, add_rule, document
from tests.cloud.services import services
from tests.integration.sending import LOCAL, post
from tests.integration.sockets import answer, raw_server

SCRIPT = """
import json, os, resource, socket, sys, threading
from notifications.core.delivery import Response
from notifications.outbound.sender import Sender
from tests.integration.sending import LOCAL, post

batch, receivers, port = map(int, sys.argv[1:])
resource.setrlimit(resource.RLIMIT_NOFILE, (1024, 1024))
urls = [f"http://127.{1 + number // 250}.{number % 250}.1:{port}/" for number in range(receivers)]
sender = Sender(policy=LOCAL)
delivered, most = 0, 0
for start in range(0, receivers, batch):
    for _, outcome in sender.send_all(post(url) for url in urls[start : start + batch]):
        delivered += isinstance(outcome, Response) and outcome.status == 200
        most = max(most, len(os.listdir("/proc/self/fd")))
again = sum(isinstance(outcome, Response) for _, outcome in sender.send_all(map(post, urls[:500])))
print(json.dumps({"delivered": delivered, "again": again, "descriptors": most}))
"""

RECEIVER = """
import asyncio, resource
resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)

async def serve(reader, writer):
    try:
        while True:
            head = await reader.readuntil(b"\\r\\n\\r\\n")
            headers = dict(line.lower().split(b": ", 1) for line in head.split(b"\\r\\n")[1:] if line)
            length = int(headers[b"content-length"])
            await reader.readexactly(length)
            writer.write(b"HTTP/1.1 200 OK\\r\\nContent-Length: 2\\r\\n\\r\\nok")
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()

async def main():
    server = await asyncio.start_server(serve, "0.0.0.0", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()

asyncio.run(main())
"""


@pytest.mark.parametrize("batch", [10, 1_000])
def test_three_thousand_receivers(batch: int) -> None:
    """With the 1,024 descriptors of a Lambda all of 3,000 receivers are reached, and many stay free."""
    with subprocess.Popen([sys.executable, "-c", RECEIVER], stdout=subprocess.PIPE, text=True) as receiver:
        try:
            port = first_line(receiver.stdout).strip()
            result = subprocess.run(
                [sys.executable, "-c", SCRIPT, str(batch), "3000", port],
                env={"PYTHONPATH": f"{ROOT}:{ROOT}/layers/notifications"},
                capture_output=True,
                text=True,
                check=True,
                timeout=120,
            )
        finally:
            receiver.kill()
    told: dict[str, int] = json.loads(result.stdout)
    assert (told["delivered"], told["again"]) == (3_000, 500)
    assert told["descriptors"] < 700
    assert result.stderr == ""


def exhausted(*_: Any, **__: Any) -> Any:
    """Have no descriptor left."""
    raise OSError(errno.EMFILE, "Too many open files")


def test_no_descriptor_is_our_own_fault(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """A socket that cannot be made here is told as that, and nothing is printed."""
    with raw_server(answer(b"HTTP/1.1 200 OK\r\n\r\n")) as server:
        monkeypatch.setattr(exchange, "_Socket", exhausted)
        outcome = Sender(max_in_flight=1, policy=LOCAL).send(post(server.url))
    assert isinstance(outcome, Failure)
    assert (outcome.error_class, "Too many open files" in outcome.message) == ("own", True)
    assert capfd.readouterr().err == ""


def test_no_descriptor_for_a_look_up() -> None:
    """A look-up for which there is no descriptor says nothing of the host."""
    outcome = Sender(max_in_flight=1, policy=LOCAL, look_up=exhausted).send(post("http://receiver.example/"))
    assert isinstance(outcome, Failure)
    assert outcome.error_class == "own"


def test_the_receiver_is_not_blamed(pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    """A delivery that failed for a reason of our own waits on, and nothing is counted."""
    with raw_server(answer(b"HTTP/1.1 200 OK\r\n\r\n")) as server:
        rule = add_rule(add_channel(server.url))
        with monkeypatch.context() as patch:
            patch.setattr(exchange, "_Socket", exhausted)
            pipeline.dispatch(document())
        record = made.delivery(rule)
        assert (record.status, record.tries, record.attempt_count) == ("pending", 0, 0)
        assert services().health.get(rule.channel_id) is None
        assert len(pipeline.take("delivery")) == 1
        pipeline.redeliver(made.hint(record))
    assert made.delivery(rule).status == "delivered"


def test_without_ipv6(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    """Where no IPv6 socket can be made only IPv4 addresses are asked for, and nothing is printed."""
    asked: list[int] = []
    made_before = socket.socket

    def getaddrinfo(*arguments: Any) -> list[Any]:
        asked.append(arguments[2])
        return [(0, 0, 0, "", ("127.0.0.1", 0))]

    def no_ipv6(family: int, *arguments: Any) -> socket.socket:
        if family == socket.AF_INET6:
            raise OSError(errno.EAFNOSUPPORT, "Address family not supported by protocol")
        return made_before(family, *arguments)

    monkeypatch.setattr(socket, "socket", no_ipv6)
    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    resolver.has_ipv6.cache_clear()
    try:
        assert resolver.look_up("receiver.example") == ["127.0.0.1"]
        assert asked == [socket.AF_INET]
    finally:
        resolver.has_ipv6.cache_clear()
    monkeypatch.setattr(exchange, "_Socket", no_ipv6)
    outcome = Sender(max_in_flight=1, policy=LOCAL).send(post("http://[::1]:9/"))
    assert isinstance(outcome, Failure)
    assert outcome.error_class == "connect"
    assert capfd.readouterr().err == ""


def test_the_limit_is_what_a_lambda_has() -> None:
    """The test above could fail: this machine lets the limit be lowered."""
    assert resource.getrlimit(resource.RLIMIT_NOFILE)[1] >= 1_024
