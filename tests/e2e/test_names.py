"""Names, beginnings of ids and chosen outputs, against the deployed stack."""

import json

from tests.stack.cli import Cli

URL = "https://example.com/hook"
TEMPLATE = '{"text": "{{ session_id }}"}'


def test_a_day_with_names(cli: Cli) -> None:
    """A channel and a rule are made, found, listed, moved and deleted without an id being copied."""
    first = cli.channel(URL, name="Names: first")
    cli.channel(URL, name="Names: second")
    create = ("rule", "create", "Names: rule", "session.started", "names: FIRST", "--template", TEMPLATE)
    rule_id = cli.run(*create, "-q").out.strip()
    assert cli.run("rule", "list", "--channel", "Names: first", "-q").out.split() == [rule_id]
    assert cli.run("rule", "info", rule_id[:13], "--jq", ".channel.name").out == "Names: first\n"
    assert cli.run("rule", "update", "Names: rule", "--channel", "Names: second").code == 0
    assert cli.run("rule", "list", "--channel", first, "-q").out == ""
    assert cli.run("channel", "delete", "Names: first").code == 0
    told = cli.run("channel", "delete", "Names: second", "--force", "--dry-run").out
    assert told.splitlines()[1] == f"  rule Names: rule ({rule_id}): deleted with it"
    assert cli.run("channel", "delete", "Names: second", "--force").code == 0
    unknown = cli.run("rule", "info", "Names: rule")
    assert (unknown.code, unknown.err.splitlines()[0]) == (1, "✗ There is no rule 'Names: rule'")


def test_what_the_service_refuses_names_options(cli: Cli) -> None:
    """Faults that the service finds are told with the options that were given."""
    ran = cli.run("channel", "create", "Names: bad", URL, "--timeout", "999")
    assert (ran.code, ran.err) == (1, "✗ --timeout: must be at most 60\n")


def test_every_format_of_a_list(cli: Cli) -> None:
    """Event types come in every format, and as the fields that are asked for."""
    listed = ("event-type", "list")
    known = json.loads(cli.run(*listed, "-o", "json").out)
    names = [item["name"] for item in known]
    assert cli.run(*listed, "-o", "id").out.split() == names
    assert cli.run(*listed, "--json", "name", "-o", "tsv").out.split() == names
    assert cli.run(*listed, "--jq", ".[].name").out.split() == names
    assert [json.loads(line) for line in cli.run(*listed, "-o", "jsonl").out.splitlines()] == known
