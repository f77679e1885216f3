"""The exit codes of every command."""

from enum import IntEnum


class ExitCode(IntEnum):
    """How a command ended."""

    OK = 0
    FAILURE = 1
    USAGE = 2
    NO = 3
    """The command ran, and what it was asked is not so: no rule fires, a test fails."""
    INTERRUPTED = 130
    CUT = 141
    """128 and the number of SIGPIPE, as shells report a program whose reader went away."""
