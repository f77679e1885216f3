"""``python -m local up|down|clean``: what the Makefile calls."""

import argparse
import shutil
import sys

from local.command import DIRECTORY, add_port, port, run, tell
from local.common import ROOT, StackError
from local.demo_receiver import DemoReceiver
from local.elsewhere import elsewhere
from local.sam import build_for_docker
from local.stack import Stack


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
            tell(stack.console())
            told = elsewhere(stack)
            if told is not None:
                tell(told)
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


if __name__ == "__main__":
    run(main)
