"""Ask a service again and again, past failures that pass."""

import time
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from backendai_notification_cli.errors import CliError, Refused, Unreachable

POLL_SECONDS = 1
T = TypeVar("T")


def polled(ask: Callable[[], Iterable[T]], seconds: float = POLL_SECONDS) -> Iterator[T]:
    """Yield what each poll yields; a service that fails for a while is told of once.

    Raises:
        CliError: the service refuses the request for good.
    """
    told = False
    while True:
        try:
            yield from ask()
        except (Unreachable, Refused) as error:
            if isinstance(error, Refused) and not error.passing:
                raise
            if not told:
                CliError(error.message, *error.details, "Trying again until it answers.").show()
            told = True
        else:
            told = False
        time.sleep(seconds)
