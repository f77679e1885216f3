"""All families of attacks, one after the other, on one stack."""

import ssl
import time
from collections.abc import Callable

from local.common import Tell
from local.stack import Stack
from tests.attack import canary_secrets, events, receiving, recipients, requests, targeting, templates
from tests.attack.attack_run import MAIL_PORT, AttackRun
from tests.attack.attacked_stack import AttackedStack
from tests.attack.forbidden_listeners import forbidden_listeners
from tests.attack.hostile_responses import RESPONDERS
from tests.attack.process_watch import ProcessWatch
from tests.attack.report import NOT_CARRIED_OUT, Report
from tests.attack.web_receiver import WebReceiver
from tests.scripted_smtp import ScriptedMailServer

WEB_PORT = 8443
FORBIDDEN_PORT = 9001

FAMILIES: dict[str, Callable[[AttackRun], None]] = {
    "targets": targeting.attack,
    "templates": templates.attack,
    "requests": requests.attack,
    "receivers": receiving.attack,
    "events": events.attack,
    "recipients": recipients.attack,
    "secrets": lambda run: canary_secrets.use(run.stack, run.report, run.secrets, run.web.url),
}


def attack(stack: Stack, address: str, context: ssl.SSLContext | None, *, short: bool, tell: Tell) -> Report:
    """Attack a stack that is up; what is made there is removed afterwards.

    ``address``: of the hostile receivers; the stack must be allowed to call it. ``context``: for their TLS;
    without one they speak plain HTTP, to a stack that may call all of this machine.

    Raises:
        OSError, ValueError: the receivers or the secrets could not be made.
    """
    is_open = context is None
    under_test, report = AttackedStack(stack), Report()
    web = WebReceiver(address, 0 if is_open else WEB_PORT, dict(RESPONDERS), context)
    mail = ScriptedMailServer(address=address, port=MAIL_PORT)
    try:
        secrets = canary_secrets.make(under_test, address)
        with forbidden_listeners((address, FORBIDDEN_PORT), loopback=not is_open) as listeners:
            run = AttackRun(
                under_test,
                report,
                web,
                mail,
                listeners,
                ProcessWatch(under_test.ministack),
                secrets,
                is_open=is_open,
                short=short,
            )
            for name, family in FAMILIES.items():
                started = time.monotonic()
                _carry_out(report, name, family, run)
                tell(f"{name}: {report.tallies[name].tried} attacks in {time.monotonic() - started:.1f} s")
        targeting.after_all(run)
        canary_secrets.search(under_test, report, secrets)
    finally:
        web.close()
        mail.close()
        under_test.clean()
    canary_secrets.withdraw(under_test, secrets)
    return report


def _carry_out(report: Report, name: str, family: Callable[[AttackRun], None], run: AttackRun) -> None:
    """Go on with the next family when one cannot be carried out to its end."""
    try:
        family(run)
    except NOT_CARRIED_OUT as error:
        with report.attack(name, "the family as a whole"):
            raise type(error)(*error.args) from error
