"""The widths of tables, and what of ids tells them apart."""

from unicodedata import normalize

import pytest
from click import unstyle

from backendai_notification_cli.terminal.kinds import Column, Form
from backendai_notification_cli.terminal.tables import display_width, fitted, lines, pad, short_ids


def columns(*forms: Form) -> list[Column]:
    """Make columns of these forms."""
    return [Column("x", "x", form) for form in forms]


@pytest.mark.parametrize(
    ("natural", "room", "wanted"),
    [
        ([20, 7, 17], 44, [20, 7, 17]),
        ([20, 7, 17], 34, [10, 7, 17]),
        ([20, 7, 17], 30, [8, 7, 15]),
        ([20, 7, 17], 23, [8, 7, 8]),
        ([20, 7, 17], 16, [5, 5, 6]),
        ([20, 7, 17], 1, [4, 4, 5]),
    ],
)
def test_texts_give_way_first(natural: list[int], room: int, wanted: list[int]) -> None:
    """Texts become narrow first, then ids, and states and times only if nothing else helps."""
    assert fitted(natural, columns("text", "state", "id"), room) == wanted


def test_a_narrow_table_leaves_out_what_is_empty() -> None:
    """Where there is no room, a column without values takes none; an id keeps what other commands need."""
    forms: tuple[Form, ...] = ("time", "state", "text", "text", "number", "text", "id")
    titles = ("age", "status", "rule", "channel", "tries", "reason", "id")
    made = [Column(title, title, form) for title, form in zip(titles, forms, strict=True)]
    row = ["10m ago", "delivered", "Started", "Operators", "1", "status 200", "0123abcd_4567cdef"]
    narrow = [unstyle(line) for line in lines([row], made, 40)]
    assert narrow[1].split("  ")[-1] == "0123…"
    assert max(map(len, narrow)) <= 40
    row[5] = ""
    assert "REASON" in next(lines([row], made, 80))
    assert "REA" not in next(lines([row], made, 40))


def test_a_wide_text_is_cut_by_columns() -> None:
    """Characters that take two columns are counted as two, and combining ones as none."""
    assert (display_width("알림"), display_width("e\u0301")) == (4, 1)
    # Decomposed, as macOS writes names; a joiner; a vowel sign of combining class 0.
    assert (display_width(normalize("NFD", "알림")), display_width("a\u200db"), display_width("กั")) == (
        4,
        2,
        1,
    )
    assert pad("알림", 6) == "알림  "
    assert pad("알림알림", 6) == "알림… "
    assert pad("abcdef", 4) == "abc…"


def test_ids_are_cut_to_what_tells_them_apart() -> None:
    """Eight characters are shown, or as many as are needed; of a delivery of each of its parts."""
    assert short_ids(["12345678-aaaa", "87654321-aaaa"]) == ["12345678", "87654321"]
    assert short_ids(["12345678-aaaa", "12345678-abaa"]) == ["12345678-aa", "12345678-ab"]
    assert short_ids(["event-1_12345678-aaaa", "event-2_12345678-aaaa"]) == [
        "event-1_12345678",
        "event-2_12345678",
    ]
    assert short_ids(["same", "same", ""]) == ["same", "same", ""]


def test_one_long_id_lengthens_no_other() -> None:
    """Each id is as long as it needs to be, and a digest's has eight characters of its own."""
    near = ["order-2026-01-a", "order-2026-01-b"]
    assert short_ids([*near, "12345678-aaaa"]) == [*near, "12345678"]
    assert short_ids(["digest-0123456789ab_12345678-aaaa"]) == ["digest-01234567_12345678"]


def test_names_that_serve_as_ids_stay_whole() -> None:
    """An event type's name, or the id that somebody gave an event, says nothing when it is cut."""
    named = ["quota.exceeded", "notification.delivery.failed", "nightly-backup-2026"]
    assert short_ids([*named, "0123abcd-aaaa"]) == [*named, "0123abcd"]
