"""The processes of a stack's functions under attack: that they live, and how much memory they take."""

from dataclasses import dataclass, field

from tests.attack.report import LetThrough
from tests.stack import processes

MAX_GROWTH_BYTES = 96 * 1024**2
"""64 MB for what a template may take, and the rest for what the function keeps of it all."""


@dataclass
class ProcessWatch:
    """``start`` and ``check`` frame a group of attacks. ``grown``: the most bytes that one took more.

    ``ministack``: the process id of the functions' parent.
    """

    ministack: int
    grown: int = 0
    _before: dict[int, tuple[str, int]] = field(default_factory=dict)

    def start(self) -> None:
        """Note which processes live, and with how much memory; peaks are counted from here."""
        self._before = {}
        for pid, name in sorted(processes.functions(self.ministack).items()):
            if processes.reset_peak(pid):
                self._before[pid] = (name, processes.memory(pid))

    def check(self) -> None:
        """Look whether all live and none has taken too much.

        Raises:
            LetThrough: one has died or grown.
        """
        alive = processes.functions(self.ministack)
        for pid, (name, _) in self._before.items():
            first = min(one for one, (other, _) in self._before.items() if other == name)
            if pid == first and pid not in alive:  # ministack ends only those that came after the first
                raise LetThrough(f"a process of {name} has died")
        for pid, name in alive.items():
            peak = processes.peak_memory(pid)
            usual = min((bytes_ for other, bytes_ in self._before.values() if other == name), default=None)
            if not peak or usual is None:
                continue
            growth = peak - self._before.get(pid, (name, usual))[1]
            self.grown = max(self.grown, growth)
            if growth > MAX_GROWTH_BYTES:
                raise LetThrough(f"{name} took {growth // 1024**2} MB more memory")
