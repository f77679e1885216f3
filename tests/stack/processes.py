"""The processes in which a local stack's functions run: ministack's children, and nothing else."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

PROC = Path("/proc")
RESET_PEAK = "5"
"""Written to clear_refs, it sets VmHWM back to VmRSS: proc(5)."""


def workers(ministack: int, function: str = "") -> list[int]:
    """Return the ids of the processes that run functions, or one function by its name in the template."""
    return [pid for pid in _children(ministack) if f"-{function}".encode() in _command(pid)]


def functions(ministack: int) -> dict[int, str]:
    """Return the names in the template of the functions that run, by process id."""
    names = {pid: _variable(pid, b"AWS_LAMBDA_FUNCTION_NAME") for pid in _children(ministack)}
    return {pid: name.split("-")[1] for pid, name in names.items() if "-" in name}


def client(ministack: int, client_port: int, server_port: int) -> int | None:
    """Return the id of the function's process that has a connection open from one port to the other."""
    inode = _inode(client_port, server_port)
    if inode is None:
        return None
    wanted = f"socket:[{inode}]"
    return next((pid for pid in _children(ministack) if wanted in _open_files(pid)), None)


def kill(ministack: int, pid: int, number: int = signal.SIGKILL) -> bool:
    """Send a function's process a signal; tell whether there was one of this ministack."""
    if pid not in _children(ministack) or b"ministack-lambda-" not in _command(pid):
        return False
    os.kill(pid, number)
    return True


def peak_memory(pid: int) -> int:
    """Return the most bytes of memory that a process has had so far; 0 if it is gone."""
    return _status_bytes(pid, "VmHWM")


def memory(pid: int) -> int:
    """Return the bytes of memory that a process has; 0 if it is gone."""
    return _status_bytes(pid, "VmRSS")


def reset_peak(pid: int) -> bool:
    """Count the most memory of a process anew, from what it has; tell whether it is there."""
    try:
        (PROC / str(pid) / "clear_refs").write_text(RESET_PEAK)
    except OSError:
        return False
    return True


def _status_bytes(pid: int, name: str) -> int:
    try:
        status = (PROC / str(pid) / "status").read_text()
    except OSError:
        return 0
    line = next((line for line in status.splitlines() if line.startswith(f"{name}:")), f"{name}: 0 kB")
    return int(line.split()[1]) * 1024


def _variable(pid: int, name: bytes) -> str:
    try:
        variables = (PROC / str(pid) / "environ").read_bytes().split(b"\0")
    except OSError:
        return ""
    return next((each[len(name) + 1 :].decode() for each in variables if each.startswith(name + b"=")), "")


def _children(parent: int) -> Iterator[int]:
    for entry in PROC.iterdir():
        if entry.name.isdecimal():
            try:
                after_name = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(after_name[1]) == parent and after_name[0] != "Z":
                yield int(entry.name)


def _command(pid: int) -> bytes:
    try:
        return (PROC / str(pid) / "cmdline").read_bytes()
    except OSError:
        return b""


def _open_files(pid: int) -> set[str]:
    found: set[str] = set()
    try:
        for descriptor in (PROC / str(pid) / "fd").iterdir():
            found.add(os.readlink(descriptor))  # noqa: PTH115 - it is no path
    except OSError:
        pass
    return found


def _inode(local: int, remote: int) -> str | None:
    for line in (PROC / "net" / "tcp").read_text().splitlines()[1:]:
        fields = line.split()
        ports = tuple(int(address.rpartition(":")[2], 16) for address in fields[1:3])
        if ports == (local, remote) and fields[9] != "0":
            return fields[9]
    return None
