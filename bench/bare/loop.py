"""``python -m bench.bare.loop``: post what bench/fanout.py posts, with libcurl and signatures alone.

The requests have the same headers and bodies as the service's, and each is signed when it is sent. What the
service does besides (rendering, checking where a URL leads, judging responses, recording) is what its figure
is above this one. Prints one line of JSON, as bench/fanout.py does.
"""

import argparse
import hmac
import io
import json
import time
from base64 import b64decode, b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pycurl

from bench.fanning import channel, event, rule
from notifications.core import rendering, signatures
from notifications.core.events import parse
from notifications.core.kinds import webhook
from notifications.core.records import delivery_id
from notifications.core.rule_types import BUILT_IN
from notifications.core.secrets import read
from notifications.outbound.sender import MAX_IN_FLIGHT, MAX_KEPT_CONNECTIONS

OK = 200
WAIT_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Webhook:
    """What is posted: all that is known before it is signed."""

    url: bytes
    id: bytes
    body: bytes
    key: bytes


class Loop:
    """Posts over one libcurl multi handle; connections are kept."""

    def __init__(self) -> None:
        self._multi = pycurl.CurlMulti()
        self._multi.setopt(pycurl.M_MAXCONNECTS, MAX_KEPT_CONNECTIONS)
        self._idle = [_handle() for _ in range(MAX_IN_FLIGHT)]
        self._answers: dict[pycurl.Curl, io.BytesIO] = {}

    def post(self, webhooks: Sequence[Webhook]) -> int:
        """Post all of them; return how many were answered with 200 and a body."""
        waiting = iter(webhooks)
        delivered = 0
        while True:
            self._begin(waiting)
            if not self._answers:
                return delivered
            self._multi.perform()
            _, good, bad = self._multi.info_read()
            for curl in [*good, *(curl for curl, *_ in bad)]:
                answer = self._answers.pop(curl)
                delivered += curl.getinfo(pycurl.RESPONSE_CODE) == OK and bool(answer.getvalue())
                self._multi.remove_handle(curl)
                self._idle.append(curl)
            if not (good or bad):
                self._multi.select(WAIT_SECONDS)

    def _begin(self, waiting: Iterator[Webhook]) -> None:
        while self._idle and (webhook := next(waiting, None)):
            curl = self._idle.pop()
            curl.setopt(pycurl.URL, webhook.url)
            curl.setopt(pycurl.HTTPHEADER, _headers(webhook))
            curl.setopt(pycurl.POSTFIELDS, webhook.body)
            self._answers[curl] = io.BytesIO()
            curl.setopt(pycurl.WRITEDATA, self._answers[curl])
            self._multi.add_handle(curl)


def _handle() -> pycurl.Curl:
    curl = pycurl.Curl()
    curl.setopt(pycurl.PROXY, "")
    curl.setopt(pycurl.NOSIGNAL, True)
    return curl


def _headers(webhook: Webhook) -> list[bytes]:
    now = b"%d" % time.time()
    signed = b"%b.%b.%b" % (webhook.id, now, webhook.body)
    signature = b64encode(hmac.digest(webhook.key, signed, "sha256"))
    return [*_SAME, b"webhook-id: " + webhook.id, b"webhook-timestamp: " + now,
            b"webhook-signature: v1," + signature]  # fmt: skip


_SAME = [
    f"User-Agent: {webhook.USER_AGENT}".encode(),
    f"Content-Type: {webhook.JSON_TYPE}".encode(),
    b"Accept: */*",
    b"Expect:",
]


def webhooks(count: int, url: str) -> list[Webhook]:
    """Make what the service makes of an event for so many rules."""
    document = event()
    happened = parse(document)
    variables = rendering.variables(happened, BUILT_IN[happened.rule_type])
    made: list[Webhook] = []
    for number in range(count):
        to = channel(number, url)
        each = rule(number, to)
        content = rendering.content(each, to, variables)
        assert content is not None  # noqa: S101 - the template writes something
        secret = read(to.sealed).signing[0].secret.removeprefix(signatures.SECRET_PREFIX)
        message_id = delivery_id(happened.id, each.id).encode()
        made.append(Webhook(url.encode(), message_id, content.message.encode(), b64decode(secret)))
    return made


def measured(count: int, url: str) -> dict[str, float]:
    """Post so many webhooks with warm connections; see ``bench.fanning.measured`` for what is returned."""
    loop, posted = Loop(), webhooks(count, url)
    loop.post(posted)
    began, cpu_began = time.perf_counter(), time.process_time()
    delivered = loop.post(posted)
    cpu, seconds = time.process_time() - cpu_began, time.perf_counter() - began
    return {"deliveries": delivered, "seconds": round(seconds, 6), "cpu_seconds": round(cpu, 6)}


def main() -> None:
    """Run as a command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rules", type=int, required=True, metavar="N", help="how many webhooks there are")
    parser.add_argument("--sink", required=True, metavar="URL", help="where all of them go")
    options = parser.parse_args()
    print(json.dumps(measured(options.rules, options.sink)))


if __name__ == "__main__":
    main()
