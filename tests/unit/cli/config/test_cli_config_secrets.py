"""Secrets by reference: found where they are, and shown nowhere."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import boto3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backendai_notification_cli.commands.notification.config.hiding import PIECE, Hidden
from backendai_notification_cli.commands.notification.config.references import Reference, Unreadable, parts
from tests.unit.cli.config.files import APPLY, CREATE, PLAN, SECRET, TEXT, faults, plan, written
from tests.unit.cli.conftest import PROBLEM

Run = Callable[..., Any]
COMMAND = ("notification", "config", "plan")
REGION = "eu-central-1"
HEADERS = """\
set: prod
channels:
  ops:
    spec:
      url: https://a.example.com
      headers:
        Authorization: Bearer ${env:TOKEN}
        X-File: ${file:keys/token.txt}
        X-Parameter: ${ssm:/ops/token}
        X-Secret: ${secretsmanager:ops}
        X-Member: ${secretsmanager:ops#key}
"""


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("plain $5 {x} {{ a }}", ["plain $5 {x} {{ a }}"]),
        ("${env:A}", [Reference("env", "A")]),
        (
            "a ${env:A} b ${file:../c d.txt}",
            ["a ", Reference("env", "A"), " b ", Reference("file", "../c d.txt")],
        ),
        ("$${env:A} costs $${{ x }}", ["${", "env:A} costs ", "${", "{ x }}"]),
        ("$$${env:A}", ["$", "${", "env:A}"]),
        ("${secretsmanager:arn:aws:x#k}", [Reference("secretsmanager", "arn:aws:x#k")]),
        ("", []),
    ],
)
def test_texts_are_taken_apart(text: str, made: list[str | Reference]) -> None:
    """A reference may be part of a text; `$${` is a literal `${`."""
    assert parts(text) == made


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("${A}", "${A} names no source: ${env:A} is a variable; for a literal ${ write $${"),
        ("${envv:A}", "there is no source 'envv'; the nearest is 'env'; for a literal ${ write $${"),
        ("${{ x }}", "'${' begins a reference like ${env:NAME}; for a literal ${ write $${"),
        ("${env: }", "${env: } names nothing in 'env'"),
        ("a ${env:", "'${' begins a reference like ${env:NAME}; for a literal ${ write $${"),
    ],
)
def test_what_is_no_reference_is_told(text: str, told: str) -> None:
    """A `${` that refers to nothing is refused with what would be right."""
    with pytest.raises(Unreadable) as raised:
        parts(text)
    assert str(raised.value) == told


@pytest.fixture
def sources(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """Keep a secret in each of the places."""
    from moto import mock_aws  # noqa: PLC0415 - takes half a second

    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "token.txt").write_text("from a file\n\n")
    monkeypatch.setenv("TOKEN", "from the environment")
    with mock_aws():
        monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
        boto3.client("ssm").put_parameter(Name="/ops/token", Value="from ssm", Type="SecureString")
        value = json.dumps({"key": "a member", "number": 7})
        yield boto3.client("secretsmanager").create_secret(Name="ops", SecretString=value)


@pytest.mark.slow
@pytest.mark.usefixtures("sources")
def test_all_sources(service: Any, run: Run, tmp_path: Path) -> None:
    """Each reference is replaced by what is there; of a file one line break at its end is cut."""
    service.answers("POST", PLAN, plan())
    assert run(*COMMAND, written(tmp_path, HEADERS)).exit_code == 0
    assert service.last["body"]["channels"]["ops"]["spec"]["headers"] == {
        "Authorization": "Bearer from the environment",
        "X-File": "from a file\n",
        "X-Parameter": "from ssm",
        "X-Secret": '{"key": "a member", "number": 7}',
        "X-Member": "a member",
    }


@pytest.mark.slow
@pytest.mark.usefixtures("sources")
def test_all_that_is_missing_is_told_at_once(service: Any, run: Run, tmp_path: Path) -> None:
    """Each reference that leads nowhere is told with its line, and what the service says of the rest."""
    replaced = {
        "TOKEN": "GONE",
        "token.txt": "gone.txt",
        "/ops/token": "/ops/gone",
        "secretsmanager:ops}": "secretsmanager:gone}",
        "#key": "#gone",
    }
    text = HEADERS
    for old, new in replaced.items():
        text = text.replace(old, new)
    refused = faults((["channels", "ops", "name"], "is taken"), (["channels", "ops", "spec"], "bad headers"))
    service.answers("POST", PLAN, refused, status=422, content_type=PROBLEM)
    path = written(tmp_path, text)
    place, file, where = "channels.ops.spec.headers", tmp_path / "keys" / "gone.txt", f"in {REGION}"
    assert run(*COMMAND, path).stderr.splitlines() == [
        f"✗ {path} has 6 faults",
        f"  {path}:3: channels.ops.name: is taken",
        f"  {path}:7: {place}.Authorization: ${{env:GONE}}: the variable GONE is not set",
        f"  {path}:8: {place}.X-File: ${{file:keys/gone.txt}}: Cannot read {file}: No such file or directory",
        f"  {path}:9: {place}.X-Parameter: ${{ssm:/ops/gone}}: Parameter Store has no '/ops/gone' {where}",
        f"  {path}:10: {place}.X-Secret: ${{secretsmanager:gone}}: Secrets Manager has no 'gone' {where}",
        f"  {path}:11: {place}.X-Member: ${{secretsmanager:ops#gone}}: the secret 'ops' has no key 'gone'",
    ]


@pytest.mark.slow
def test_without_aws_the_error_is_the_usual_one(run: Run, tmp_path: Path) -> None:
    """Where AWS cannot be asked at all, that is told once."""
    result = run(*COMMAND, written(tmp_path, "set: p\nchannels: {a: {name: '${ssm:x}'}}"), "--region", REGION)
    assert result.stderr.startswith("✗ No AWS credentials: log in")


def leaky(service: Any) -> str:
    """Have the service repeat a secret wherever it may; return a part of it."""
    part = SECRET[-20:]
    change = {
        **CREATE,
        "name": f"a {part}",
        "differences": [
            {"path": "spec", "before": {"url": SECRET}, "after": {"url": SECRET}},
            {"path": "spec.url", "before": SECRET, "after": SECRET},
            {"path": "description", "before": None, "after": f"see {part} and {quote(SECRET, safe='')}"},
        ],
        "warnings": [f"{part} was used"],
    }
    service.answers("POST", PLAN, plan(change, warnings=[SECRET]))
    refused = {"type": "https://x/conflict", "title": f"'{SECRET}' is taken.", "data": {"x": SECRET}}
    service.answers("POST", APPLY, refused, status=409, content_type=PROBLEM)
    return part


@pytest.mark.parametrize("form", [(), ("-o", "json"), ("-o", "yaml"), ("-o", "table"), ("-o", "tsv")])
@pytest.mark.parametrize("debug", [(), ("--debug",)])
def test_secrets_are_shown_nowhere(
    service: Any, run: Run, tmp_path: Path, form: tuple[str, ...], debug: tuple[str, ...]
) -> None:
    """No piece of a secret is in a plan of any form, its file, an error, or what --debug tells."""
    leaky(service)
    path, out = written(tmp_path), tmp_path / "prod.plan"
    planned = run(*debug, *COMMAND, path, "--out", str(out), *form)
    applied = run(*debug, "notification", "config", "apply", path, "--yes", *form)
    assert (planned.exit_code, applied.exit_code) == (0, 1)
    shown = planned.output + applied.output + out.read_text()
    secret = SECRET.removeprefix("https://hooks.slack.com")
    assert not [at for at in range(len(secret) - PIECE) if secret[at : at + PIECE] in shown]
    assert "hooks.slack.com" in shown or not debug
    assert "${env:SLACK_URL}" in planned.stdout or "table" in form


def test_secrets_in_names_of_what_was_applied(service: Any, run: Run, tmp_path: Path) -> None:
    """What was done is told without a secret that is in its name."""
    service.answers("POST", PLAN, plan(CREATE))
    made = {"action": "create", "kind": "channel", "key": "ops", "id": "1", "name": SECRET}
    service.answers("POST", APPLY, {"applied": [made], "remaining": 0})
    applied = run("notification", "config", "apply", written(tmp_path), "--yes", "-o", "json")
    assert json.loads(applied.stdout)["applied"][0]["name"] == "https://hooks.slack.com***"


@pytest.mark.parametrize(
    ("reference", "told"),
    [
        ("env:BYTES", "the variable BYTES is not UTF-8 text"),
        ("file:empty.txt", "it is empty"),
        ("file:long.txt", "it has 1,048,577 characters, 1,048,576 are allowed"),
        ("file:/dev/zero", "/dev/zero has more than 64 MiB"),
        ("file:-", "standard input cannot be referred to: name a file"),
    ],
)
def test_what_no_request_can_have(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reference: str, told: str
) -> None:
    """A reference to what is no text, is empty, or has no end is a fault like any other, and is told soon."""
    monkeypatch.setenv("BYTES", "caf\udce9")
    (tmp_path / "empty.txt").write_text("\n")
    (tmp_path / "long.txt").write_text("x" * (1024 * 1024 + 1))
    path = written(tmp_path, f"set: prod\nchannels: {{a: {{name: '${{{reference}}}'}}}}")
    assert f":2: channels.a.name: ${{{reference}}}: {told}" in run(*COMMAND, path).stderr


def test_secrets_in_faults(service: Any, run: Run, tmp_path: Path) -> None:
    """A fault that quotes a secret is told without it."""
    said = f"'{SECRET}' leads to no public host"
    refused = faults((["channels", "ops", "spec", "url"], said))
    service.answers("POST", PLAN, refused, status=422, content_type=PROBLEM)
    told = run(*COMMAND, written(tmp_path)).stderr
    assert "'https://hooks.slack.com***' leads to no public host" in told


@given(
    secret=st.text(min_size=PIECE, max_size=40),
    around=st.tuples(st.text(max_size=20), st.text(max_size=20)),
    cut=st.integers(0, 20),
)
def test_no_piece_of_a_secret_is_left(secret: str, around: tuple[str, str], cut: int) -> None:
    """Whatever part of a secret stands in a text, no eight characters of it in a row are left."""
    shown = Hidden([secret]).text(around[0] + secret[cut:] + around[1])
    if not secret.startswith("http"):
        assert not [at for at in range(len(secret) - PIECE + 1) if secret[at : at + PIECE] in shown]


def test_what_is_hidden() -> None:
    """A URL's host is told, short secrets are found as words, and other texts stay as they are."""
    hidden = Hidden(["https://user:pass@a.example.com/secret-path", "abcd", "abc"])
    assert hidden.text("https://a.example.com/x abcd abcde abc") == "https://a.example.com/x *** abcde abc"
    assert hidden.text("at /secret-path user:pass@") == "at *** ***"
    assert hidden.value({"a": ["abcd", 1, None, {"abcd": "abcd"}]}) == {
        "a": ["***", 1, None, {"abcd": "***"}]
    }
    assert Hidden([]).text("anything") == "anything"


def test_the_reference_is_shown_for_the_whole_value(service: Any, run: Run, tmp_path: Path) -> None:
    """Of a value with a reference inside, the file's own text is shown, and nothing of what was before."""
    difference = {"path": "spec.headers.X", "before": "Bearer old", "after": "***"}
    service.answers("POST", PLAN, plan({**CREATE, "action": "update", "differences": [difference]}))
    text = TEXT.replace("preset: slack", 'headers: {X: "Bearer ${env:SLACK_URL}"}')
    shown = run(*COMMAND, written(tmp_path, text)).stdout
    assert '      spec.headers.X: (secret) -> "Bearer ${env:SLACK_URL}"\n' in shown
