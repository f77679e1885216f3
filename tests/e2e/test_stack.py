"""The local stack as make drives it, and what was built for it."""

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from local import demo
from local.command import port
from local.common import ROOT, StackError
from local.demo_receiver import DemoReceiver
from local.inputs import fingerprint
from local.stack import Stack
from tests.stack.cli import Cli
from tests.stack.processes import workers

FUNCTIONS = {
    "ChannelsFunction": "channels_api.app",
    "RulesFunction": "rules_api.app",
    "DeliveriesFunction": "deliveries_api.app",
    "MutesFunction": "mutes_api.app",
    "ConfigurationFunction": "configuration_api.app",
    "VerdictsFunction": "verdicts_api.app",
    "ServiceFunction": "service_api.app",
    "ConsoleFunction": "console_site.app",
    "DispatcherFunction": "dispatcher.app",
    "RedelivererFunction": "redeliverer.app",
    "SweeperFunction": "redeliverer.sweep",
}


def test_up_twice_is_harmless(stack: Stack, cli: Cli) -> None:
    """A second up leaves the process, the settings and the configuration as they were."""
    channel_id = cli.channel("https://receiver.example.com/")
    before = (stack.ministack.pid(), stack.env_file.read_text())
    stack.up(print)
    assert (stack.ministack.pid(), stack.env_file.read_text()) == before
    assert cli.json("channel", "info", channel_id)["id"] == channel_id


def test_state_survives_down_and_up(stack: Stack, cli: Cli) -> None:
    """After a stop and a start the stack has its configuration, and serves it without a new deployment."""
    channel_id = cli.channel("https://receiver.example.com/")
    assert stack.ministack.stop()
    assert cli.run("channel", "list").code == 1
    stack.ministack.start(print)
    assert cli.json("channel", "info", channel_id)["id"] == channel_id


def test_a_taken_port_is_told(tmp_path: Path) -> None:
    """On a port that another program has, the start is refused with what to do about it."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(StackError, match=f"Port {port} is taken .* make up PORT="):
            Stack(tmp_path, port).ministack.start(print)


def test_another_programs_process_is_left_alone(tmp_path: Path) -> None:
    """A noted process id that somebody else has by now is not taken for ministack, and not ended."""
    with subprocess.Popen(["sleep", "60"], cwd=tmp_path) as other:
        (tmp_path / "ministack.pid").write_text(f"{other.pid} 4566")
        assert not Stack(tmp_path).ministack.stop()
        assert other.poll() is None
        other.kill()


def test_what_is_no_port_is_told() -> None:
    """A port beyond the last, none at all, or text gets one line that says what it must be."""
    for text in ("80000", "0", "-1", "abc", "٣"):
        with pytest.raises(StackError, match=r"^PORT must be a number from 1 to 65535, not .*$"):
            port(text)
    assert port("4567") == 4567


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("echo 'pyenv: python3.13: command not found' >&2; exit 127", "does not run here"),
        ("echo 3.8", "is 3.8"),
        ('test "$2" = "import venv, ensurepip" && exit 1; echo 3.12', "lacks the venv module"),
    ],
)
def test_a_python_that_will_not_do_is_told_in_one_line(tmp_path: Path, script: str, told: str) -> None:
    """A shim that runs nothing, an old version, one without venv: one line says so and what to do."""
    python = tmp_path / "python3.13"
    python.write_text(f"#!/bin/sh\n{script}\n")
    python.chmod(0o755)
    ran = subprocess.run(
        [ROOT / "packing" / "check-python", python, "PYTHON", "3.11", "3.14"],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert (ran.returncode, ran.stdout) == (1, "")
    assert re.fullmatch(rf"✗ .*{told}.*: make PYTHON=\S+\n", ran.stderr), ran.stderr


def test_what_a_change_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Other sources, parameters or names are a change; bytecode and a new time are none."""
    monkeypatch.setattr("local.inputs.ROOT", tmp_path)
    source = tmp_path / "functions" / "app.py"
    source.parent.mkdir()
    source.write_text("one")
    first = fingerprint(("A=1",))
    os.utime(source, (1, 1))
    (source.parent / "__pycache__").mkdir()
    (source.parent / "__pycache__" / "app.pyc").write_text("bytecode")
    assert fingerprint(("A=1",)) == first
    assert fingerprint(("A=2",)) != first
    source.write_text("two")
    second = fingerprint(("A=1",))
    source.rename(source.with_name("other.py"))
    assert len({first, second, fingerprint(("A=1",))}) == 3


def test_the_demos_next_steps_work_when_they_are_pasted(
    stack: Stack, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The demo's receiver stays, and each command that it prints works as it stands there."""
    monkeypatch.setenv("NOTIFICATION_LOCAL_ENV", str(stack.env_file))
    receiver = DemoReceiver(stack.directory)
    try:
        told = demo.play(stack)
        assert receiver.url in told
        commands = "\n".join(line for line in told.splitlines() if line.startswith("  "))
        assert commands.count("./backend.ai") >= 5
        # These start or stop the clone's own stack, which a test must leave alone.
        for own in ("make down", "make bridge-demo"):
            assert own in commands
            commands = commands.replace(own, "")
        ran = subprocess.run(
            ["bash", "-euc", commands],
            cwd=ROOT, env=cli.env, capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip
        assert ran.returncode == 0, ran
        assert "Session s1 started" in receiver.wait_for("Session s1 started")["body"]
        port_before = receiver.port
        receiver.stop()
        receiver.start_again()
        assert receiver.port == port_before
    finally:
        receiver.stop()


def test_nothing_is_left_of_the_functions_when_it_ends(stack: Stack) -> None:
    """The code that ministack unpacks for its functions goes when it is stopped."""
    assert list((stack.directory / "tmp").iterdir())
    assert stack.ministack.stop()
    assert not (stack.directory / "tmp").exists()
    stack.ministack.start(print)


def test_the_settings_can_be_sourced(stack: Stack, cli: Cli) -> None:
    """A shell that sources the settings has all of them, and they are for its owner's eyes only."""
    names = "BACKEND_ENDPOINT BACKEND_ACCESS_KEY BACKEND_SECRET_KEY AWS_ENDPOINT_URL AWS_ACCESS_KEY_ID"
    names += " AWS_SECRET_ACCESS_KEY AWS_DEFAULT_REGION NOTIFICATION_EVENT_BUS NOTIFICATION_STACK"
    script = f'set -a; . {stack.env_file}; for name in {names}; do printf "%s=%s\\n" $name "${{!name}}"; done'
    ran = cli.shell(script)
    assert dict(line.split("=", 1) for line in ran.out.splitlines()) == stack.settings()
    assert stack.env_file.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_built_function_needs_nothing_but_its_layers(stack: Stack, function: str) -> None:
    """Each function's module can be imported from the built artifacts alone, all from valid bytecode."""
    built = stack.directory / "build"
    paths = [
        built / function,
        *(built / layer / "python" for layer in ("DependenciesLayer", "NotificationsLayer")),
    ]
    script = (
        f"import sys; built_in, sys.path[:0] = {str(built)!r}, {[str(path) for path in paths]!r}\n"
        f"import {FUNCTIONS[function]}\n"
        "files = [(m, getattr(m, '__file__', None) or '') for m in list(sys.modules.values())]\n"
        "built = [m for m, file in files if file.startswith(built_in)]\n"
        "stale = [m.__name__ for m in built if m.__file__.endswith('.py') and\n"
        "         open(m.__cached__, 'rb').read(8)[4:] != b'\\x01\\x00\\x00\\x00']\n"
        "assert len(built) > 3 and not stale, stale\n"
    )
    env = {
        "AWS_DEFAULT_REGION": "us-east-1",
        "CONFIG_TABLE": "t",
        "KEYPAIR_SECRET": "s",
        "KEYPAIRS_SECRET": "t",
        "EVENT_BUS": "b",
        "DELIVERIES_TABLE": "d",
        "RECORD_DAYS": "30",
        "RECORD_SHARDS": "16",
        "EVENT_QUEUE_URL": "https://sqs/e",
        "DEAD_LETTER_QUEUE_URL": "https://sqs/l",
        "DELIVERY_QUEUE_URL": "https://sqs/d",
        "SLOW_QUEUE_URL": "https://sqs/p",
    }
    result = subprocess.run(
        [sys.executable, "-I", "-S", "-c", script],
        env=env,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert result.returncode == 0, result.stderr


def test_make_lists_what_can_be_done() -> None:
    """A bare make names each target that the README uses."""
    listed = subprocess.run(
        ["make", "-C", str(ROOT)], capture_output=True, text=True, check=True, timeout=120
    ).stdout
    for target in ("demo", "up", "down", "clean", "test", "lint", "build"):
        assert f"\n{target} " in f"\n{listed}", target


def test_functions_have_the_memory_that_the_template_gives_them(stack: Stack, cli: Cli) -> None:
    """A process gets as much memory as its function may have, and no more; ministack is not bounded."""
    assert cli.run("channel", "list").code == 0
    function = stack.resources()["ChannelsFunction"]
    configuration = stack.client("lambda").get_function_configuration(FunctionName=function)
    pid = stack.ministack.pid()
    assert pid is not None
    found = {_data_limit(worker) for worker in workers(pid, "ChannelsFunction")}
    assert found == {str(configuration["MemorySize"] * 1024 * 1024)}
    assert _data_limit(pid) == "unlimited"


def _data_limit(pid: int) -> str:
    lines = Path(f"/proc/{pid}/limits").read_text().splitlines()
    return next(line for line in lines if line.startswith("Max data size")).split()[3]
