"""The filter localtime shows times as the clocks of a zone do, or did, or will."""

import os
import subprocess
import sys
import zoneinfo
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.core.errors import TemplateError
from notifications.core.templates import check, check_subject, render
from tests.samples.configuration import event_type

NOON = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
TYPE = event_type({"at": {"type": "string"}, "zone": {"type": "string"}})


def local(time: object, zone: str, expression: str = "at | localtime(zone)") -> str:
    """Render a time in a zone."""
    return render(f"{{{{ {expression} }}}}", {"at": time, "zone": zone})


@pytest.mark.parametrize(
    ("time", "zone", "shown"),
    [
        ("2026-01-15T10:30:00Z", "Asia/Seoul", "2026-01-15 19:30:00+09:00 KST"),
        ("2026-03-29T00:59:59Z", "Europe/Berlin", "2026-03-29 01:59:59+01:00 CET"),
        ("2026-03-29T01:00:00Z", "Europe/Berlin", "2026-03-29 03:00:00+02:00 CEST"),
        ("2026-10-25T00:30:00Z", "Europe/Berlin", "2026-10-25 02:30:00+02:00 CEST"),
        ("2026-10-25T01:30:00Z", "Europe/Berlin", "2026-10-25 02:30:00+01:00 CET"),
        ("2026-03-08T09:59:59Z", "America/Los_Angeles", "2026-03-08 01:59:59-08:00 PST"),
        ("2026-03-08T10:00:00Z", "America/Los_Angeles", "2026-03-08 03:00:00-07:00 PDT"),
        ("2026-04-04T15:00:00Z", "Australia/Lord_Howe", "2026-04-05 01:30:00+10:30 +1030"),
        ("1988-07-01T12:00:00Z", "Asia/Seoul", "1988-07-01 22:00:00+10:00 KDT"),
        ("2060-07-01T12:00:00Z", "America/New_York", "2060-07-01 08:00:00-04:00 EDT"),
        ("2026-07-01T12:00:00Z", "Asia/Kathmandu", "2026-07-01 17:45:00+05:45 +0545"),
        ("2026-07-01T12:00:00Z", "UTC", "2026-07-01 12:00:00+00:00 UTC"),
    ],
)
def test_zones(time: str, zone: str, shown: str) -> None:
    """Offset and abbreviation are those of the zone at that time, on both sides of each change."""
    expression = "(at | localtime(zone)) ~ ' ' ~ (at | localtime(zone)).strftime('%Z')"
    assert local(time, zone, expression) == shown
    assert local(datetime.fromisoformat(time), zone, expression) == shown


@given(st.integers(-2_200_000_000, 4_100_000_000), st.data())
def test_any_moment_in_any_zone(seconds: int, data: st.DataObject) -> None:
    """What is shown is the time itself, and what Python's own zones show."""
    time = datetime.fromtimestamp(seconds, UTC)
    zone = data.draw(
        st.sampled_from(["Asia/Seoul", "Europe/Dublin", "America/Sao_Paulo", "Africa/Casablanca"])
    )
    shown = local(time, zone)
    assert datetime.fromisoformat(shown) == time
    assert shown == str(time.astimezone(zoneinfo.ZoneInfo(zone)))


def test_time_that_passed_over_a_change() -> None:
    """Between two local times the hours that passed are counted, not those that the clocks show."""
    times = {"a": "2026-10-25T00:30:00Z", "b": "2026-10-25T01:30:00Z"}
    source = "{{ ((b | localtime('Europe/Berlin')) - (a | localtime('Europe/Berlin'))).total_seconds() }}"
    assert render(source, times) == "3600.0"


@pytest.mark.parametrize(
    "time",
    [
        *("2026-07-01T12:00:00Z", "2026-07-01t12:00:00z", "2026-07-01 12:00", "2026-07-01T21:00:00+09:00"),
        *("20260701T120000Z", " 2026-07-01T12:00:00.000000Z\n", NOON, NOON.replace(tzinfo=None)),
        NOON.astimezone(zoneinfo.ZoneInfo("America/New_York")),
    ],
)
def test_forms_of_a_time(time: object) -> None:
    """Times and ISO 8601 texts are taken; what tells no offset is UTC."""
    assert local(time, "Asia/Seoul") == "2026-07-01 21:00:00+09:00"


@pytest.mark.parametrize("nothing", [None, []])
def test_a_missing_time(nothing: Any) -> None:
    """A time that is not there is nothing, in JSON null."""
    variables = {"at": nothing or None}
    assert render("{{ at | localtime('Asia/Seoul') }}", variables) == ""
    assert render("{{ at | localtime('Asia/Seoul') }}", variables, "json") == "null"
    assert render(
        "{{ [at, data.x] | map('localtime', 'UTC') | list }}", {**variables, "data": {}}, "json"
    ) == ("[null, null]")


@pytest.mark.parametrize(
    ("zone", "told"),
    [
        ("Asia/Soul", "'Asia/Soul' is not a time zone of the IANA database; the nearest is 'Asia/Seoul'"),
        ("asia/seoul", "the nearest is 'Asia/Seoul'"),
        ("Seoul", "the nearest is 'Asia/Seoul'"),
        ("Europe/Berln", "the nearest is 'Europe/Berlin'"),
        ("../../etc/passwd", "is not a time zone"),
        ("/etc/localtime", "is not a time zone"),
        ("Asia", "is not a time zone"),
        ("tzdata", "is not a time zone"),
        ("Asia/Seoul\0", "is not a time zone"),
        ("", "wants the name of a zone, like 'Asia/Seoul'"),
        ("x" * 1_000, "is not a time zone of the IANA database"),
        ("x" * 2_000, "1024 characters at most"),
    ],
)
def test_no_zone(zone: str, told: str) -> None:
    """A zone that does not exist is told with the nearest, when it is rendered and when it is saved."""
    with pytest.raises(TemplateError) as caught:
        local(NOON, zone)
    assert told in caught.value.message
    assert len(caught.value.message) < 300
    if len(zone) < 1_000:
        source = f"a\n{{{{ timestamp | localtime({zone!r}) }}}}"
        with pytest.raises(TemplateError, match="line 2: ") as caught:
            check(source, TYPE)
        assert told in caught.value.message
        with pytest.raises(TemplateError, match="line 2: ") as caught:
            check_subject(source)
        assert told in caught.value.message


def test_zones_of_data_are_not_checked_when_saved() -> None:
    """A zone that a field names is looked up when the field is known."""
    check("{{ timestamp | localtime(zone) }}{{ at | localtime(zone=zone) }}", TYPE)
    check("{{ timestamp | localtime('Asia/Seoul') }}{{ at | localtime(zone='UTC') }}", TYPE)


@pytest.mark.parametrize(
    ("expression", "told"),
    [
        ("'yesterday' | localtime('UTC')", "localtime wants an ISO 8601 time, not 'yesterday'"),
        ("5 | localtime('UTC')", "localtime wants a time, not a int"),
        ("timestamp | localtime(5)", "localtime wants the name of a zone"),
        ("timestamp | localtime(none)", "localtime wants the name of a zone"),
        ("'9999-12-31T23:00:00Z' | localtime('Asia/Seoul')", "date value out of range"),
        ("'0001-01-01T00:00:00Z' | localtime('America/New_York')", "date value out of range"),
    ],
)
def test_what_is_no_time(expression: str, told: str) -> None:
    """What is no time is told as that."""
    with pytest.raises(TemplateError) as caught:
        render(f"{{{{ {expression} }}}}", {"timestamp": NOON})
    assert told in caught.value.message


def test_zones_are_loaded_when_one_is_asked_for() -> None:
    """A process that shows no local time loads no zones; one that does takes tzdata's, not the system's."""
    program = (
        "import sys; from notifications.core.templates import render; render('{{ 1 }}', {});"
        "assert not {'zoneinfo', 'tzdata'} & sys.modules.keys();"
        "print(render(\"{{ '2026-07-01T12:00Z' | localtime('Asia/Seoul') }}\", {})); import zoneinfo;"
        "assert zoneinfo.TZPATH == ()"
    )
    environment = {**os.environ, "PYTHONPATH": "layers/notifications", "PYTHONTZPATH": "/usr/share/zoneinfo"}
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("2026-07-01 21:00:00+09:00\n", "")


def test_delta_of_zones() -> None:
    """A local time keeps its offset when something is added to it."""
    source = "{{ (at | localtime('Europe/Berlin')) + (b - a) }}"
    variables = {"at": "2026-10-25T00:30:00Z", "a": NOON, "b": NOON + timedelta(hours=1)}
    assert render(source, variables) == "2026-10-25 03:30:00+02:00"
