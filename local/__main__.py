"""``python -m local up|down|clean``: what the Makefile calls."""

import argparse
import os
import shutil
import sys
from collections.abc import Callable
from typing import NoReturn

from local.common import ROOT, StackError, plain_env
from local.sam import build_for_docker
from local.stack import DEFAULT_PORT, Stack

DIRECTORY = ROOT / ".local"


def main() -> int:
    """Run one command; return its exit code."""
    parser = argparse.ArgumentParser(prog="local")
    parser.add_argument("command", choices=["up", "down", "clean"])
    parser.add_argument("--port", type=int, default=DEFAULT_PORT)
    arguments = parser.parse_args()
    stack = Stack(DIRECTORY, arguments.port)
    try:
        if arguments.command == "up":
            stack.up(tell)
            build_for_docker(tell)
            tell(f"The local stack is up; its settings are in {stack.env_file.relative_to(ROOT)}")
        else:
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
