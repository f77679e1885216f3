"""Help with examples, other names of commands, and what is said of a name that is none."""

import json
import os
import shlex
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import click
import pytest

from backendai_notification_cli.cli import root
from backendai_notification_cli.http import envfile, profiles, settings
from backendai_notification_cli.terminal.command import Command
from backendai_notification_cli.terminal.examples import HEADING
from tests.unit.cli.channels import CHANNEL, CHANNELS
from tests.unit.cli.everything import Everything
from tests.unit.cli.test_cli_tree import walk

Run = Callable[..., Any]
ENDLESS = {"tail", "listen"}
ELSEWHERE = {"keypair", "configure", "completion"}
"""Commands that talk to AWS, or to a shell: of their examples only the arguments are read."""

FORMED = {"-o", "--json", "--jq", "-q", "exported.yaml"}
"""What examples have that choose a form of output themselves, or a file."""

CONFIGURATION = "set: prod\nchannels: {ops: {name: Ops}}\ntests: [{name: a}]\n"
PLAN = {
    "set": "prod",
    "file": sha256(CONFIGURATION.encode()).hexdigest(),
    "version": "v1",
    "changes": sha256(b"[]").hexdigest(),
    "prune": True,
    "format": 1,
}
FILES = {
    "prod.yaml": CONFIGURATION,
    "prod.plan": json.dumps(PLAN),
    "template.json": '{"text": "{{ session_id }}"}',
    "draft.yaml": "name: Draft\nrule_type: session.started\nchannel: Ops\nmessage_template: '{}'\n",
    "fields.json": '{"session_id": "s-1"}',
    "schema.json": '{"type": "object", "properties": {}}',
    "mail.json": json.dumps({"smtp": {"host": "h"}, "message": {"to_emails": ["ops@example.com"]}}),
    "secret.txt": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    "headers.txt": "webhook-id: a\nwebhook-timestamp: 1\nwebhook-signature: v1,x",
    "body.bin": "{}",
}


def helps() -> Iterator[tuple[str, click.Command]]:
    """Visit every command and group with its path."""
    yield "", root
    for path, _, commands in walk(root):
        yield from ((f"{path} {name}".strip(), command) for name, command in commands.items())


def examples_of(command: click.Command) -> list[str]:
    """Return the examples of a help, without the program's name."""
    lines = (command.epilog or "").splitlines()
    return [line.removeprefix("  backend.ai ") for line in lines if line.startswith("  backend.ai ")]


EXAMPLES = [(path, example) for path, command in helps() for example in examples_of(command)]


@pytest.mark.parametrize("path", [path for path, _ in helps()])
def test_every_help_has_examples(run: Run, path: str) -> None:
    """Each help ends with examples, each of them on one line, and -h shows it too."""
    shown = run(*path.split(), "-h").stdout
    assert shown == run(*path.split(), "--help").stdout
    assert f"\n{HEADING}\n  backend.ai " in shown, "give it epilog=examples(...)"


@pytest.fixture
def prepared(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Have the files that examples name, two profiles, and a service that knows whatever it is asked for."""
    monkeypatch.chdir(tmp_path)
    for name, content in FILES.items():
        (tmp_path / name).write_text(content)
    with Everything() as service:
        monkeypatch.setenv("BACKEND_ENDPOINT", service.url)
        monkeypatch.setenv("BACKEND_ACCESS_KEY", "AKIAEXAMPLE")
        monkeypatch.setenv("BACKEND_SECRET_KEY", "s")
        for name in ("staging", "prod"):
            envfile.save(profiles.path(name), {key: os.environ[key] for key in settings.REQUIRED})
        yield


def words_of(example: str) -> list[str]:
    """Return an example's words as the shell passes them on."""
    words = shlex.split(example.partition(" > ")[0])
    return words if words[0] != "notif" else ["notification", *words[1:]]


def is_faulty(words: list[str]) -> bool:
    """Return whether an example fails here, because no signature fits its files."""
    return words[:3] == ["notification", "signature", "verify"] and "--secret-file" in words


@pytest.mark.usefixtures("prepared")
@pytest.mark.parametrize(("path", "example"), EXAMPLES)
def test_examples_work(run: Run, monkeypatch: pytest.MonkeyPatch, path: str, example: str) -> None:
    """Each example runs: its options exist, and a service that knows what it names makes it succeed."""
    words = words_of(example)
    if ENDLESS & {*words} or ELSEWHERE & {*words}:
        monkeypatch.setattr(Command, "invoke", lambda _command, _context: None)
        monkeypatch.setattr(
            "backendai_notification_cli.commands.configure.command.callback", lambda **_: None
        )
    result = run(*words)
    assert result.exit_code in ({1} if is_faulty(words) else {0, 3}), f"{path}: {result.stderr}"


@pytest.mark.usefixtures("prepared")
@pytest.mark.parametrize(("path", "example"), EXAMPLES)
def test_examples_print_json(run: Run, path: str, example: str) -> None:
    """With -o json each example prints JSON and nothing else, its dry runs and empty results, too."""
    words = words_of(example)
    if (ENDLESS | ELSEWHERE | FORMED) & {*words} or is_faulty(words):
        return
    assert json.loads(run(*words, "-o", "json").stdout) is not None, path


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["chanel"], "No such command 'chanel'. Did you mean 'channel'?"),
        (["notification", "rulez"], "No such command 'rulez'. Did you mean 'rule'?"),
        (["rules", "lst"], "No such command 'lst'. Did you mean 'list'?"),
        (["configur"], "No such command 'configur'. Did you mean 'configure' or 'config'?"),
        (["qqq"], "No such command 'qqq'.\n"),
        (["channel", "list", "--sate", "active"], "No such option '--sate'. Did you mean '--state'?"),
        (["channel", "list", "--outputt", "id"], "Did you mean '--output'?"),
    ],
)
def test_the_nearest_name_is_told(run: Run, words: list[str], told: str) -> None:
    """A mistyped command or option is told with the nearest one, and is a wrong call."""
    result = run(*words)
    assert result.exit_code == 2
    assert told in result.stderr


@pytest.mark.parametrize(
    "words",
    [
        "notification channel list",
        "channel list",
        "channels list",
        "notif channels list",
        "notification channels list",
    ],
)
def test_other_names(service: Any, run: Run, words: str) -> None:
    """`notification` may be left out or cut, and plurals mean the same."""
    service.answers("POST", f"{CHANNELS}/search", {"channels": [CHANNEL], "pagination": {"total": 1}})
    result = run(*words.split(), "-q")
    assert (result.exit_code, result.stdout) == (0, f"{CHANNEL['id']}\n")


@pytest.mark.parametrize("plural", ["rules", "deliveries", "events", "event-types", "keypairs"])
def test_plurals(run: Run, plural: str) -> None:
    """All things have their plurals."""
    assert run(plural, "list", "-h").exit_code == 0


def test_output_options_have_a_part_of_their_own(run: Run) -> None:
    """The options that all commands have do not hide those of the command."""
    shown = run("channel", "list", "-h").stdout
    assert (
        shown.index("\nOptions:")
        < shown.index("--state")
        < shown.index("\nOutput options:")
        < shown.index("--jq")
    )


def test_arguments_stand_in_the_usage_only(run: Run) -> None:
    """What a command takes without an option is not listed among the options."""
    shown = run("channel", "create", "-h").stdout
    usage, _, options = shown.partition("\nOptions:\n")
    assert "NAME [WEBHOOK_URL]" in usage
    assert "\n  NAME\n" not in f"\n{options}"
