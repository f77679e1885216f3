"""Starting and ending tests/smtp_server.py."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import trustme

from local.common import ROOT, first_line


class MailServer:
    """A running SMTP server process. ``ca_file`` is what its certificate was signed by."""

    def __init__(self, process: subprocess.Popen[str], ca_file: Path) -> None:
        assert process.stdout is not None
        self._lines = process.stdout
        self.port = int(first_line(process.stdout))
        self.ca_file = str(ca_file)

    def next_mail(self) -> dict[str, Any]:
        """Wait for the next mail that it takes."""
        mail: dict[str, Any] = json.loads(self._lines.readline())
        return mail


@contextmanager
def mail_server(directory: Path, *options: str) -> Iterator[MailServer]:
    """Run a server with a certificate for 127.0.0.1 of an authority of its own."""
    authority = trustme.CA()
    certificate, ca_file = directory / "server.pem", directory / "ca.pem"
    authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(str(certificate))
    authority.cert_pem.write_to_path(str(ca_file))
    command = [sys.executable, "-W", "ignore", "-m", "tests.smtp_server", "--certificate", str(certificate)]
    process = subprocess.Popen([*command, *options], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        yield MailServer(process, ca_file)
    finally:
        process.kill()
        process.wait(timeout=60)
        assert process.stdout is not None
        process.stdout.close()
