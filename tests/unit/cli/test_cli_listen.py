"""backend.ai notification listen."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from standardwebhooks import Webhook

import backendai_notification_cli
from backendai_notification_cli.commands.notification.listening import forwarding, standing
from backendai_notification_cli.http import profiles
from local.waiting import until
from tests.unit.cli.conftest import Service
from tests.unit.cli.records import CHANNEL_ID, EVENT, EVENTS, RULE_ID
from tests.unit.cli.records import delivery as summary

LISTEN = ("notification", "listen")
TAIL = f"{EVENTS}/tail"
MESSAGE = '{"text": "é"}'
STOP = {"title": "Not for you"}
PACKAGES = Path(backendai_notification_cli.__file__).parents[1]
Run = Callable[..., Any]

pytestmark = pytest.mark.usefixtures("utc", "pauses")


def event(number: int, **changes: Any) -> dict[str, Any]:
    """Return an event as a tail gives it, with one delivery."""
    met = {"rule_id": RULE_ID, "rule_name": "r", "channel_id": CHANNEL_ID, "status": "delivered"}
    return {**EVENT, "id": f"event-{number}", "deliveries": [met], "more_deliveries": False, **changes}


def reply(*found: dict[str, Any], position: str = "p", more: bool = False) -> dict[str, Any]:
    """Return a page of a tail."""
    return {"events": list(found), "position": position, "more": more, "seen": None}


def attempt(delivery_id: str, **changes: Any) -> dict[str, Any]:
    """Return an attempt as its record shows it."""
    signed = {"webhook-id": delivery_id, "webhook-timestamp": "1", "webhook-signature": "***"}
    return {"method": "POST", "headers": {"Content-Type": "application/vnd.x+json", **signed}, **changes}


def has(service: Service, number: int, **changes: Any) -> str:
    """Have the service know a delivery; return its id."""
    made = summary(number, status="delivered", message=MESSAGE)
    delivery_id = str(made["id"])
    detail = {**made, "attempts": [attempt(delivery_id)], **changes}
    service.answers("GET", f"/notifications/deliveries/{delivery_id}", {"delivery": detail})
    return delivery_id


def lowered(request: dict[str, Any]) -> dict[str, str]:
    """Return the headers of a request, with their names in lower case."""
    return {name.lower(): value for name, value in request["headers"].items()}


def posted(hook: Service) -> list[str]:
    """Return the ids of the webhooks that a receiver got."""
    return [lowered(request)["webhook-id"] for request in hook.requests]


@pytest.fixture
def hook() -> Iterator[Service]:
    """Have a receiver under development."""
    with Service() as running:
        running.answers("POST", "/hook?a=b", {}, status=204)
        yield running


def test_messages_are_posted_again(service: Service, hook: Service, run: Run) -> None:
    """Each message is posted as it was, with its webhook-id and type, and signed with the secret shown."""
    ids = [has(service, 1), has(service, 2)]
    for answer in (reply(), reply(event(1), position="q", more=True), reply(event(2), position="r")):
        service.answers("POST", TAIL, answer)
    service.answers("POST", TAIL, STOP, status=403)
    result = run(*LISTEN, "--forward-to", f"{hook.url}/hook?a=b")
    found = re.search(r"signed with (whsec_[A-Za-z0-9+/=]+)\n✓ Listening from now on\n", result.stderr)
    assert found, result.stderr
    assert posted(hook) == ids
    for request in hook.requests:
        headers = lowered(request)
        assert (request["body"], headers["content-type"]) == ({"text": "é"}, "application/vnd.x+json")
        Webhook(found[1]).verify(MESSAGE, headers)
    lines = result.stdout.splitlines()
    assert [line.split()[2:5] for line in lines] == [["delivered", "session.started", one] for one in ids]
    assert all(re.search(r"  204 in \d+ ms$", line) for line in lines)


def test_it_resumes_where_it_stopped(service: Service, hook: Service, run: Run) -> None:
    """What was posted is not posted again, what was not is, and the secret stays the same."""
    first, second = has(service, 1), has(service, 2)
    service.answers("POST", TAIL, reply())
    service.answers("POST", TAIL, reply(event(1), event(2), position="q"))
    service.answers("GET", f"/notifications/deliveries/{second}", {"title": "No"}, status=403)
    service._answers["GET", f"/notifications/deliveries/{second}"].reverse()  # noqa: SLF001 - refuses at first
    target = ("--forward-to", f"{hook.url}/hook?a=b")
    stopped = run(*LISTEN, *target)
    assert posted(hook) == [first]
    service.answers("POST", TAIL, reply(position="r"))
    service.answers("POST", TAIL, STOP, status=403)
    resumed = run(*LISTEN, *target)
    assert "✓ Resuming where the last listener stopped\n" in resumed.stderr
    assert posted(hook) == [first, second]
    assert stopped.stderr.splitlines()[0] == resumed.stderr.splitlines()[0]
    positions = [request["body"]["position"] for request in service.requests if request["path"] == TAIL]
    assert positions == [None, "p", "p", "q", "r"]


def test_it_can_begin_now(service: Service, run: Run) -> None:
    """--from-now forgets where the last one stopped; other filters have a place of their own."""
    for _ in range(3):
        service.answers("POST", TAIL, reply(position="kept"))
        service.answers("POST", TAIL, STOP, status=403)
    for args in ((), ("--from-now",), ("--type", "session.started")):
        assert "✓ Listening from now on\n" in run(*LISTEN, *args).stderr
    asked = [request["body"] for request in service.requests if request["path"] == TAIL]
    assert [body["position"] for body in asked] == [None, "kept"] * 3
    assert asked[-1]["rule_type"] == "session.started"


def test_without_a_receiver(service: Service, run: Run) -> None:
    """Without --forward-to each webhook is told, and how it was signed when it was sent."""
    has(service, 1)
    has(service, 2, attempts=[attempt("x", headers={})])
    has(service, 3, attempts=[])
    has(service, 4, attempts=[attempt("another")])
    has(service, 5, attempts=[attempt("x", method="MAIL")])
    has(service, 6, message=None)
    service.answers("POST", TAIL, reply())
    service.answers(
        "POST", TAIL, reply(*map(event, range(1, 8)), position="q")
    )  # of the 7th there is no record
    service.answers("POST", TAIL, STOP, status=403)
    result = run(*LISTEN)
    assert [line.split(f"_{RULE_ID}  ")[1] for line in result.stdout.splitlines()] == [
        "signed: webhook-timestamp 1, ***",
        "not signed: no webhook-id, webhook-timestamp, webhook-signature",
        "not sent",
        "signed with another webhook-id",
    ]
    assert "whsec_" not in result.output


def test_the_secret_is_always_told(service: Service, hook: Service, run: Run) -> None:
    """With -q the receiver's secret is told all the same: without it nobody can check signatures."""
    service.answers("POST", TAIL, reply())
    service.answers("POST", TAIL, STOP, status=403)
    result = run(*LISTEN, "-q", "--forward-to", f"{hook.url}/hook?a=b")
    assert re.match(rf"✓ Posting to {re.escape(hook.url)}/hook\?a=b, signed with whsec_\S+\n", result.stderr)
    assert "Listening" not in result.stderr


def test_a_channels_webhooks(service: Service, run: Run) -> None:
    """--channel, --type and --where choose; of an event with many deliveries all are looked at."""
    wanted = has(service, 1)
    other = {"rule_id": "770e8400-e29b-41d4-a716-446655440000", "channel_id": "another"}
    service.answers("POST", TAIL, reply())
    service.answers("POST", TAIL, reply(event(1, deliveries=[], more_deliveries=True), position="q"))
    service.answers("POST", TAIL, STOP, status=403)
    many = {"deliveries": [summary(1, **other), summary(1)], "next": None}
    service.answers("GET", "/notifications/deliveries?*", many)
    result = run(*LISTEN, "--channel", CHANNEL_ID, "--type", "session.started", "--where", "status=RUNNING")
    assert [line.split()[4] for line in result.stdout.splitlines()] == [wanted]
    tails = [request["body"] for request in service.requests if request["path"] == TAIL]
    assert tails[0] == {"where": ["status=RUNNING"], "rule_type": "session.started", "position": None}


def test_as_json(service: Service, run: Run) -> None:
    """With -o jsonl each webhook is a line of JSON with its message and the outcome."""
    has(service, 1)
    service.answers("POST", TAIL, reply())
    service.answers("POST", TAIL, reply(event(1), position="q"))
    service.answers("POST", TAIL, STOP, status=403)
    told = json.loads(run(*LISTEN, "-o", "jsonl").stdout)
    assert (told["message"], told["outcome"]) == (MESSAGE, "signed: webhook-timestamp 1, ***")


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:3000/hook", "https://localhost/x", "http://[::1]:1/", "http://127.9.9.9/"]
)
def test_this_machine(url: str) -> None:
    """Every address of this machine may be posted to."""
    assert forwarding.checked_target(url, allow_external=False) == url


@pytest.mark.parametrize(
    "url",
    [
        *("http://example.com/", "http://10.0.0.1/", "http://localhost.example.com/", "http://0.0.0.0/"),
        *("http://127.0.0.1.nip.io/", "http://127.0.0.1@example.com/", "http://[::ffff:10.0.0.1]/"),
    ],
)
def test_other_machines(url: str, run: Run, service: Service) -> None:
    """Recorded messages do not leave this machine unless that is allowed."""
    result = run(*LISTEN, "--forward-to", url)
    assert (result.exit_code, service.requests) == (1, [])
    assert "is not on this machine" in result.stderr
    assert "--allow-external" in result.stderr
    assert forwarding.checked_target(url, allow_external=True) == url


@pytest.mark.parametrize(
    "url", ["localhost:3000", "ftp://localhost/", "http://", "http://h:x/", "http://\x1b/"]
)
def test_no_urls(url: str) -> None:
    """What is no URL is refused, allowed or not."""
    with pytest.raises(click.UsageError, match="is not an http or https URL"):
        forwarding.checked_target(url, allow_external=True)


def test_a_receiver_that_is_down_is_waited_for(service: Service, hook: Service, tmp_path: Path) -> None:
    """A receiver that is down is told of once, and gets its message when it is up; Ctrl-C ends it."""
    delivery_id = has(service, 1)
    service.answers("POST", TAIL, reply())
    service.answers("POST", TAIL, reply(event(1), position="q"))
    service.answers("POST", TAIL, reply(position="q"))
    url, told = hook.url, tmp_path / "stderr"
    hook.close()
    command = [sys.executable, "-m", "backendai_notification_cli", *LISTEN, "--forward-to", f"{url}/hook?a=b"]
    environment = {**os.environ, "PYTHONPATH": str(PACKAGES)}
    with (
        told.open("wb") as stderr,
        subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=stderr, env=environment) as process,
    ):
        until("the fault is told", lambda: "Trying again until" in told.read_text(), 30)
        with Service(int(url.rpartition(":")[2])) as again:
            again.answers("POST", "/hook?a=b", {}, status=204)
            until("it is posted", lambda: again.requests, 30)
            until("it goes on", lambda: service.requests[-1]["body"] == {"position": "q"}, 30)
        process.send_signal(2)
        assert process.wait(30) == 130
    assert posted(again) == [delivery_id]
    assert told.read_text().count("Cannot reach") == 1


def test_where_it_stands_is_its_owners(service: Service, run: Run) -> None:
    """The file with the secret is readable by its owner only."""
    service.answers("POST", TAIL, reply())
    service.answers("POST", TAIL, STOP, status=403)
    run(*LISTEN)
    (file,) = (profiles.folder() / "listen").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    assert standing.load(service.url, {}, afresh=False).position == "p"


def test_a_position_that_is_none(service: Service, run: Run) -> None:
    """A position that the service does not know, as of a stack that is gone, is told with the way out."""
    service.answers("POST", TAIL, reply())
    service.answers("POST", TAIL, {"title": "T", "msg": "The position is malformed"}, status=400)
    told = run(*LISTEN)
    assert (told.exit_code, "--from-now begins anew" in told.stderr) == (1, True)
