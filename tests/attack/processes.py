"""The Lambda processes of a stack: that they live, and how much memory they have taken."""

import contextlib
from dataclasses import dataclass, field
from pathlib import Path

from local.stack import Stack
from tests.attack.board import LetThrough

MAX_GROWTH_KB = 96 * 1024
"""64 MB for what a template may take, and the rest for what the function keeps of it all."""

RESET_PEAK = "5"
"""Written to clear_refs, it sets VmHWM back to VmRSS: proc(5)."""


@dataclass
class Processes:
    """``start`` and ``check`` frame a group of attacks. ``grown``: the most that one took, in KB."""

    stack: Stack
    grown: int = 0
    _before: dict[int, tuple[str, int]] = field(default_factory=dict)

    def start(self) -> None:
        """Note who lives, with how much memory; peaks are counted from here."""
        self._before = {}
        for pid, name in sorted(self._workers().items()):
            with contextlib.suppress(OSError):
                Path(f"/proc/{pid}/clear_refs").write_text(RESET_PEAK)
                self._before[pid] = (name, _kilobytes(pid, "VmRSS"))

    def check(self) -> None:
        """Look whether all live and none has taken too much.

        Raises:
            LetThrough: one has died or grown.
        """
        alive = self._workers()
        for pid, (name, _) in self._before.items():
            first = min(one for one, (other, _) in self._before.items() if other == name)
            if pid == first and pid not in alive:  # ministack ends only those that came after the first
                raise LetThrough(f"a process of {name} has died")
        for pid, name in alive.items():
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                usual = min((rss for other, rss in self._before.values() if other == name), default=None)
                if usual is None:
                    continue
                growth = _kilobytes(pid, "VmHWM") - self._before.get(pid, (name, usual))[1]
                self.grown = max(self.grown, growth)
                if growth > MAX_GROWTH_KB:
                    raise LetThrough(f"{name} took {growth // 1024} MB more memory")

    def _workers(self) -> dict[int, str]:
        parent = self.stack.ministack.pid()
        found = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdecimal():
                with contextlib.suppress(OSError, IndexError):
                    if int((entry / "stat").read_text().rpartition(")")[2].split()[1]) == parent:
                        environment = (entry / "environ").read_bytes().split(b"\0")
                        names = [
                            part.partition(b"=")[2]
                            for part in environment
                            if part.startswith(b"AWS_LAMBDA_FUNCTION_NAME=")
                        ]
                        found[int(entry.name)] = names[0].decode().split("-")[1]
        return found


def _kilobytes(pid: int, name: str) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1])
    raise ProcessLookupError(pid)
