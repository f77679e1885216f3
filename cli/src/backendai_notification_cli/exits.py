"""The exit codes of every command."""

from enum import IntEnum


class ExitCode(IntEnum):
    """How a command ended."""

    OK = 0
    FAILURE = 1
    USAGE = 2
    INTERRUPTED = 130
    CUT = 141
    """As shells tell of a tool whose reader went away: 128 and the number of SIGPIPE."""
