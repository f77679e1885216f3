"""All families of attacks, one after the other, on one stack."""

import ssl
import time
from collections.abc import Callable

from local.common import Tell
from local.stack import Stack
from tests.attack import events, planted, receiving, recipients, requests, targeting, templates
from tests.attack.board import NOT_CARRIED_OUT, Board
from tests.attack.canaries import canaries
from tests.attack.field import Field
from tests.attack.ground import MAIL_PORT, Ground
from tests.attack.misbehaviours import BEHAVIOURS
from tests.attack.processes import Processes
from tests.attack.receivers import MailReceiver, WebReceiver

WEB_PORT = 8443
FORBIDDEN_PORT = 9001

FAMILIES: dict[str, Callable[[Ground], None]] = {
    "targets": targeting.attack,
    "templates": templates.attack,
    "requests": requests.attack,
    "receivers": receiving.attack,
    "events": events.attack,
    "recipients": recipients.attack,
    "secrets": lambda ground: planted.use(ground.field, ground.board, ground.planted, ground.web.url),
}


def attack(stack: Stack, address: str, context: ssl.SSLContext | None, *, short: bool, tell: Tell) -> Board:
    """Attack a stack that is up; what is made there is removed afterwards.

    ``address``: of the hostile receivers; the stack must be allowed to call it. ``context``: for their TLS;
    without one they speak plain HTTP, to a stack that may call all of this machine.

    Raises:
        OSError, ValueError: the surroundings could not be made.
    """
    is_open = context is None
    field, board = Field(stack), Board()
    web = WebReceiver(address, 0 if is_open else WEB_PORT, dict(BEHAVIOURS), context)
    mail = MailReceiver(address, MAIL_PORT)
    try:
        secrets = planted.plant(field, address)
        with canaries((address, FORBIDDEN_PORT), loopback=not is_open) as watched:
            ground = Ground(
                field, board, web, mail, watched, Processes(stack), secrets, is_open=is_open, short=short
            )
            for name, family in FAMILIES.items():
                started = time.monotonic()
                _carry_out(board, name, family, ground)
                tell(f"{name}: {board.tallies[name].tried} attacks in {time.monotonic() - started:.1f} s")
        targeting.after_all(ground)
        planted.search(field, board, secrets)
    finally:
        web.close()
        mail.close()
        field.clean()
    planted.withdraw(field, secrets)
    return board


def _carry_out(board: Board, name: str, family: Callable[[Ground], None], ground: Ground) -> None:
    """Go on with the next family when one cannot be carried out to its end."""
    try:
        family(ground)
    except NOT_CARRIED_OUT as error:
        with board.attack(name, "the family as a whole"):
            raise type(error)(*error.args) from error
