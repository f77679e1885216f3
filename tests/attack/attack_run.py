"""What attacks are made with: the stack, hostile receivers, what is watched, and the report."""

from dataclasses import dataclass

from tests.attack.attacked_stack import AttackedStack
from tests.attack.canary_secrets import CanarySecrets
from tests.attack.forbidden_listeners import ForbiddenListeners
from tests.attack.process_watch import ProcessWatch
from tests.attack.report import LetThrough, Report
from tests.attack.web_receiver import WebReceiver
from tests.scripted_smtp import ScriptedMailServer
from tests.stack.client import Response

MAIL_PORT = 2525


@dataclass(frozen=True)
class AttackRun:
    """``is_open``: the stack may call this machine, by http and on any port. ``short``: a few of each."""

    stack: AttackedStack
    report: Report
    web: WebReceiver
    mail: ScriptedMailServer
    forbidden: ForbiddenListeners
    processes: ProcessWatch
    secrets: CanarySecrets
    is_open: bool
    short: bool

    def expect_problem(self, response: Response, *statuses: int) -> None:
        """Want a refusal in due form.

        Raises:
            LetThrough: it is none, or one with another status.
        """
        if response.status not in statuses:
            raise LetThrough(f"answered {response.text}, not {' or '.join(map(str, statuses))}")
        if not response.is_problem:
            raise LetThrough(f"answered without a problem document: {response.text}")
