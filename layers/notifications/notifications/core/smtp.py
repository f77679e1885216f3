"""The dialogue between the service and a mail server, and what it means for each recipient."""

import re
from collections.abc import Iterator
from dataclasses import field

from notifications.core import masking
from notifications.core.delivery import (
    SMTP_PERMANENT,
    EmailOutcome,
    ErrorClass,
    Failure,
    Outcome,
    Response,
    told_of,
)
from notifications.core.values import mutable

FIRST_REFUSAL = 400
CLOSING = 421
"""The server closes the connection, whatever the command was."""

_GO_ON = range(300, 400)
MAX_LINES = 2_000
"""How many lines of all replies together are read; the rest is ignored."""

MAX_LINE_CHARS = 1_000
"""How much of each line of a reply is read; RFC 5321 allows 512."""

MAX_TOLD_CHARS = 300
"""How much of a server's reply is shown for each recipient."""

_RECIPIENT = r"RCPT TO:<([^>]*)>"
_SECRET_COMMANDS = ("AUTH",)
_HIGH = rb"[\x80-\xff]+"
_HANGUL = rb"(?:[\xb0-\xc8][\xa1-\xfe])+"
"""The syllables of EUC-KR. In Latin-1 these bytes are capitals, which seldom come in pairs."""


@mutable
class _Turn:
    """A command and the lines of its reply. ``command`` is "connecting" before the first one."""

    command: str
    lines: list[str] = field(default_factory=list)

    @property
    def code(self) -> int:
        last = self.lines[-1][:3] if self.lines else ""
        return int(last) if last.isascii() and last.isdecimal() else 0

    @property
    def reply(self) -> str:
        """Return the reply as one line: code and enhanced status once, then the texts."""
        if not self.lines:
            return "no reply"
        first, *others = (line.strip() for line in self.lines)
        texts = [re.sub(r"^\d{3}[- ]?(\d\.\d{1,3}\.\d{1,3} )?", "", line) for line in others]
        joined = " ".join([re.sub(r"^(\d{3})[- ]", r"\1 ", first), *filter(None, texts)])
        return joined[:MAX_TOLD_CHARS]

    @property
    def shown(self) -> str:
        """Return the command, without the credentials that follow AUTH."""
        verb = self.command.partition(" ")[0].upper()
        return verb if verb in _SECRET_COMMANDS else self.command


class Dialogue:
    """Follows a dialogue. ``login``: user name and password, which are masked in every reply."""

    def __init__(self, login: tuple[str, str] | None = None) -> None:
        self._secrets = masking.looked_for([login[1], ":".join(login)] if login else [])
        self._turns = [_Turn("connecting")]
        self._lines = 0
        self._in_login = False
        self.authenticated = False

    def sent(self, data: bytes) -> None:
        """Take a line that was sent to the server."""
        line = _text(data)
        if self._in_login and self._turns[-1].code == 334:  # noqa: PLR2004 - the server asks for more
            return  # this line is part of the login, so it is a credential and not a command
        self._in_login = line.upper().startswith("AUTH")
        self._turns.append(_Turn(line))

    def received(self, data: bytes) -> None:
        """Take a line that the server replied."""
        self._lines += 1
        if self._lines <= MAX_LINES:
            turn = self._turns[-1]
            # A complete 3xx reply (to DATA, or within AUTH) is only an intermediate one: the lines after it
            # are the reply that counts.
            if turn.code in _GO_ON and turn.lines[-1][3:4] == " ":
                turn.lines.clear()
            turn.lines.append(self._masked(_text(data)))
            if self._in_login and self._turns[-1].code == 235:  # noqa: PLR2004 - the login succeeded
                self.authenticated = True

    def _masked(self, line: str) -> str:
        """Mask the parts of a line that repeat the login, but not its code.

        Masking comes before the text is cut any further, because half a password would not be recognised.
        """
        text, cut = line[3:MAX_LINE_CHARS], len(line) > MAX_LINE_CHARS
        shown = masking.without(text.encode(errors="replace"), self._secrets, cut=cut)
        return line[:3] + shown.decode(errors="replace")

    def outcome(self, seconds: float, problem: str | None, error_class: ErrorClass) -> Outcome:
        """Return the outcome. ``problem``: why the exchange failed; None if it did not."""
        accepted: list[str] = []
        refused: dict[str, str] = {}
        deferred: dict[str, str] = {}
        for recipient, turn in self._recipients():
            if turn.code < FIRST_REFUSAL:
                accepted.append(recipient)
            else:
                (refused if turn.code >= SMTP_PERMANENT else deferred)[recipient] = turn.reply
        last = self._turns[-1]
        if problem is None:
            email = EmailOutcome(tuple(accepted), refused, deferred)
            return Response(last.code, last.reply.encode(), seconds, email=email)
        # The exchange failed, so nobody got the email: an accepted RCPT TO counts only once DATA is accepted.
        email = EmailOutcome((), refused, deferred)
        if not accepted and (refused or deferred):
            # A single recipient who may be accepted later makes the failure temporary.
            code = SMTP_PERMANENT if not deferred else FIRST_REFUSAL
            return Failure(_class(code), told_of(refused | deferred), seconds, code, email)
        bad = self._ending()
        if bad is not None:
            return Failure(_class(bad.code), f"{bad.shown}: {bad.reply}", seconds, bad.code, email)
        where = f" (after {last.shown})" if len(self._turns) > 1 else ""
        return Failure(error_class, f"{problem}{where}", seconds, 0, email)

    def _ending(self) -> _Turn | None:
        """Find the refusal that ended the exchange: the last reply, or one that closed the connection.

        An earlier refusal of one recipient did not end it, so the other recipients may be tried again.
        """
        for turn in reversed(self._turns):
            if turn.code == CLOSING or (turn is self._turns[-1] and turn.code >= FIRST_REFUSAL):
                return turn
        return None

    def _recipients(self) -> Iterator[tuple[str, _Turn]]:
        for turn in self._turns:
            named = re.match(_RECIPIENT, turn.command, re.IGNORECASE)
            if named and turn.lines:
                yield named[1], turn


def _class(code: int) -> ErrorClass:
    return "smtp_permanent" if code >= SMTP_PERMANENT else "smtp_temporary"


def _text(data: bytes) -> str:
    """Decode a server's line. SMTP names no charset: it is UTF-8, EUC-KR if it looks Korean, or Latin-1."""
    line = data.rstrip(b"\r\n")
    try:
        return line.decode()
    except UnicodeDecodeError:
        is_korean = all(re.fullmatch(_HANGUL, run) for run in re.findall(_HIGH, line))
        return line.decode("euc-kr" if is_korean else "latin-1")
