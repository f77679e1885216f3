"""Where attacks take place: the stack, its hostile surroundings, and the board."""

from dataclasses import dataclass

from tests.attack.board import Board, LetThrough
from tests.attack.canaries import Canaries
from tests.attack.field import Answer, Field
from tests.attack.planted import Planted
from tests.attack.processes import Processes
from tests.attack.receivers import MailReceiver, WebReceiver

MAIL_PORT = 2525


@dataclass(frozen=True)
class Ground:
    """``is_open``: the stack may call this machine, by http and on any port. ``short``: a few of each."""

    field: Field
    board: Board
    web: WebReceiver
    mail: MailReceiver
    canaries: Canaries
    processes: Processes
    planted: Planted
    is_open: bool
    short: bool

    def expect_problem(self, answer: Answer, *statuses: int) -> None:
        """Want a refusal in due form.

        Raises:
            LetThrough: it is none, or one with another status.
        """
        if answer.status not in statuses:
            raise LetThrough(f"answered {answer.text}, not {' or '.join(map(str, statuses))}")
        if not answer.is_problem:
            raise LetThrough(f"answered without a problem document: {answer.text}")
