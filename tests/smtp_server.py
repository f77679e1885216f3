"""A real SMTP server as a process of its own: ``python -m tests.smtp_server --tls none|starttls|implicit``.

It prints its port, then one JSON line per mail that it took. What it answers to a recipient is in the
recipient's name: ``refuse-550@...`` is refused with 550. With --login it wants the account user/secret.
"""

import argparse
import asyncio
import json
import ssl
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

ACCOUNT = (b"user", b"secret")


class Handler:
    """Takes mail, or refuses it by the recipient's name."""

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Answer to a recipient."""
        name = address.partition("@")[0]
        if name.startswith("refuse-"):
            return f"{name.removeprefix('refuse-')} as you wish"
        if name == "hang":
            await asyncio.sleep(3600)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Take an email and print it."""
        content = envelope.content
        assert isinstance(content, bytes)
        assert server.transport is not None
        message = message_from_bytes(content, policy=default)
        taken = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "headers": {name.lower(): str(value) for name, value in message.items()},
            "body": _part(message, "plain"),
            "html": _part(message, "html"),
            "tls": server.transport.get_extra_info("ssl_object") is not None,
            "authenticated": bool(session.authenticated),
        }
        print(json.dumps(taken), flush=True)
        return "250 taken"


def _part(message: EmailMessage, kind: str) -> str | None:
    """Return the text of one of an email's parts, None if it has no such part."""
    part = message.get_body((kind,))
    content: str | None = None if part is None else part.get_content()
    return None if content is None else content.replace("\r\n", "\n")


def authenticate(
    _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: object
) -> AuthResult:
    """Let the one account in."""
    return AuthResult(
        success=isinstance(data, LoginPassword) and (data.login, data.password) == ACCOUNT, handled=False
    )


async def main() -> None:
    """Serve until the process ends."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--tls", choices=["none", "starttls", "implicit"], default="none")
    parser.add_argument("--certificate")
    parser.add_argument("--login", action="store_true")
    arguments = parser.parse_args()
    context = None
    if arguments.certificate:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(arguments.certificate)

    def serve() -> SMTP:
        return SMTP(
            Handler(),
            hostname="mail.test",
            tls_context=context if arguments.tls == "starttls" else None,
            require_starttls=arguments.tls == "starttls",
            authenticator=authenticate,
            auth_required=arguments.login,
            auth_require_tls=False,
        )

    server = await asyncio.get_running_loop().create_server(
        serve, "127.0.0.1", 0, ssl=context if arguments.tls == "implicit" else None
    )
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
