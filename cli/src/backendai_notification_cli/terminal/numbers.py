"""Whole numbers as commands are given them."""

from typing import Any

import click


class Number(click.ParamType[int]):
    """A whole number within limits; of anything else it says which numbers there are.

    ``word``: what may stand in place of a number, which the option's callback is given then.
    """

    name = "integer"

    def __init__(self, least: int, most: int | None = None, word: str | None = None) -> None:
        self.least = least
        self.most = most
        self.word = word

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the number.

        Raises:
            BadParameter: it is none, or beyond the limits.
        """
        if self.word is not None and str(value).strip().lower() == self.word:
            return self.word
        try:
            number = int(value)
        except ValueError:
            number = None
        if number is None or number < self.least or (self.most is not None and number > self.most):
            self.fail(f"'{value}' is not {self._expected()}.", param, ctx)
        return number

    def _expected(self) -> str:
        limits = f"from {self.least} on" if self.most is None else f"from {self.least} to {self.most}"
        return f"a whole number {limits}" + (f", or '{self.word}'" if self.word else "")
