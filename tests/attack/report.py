"""What was tried, and what came of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from botocore.exceptions import BotoCoreError, ClientError

from local.common import StackError

NOT_CARRIED_OUT = (StackError, OSError, ValueError, LookupError, BotoCoreError, ClientError)
"""What an attack can fail with before it has shown anything; ``TimeoutError`` is an OSError."""


class LetThrough(Exception):
    """An attack that was not refused, or did harm."""


@dataclass
class Tally:
    """One family of attacks. ``through`` and ``broken`` name each attack and why."""

    tried: int = 0
    refused: int = 0
    through: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)


@dataclass
class Report:
    """The tallies of all families, and what was measured."""

    tallies: dict[str, Tally] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @contextmanager
    def attack(self, family: str, name: str) -> Iterator[None]:
        """Count what happens inside as one attack: let through, not carried out, or else refused."""
        tally = self.tallies.setdefault(family, Tally())
        tally.tried += 1
        try:
            yield
        except LetThrough as error:
            tally.through.append(f"{name}: {error}")
        except NOT_CARRIED_OUT as error:
            tally.broken.append(f"{name}: {type(error).__name__}: {error}")
        else:
            tally.refused += 1

    @property
    def ok(self) -> bool:
        """Tell whether all was carried out and nothing was let through."""
        return bool(self.tallies) and not any(
            tally.through or tally.broken for tally in self.tallies.values()
        )

    def lines(self) -> list[str]:
        """Write the table, and after it each attack that was let through or not carried out."""
        rows = [("family", "tried", "refused", "let through", "not carried out")]
        rows += [
            (name, str(tally.tried), str(tally.refused), str(len(tally.through)), str(len(tally.broken)))
            for name, tally in self.tallies.items()
        ]
        lines = [f"{row[0]:<12}" + "".join(f"{cell:>17}" for cell in row[1:]) for row in rows]
        for title in ("through", "broken"):
            for name, tally in self.tallies.items():
                sign = "LET THROUGH" if title == "through" else "NOT CARRIED OUT"
                lines += [f"✗ {sign}, {name}: {one}" for one in getattr(tally, title)]
        return lines + self.notes
