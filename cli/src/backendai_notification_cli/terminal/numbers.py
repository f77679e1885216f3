"""Whole numbers as commands are given them."""

from typing import Any

import click


class Number(click.IntRange):
    """A whole number within limits; of anything else it says which numbers there are."""

    word: str | None = None
    """What may stand in place of a number."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the number.

        Raises:
            BadParameter: it is none, or beyond the limits.
        """
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            self.fail(f"'{value}' is not {self._expected()}.", param, ctx)

    def _expected(self) -> str:
        limits = f"from {self.min} on" if self.max is None else f"from {self.min} to {self.max}"
        return f"a whole number {limits}" + (f", or '{self.word}'" if self.word else "")
