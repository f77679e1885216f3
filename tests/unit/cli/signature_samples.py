"""The published example of Standard Webhooks, and calls that verify it."""

import base64
import hmac
from typing import Any

VERIFY = ("notification", "signature", "verify")
# The example that Standard Webhooks publishes.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ID = "msg_p5jXN8AQM9LWM0D4loKWxJek"
SIGNED_AT = 1614265330
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
BODY = '{"test": 2432232314}'
AT = ("--at", "2021-02-25T15:02:10Z")
HEADERS = ("--id", ID, "--timestamp", str(SIGNED_AT), "--signature", SIGNATURE)
OTHER = f"whsec_{base64.b64encode(bytes(32)).decode()}"
VALID = (0, "", "✓ Signature valid\n")


def outcome(result: Any) -> tuple[int, str, str]:
    """Return what a caller sees."""
    return result.exit_code, result.stdout, result.stderr


def signed(body: bytes) -> str:
    """Sign any bytes; the library that receivers use takes texts only."""
    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    digest = hmac.digest(key, f"{ID}.{SIGNED_AT}.".encode() + body, "sha256")
    return f"v1,{base64.b64encode(digest).decode()}"


def replaced(option: str, value: str) -> tuple[str, ...]:
    """Return a call for the published example with another value of one option."""
    call = [*VERIFY, *HEADERS, "--secret", SECRET, "--body", BODY, *AT]
    call[call.index(option) + 1] = value
    return tuple(call)
