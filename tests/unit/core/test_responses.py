"""Answers are understood in the many ways in which receivers write them."""

import gzip
import zlib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.core import responses
from tests.speed import yardsticks

NOW = datetime(2026, 1, 15, 10, 30, 0, tzinfo=UTC)
HOUR = 3_600.0


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0.0),
        ("120", 120.0),
        ("64.57", 65.0),
        ("64,2", 65.0),
        (".5", 1.0),
        (" 7 ", 7.0),
        ("9" * 20, HOUR),
        ("9" * 5_000, HOUR),
        ("0" * 400 + "5", 0.0),
        ("Thu, 15 Jan 2026 10:31:00 GMT", 60.0),
        ("thu, 15 jan 2026 10:31:00 gmt", 60.0),
        ("Thursday, 15-Jan-26 10:31:00 GMT", 60.0),
        ("Thu Jan 15 10:31:00 2026", 60.0),
        ("Thu, 15 Jan 2026 12:31:00 +0200", 60.0),
        ("2026-01-15T10:31:00Z", 60.0),
        ("2026-01-15T10:31:00.2z", 61.0),
        ("2026-01-15T19:31:00+09:00", 60.0),
        ("2026-01-15 10:31:00", 60.0),
        ("Thu, 15 Jan 2026 10:00:00 GMT", 0.0),
        ("Fri, 15 Jan 2027 10:00:00 GMT", HOUR),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1e9", None),
        ("NaN", None),
    ],
)
def test_retry_after(text: str, seconds: float | None) -> None:
    """Seconds with many digits or a fraction, and times in each form, are heeded, up to an hour."""
    assert responses.retry_after(503, {"retry-after": text}, b"", NOW) == seconds


@pytest.mark.parametrize(
    ("body", "seconds"),
    [
        (b'{"message": "slow down", "retry_after": 64.57, "global": false}', 65.0),
        (b'{"ok": false, "parameters": {"retry_after": 5}}', 5.0),
        (b'{"error": {"retry_after": "3.2"}}', 4.0),
        (b'{"retry_after": 99999999999999999999}', HOUR),
        (b'{"retry_after": ' + b"9" * 400 + b"}", HOUR),
        (b'{"retry_after": -1}', 0.0),
        (b'{"retry_after": true}', None),
        (b'{"retry_after": NaN}', None),
        (b'{"retry_after": null}', None),
        (b'{"retry_after": {}}', None),
        (b"[1]", None),
        (b"[" * 100_000, None),
        (b"too many requests", None),
    ],
)
def test_retry_after_in_a_body(body: bytes, seconds: float | None) -> None:
    """Of a 429 without the header, the body's own field is heeded; of no other answer."""
    assert responses.retry_after(429, {}, body, NOW) == seconds
    assert responses.retry_after(503, {}, body, NOW) is None
    assert responses.retry_after(429, {"retry-after": "1"}, body, NOW) == 1.0


@given(st.text(), st.binary(), st.sampled_from([429, 503]))
def test_any_retry_after(text: str, body: bytes, status: int) -> None:
    """Whatever stands there, it is a time within an hour or nothing."""
    found = responses.retry_after(status, {"retry-after": text}, body, NOW)
    assert found is None or 0.0 <= found <= HOUR


@pytest.mark.parametrize(
    ("charset", "text"),
    [
        ("euc-kr", "잘못된 요청"),
        ("EUC-KR", "잘못된 요청"),
        ('"iso-8859-1"', "Überlast"),
        ("windows-1252", "“no”"),
        ("shift_jis", "エラー"),
        ("utf-16", "no"),
        ("utf-8", "잘못된"),
        ("'utf-8'", "잘못된"),
    ],
)
def test_charsets(charset: str, text: str) -> None:
    """A response is read in its own charset."""
    body = text.encode(charset.strip("\"'"))
    found = {"content-type": f"text/plain; charset={charset}"}
    assert responses.text_of(body, found, 8_192)[0].decode() == text


@pytest.mark.parametrize(
    "charset", ["none-such", "hex", "rot13", "", "unicode_escape\x00", "idna", "x" * 10_000]
)
def test_charsets_that_are_none(charset: str) -> None:
    """A charset that is none leaves the body as it came."""
    found = {"content-type": f"text/plain; charset={charset}"}
    assert responses.text_of(b"no \xff", found, 8_192)[0] == b"no \xff" or charset == "unicode_escape\x00"


@pytest.mark.parametrize(
    ("encoding", "packed", "cut"),
    [
        ("gzip", gzip.compress(b"refused: no such hook", mtime=0), False),
        ("x-gzip", gzip.compress(b"refused: no such hook", mtime=0), False),
        ("GZIP", gzip.compress(b"refused: no such hook", mtime=0), False),
        ("deflate", zlib.compress(b"refused: no such hook"), False),
        ("deflate", zlib.compress(b"refused: no such hook")[2:-4], False),
        ("gzip", gzip.compress(b"refused: no such hook", mtime=0)[:-8], True),
    ],
)
def test_packed(encoding: str, packed: bytes, cut: bool) -> None:  # noqa: FBT001 - a parameter of pytest's
    """What was packed though nobody asked is unpacked, also if its end is missing, which is told."""
    assert responses.text_of(packed, {"content-encoding": encoding}, 8_192) == (b"refused: no such hook", cut)


def test_a_bomb_is_not_unpacked() -> None:
    """Of what unpacks to a gigabyte, no more is unpacked than is kept."""
    bomb = zlib.compress(bytes(50_000_000), 9)[:8_192]
    unpacked, cut = responses.text_of(bomb, {"content-encoding": "gzip"}, 8_192)
    assert (len(unpacked), cut) == (8_192, True)
    assert yardsticks(lambda: responses.text_of(bomb, {"content-encoding": "gzip"}, 8_192), limit=10) < 10


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "gzip, gzip", "none"])
def test_broken(encoding: str) -> None:
    """What cannot be unpacked is kept as it came."""
    assert responses.text_of(b"plain text", {"content-encoding": encoding}, 8_192) == (b"plain text", False)


@pytest.mark.parametrize(
    ("lines", "whole"),
    [
        ([], False),
        ([b"HTTP/1.1 200 OK\r\n"], False),
        ([b"HTTP/1.1 200 OK\r\n", b"a: b\r\n", b"\r\n"], True),
        ([b"HTTP/1.1 103 Early Hints\r\n", b"\r\n"], False),
        ([b"HTTP/1.1 100 Continue\r\n", b"\r\n", b"HTTP/1.1 200 OK\r\n"], False),
        ([b"HTTP/1.1 100 Continue\r\n", b"\r\n", b"HTTP/2 200\r\n", b"\r\n"], True),
        ([b"HTTP/2 200\r\n", b"\r\n", b"x-trailer: 1\r\n"], True),
    ],
)
def test_whole_headers(lines: list[bytes], whole: bool) -> None:  # noqa: FBT001
    """Headers are whole when the final answer's have come to their end."""
    assert responses.are_whole(lines) == whole


def test_headers_are_those_of_the_last_answer() -> None:
    """Names are found in any case, and an interim answer's headers are not taken for the final one's."""
    lines = [
        b"HTTP/1.1 103 X\r\n",
        b"Retry-After: 9\r\n",
        b"\r\n",
        b"HTTP/1.1 429 X\r\n",
        b"RETRY-after: 3\r\n",
    ]
    assert responses.headers(lines) == {"retry-after": "3"}
