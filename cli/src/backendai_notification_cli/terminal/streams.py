"""The standard streams: closed, cut or full ones end a command as they end other tools."""

import errno
import io
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, TextIO

from backendai_notification_cli.exits import ExitCode

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

STDOUT, STDERR = 1, 2


class OutputFailed(Exception):
    """Stdout cannot be written. It is no OSError: click would take one for its own."""

    def __init__(self, error: OSError) -> None:
        super().__init__(error.strerror or str(error))
        self.cut = error.errno == errno.EPIPE


class Descriptor(io.FileIO):
    """Where a stream ends. After the first failure nothing more is tried, not even when Python ends."""

    failure: OSError | None = None

    def write(self, data: "ReadableBuffer", /) -> int:
        """Write bytes.

        A failure on stderr is kept for the exit code only: what goes to stdout may be shown just this once.

        Raises:
            OutputFailed: stdout takes no more.
        """
        if self.failure is None:
            try:
                return super().write(data)
            except OSError as error:
                self.failure = error
                if self.fileno() == STDOUT:
                    raise OutputFailed(error) from None
        return memoryview(data).nbytes


def open_closed() -> None:
    """Open what a caller closed of the three, as git does: a socket would take the number of stderr.

    For Python standard input stays closed, so that a command that reads it can say so.
    """
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= STDERR:
        os.set_inheritable(descriptor, True)
    os.close(descriptor)


def guarded(program: Callable[[], int]) -> int:
    """Run a program over outputs that fail as `Descriptor` says; return the exit code."""
    sys.stdout, _ = _over(STDOUT, sys.stdout)
    sys.stderr, status_lines = _over(STDERR, sys.stderr)
    try:
        code = program()
    except OutputFailed as failed:
        if failed.cut:
            return ExitCode.CUT
        print(f"✗ Cannot write the output: {failed}", file=sys.stderr)
        return ExitCode.FAILURE
    if code == ExitCode.OK and (failure := status_lines.failure) is not None:
        return ExitCode.CUT if failure.errno == errno.EPIPE else ExitCode.FAILURE
    return code


def _over(number: int, stream: TextIO | None) -> tuple[TextIO, Descriptor]:
    descriptor = Descriptor(number, "wb", closefd=False)
    text = io.TextIOWrapper(
        io.BufferedWriter(descriptor),
        encoding=stream.encoding if stream else "utf-8",
        # A terminal that cannot show a character gets its escape, not a traceback.
        errors="backslashreplace",
        line_buffering=number == STDERR or descriptor.isatty(),
    )
    return text, descriptor
