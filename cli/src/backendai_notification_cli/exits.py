"""The exit codes of every command."""

from enum import IntEnum


class ExitCode(IntEnum):
    """How a command ended."""

    OK = 0
    FAILURE = 1
    USAGE = 2
    CHANGES = 2
    """A plan has changes, and --detailed-exitcode asks for it: Terraform's number."""
    NO = 3
    """The command ran, and what it was asked is not so: no rule fires, a test fails."""
    BUSY = 4
    """Another applies the same configuration."""
    INTERRUPTED = 130
    CUT = 141
    """128 and the number of SIGPIPE, as shells report a program whose reader went away."""
