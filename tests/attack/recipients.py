"""Hostile recipients: whoever an event names, emails go to single addresses in the allowed domains only."""

from email import message_from_bytes
from email.policy import default
from typing import Any

from local.waiting import until
from tests.attack.attack_run import MAIL_PORT, AttackRun
from tests.attack.hostile_events import TEXTS
from tests.attack.report import LetThrough
from tests.attack.targeting import mail_spec

FAMILY = "recipients"
ALWAYS = "ops@example.com"
ALLOWED = "kim@example.com"
NAMES = (
    "evil@evil.test",
    "evil@example.com.evil.test",
    "evil@sub.example.com",
    "evil@example.com@evil.test",
    "kim@example.com, evil@evil.test",
    "kim@example.com;evil@evil.test",
    "kim@example.com evil@evil.test",
    "kim@example.com> , <evil@evil.test",
    "kim@example.com\r\nBcc: evil@evil.test",
    "kim@example.com>\r\nRCPT TO:<evil@evil.test",
    "Kim\r\nBcc: evil@evil.test\r\n <kim@example.com>",
    "kim@example.com\x00@evil.test",
    '"evil@evil.test"@example.com',
    "@evil.test:kim@example.com",
    "group: evil@evil.test, kim@example.com;",
    "kim@[127.0.0.1]",
    "kim@ex\u0430mple.com",
    "kim\uff20example.com",
    "=?utf-8?q?kim=40evil.test?=@example.com>",
    "",
)


def attack(run: AttackRun) -> None:
    """Name each of them in an event, and one who may get it."""
    stack = run.stack
    rule_type = stack.event_type("attack.recipients", {"n": {}, "who": {"type": "string"}})
    spec = mail_spec(run.mail.address, MAIL_PORT)
    message = {
        "to_emails": [ALWAYS, "{{ who }}"],
        "allowed_domains": ["example.com"],
        "subject_template": "{{ n }}",
    }
    spec["message"] |= message
    stack.rule(rule_type, stack.channel(spec)["id"], "text")
    names = (ALLOWED, *NAMES, *TEXTS)[:: 3 if run.short else 1]
    before, heard = len(run.mail.mails), len(run.mail.heard)
    for number, name in enumerate(names):
        stack.emit(rule_type, {"n": number, "who": name})
    mails = until("all emails come", lambda: _mails(run, before, len(names)))
    for number, name in enumerate(names):
        with run.report.attack(FAMILY, repr(name[:60])):
            _look(mails[str(number)], name)
    with run.report.attack(FAMILY, "no email to anybody else"):
        named = {line.upper() for line in run.mail.heard[heard:] if line.upper().startswith("RCPT")}
        strange = named - {f"RCPT TO:<{one}>".upper() for one in (ALWAYS, ALLOWED)}
        if strange:
            raise LetThrough(str(sorted(strange)[:3]))


def _mails(run: AttackRun, before: int, count: int) -> dict[str, Any] | None:
    mails = [message_from_bytes(mail, policy=default) for mail in run.mail.mails[before:]]
    found = {str(mail["Subject"]): mail for mail in mails}
    return found if len(found) >= count else None


def _look(mail: Any, name: str) -> None:
    """Want the headers of an email that nobody has tampered with.

    Raises:
        LetThrough: it has others.
    """
    names = [header.lower() for header in mail.keys()]  # noqa: SIM118 - a header may be there twice
    if len(names) != len(set(names)) or {"bcc", "cc"} & set(names):
        raise LetThrough(f"it has the headers {names}")
    wanted = [ALWAYS, ALLOWED] if name == ALLOWED else [ALWAYS]
    to = [address.addr_spec for address in mail["To"].addresses]
    if to != wanted:
        raise LetThrough(f"it is to {to}")
