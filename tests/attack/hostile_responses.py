"""How hostile receivers respond. The names are the paths at which they do."""

import asyncio
import gzip
import secrets
import zlib

from tests.stack.exchanges import Exchange
from tests.stack.responders import Responder

INSIDE = "https://127.0.0.1:8443"
METADATA = "http://169.254.169.254/latest/meta-data"
_OK = b"HTTP/1.1 200 OK\r\n"
_PART = b"a" * 65_536
_DEFLATED = zlib.compress(bytes(50 * 1024 * 1024), 9)

TICK_SECONDS = 0.1
BOMB = gzip.compress(bytes(200 * 1024 * 1024), 9)
"""Some 200 KB that become 200 MB."""


def plain(status: str, *headers: str, body: bytes = b"") -> bytes:
    """Write a response."""
    lines = (f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}", "", "")
    return "\r\n".join(lines).encode() + body


def answer(data: bytes) -> Responder:
    """Send these bytes and close."""

    async def respond(exchange: Exchange) -> bool:
        await exchange.send(data)
        return False

    return respond


def endless(start: bytes, part: bytes) -> Responder:
    """Send these bytes, and then more of them as fast as they are taken."""

    async def respond(exchange: Exchange) -> bool:
        await exchange.send(start)
        while True:
            await exchange.send(part)

    return respond


def drip(start: bytes, part: bytes = b"x") -> Responder:
    """Send these bytes, and then one by one, slowly and without end."""

    async def respond(exchange: Exchange) -> bool:
        await exchange.send(start)
        while True:
            await asyncio.sleep(TICK_SECONDS)
            await exchange.send(part)

    return respond


async def hang(exchange: Exchange) -> bool:
    """Never respond."""
    await exchange.reader.read()  # until the sender gives up
    return False


def echo(status: str) -> Responder:
    """Respond with all that was sent, with the credentials in it."""

    async def respond(exchange: Exchange) -> bool:
        message = exchange.message
        authorization = message.headers.get("authorization", "")
        await exchange.send(plain(status, f"X-Echo: {authorization}", body=message.head + message.body))
        return False

    return respond


RESPONDERS: dict[str, Responder] = {
    "echo-ok": echo("200 OK"),
    "echo-refusal": echo("400 Bad Request"),
    "echo-failure": echo("500 Internal Server Error"),
    "endless-headers": endless(_OK, b"X-A: " + b"a" * 1_000 + b"\r\n"),
    "endless-header": endless(_OK + b"X-A: ", _PART),
    "endless-status": endless(b"HTTP/1.1 200 ", _PART),
    "endless-body": endless(_OK + b"\r\n", _PART),
    "endless-refusal": endless(b"HTTP/1.1 500 X\r\n\r\n", _PART),
    "endless-chunks": endless(
        _OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1000\r\n" + b"a" * 4_096 + b"\r\n"
    ),
    "endless-continue": endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "endless-hints": endless(b"", f"HTTP/1.1 103 Early Hints\r\nLink: <{INSIDE}/x>\r\n\r\n".encode()),
    "endless-trailers": endless(_OK + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"X-A: b\r\n" * 1_000),
    "slow-status": drip(b"H"),
    "slow-head": drip(_OK + b"X-A: "),
    "slow-body": drip(_OK + b"Content-Length: 1000000\r\n\r\n"),
    "slow-refusal": drip(b"HTTP/1.1 500 X\r\nContent-Length: 1000000\r\n\r\n"),
    "hang": hang,
    "nothing": answer(b""),
    "garbage": answer(secrets.token_bytes(5_000)),
    "another-protocol": answer(b"SSH-2.0-OpenSSH_9.9\r\n"),
    "http-0.9": answer(b"<html>hello</html>"),
    "http-9": answer(b"HTTP/9.9 200 OK\r\n\r\n"),
    "http-2": answer(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    "gzip-bomb": answer(plain("200 OK", "Content-Encoding: gzip", body=BOMB)),
    "gzip-bomb-refusal": answer(plain("500 X", "Content-Encoding: gzip", body=BOMB)),
    "deflate-bomb": answer(plain("500 X", "Content-Encoding: deflate", body=_DEFLATED)),
    "bomb-of-bombs": answer(plain("500 X", "Content-Encoding: gzip, gzip, gzip", body=BOMB)),
    "transfer-bomb": answer(
        b"HTTP/1.1 500 X\r\nTransfer-Encoding: gzip, chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (len(BOMB), BOMB)
    ),
    "huge-chunk": answer(_OK + b"Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\na"),
    "negative-chunk": answer(_OK + b"Transfer-Encoding: chunked\r\n\r\n-1\r\na\r\n0\r\n\r\n"),
    "negative-length": answer(_OK + b"Content-Length: -1\r\n\r\nabc"),
    "huge-length": answer(_OK + b"Content-Length: 99999999999999999999\r\n\r\nabc"),
    "two-lengths": answer(_OK + b"Content-Length: 3\r\nContent-Length: 300\r\n\r\nabc"),
    "length-and-chunks": answer(
        _OK + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nHTTP/1.1 500 X\r\n\r\n"
    ),
    "two-answers": answer(plain("500 X", body=b"first") + plain("200 OK", body=b"second")),
    "status-0": answer(plain("000 OK")),
    "status-99": answer(plain("099 OK")),
    "status-1000": answer(plain("1000 OK")),
    "status-2000": answer(plain("2000 OK")),
    "status-text": answer(plain("OK 200")),
    "status-negative": answer(plain("-200 OK")),
    "status-twice": answer(b"HTTP/1.1 500 X\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
    "switching": answer(
        b"HTTP/1.1 101 Switching\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n" + b"\x00" * 100
    ),
    "nul-in-header": answer(b"HTTP/1.1 500 X\r\nX-A: a\x00b\r\nContent-Length: 0\r\n\r\n"),
    "bare-carriage-return": answer(b"HTTP/1.1 500 X\rHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
    "markup": answer(plain("500 X", body=b"<script>alert(1)</script>{{ 7*7 }}\x00\x1b[31m\r\nX: y")),
    "no-text": answer(plain("500 X", body=b"\xed\xa0\x80\xff\xfe\xc0\xaf" * 100)),
    "cookie": answer(plain("500 X", "Set-Cookie: attacked=1; Path=/; Secure")),
    "another-service": answer(plain("500 X", 'Alt-Svc: h2="127.0.0.1:8443", h3="127.0.0.1:8443"')),
    "refresh": answer(plain("500 X", f"Refresh: 0; url={INSIDE}", f"Link: <{INSIDE}>; rel=preload")),
    "challenge": answer(plain("401 X", 'WWW-Authenticate: Basic realm="x"', "WWW-Authenticate: NTLM")),
    "proxy-challenge": answer(plain("407 X", 'Proxy-Authenticate: Digest realm="x", nonce="y"')),
    **{
        f"redirect-{status}-{name}": answer(plain(f"{status} X", f"Location: {where}"))
        for status in (300, 301, 302, 303, 305, 307, 308)
        for name, where in (
            ("inside", f"{INSIDE}/"),
            ("metadata", METADATA),
            ("itself", f"/redirect-{status}-itself"),
            ("file", "file:///etc/passwd"),
        )
    },
}
"""All of these are answered in one way or another. A few are mistakes that a receiver may well make."""

RETRY_AFTER = ("99999999999999999999", "-1", "1e99", "NaN", "Fri, 31 Dec 9999 23:59:59 GMT", "9" * 4_000)

SHORT = (
    *(
        "echo-ok",
        "echo-refusal",
        "endless-headers",
        "endless-body",
        "slow-head",
        "garbage",
        "gzip-bomb-refusal",
    ),
    *("redirect-302-inside", "redirect-307-itself", "two-answers", "status-1000", "markup"),
)
GOOD = (
    "echo-ok",
    "endless-body",
    "gzip-bomb",
    "endless-chunks",
    "endless-trailers",
    "slow-body",
    "two-lengths",
    "huge-length",
    "length-and-chunks",
    "negative-length",
    "huge-chunk",
    "http-9",
    "negative-chunk",
    "status-2000",
)
"""What begins as an answer of 200: a sender may take it for one. No other may count as delivered."""
