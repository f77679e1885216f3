"""``python -m local up|down|clean``: what the Makefile calls."""

import argparse
import os
import re
import shutil
import sys
from collections.abc import Callable
from typing import NoReturn

from local.common import ROOT, StackError, plain_env
from local.demo_receiver import DemoReceiver
from local.ministack import MAX_PORT, Ministack
from local.sam import build_for_docker
from local.stack import DEFAULT_PORT, Stack

DIRECTORY = ROOT / ".local"


def main() -> int:
    """Run one command; return its exit code."""
    parser = argparse.ArgumentParser(prog="local")
    parser.add_argument("command", choices=["up", "down", "clean"])
    add_port(parser)
    arguments = parser.parse_args()
    receiver = DemoReceiver(DIRECTORY)
    try:
        stack = Stack(DIRECTORY, port(arguments.port))
        if arguments.command == "up":
            stack.up(tell)
            build_for_docker(tell)
            receiver.start_again()
            settings = stack.env_file.relative_to(ROOT)
            tell(f"The local stack is up on port {stack.port}; its settings are in {settings}")
        else:
            receiver.stop()
            tell(
                "The local stack is stopped" if stack.ministack.stop() else "The local stack was not running"
            )
        if arguments.command == "clean":
            shutil.rmtree(DIRECTORY, ignore_errors=True)
            tell("Its state is removed")
    except StackError as error:
        print(f"✗ {error}", file=sys.stderr)
        return 1
    return 0


def add_port(parser: argparse.ArgumentParser) -> None:
    """Let a command be given PORT as make hands it on: empty if nobody set it."""
    parser.add_argument("--port", default="", metavar="PORT")


def port(text: str) -> int:
    """Read a port; without one it is that of the running stack, or the usual one.

    Raises:
        StackError: it is no port.
    """
    if not text:
        return Ministack(DIRECTORY, DEFAULT_PORT).running_port() or DEFAULT_PORT
    if not re.fullmatch("[0-9]{1,5}", text) or not 1 <= int(text) <= MAX_PORT:
        raise StackError(f"PORT must be a number from 1 to {MAX_PORT}, not {text!r}")
    return int(text)


def tell(text: str) -> None:
    """Show progress."""
    print(f"  {text}", flush=True)


def run(command: Callable[[], int]) -> NoReturn:
    """Run a command in a plain environment; end with its exit code, and quietly when it is interrupted."""
    env = plain_env()
    os.environ.clear()
    os.environ.update(env)
    try:
        sys.exit(command())
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    run(main)
