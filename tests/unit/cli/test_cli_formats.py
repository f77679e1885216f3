"""The options about the output that every command has."""

import json
from collections.abc import Callable
from typing import Any

import pytest
import yaml

from tests.unit.cli.channels import CHANNEL, CHANNELS, ID
from tests.unit.cli.records import DELIVERIES, DELIVERY_ID, EVENT_ID, EVENTS, delivery, page
from tests.unit.cli.rules import RULES

Run = Callable[..., Any]
LIST = ("notification", "channel", "list")
INFO = ("notification", "channel", "info", ID)
FOUND = [
    {**CHANNEL, "state": "active", "last_success_at": "2025-11-23T10:00:00.000000Z"},
    {**CHANNEL, "id": "2", "name": "a\tb"},
]


@pytest.fixture
def listing(service: Any) -> Any:
    """Serve two channels, and one of them alone."""
    service.answers("POST", f"{CHANNELS}/search", {"channels": FOUND, "pagination": {"total": 2}})
    service.answers("GET", f"{CHANNELS}/{ID}", {"channel": CHANNEL})
    service.answers("GET", "/notifications/status", {"channels": [*map(last_success, FOUND)]})
    return service


def last_success(channel: Any) -> dict[str, Any]:
    """Return what the status tells of a channel."""
    return {"id": channel["id"], "last_success_at": channel.get("last_success_at")}


@pytest.mark.usefixtures("listing")
def test_lists_in_every_format(run: Run) -> None:
    """Lists are what the API has, whatever the format; a table and tsv have the columns of a terminal."""
    assert json.loads(run(*LIST, "-o", "json").stdout) == FOUND
    assert [json.loads(line) for line in run(*LIST, "-o", "jsonl").stdout.splitlines()] == FOUND
    assert yaml.safe_load(run(*LIST, "--output", "YAML").stdout) == FOUND
    assert run(*LIST, "-o", "id").stdout == f"{ID}\n2\n"
    rows = run(*LIST, "-o", "tsv").stdout.splitlines()
    host = "your-webhook-url.example.com"
    assert rows[0] == f"Ops\twebhook\t{host}\tactive\t2025-11-23T10:00:00.000000Z\t{ID}"
    assert rows[1].split("\t")[0] == r"a\tb"
    assert run(*LIST, "-o", "table").stdout.splitlines()[0].split()[0] == "NAME"


def test_a_table_in_a_pipe_is_whole(service: Any, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of a table is cut where there is no terminal, unless COLUMNS says how wide it may be."""
    channels = [{**CHANNEL, "name": "x" * 300}]
    service.answers("POST", f"{CHANNELS}/search", {"channels": channels, "pagination": {"total": 1}})
    monkeypatch.delenv("COLUMNS", raising=False)
    assert "x" * 300 in run(*LIST, "-o", "table").stdout
    monkeypatch.setenv("COLUMNS", "60")
    assert max(map(len, run(*LIST, "-o", "table").stdout.splitlines())) <= 60


@pytest.mark.usefixtures("listing")
def test_one_thing_in_every_format(run: Run) -> None:
    """So is one thing; as a table it has a line for each field."""
    assert json.loads(run(*INFO, "-o", "json").stdout) == CHANNEL
    assert run(*INFO, "-o", "jsonl").stdout.count("\n") == 1
    assert yaml.safe_load(run(*INFO, "-o", "yaml").stdout) == CHANNEL
    assert run(*INFO, "-o", "id").stdout == f"{ID}\n"
    assert run(*INFO, "-o", "tsv").stdout.split("\t")[0] == "Ops"
    table = [line.split(maxsplit=1) for line in run(*INFO, "-o", "table").stdout.splitlines()]
    assert table[:3] == [["FIELD", "VALUE"], ["id", ID], ["name", "Ops"]]


@pytest.mark.usefixtures("listing")
def test_fields_are_chosen(run: Run) -> None:
    """--json takes fields, also inside others, and goes with other formats."""
    assert json.loads(run(*INFO, "--json", "name, spec.url").stdout) == {
        "name": "Ops",
        "spec.url": CHANNEL["spec"]["url"],
    }
    assert run(*LIST, "--json", "name,id", "-o", "tsv").stdout == f"Ops\t{ID}\na\\tb\t2\n"
    assert run(*LIST, "-o", "jsonl", "--json", "name").stdout.splitlines()[0] == '{"name":"Ops"}'


def test_fields_are_told(listing: Any, run: Run) -> None:
    """Without fields it says which there are, and of a wrong one which is the nearest; nothing is asked."""
    bare = run(*INFO, "--json")
    assert bare.exit_code == 1
    assert bare.stderr.startswith("✗ --json needs the fields to print, separated by commas:\n  id\n  name\n")
    wrong = run(*INFO, "--json", "nmae")
    assert wrong.exit_code == 1
    assert wrong.stderr.startswith(
        "✗ There is no field 'nmae'; the nearest is 'name'\n  There are: id, name,"
    )
    assert listing.requests == []


@pytest.mark.usefixtures("listing")
def test_jq_without_results_writes_nothing(run: Run) -> None:
    """Where an expression leaves nothing there is no empty line, which a loop would take for a result."""
    assert run(*LIST, "--jq", '.[] | select(.state == "gone").name').stdout == ""
    assert run(*INFO, "--jq", "empty").stdout == ""


@pytest.mark.usefixtures("listing")
def test_jq(run: Run) -> None:
    """--jq writes texts as they are and other results as JSON; lists are one array."""
    assert run(*LIST, "--jq", ".[].name").stdout == "Ops\na\tb\n"
    assert run(*LIST, "--jq", '.[0]|[.name, "x\\ny"]|@tsv, "a\\nb"').stdout == "Ops\tx\\ny\na\nb\n"
    assert run(*LIST, "--jq", "length").stdout == "2\n"
    assert run(*INFO, "--json", "name", "--jq", ".").stdout == '{\n  "name": "Ops"\n}\n'
    assert run(*INFO, "--jq", '""').stdout == "\n"
    wrong = run(*INFO, "--jq", ".[")
    assert wrong.exit_code == 1
    assert wrong.stderr.startswith("✗ --jq: jq: error: syntax error")
    failing = run(*INFO, "--jq", ".name.first")
    assert (failing.exit_code, failing.stderr.splitlines()[0][:20]) == (1, "✗ --jq: Cannot index")


def test_quiet(listing: Any, run: Run) -> None:
    """-q prints ids and nothing else, also of what was changed."""
    assert run(*LIST, "-q").stdout == f"{ID}\n2\n"
    listing.answers("PATCH", f"{CHANNELS}/{ID}", {"channel": CHANNEL, "dropped_credentials": []})
    changed = run("notification", "channel", "update", ID, "--name", "Ops", "-q")
    assert (changed.stdout, changed.stderr) == (f"{ID}\n", "")
    listing.answers("GET", f"{CHANNELS}/{ID}", {"channel": CHANNEL})
    listing.answers("DELETE", f"{CHANNELS}/{ID}", {"deleted": True})
    gone = run("notification", "channel", "delete", ID, "-q")
    assert (gone.exit_code, gone.stdout, gone.stderr) == (0, "", "")


def test_quiet_keeps_what_is_not_to_be_lost(service: Any, run: Run) -> None:
    """A signing secret that is not printed is not lost in silence."""
    service.answers("POST", CHANNELS, {"channel": {**CHANNEL, "signing_secret": "whsec_x"}}, status=201)
    made = run("notification", "channel", "create", "Ops", "https://a.example", "-q")
    assert made.stdout == f"{ID}\n"
    assert made.stderr == "! The signing secret was not printed: channel rotate-secret makes another\n"


def test_what_has_no_id(service: Any, run: Run) -> None:
    """Where there are no ids, -q prints the data alone, and -o id says so; the other formats work."""
    service.answers("POST", f"{RULES}/{ID}/validate?custom=true", {"message": "m"})
    validate = ("notification", "rule", "validate", ID, "--data", "{}")
    assert json.loads(run(*validate, "-o", "json").stdout) == {"message": "m"}
    assert run(*validate).stdout == "\nMessage:\nm\n"
    assert run(*validate, "--jq", ".message").stdout == "m\n"
    quiet = run(*validate, "-q")
    assert (quiet.stdout, quiet.stderr) == ("m\n", "")
    refused = run(*validate, "-o", "id")
    assert refused.exit_code == 1
    assert refused.stderr.endswith("✗ What this command prints has no id: choose another output with -o\n")


def test_deleted_as_json(service: Any, run: Run) -> None:
    """What says only that it is done says it as JSON if that is asked for."""
    service.answers("GET", f"{CHANNELS}/{ID}", {"channel": CHANNEL})
    service.answers("DELETE", f"{CHANNELS}/{ID}", {"deleted": True})
    done = run("notification", "channel", "delete", ID, "-o", "json")
    assert json.loads(done.stdout) == {"id": ID, "deleted": True}
    assert run("notification", "channel", "delete", ID, "-q", "--jq", ".deleted").stdout == "true\n"


def test_json_may_stand_alone(service: Any, run: Run) -> None:
    """Where an answer is one document, --json without fields prints it whole, wherever it stands."""
    told = {"event": {"id": EVENT_ID}, "as_of": None, "rules": [{"verdict": "fires"}], "next": None}
    service.answers("GET", f"{EVENTS}/{EVENT_ID}/explanation?*", {**told, "total": 1})
    explain = ("notification", "event", "explain", EVENT_ID)
    whole = run(*explain, "-o", "json").stdout
    assert run(*explain, "--json").stdout == run(*explain[:-1], "--json", EVENT_ID).stdout == whole
    assert run(*explain, "--json", "--all").stdout == whole
    assert json.loads(run(*explain, "--json", "as_of,event.id").stdout) == {
        "as_of": None,
        "event.id": EVENT_ID,
    }
    assert run(*explain, "--jq", ".rules[].verdict").stdout == "fires\n"


def test_control_characters_stay_harmless(service: Any, run: Run) -> None:
    """No format writes what would steer a terminal."""
    nasty = {**CHANNEL, "name": "a\x1b[2J\u202eb\u009b"}
    service.answers("POST", f"{CHANNELS}/search", {"channels": [nasty], "pagination": {"total": 1}})
    for kind in ("table", "json", "jsonl", "yaml", "tsv"):
        shown = run(*LIST, "-o", kind, "--json", "name").stdout
        assert not set("\x1b\u202e\u009b") & set(shown), kind
    assert not set("\x1b\u202e\u009b") & set(run(*LIST, "--jq", ".[].name").stdout)


def test_deliveries_in_a_pipe_are_all(service: Any, run: Run) -> None:
    """Without a terminal there is no limit but the one that is given."""
    service.answers("GET", f"{DELIVERIES}?*", page(*(delivery(number) for number in range(60))))
    assert run("notification", "delivery", "list", "-q").stdout.count("\n") == 60
    assert service.last["path"] == f"{DELIVERIES}?limit=200"
    assert run("notification", "delivery", "list", "--limit", "all", "-q").stdout.count("\n") == 60
    assert run("notification", "delivery", "list", "-o", "table").stdout.count("\n") == 61
    service.answers("GET", f"{DELIVERIES}/{DELIVERY_ID}", {"delivery": {**delivery(), "message": "m"}})
    shown = run("notification", "delivery", "info", DELIVERY_ID, "--json", "message,id")
    assert json.loads(shown.stdout)["message"] == "m"


def test_deliveries_as_tsv_have_names(service: Any, run: Run) -> None:
    """The columns of tsv are those of a table: names stand where a table has names, and ids are whole."""
    service.answers("GET", f"{DELIVERIES}?*", page(delivery(1)))
    rule = {"id": delivery(1)["rule_id"], "name": "Started"}
    channel = {"id": delivery(1)["channel_id"], "name": "Ops"}
    service.answers("POST", f"{RULES}/search?custom=true", {"rules": [{**rule, "channel": channel}]})
    shown = run("notification", "delivery", "list", "-o", "tsv").stdout.rstrip("\n").split("\t")
    assert (shown[2:4], shown[-1]) == (["Started", "Ops"], delivery(1)["id"])


def test_a_field_that_a_response_does_not_have(service: Any, run: Run) -> None:
    """Where nobody can know the fields before, a wrong one is told with those that the response has."""
    service.answers("GET", "/notifications/x", {"name": "n", "state": {"at": 1}})
    for more in ((), ("-o", "table"), ("--jq", ".")):
        wrong = run("notification", "api", "GET", "/notifications/x", "--json", "nmae", *more)
        assert (wrong.exit_code, wrong.stdout) == (1, "")
        assert wrong.stderr == "✗ There is no field 'nmae'; the nearest is 'name'\n  There are: name, state\n"
    inner = run("notification", "api", "GET", "/notifications/x", "--json", "state.at", "--jq", ".[]")
    assert inner.stdout == "1\n"
