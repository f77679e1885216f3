"""Bytes on the wire become what was heard, or are refused; nothing in them is ever run."""

import json
import os
import pickle
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import msgpack
import pytest

from backendai_notification_bridge.core.errors import BridgeError, Undecodable
from backendai_notification_bridge.core.names import unwanted
from backendai_notification_bridge.core.pickled import MAX_PICKLE_BYTES
from backendai_notification_bridge.core.unknown import MAX_CHARS, MAX_FIELDS, unknown_fields
from backendai_notification_bridge.core.wire import (
    MAX_BYTES,
    decode_entry,
    decode_published,
    name_of_entry,
    name_of_published,
)
from tests.samples.bridge import CAME, SESSION, Bridge, recordings
from tests.unit.bridge.entries import packed


class Hostile:
    """What runs a command when it is unpickled."""

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        """Ask to run a command."""
        return os.mkdir, ("hostile-pickle-was-run",)


def test_uuids_and_enums_of_the_old_form_are_read() -> None:
    """Extension 1 is a UUID's bytes, extension 6 a pickled enum of which the last text is the value."""
    enum = pickle.dumps(("module", "Reason", "idle-timeout"))
    uuid = msgpack.ExtType(1, bytes.fromhex(SESSION.replace("-", "")))
    received = decode_entry(packed("session_failure", uuid, msgpack.ExtType(6, enum), 137), CAME)
    assert received.body == {"session_id": SESSION, "reason": "idle-timeout", "exit_code": 137}


def test_a_pickle_is_never_run(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pickle that would run a command is read as text or refused, in any protocol; nothing runs."""
    monkeypatch.chdir(tmp_path)
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        hostile = pickle.dumps(Hostile(), protocol)
        for extension in (6, 8, 9):
            entry = packed("session_failure", SESSION, msgpack.ExtType(extension, hostile), 1)
            with suppress(BridgeError):
                Bridge().make(decode_entry(entry, CAME))
    assert not list(tmp_path.iterdir())
    pickle.loads(pickle.dumps(Hostile()))  # noqa: S301 - the proof that it would have
    assert [path.name for path in tmp_path.iterdir()] == ["hostile-pickle-was-run"]


def test_payload_and_args_are_told_apart_entry_by_entry() -> None:
    """During a rolling upgrade both forms are on one stream."""
    body = {"session_id": SESSION, "reason": "task-failed", "exit_code": 1}
    new = {b"name": b"session_failure", b"source": b"i-a", b"payload": json.dumps(body).encode()}
    assert (
        decode_entry(new, CAME).body
        == decode_entry(packed("session_failure", *body.values()), CAME).body
        == body
    )


def test_unknown_fields_and_arguments_are_ignored() -> None:
    """A newer release's further fields, in the entry or the arguments, are named and change nothing."""
    more = {
        **packed("session_failure", SESSION, "task-failed", 1, "new", {"a": [1]}),
        b"traceparent": b"\xff",
    }
    received = decode_entry(more, CAME)
    assert Bridge().make(received).events[0].detail.keys() == {
        *("session_id", "session_name", "session_type", "cluster_mode", "context", "reason", "exit_code")
    }
    assert unknown_fields(received) == ["session_failure.[3]", "session_failure.[4]"]


def test_unknown_fields_are_named() -> None:
    """Those of a payload, and those of a notification's data; at most so many of one entry, each cut."""
    data = {"artifact_id": "a", "colour": "red"}
    body = {"rule_type": "artifact.download.completed", "timestamp": "t", "notification_data": data, "new": 1}
    entry = {b"name": b"notification_triggered", b"payload": json.dumps(body).encode()}
    assert unknown_fields(decode_entry(entry, CAME)) == [
        "notification_triggered.new",
        "artifact.download.completed.colour",
    ]
    flood = {
        b"name": b"scheduling",
        b"payload": json.dumps({"x" * 200 + str(n): 1 for n in range(99)}).encode(),
    }
    named = unknown_fields(decode_entry(flood, CAME))
    assert len(named) == MAX_FIELDS
    assert max(map(len, named)) == MAX_CHARS
    for recording in recordings():
        if unwanted(recording.name, recording.via) is None:
            assert unknown_fields(recording.received()) == []


def test_fewer_arguments_than_today_are_taken() -> None:
    """An older release's shorter arguments leave the rest out."""
    received = decode_entry(packed("model_import_done", "org/m", "main", "huggingface", "hf"), CAME)
    assert "success" not in received.body
    assert [event.detail_type for event in Bridge().make(received).events] == ["model.import.done"]


def test_the_order_of_release_25_13_is_known() -> None:
    """Its registry's name and type are the other way round, and a size follows."""
    old = decode_entry(packed("model_import_done", "org/m", "main", "hf", "huggingface", 5_000_000), CAME)
    new = decode_entry(packed("model_import_done", "org/m", "main", "huggingface", "hf", True), CAME)
    for received in (old, new):
        (event,) = Bridge().make(received).events
        assert (event.detail["registry_type"], event.detail["registry_name"]) == ("huggingface", "hf")


def test_a_retried_entry_is_known_as_one() -> None:
    """``_retry_count`` says that Backend.AI has put the entry there again."""
    assert decode_entry({**packed("agent_started", "revived"), b"_retry_count": b"1"}, CAME).retried
    assert not decode_entry(packed("agent_started", "revived"), CAME).retried


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {b"name": b"scheduling"},
        {b"name": b"scheduling", b"payload": b"[]"},
        {b"name": b"scheduling", b"payload": b"{"},
        {b"name": b"scheduling", b"payload": b'{"a": ' + b"[" * 200_000},
        {b"name": b"scheduling", b"payload": json.dumps({"a": [[[]]] * 3, "b": {}}).encode()[:-1]},
        {b"name": b"scheduling", b"payload": b"\xff\xfe"},
        {b"name": b"scheduling", b"payload": b'{"a": ' + b"9" * 5000 + b"}"},
        {b"name": b"scheduling", b"payload": b'{"a": "' + b"a" * MAX_BYTES + b'"}'},
        {b"name": b"scheduling", b"args": b""},
        {b"name": b"scheduling", b"args": b"\xc1"},
        {b"name": b"scheduling", b"args": msgpack.packb({"a": 1})},
        {b"name": b"scheduling", b"args": msgpack.packb(["a", "b"])[:-1]},
        {b"name": b"scheduling", b"args": b"\x91" * 900 + b"\xc0"},
        {b"name": b"scheduling", b"args": b"\x91" * 100 + b"\xc0"},
        {b"name": b"scheduling", b"args": b"\xdd\xff\xff\xff\xff"},
        {b"name": b"scheduling", b"args": b"\x91\x81\x91\xc0\xc0"},
        {b"name": b"scheduling", b"args": b"\xdc\xff\xff" * 50_000},
        {b"name": b"a name without known positions", b"args": msgpack.packb(["a"])},
        {b"name": b"notification_triggered", b"args": msgpack.packb([b"a", b"b", b"{"])},
        {b"name": b"session_failure", b"args": msgpack.packb([msgpack.ExtType(6, b"\x80\x04.")])},
        {b"name": b"session_failure", b"args": msgpack.packb([msgpack.ExtType(6, b"\x80\x04\x8c\xffabc")])},
        {
            b"name": b"session_failure",
            b"args": msgpack.packb([msgpack.ExtType(6, b"N" * MAX_PICKLE_BYTES + b".")]),
        },
    ],
)
def test_what_has_no_known_form_is_refused(fields: dict[bytes, bytes]) -> None:
    """Cut, too deep, too large, too many, not JSON: each ends as ``Undecodable``."""
    with pytest.raises(Undecodable):
        decode_entry(fields, CAME)


NO_FORMS: list[dict[str, object]] = [
    {"args": "***"},
    {"args": 5},
    {"args": "wQ=="},
    {"payload": {}},
    {"payload": "[]"},
    {"args": "é"},
]
NO_MESSAGES = [b"", b"[]", b"{}", b'{"name": 1}', b"\xff", b"[" * 200_000, b"a" * (MAX_BYTES + 1)]


@pytest.mark.parametrize(
    "message",
    [
        *NO_MESSAGES,
        *(json.dumps({"name": "scheduling", "source": "i", **form}).encode() for form in NO_FORMS),
    ],
)
def test_a_published_message_without_a_known_form_is_refused(message: bytes) -> None:
    """As on the stream."""
    with pytest.raises(Undecodable):
        decode_published(message, "pubsub", CAME)


def test_names_are_read_without_the_body() -> None:
    """The cheap reading of a name agrees with the whole decoding, wherever in the message the name is."""
    for recording in recordings():
        if recording.fields:
            assert name_of_entry(recording.fields) == recording.name
        else:
            assert name_of_published(recording.message) == recording.name
    assert name_of_published(b'{"source": "i", "name": "scheduling"}') == "scheduling"
    with pytest.raises(Undecodable):
        name_of_published(b'{"source": "i"}')


def test_texts_are_made_well_formed() -> None:
    """Half a surrogate pair, a NaN and bytes that are no UTF-8 become what every JSON reader takes."""
    payload = b'{"image": "\\ud800", "agent_id": "i", "msg": NaN}'
    fields = {b"name": b"image_pull_failed", b"source": b"\xff", b"payload": payload}
    made = Bridge().make(decode_entry(fields, CAME))
    assert made.events[0].detail == {"image": "?", "agent_id": "i", "message": None}
