"""What the service refuses is told in the words of the command line."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest

from backendai_notification_cli.cli import root
from backendai_notification_cli.commands.notification.config.asking import PATH as CONFIGURATION
from backendai_notification_cli.http import wording
from tests.unit.cli.channels import CHANNELS, ID, URL
from tests.unit.cli.records import RULE_ID
from tests.unit.cli.rules import CREATE, RULES
from tests.unit.cli.test_cli_tree import walk

Run = Callable[..., Any]
CHANNEL = ("notification", "channel", "create", "Ops", URL)
UPDATE = ("notification", "rule", "update", RULE_ID)


def refused(service: Any, run: Run, args: tuple[str, ...], message: str, **data: Any) -> str:
    """Run a command whose request is refused; return what is told."""
    problem = {"type": "t", "title": "Bad Request.", "msg": message, **({"data": data} if data else {})}
    for method, path in (
        ("POST", CHANNELS),
        ("PATCH", f"{CHANNELS}/{ID}"),
        ("POST", f"{RULES}?custom=true"),
        ("PATCH", f"{RULES}/{RULE_ID}?custom=true"),
        ("GET", "/notifications/events?*"),
        ("POST", f"{RULES}/search?custom=true"),
        ("POST", f"{CONFIGURATION}/export"),
    ):
        service.answers(method, path, problem, status=400, content_type="application/problem+json")
    result = run(*args)
    assert result.exit_code == 1
    return str(result.stderr)


@pytest.mark.parametrize(
    ("args", "message", "told"),
    [
        (
            (*CHANNEL, "--timeout", "61"),
            "body.spec.webhook.timeout: Input should be less than or equal to 60",
            "--timeout: must be at most 60",
        ),
        (
            (*CHANNEL, "--header", "a b: c"),
            "body.spec.webhook.headers: 'a b' is not a header's name",
            "--header: 'a b' is not a header's name",
        ),
        (
            (*CHANNEL, "--preset", "slak"),
            "body.spec.webhook.preset: There is no preset 'slak'; the nearest is 'slack'",
            "--preset: There is no preset 'slak'; the nearest is 'slack'",
        ),
        (
            CHANNEL,
            "body.name: Value should have at most 256 items after validation, not 300",
            "NAME: must have at most 256 characters",
        ),
        (CHANNEL, "body.spec.webhook.url: is not a URL", "WEBHOOK_URL: is not a URL"),
        (
            (*CHANNEL, "--retry", "fast"),
            "body.retry.name: Input should be 'standard', 'fast' or 'none'",
            "--retry: must be 'standard', 'fast' or 'none'",
        ),
        (
            (*CHANNEL, "--client-key", __file__),
            "spec.client_key: there is no client_certificate that it belongs to",
            "--client-key: there is no --client-cert that it belongs to",
        ),
        (
            (*CREATE, "--template", "{}"),
            "rule_type: 'nope' is not an event type; the nearest is 'a.b'",
            "RULE_TYPE: 'nope' is not an event type; the nearest is 'a.b'",
        ),
        (
            (*UPDATE, "--name", ""),
            "body.name: Value should have at least 1 item after validation, not 0",
            "--name: must not be empty",
        ),
        (
            (*UPDATE, "--title", "{{ x }}"),
            "message.title: line 1: 'x' is not a field of a.b",
            "--title: line 1: 'x' is not a field of a.b",
        ),
        (
            (*UPDATE, "--field", "a=x y"),
            "message.fields.a: The template does not parse",
            "--field a: The template does not parse",
        ),
        (
            (*UPDATE, "--once-per", "x"),
            "body.once_per.period: 'x' is not a period",
            "--once-per: 'x' is not a period",
        ),
        (
            (*UPDATE, "--digest", "5m", "--by", "x"),
            "digest.by: 'x' is not a field of a.b",
            "--by: 'x' is not a field of a.b",
        ),
        (
            (*UPDATE, "--digest", "5m", "--digest-max", "9999"),
            "body.digest.max: Input should be less than or equal to 100",
            "--digest-max: must be at most 100",
        ),
        (
            (*UPDATE, "--where", "x=1"),
            "condition: x: 'x' is not a field of a.b",
            "--where: x: 'x' is not a field of a.b",
        ),
        (
            (*UPDATE, "--condition", '{"x": 1}'),
            "condition: x: 'x' is not a field of a.b",
            "--condition: x: 'x' is not a field of a.b",
        ),
        (
            (*CHANNEL[:-1], "--spec", "{}"),
            "spec: none of smtp, message, auth and ca_bundle is given, nor a url",
            "--spec: none of smtp, message, auth and ca_bundle is given, nor a url",
        ),
        (
            ("notification", "event", "list", "--where", "=="),
            "where: ==: it begins with the field's name",
            "--where: ==: it begins with the field's name",
        ),
        (
            ("notification", "rule", "list", "--rule-types", "nope"),
            "filter.rule_type: 'nope' is not an event type",
            "--rule-types: 'nope' is not an event type",
        ),
        (
            ("notification", "config", "export", "--set", "a b"),
            "body.set: String should match pattern '^[a-z0-9][a-z0-9._-]{0,63}$'",
            "--set: must be up to 64 of a-z, 0-9, '.', '_' and '-', and begin with a letter or a digit",
        ),
        (
            ("notification", "config", "export", "--set", "b"),
            "set: nothing belongs to the set 'b'; nothing is managed by a set yet: give all: true",
            "--set: nothing belongs to the set 'b'; nothing is managed by a set yet: give --all",
        ),
        (
            (*UPDATE, "--message-template", "{{"),
            "The template does not parse: line 1",
            "The template does not parse: line 1",
        ),
    ],
)
def test_options_are_named(service: Any, run: Run, args: tuple[str, ...], message: str, told: str) -> None:
    """A fault names the option or argument that was given, and says plainly what it must be."""
    assert refused(service, run, args, message) == f"✗ {told}\n"


def test_several_faults_have_a_line_each(service: Any, run: Run) -> None:
    """Each of several faults has its own line, and none is told twice."""
    faults = {"timeout": "Input should be greater than 0", "method": "GET has no body"}
    errors = [{"loc": ["body", "spec", "webhook", name], "msg": fault} for name, fault in faults.items()]
    message = "; ".join(f"{'.'.join(error['loc'])}: {error['msg']}" for error in errors)
    args = (*CHANNEL, "--timeout", "1", "--method", "GET")
    told = refused(service, run, args, message, errors=errors)
    assert told == "✗ --timeout: must be more than 0\n  --method: GET has no body\n"


def test_what_a_file_gave_is_told_with_the_file(service: Any, run: Run, tmp_path: Path) -> None:
    """A fault of what stands in a file names the option of the file, and the place in it."""
    file = tmp_path / "spec.json"
    file.write_text(json.dumps({"url": URL, "timeout": 0}))
    args = ("notification", "channel", "create", "Ops", "--spec-file", str(file))
    told = refused(service, run, args, "body.spec.webhook.timeout: Input should be greater than 0")
    assert told == "✗ --spec-file timeout: must be more than 0\n"


def test_sentences_of_the_validator_are_put_plainly(service: Any, run: Run) -> None:
    """Faults in data name its fields, without the validator's sentences."""
    message = "The data does not fit: session_id: Field required; x: Extra inputs are not permitted"
    assert refused(service, run, (*UPDATE, "--name", "n"), message) == (
        "✗ The data does not fit: session_id: is missing; x: is not a field here\n"
    )


def test_a_field_of_data_is_no_option(service: Any, run: Run) -> None:
    """A field of an event that has an option's name is told as it is."""
    errors = [{"loc": ["sample"], "msg": "Field required"}]
    problem = {"type": "t", "title": "T", "msg": "The data does not fit", "data": {"errors": errors}}
    service.answers("POST", "/notifications/events", problem, status=400)
    told = run("notification", "event", "emit", "a.b", "--data", "{}").stderr
    assert told == "✗ The data does not fit\n  sample: is missing\n"


@pytest.mark.parametrize(
    ("sentence", "plain"),
    [
        ("Input should be a valid number, unable to parse string as a number", "must be a number"),
        ("Input should be a valid string", "must be a text"),
        ("Input should be a valid boolean, unable to interpret input", "must be true or false"),
        ("Input should be a valid UUID, invalid character: found `x` at 0", "is not an ID"),
        ("Input should be a valid dictionary or object to extract fields from", "must be an object"),
        ("List should have at least 1 item after validation, not 0", "must have at least one"),
        ("String should have at most 4096 characters", "must have at most 4096 characters"),
        ("Input should be a valid list", "must be a list"),
    ],
)
def test_sentences(sentence: str, plain: str) -> None:
    """None of the validator's sentences is repeated."""
    assert [*wording.spoken(f"body.x: {sentence}")] == [f"x: {plain}"]


def test_every_name_is_a_parameter() -> None:
    """The names of parameters that stand for fields are those of commands."""
    known = {
        param.name
        for _, _, commands in walk(root)
        for command in commands.values()
        for param in (command.params if isinstance(command, click.Command) else ())
    }
    named = {name for names in wording.NAMES.values() for name in names}
    assert (named | {*wording.WHOLE}) - known == set()


def test_no_fault_names_the_apis_parts() -> None:
    """Whatever field the API's document has, its fault is told without the place in the request."""
    document = (Path(__file__).parents[3] / "layers/notifications/notifications/api/openapi.json").read_text()
    fields = {
        name
        for schema in json.loads(document)["components"]["schemas"].values()
        for name in schema.get("properties", {})
    }
    for name in sorted(fields):
        for place in (f"body.{name}", f"body.spec.webhook.{name}", f"query.{name}"):
            (told,) = wording.spoken(f"{place}: Input should be greater than 0")
            assert not re.search(r"body|query\.|webhook\.|Input should", told.replace(f"{name}:", "")), told
