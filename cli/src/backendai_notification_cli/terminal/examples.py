"""Examples at the end of a command's help."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import click

HEADING = "Examples:"


def examples(*lines: str) -> str:
    """Return the end of a help: a line for each example, without the program's name."""
    return "\n".join((HEADING, *(f"  backend.ai {line}" for line in lines)))


def write(text: str | None, formatter: "click.HelpFormatter") -> None:
    """Write the end of a help as it is, so that each example stays one line to copy."""
    if text:
        formatter.write(f"\n{text}\n")
