"""The local stack as make drives it, and what was built for it."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from local.common import ROOT, StackError
from local.faults.processes import workers
from local.stack import Stack
from tests.e2e.cli import Cli

FUNCTIONS = {
    "ChannelsFunction": "channels_api.app",
    "RulesFunction": "rules_api.app",
    "DeliveriesFunction": "deliveries_api.app",
    "ServiceFunction": "service_api.app",
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


def test_a_taken_port_leaves_the_running_stack_alone(stack: Stack) -> None:
    """Asked to move to a port that another program has, the stack goes on where it is."""
    before = stack.ministack.pid()
    with socket.create_server(("127.0.0.1", 0)) as other, pytest.raises(StackError, match="is taken"):
        Stack(stack.directory, other.getsockname()[1]).ministack.start(print)
    assert stack.ministack.pid() == before


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
        "assert len(built) > 10 and not stale, stale\n"
    )
    env = {
        "AWS_DEFAULT_REGION": "us-east-1",
        "CONFIG_TABLE": "t",
        "KEYPAIR_SECRET": "s",
        "EVENT_BUS": "b",
        "DELIVERIES_TABLE": "d",
        "RECORD_DAYS": "30",
        "EVENT_QUEUE_URL": "https://sqs/e",
        "DELIVERY_QUEUE_URL": "https://sqs/d",
        "PATIENT_QUEUE_URL": "https://sqs/p",
    }
    result = subprocess.run(
        [sys.executable, "-I", "-S", "-c", script], env=env, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr


def test_make_lists_what_can_be_done() -> None:
    """A bare make names each target that the README uses."""
    listed = subprocess.run(["make", "-C", str(ROOT)], capture_output=True, text=True, check=True).stdout
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
