"""What is kept of what is read, and what is only counted."""

from backendai_notification_bridge.reading.filtering import EntryFilter


def test_what_is_of_no_use_is_counted_and_not_kept() -> None:
    """Noise, unknown names, and what comes another way as well."""
    wanted = EntryFilter()
    wanted.add("stream", 1, {b"name": b"agent_error", b"args": b"1234"})
    wanted.add("stream", 2, {b"name": b"agent_heartbeat", b"args": b"x" * 10_000})
    wanted.add("stream", 3, {b"name": b"new_in_27"})
    wanted.add("pubsub", 4, b'{"name": "session_started"}')
    wanted.count("gaps", 1)
    portion = wanted.portion({"stream.position": "3-0"})
    assert [item.at for item in portion.items] == [1]
    assert portion.size < 1_000
    assert portion.counts == {
        "read: stream": 3,
        "read: pubsub": 1,
        "dropped: noise": 1,
        "dropped: unknown name": 1,
        "dropped: other way": 1,
        "unknown name: new_in_27": 1,
        "gaps": 1,
    }
    assert (wanted.seen, wanted.items) == (0, [])


def test_what_has_no_name_is_kept() -> None:
    """So that it is set aside with the reason, and seen."""
    wanted = EntryFilter()
    wanted.add("stream", 1, {b"args": b"1234"})
    wanted.add("pubsub", 2, b"\xff")
    assert len(wanted.portion({}).items) == 2
