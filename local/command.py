"""What the commands of the local stack share: the port, progress, errors in a line, and their end."""

import argparse
import os
import re
import subprocess
import sys
from collections.abc import Callable
from typing import NoReturn

from local.common import ROOT, StackError, plain_env
from local.ministack import MAX_PORT
from local.stack import DEFAULT_PORT, Stack

DIRECTORY = ROOT / ".local"


def add_port(parser: argparse.ArgumentParser) -> None:
    """Let a command be given PORT as make hands it on: empty if nobody set it."""
    parser.add_argument("--port", default="", metavar="PORT")


def port(text: str) -> int:
    """Read a port; without one it is that of this clone's stack, running or stopped, or the usual one.

    Raises:
        StackError: it is no port.
    """
    if not text:
        stack = Stack(DIRECTORY, DEFAULT_PORT)
        return stack.ministack.running_port() or stack.former_port() or DEFAULT_PORT
    if not re.fullmatch("[0-9]{1,5}", text) or not 1 <= int(text) <= MAX_PORT:
        raise StackError(f"PORT must be a number from 1 to {MAX_PORT}, not {text!r}")
    return int(text)


def tell(text: str) -> None:
    """Show progress."""
    print(f"  {text}", flush=True)


def on_stack(name: str, play: Callable[[Stack], None]) -> int:
    """Read a command's arguments, bring the stack up and play on it; return the exit code."""
    parser = argparse.ArgumentParser(prog=name)
    add_port(parser)
    return _played(parser.parse_args(), lambda stack, _: play(stack))


def for_releases(name: str, title: str, play: Callable[[Stack, str], None]) -> int:
    """Do so for each release of Backend.AI that the arguments name, under a title; return the exit code."""
    parser = argparse.ArgumentParser(prog=name)
    add_port(parser)
    parser.add_argument("releases", nargs="+")
    arguments = parser.parse_args()

    def play_all(stack: Stack, found: argparse.Namespace) -> None:
        for release in found.releases:
            print(f"{title} {release}:", flush=True)
            play(stack, release)

    return _played(arguments, play_all)


def _played(arguments: argparse.Namespace, play: Callable[[Stack, argparse.Namespace], None]) -> int:
    try:
        stack = Stack(DIRECTORY, port(arguments.port))
        stack.up(tell)
        play(stack, arguments)
    except (StackError, TimeoutError) as error:
        print(f"✗ {error}", file=sys.stderr)
        return 1
    except subprocess.SubprocessError as error:
        said = getattr(error, "stderr", None) or getattr(error, "stdout", None) or ""
        print(f"✗ {error}\n{said}", file=sys.stderr)
        return 1
    return 0


def run(command: Callable[[], int]) -> NoReturn:
    """Run a command in a plain environment; end with its exit code, and quietly when it is interrupted."""
    env = plain_env()
    os.environ.clear()
    os.environ.update(env)
    try:
        sys.exit(command())
    except KeyboardInterrupt:
        sys.exit(130)
