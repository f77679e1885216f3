"""What people know from other command lines, each in a terminal as they meet it.

Tables, limits, the pager, colours and confirmation are in `test_cli_terminal.py` and `test_cli_deletion.py`.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from backendai_notification_cli.http import envfile, profiles
from backendai_notification_cli.http.settings import SECRET_IN
from local.common import ROOT
from tests.unit.cli.channels import CHANNEL, CHANNELS, ID
from tests.unit.cli.conftest import ACCESS_KEY, SECRET_KEY, Service
from tests.unit.cli.everything import Everything
from tests.unit.cli.records import DELIVERIES, EVENT, EVENTS, delivery, page
from tests.unit.cli.rules import RULE, RULES
from tests.unit.cli.terminal import CTRL_C, PACKAGES, at_terminal, in_terminal
from tests.unit.cli.test_cli_listen import event, has, posted, reply
from tests.unit.cli.test_cli_status import found
from tests.unit.cli.verdicts import page as verdicts
from tests.unit.cli.verdicts import verdict

Run = Callable[..., Any]
SEARCH = f"{CHANNELS}/search"
TAIL = f"{EVENTS}/tail"
INTERRUPTED = 130


@pytest.fixture
def everything(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Have a service that knows whatever it is asked for."""
    with Everything() as service:
        monkeypatch.setenv("BACKEND_ENDPOINT", service.url)
        monkeypatch.setenv("BACKEND_ACCESS_KEY", ACCESS_KEY)
        monkeypatch.setenv("BACKEND_SECRET_KEY", SECRET_KEY)
        yield service


@pytest.mark.parametrize(
    "words",
    [
        *("channel list", "channel info Ops", "rule list", "rule info Started", "rule types", "status"),
        *("event list", "event info 0b6d5a0e", "delivery list", "mute list", "audit list", "whoami"),
        *("event-type list", "simulate session.started --sample", "rule history Started", "config export"),
        "api GET /notifications/rules/x",
    ],
)
@pytest.mark.usefixtures("everything")
def test_json_everywhere(words: str) -> None:
    """Whatever is shown can be had as JSON, in a terminal too."""
    seen = at_terminal(*words.split(), "-o", "json", environment={"NO_COLOR": "1"})
    assert seen.code in {0, 3}
    assert json.loads(seen.raw) is not None


def test_fields_and_queries(service: Any) -> None:
    """`--json` picks fields and says which there are; `--jq` queries without jq being installed."""
    service.answers("POST", SEARCH, {"channels": [CHANNEL], "pagination": {"total": 1}})
    lists = ("channel", "list")
    assert json.loads(at_terminal(*lists, "--json", "id,spec.timeout").text) == [
        {"id": ID, "spec.timeout": 5}
    ]
    assert at_terminal(*lists, "--jq", ".[].name", environment={"PATH": "/nowhere"}).text == "Ops\n"
    assert "\n  last_success_at\n" in at_terminal(*lists, "--json").text


def test_names(service: Any) -> None:
    """A name stands for an id, in any case."""
    service.answers("POST", SEARCH, {"channels": [CHANNEL]})
    service.answers("GET", f"{CHANNELS}/{ID}", {"channel": CHANNEL})
    assert '"name": "Ops"' in at_terminal("channel", "info", "ops").text


def test_the_beginnings_of_ids(service: Any) -> None:
    """So does the beginning of an id, if only one begins so; otherwise all that it may mean are told."""
    other = {**CHANNEL, "id": f"{ID[:-1]}1", "name": "Other"}
    service.answers("POST", SEARCH, {"channels": []})
    service.answers("POST", SEARCH, {"channels": [CHANNEL, other]})
    seen = at_terminal("channel", "info", "550e")
    assert seen.lines[0] == "✗ There are 2 channels whose ID begins with '550e': give the ID"
    assert [line.split()[:2] for line in seen.lines[1:]] == [[ID, "Ops"], [other["id"], "Other"]]


def test_examples_and_suggestions(service: Any) -> None:
    """-h ends with examples that fit on one line each; a mistyped command is told with the nearest."""
    shown = at_terminal("channel", "create", "-h").text
    assert "\nExamples:\n  backend.ai notification channel create Ops https://hooks.slack.com/" in shown
    for words, told in (
        (("chanel", "list"), "No such command 'chanel'. Did you mean 'channel'?"),
        (("channel", "lsit"), "No such command 'lsit'. Did you mean 'list'?"),
        (("channel", "list", "--sate", "x"), "Did you mean '--state'?"),
    ):
        seen = at_terminal(*words)
        assert (seen.code, told in seen.text) == (2, True)
    assert service.requests == []


def test_tab_completes(service: Any, run: Run, tmp_path: Path) -> None:
    """In a bash at a terminal TAB completes the name of a channel, asked of the service."""
    service.answers(
        "POST", SEARCH, {"channels": [{**CHANNEL, "name": "Operations"}], "pagination": {"total": 1}}
    )

    program = tmp_path / "backend.ai"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m backendai_notification_cli "$@"\n')
    program.chmod(0o755)
    (tmp_path / "script").write_text(run("completion", "bash").stdout)
    typed = {
        "first> ": "PS1='second> '; source ./script\n",
        "second> ": "./backend.ai channel info Op\t",
        "info Operations": "\x15exit\n",
    }
    seen = in_terminal(
        ["bash", "--norc", "--noprofile", "-i"], typed=typed, environment={"PS1": "first> "}, folder=tmp_path
    )
    assert "./backend.ai channel info Operations" in seen.text


def test_profiles(service: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Profiles are listed, chosen for one command or for all, and named in errors."""
    keys = {"BACKEND_ACCESS_KEY": ACCESS_KEY, "BACKEND_SECRET_KEY": SECRET_KEY}
    for name, endpoint in (("default", "http://127.0.0.1:1"), ("staging", service.url)):
        envfile.save(profiles.path(name), {"BACKEND_ENDPOINT": endpoint, **keys})
        monkeypatch.delenv(f"BACKEND_{name.upper()}", raising=False)
    for name in (*keys, "BACKEND_ENDPOINT"):
        monkeypatch.delenv(name)
    service.answers("POST", SEARCH, {"channels": [CHANNEL], "pagination": {"total": 1}})
    refused = at_terminal("channel", "list")
    assert "✗ Cannot reach http://127.0.0.1:1" in refused.text
    assert "The endpoint comes from the profile 'default'" in refused.text
    assert "Ops" in at_terminal("--profile", "staging", "channel", "list").text
    assert "Commands use the profile 'staging'" in at_terminal("configure", "use", "staging").text
    listed = at_terminal("configure", "list")
    assert [line.split()[0] for line in listed.lines[1:]] == ["default", "staging"]
    assert at_terminal("channel", "list", "-q").text == f"{ID}\n"


def test_the_keyring(service: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A secret key that the keyring has signs requests, and `whoami` says where it is."""
    kind = "tests.unit.cli.keyrings.OneKeyring"
    values = {"BACKEND_ENDPOINT": service.url, "BACKEND_ACCESS_KEY": ACCESS_KEY, SECRET_IN: kind}
    envfile.save(profiles.path("default"), values)
    for name in ("BACKEND_ENDPOINT", "BACKEND_ACCESS_KEY", "BACKEND_SECRET_KEY"):
        monkeypatch.delenv(name)
    service.answers("GET", "/notifications/whoami", {"access_key": ACCESS_KEY, "role": "admin"})
    seen = at_terminal("whoami", environment={"PYTHONPATH": f"{PACKAGES}:{ROOT}"})
    assert "Secret key from: the system's keyring" in seen.text
    assert SECRET_KEY not in seen.text


def test_a_dry_run(service: Any) -> None:
    """--dry-run says what would go, and asks and deletes nothing."""
    service.answers("GET", f"{RULES}/{RULE['id']}?custom=true", {"rule": RULE})
    service.answers("GET", f"{DELIVERIES}?*", page())
    seen = at_terminal("rule", "delete", str(RULE["id"]), "--dry-run")
    assert (seen.code, seen.lines) == (0, [f"Rule Started ({RULE['id']}): session.started to None"])
    assert {sent["method"] for sent in service.requests} == {"GET"}


def test_events_are_followed(service: Any) -> None:
    """`event tail` shows each event as it comes, until Ctrl-C."""
    made: dict[str, Any] = {**EVENT, "id": "event-1", "deliveries": [], "more_deliveries": False}
    pages: list[list[dict[str, Any]]] = [[], [made], []]
    for number, events in enumerate(pages):
        service.answers("POST", TAIL, {"events": events, "position": str(number), "more": False})
    seen = at_terminal("event", "tail", typed={"event-1": CTRL_C})
    assert (seen.code, "session.started  event-1" in seen.text) == (INTERRUPTED, True)


def test_deliveries_are_followed(service: Any) -> None:
    """`delivery tail` does the same with deliveries."""
    new = delivery(7, created_at="2099-01-01T00:00:00.000000Z", updated_at="2099-01-01T00:00:00.000000Z")
    service.answers("GET", f"{DELIVERIES}?*", page())
    service.answers("GET", f"{DELIVERIES}?*", page(new))
    seen = at_terminal("delivery", "tail", typed={"event-7": CTRL_C})
    assert (seen.code, "failed     session.started  event-7_" in seen.text) == (INTERRUPTED, True)


def test_webhooks_are_listened_to(service: Any) -> None:
    """`listen --forward-to` posts each webhook again, says how it is signed and answered, until Ctrl-C."""
    delivered = has(service, 1)
    for answer in (reply(), reply(event(1), position="q"), reply(position="q")):
        service.answers("POST", TAIL, answer)
    with Service() as hook:
        hook.answers("POST", "/hook", {}, status=204)
        seen = at_terminal("listen", "--forward-to", f"{hook.url}/hook", typed={"  204 in ": CTRL_C})
        assert posted(hook) == [delivered]
    assert seen.code == INTERRUPTED
    assert "signed with whsec_" in seen.text


def test_samples(service: Any) -> None:
    """`simulate --sample` tells what an event with made-up fields would fire."""
    service.answers("POST", "/notifications/simulations", verdicts(verdict("fires", 1)))
    seen = at_terminal("simulate", "session.started", "--sample")
    assert (seen.code, "Rule 1 → ops" in seen.text) == (0, True)
    assert service.last["body"]["sample"] is True


def test_status(service: Any) -> None:
    """`status` tells at a glance whether all is well; `--watch` looks again until Ctrl-C."""
    service.answers("GET", "/notifications/status", found())
    assert at_terminal("status").lines[0] == "All is well"
    assert at_terminal("status", "--watch", typed={"As of:": CTRL_C}).code == INTERRUPTED


def test_the_raw_api(service: Any) -> None:
    """`api` sends any request, signed, and shows the JSON of the response in colours."""
    service.answers("GET", f"{CHANNELS}/{ID}?x=1", {"channel": CHANNEL})
    seen = at_terminal("api", "GET", f"{CHANNELS}/{ID}?x=1")
    assert json.loads(seen.text) == {"channel": CHANNEL}
    assert seen.raw != seen.text
    assert "credential=" in service.last["headers"]["Authorization"]


def test_debug(service: Any) -> None:
    """`--debug` shows requests, responses and their times, without credentials."""
    service.answers("POST", SEARCH, {"channels": [CHANNEL], "pagination": {"total": 1}})
    shown = at_terminal("--debug", "channel", "list", size=(200, 50)).text
    assert f"> POST {service.url}{SEARCH}" in shown
    assert "credential=********" in shown
    assert "< 200 in " in shown
    assert SECRET_KEY not in shown
