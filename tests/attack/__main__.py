"""``python -m tests.attack [--short] [--port N]``: what ``make attack`` calls."""

import argparse
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import trustme

from local.command import run, tell
from local.common import StackError, free_port
from local.stack import Stack
from tests.attack.addresses import free_address, server_context
from tests.attack.runner import attack


@dataclass
class TrustingStack(Stack):
    """A stack with what AWS's defaults allow, and one address more: that of the hostile receivers.

    Its functions trust ``authority`` too, which signs their certificate.
    """

    authority: bytes = b""

    def deploy(self, build_directory: Path) -> None:
        """Deploy, with the authority among those that the functions trust."""
        (bundle,) = build_directory.glob("DependenciesLayer/python/certifi/cacert.pem")
        if self.authority not in bundle.read_bytes():
            bundle.write_bytes(bundle.read_bytes() + b"\n" + self.authority)
        super().deploy(build_directory)


def main() -> int:
    """Attack a stack of its own; return 0 only if nothing was let through."""
    parser = argparse.ArgumentParser(prog="attack", description="Attack a local stack of its own.")
    parser.add_argument("--short", action="store_true", help="a few attacks of each family")
    parser.add_argument("--port", type=int, default=0, help="the stack's port; a free one without it")
    arguments = parser.parse_args()
    authority, address = trustme.CA(), free_address()
    with tempfile.TemporaryDirectory(prefix="attack-") as directory:
        stack = TrustingStack(
            Path(directory),
            arguments.port or free_port(),
            parameters=(f"AllowedNetworks={address}/32", "AllowHttp=false"),
            ends_with_starter=True,
            authority=authority.cert_pem.bytes(),
        )
        try:
            stack.up(tell)
            report = attack(
                stack, address, server_context(authority, address), short=arguments.short, tell=tell
            )
        except StackError as error:
            print(f"✗ {error}", file=sys.stderr)
            return 1
        finally:
            stack.ministack.stop()
    print("\n".join(["", *report.lines()]))
    return 0 if report.ok else 1


if __name__ == "__main__":
    run(main)
