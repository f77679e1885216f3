"""Whatever goes wrong between the command line and the service is one clear line."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

import backendai_notification_cli
from backendai_notification_cli.errors import CliError
from backendai_notification_cli.http.transport import Transport
from tests.unit.cli.conftest import ENDPOINT_SOURCE, KEYPAIR_SOURCE

LIST = ("notification", "event-type", "list")
TYPES = "/notifications/event-types"
RULE_ID = "660e8400-e29b-41d4-a716-446655440000"
PACKAGES = Path(backendai_notification_cli.__file__).parents[1]
PYTHON = (sys.executable, "-m", "backendai_notification_cli")
Run = Callable[..., Any]


@pytest.fixture
def silent() -> Iterator[socket.socket]:
    """Listen without ever answering."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener


def url(listener: socket.socket) -> str:
    """Return the URL of a listener."""
    return f"http://127.0.0.1:{listener.getsockname()[1]}"


def process_environment(**more: str) -> dict[str, str]:
    """Let a process of its own find the package."""
    return {**os.environ, "PYTHONPATH": str(PACKAGES), **more}


def test_problem_title_without_msg(service: Any, run: Run) -> None:
    """A problem without a message shows its title."""
    service.answers("GET", TYPES, {"type": "t", "title": "Not for you"}, status=403)
    result = run(*LIST)
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", f"✗ Not for you\n{KEYPAIR_SOURCE}")


def test_a_fault_is_told_once(service: Any, run: Run) -> None:
    """A fault that the message names by the last part of its place has no line of its own; others have."""
    errors = [
        {"loc": ["condition", "statsu"], "msg": "is no field"},
        {"loc": ["condition", "a.b"], "msg": "is text"},
    ]
    problem = {"type": "t", "title": "T", "msg": "condition: statsu: is no field", "data": {"errors": errors}}
    service.answers("GET", TYPES, problem, status=400)
    assert run(*LIST).stderr == "✗ condition: statsu: is no field\n  condition.a.b: is text\n"


def test_a_signature_is_told_without_what_was_signed(service: Any, run: Run) -> None:
    """What the service tells those who sign by hand says nothing to whoever called a command."""
    told = "The signature does not match. It was compared with that of 1 form of the request: GET\n/v1/x\n..."
    service.answers("GET", TYPES, {"type": "t", "title": "Unauthorized", "msg": told}, status=401)
    assert run("notification", "event-type", "list").stderr == (
        "✗ The signature does not match.\n  The keypair AKIAEXAMPLE comes from the environment.\n"
    )


def test_unauthorized_names_the_keypair(service: Any, run: Run) -> None:
    """A refused keypair is named with its source, without its secret."""
    service.answers("GET", TYPES, {"type": "t", "title": "Unauthorized", "msg": "Bad signature"}, status=401)
    result = run(*LIST)
    assert result.stderr == "✗ Bad signature\n  The keypair AKIAEXAMPLE comes from the environment.\n"


def test_gateway_refusal(service: Any, run: Run) -> None:
    """A gateway's own 403 is told with the endpoint."""
    service.answers("GET", TYPES, {"message": "Missing Authentication Token"}, status=403)
    told = f"✗ {service.url} answered HTTP 403: Missing Authentication Token\n"
    assert run(*LIST).stderr == told + ENDPOINT_SOURCE


@pytest.mark.parametrize(
    ("status", "body"), [(200, "<html>hi</html>"), (502, "<html>"), (200, "[]"), (200, "")]
)
def test_answer_that_is_not_the_apis(service: Any, run: Run, status: int, body: str) -> None:
    """HTML, an empty body or JSON of another kind is told as not being the API."""
    service.answers("GET", TYPES, body, status=status, content_type="text/html; charset=utf-8")
    result = run(*LIST)
    assert result.exit_code == 1
    assert result.stderr == (
        f"✗ {service.url} answered HTTP {status} with text/html instead of JSON: is it the API's URL?\n"
        f"{ENDPOINT_SOURCE}"
    )


@pytest.mark.parametrize("reply", [{}, {"event_types": {}}, {"event_types": ["x"]}])
def test_reply_of_another_shape(service: Any, run: Run, reply: object) -> None:
    """A reply without the expected list names the endpoint and what is missing."""
    service.answers("GET", TYPES, reply)
    result = run(*LIST)
    assert result.exit_code == 1
    assert result.stderr.startswith(f"✗ {service.url} ")
    assert "'event_types'" in result.stderr


def test_redirect_is_not_followed(service: Any, run: Run) -> None:
    """A redirect is a response like any other: the signed request is not sent elsewhere."""
    service.redirects("GET", TYPES, f"{service.url}/elsewhere")
    result = run(*LIST)
    assert result.exit_code == 1
    assert "answered HTTP 302" in result.stderr
    assert len(service.requests) == 1


def test_connection_refused(service: Any, run: Run) -> None:
    """A service that is down is named."""
    service.close()
    result = run(*LIST)
    assert result.exit_code == 1
    told = f"✗ Cannot reach {service.url}: the connection was refused; is the service up?\n"
    assert result.stderr == told + ENDPOINT_SOURCE


def test_tls_failure(service: Any, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """An https endpoint that does not speak TLS is named."""
    endpoint = service.url.replace("http:", "https:")
    monkeypatch.setenv("BACKEND_ENDPOINT", endpoint)
    result = run(*LIST)
    assert result.exit_code == 1
    assert result.stderr.startswith(f"✗ Cannot reach {endpoint}: TLS failed (")
    assert result.stderr.count("\n") == 2


def test_no_answer_in_time(silent: socket.socket) -> None:
    """A service that does not answer in time is named with the time."""
    endpoint = url(silent)
    with pytest.raises(CliError, match=rf"^Cannot reach {endpoint}: no response within 0.1 seconds$"):
        Transport(endpoint, timeout=0.1).send("GET", endpoint, {}, None)


@contextmanager
def asking(
    listener: socket.socket, args: tuple[str, ...] = LIST
) -> Iterator[tuple["subprocess.Popen[str]", socket.socket]]:
    """Run a command until it has sent its request; give the process and the connection that it waits on."""
    keys = {"BACKEND_ACCESS_KEY": "a", "BACKEND_SECRET_KEY": "s"}
    environment = process_environment(BACKEND_ENDPOINT=url(listener), **keys)
    with subprocess.Popen([*PYTHON, *args], env=environment, stderr=subprocess.PIPE, text=True) as process:
        connection, _ = listener.accept()
        with connection:
            connection.recv(65536)
            yield process, connection


def test_answer_that_is_not_http(silent: socket.socket) -> None:
    """A service that speaks something else is named."""
    with asking(silent) as (process, connection):
        connection.sendall(b"SSH-2.0-OpenSSH\r\n\r\n")
        connection.shutdown(socket.SHUT_WR)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 1
    assert (
        errors == f"✗ Cannot reach {url(silent)}: its response is not HTTP or was cut off\n{ENDPOINT_SOURCE}"
    )


def test_keys_that_cannot_be_sent(service: Any, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """An access key that no header can carry is refused without a traceback."""
    monkeypatch.setenv("BACKEND_ACCESS_KEY", "AK\nIA✓")
    result = run(*LIST)
    assert result.exit_code == 1
    assert result.stderr.startswith(f"✗ Cannot reach {service.url}: the request cannot be sent")


@pytest.mark.parametrize("args", [LIST, ("notification", "delivery", "tail")])
def test_ctrl_c_is_quiet(silent: socket.socket, args: tuple[str, ...]) -> None:
    """Ctrl-C while waiting for the service exits 130 and prints no traceback."""
    with asking(silent, args) as (process, _):
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors.strip()) == (130, "")


@pytest.mark.parametrize(
    "args", [["validate", RULE_ID, "--data-file"], ["create", "n", "t", RULE_ID, "--template-file"]]
)
def test_standard_input_that_is_closed(args: list[str]) -> None:
    """Where a text is to come from a closed standard input, the error says so."""
    command = [*PYTHON, "notification", "rule", *args, "-"]
    done = subprocess.run(
        ["sh", "-c", '"$@" <&-', "sh", *command],
        env=process_environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert (done.returncode, done.stderr) == (1, "✗ Cannot read standard input: it is closed\n")


def test_terminal_without_the_characters() -> None:
    """A terminal that cannot show ✗ gets its escape, not a traceback."""
    done = subprocess.run(
        [*PYTHON, "notification", "rule", "info", ""],
        env=process_environment(PYTHONIOENCODING="latin-1"),
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 1
    assert done.stderr.startswith(b"\\u2717 Give the name or the ID of a rule")


@pytest.mark.parametrize(
    "arguments",
    [
        ("{}",),
        ("notification", "{}"),
        ("notification", "channel", "list", "--{}"),
        ("notification", "event", "info", "{}"),
        ("notification", "event", "list", "--status", "{}"),
        ("notification", "event", "emit", "t", "{}", "{}"),
    ],
)
@pytest.mark.parametrize("long", ["x" * 50_000, "x y " * 12_000])
def test_no_error_repeats_a_long_name(arguments: tuple[str, ...], long: str) -> None:
    """Of a long name that was given by mistake an error shows the beginning only."""
    given = [argument.format(long) for argument in arguments]
    ran = subprocess.run(
        [sys.executable, "-m", "backendai_notification_cli", *given],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ran.returncode in {1, 2}
    assert len(ran.stderr) < 5_000
