"""What must not be seen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.core.masking import (
    MASK,
    MAX_SHOWN_HEADER_CHARS,
    is_credential,
    is_secret_url,
    masked_headers,
    masked_url,
    without_credentials,
)


@pytest.mark.parametrize(
    "name",
    [
        "Authorization",
        "Proxy-Authorization",
        "X-Api-Key",
        "apikey",
        "X-Auth",
        "X-Gitlab-Token",
        "Cookie",
        "X-Vault-Password",
        "X-PASSPHRASE",
        "webhook-signature",
        "X-Hub-Signature-256",
        "X-Session-Id",
        "X-Amz-Security-Token",
        "X-Client-Secret",
        "X-Hmac",
        "X-Jwt",
        "X-Pwd",
        "X-Sig",
    ],
)
def test_credentials(name: str) -> None:
    """A header whose name says that its value opens something is shown without it."""
    assert is_credential(name)
    assert masked_headers([(name, "hunter2")]) == {name: MASK}


@pytest.mark.parametrize(
    "name", ["Content-Type", "User-Agent", "webhook-id", "webhook-timestamp", "X-Team", "Accept", "X-Event"]
)
def test_others(name: str) -> None:
    """What tells an operator something and opens nothing is shown."""
    assert masked_headers([(name, "value")]) == {name: "value"}


SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize(
    ("signature", "shown"),
    [
        (SIGNATURE, "v1,g0hM9SsE***"),
        (f"{SIGNATURE} {SIGNATURE[:3]}K5oZfzN9{SIGNATURE[11:]}", "v1,g0hM9SsE*** v1,K5oZfzN9***"),
        (f"v2,x {SIGNATURE}", "*** v1,g0hM9SsE***"),
        (SIGNATURE[:-1], MASK),
        ("v1,g0hM9SsE", MASK),
        ("hunter2", MASK),
        ("", MASK),
    ],
)
def test_beginnings_of_signatures(signature: str, shown: str) -> None:
    """Of each signature so little stays that a receiver would refuse it; of anything else nothing does."""
    headers = [("webhook-signature", signature), ("X-Hub-Signature-256", SIGNATURE)]
    kept = {"webhook-signature": shown, "X-Hub-Signature-256": MASK}
    assert masked_headers(headers, keep_signature_beginnings=True) == kept
    assert masked_headers(headers) == dict.fromkeys(kept, MASK)


@pytest.mark.parametrize(
    "echo",
    [
        SIGNATURE,
        SIGNATURE.replace("+", "%2B").replace("/", "%2f").replace("=", "%3D"),
        SIGNATURE.replace("/", r"\/"),
        SIGNATURE.replace("+", " "),
    ],
)
def test_an_echoed_signature(echo: str) -> None:
    """A response that repeats the signature is shown without it, in whatever form; the rest stays."""
    headers = [("webhook-signature", SIGNATURE)]
    shown = without_credentials(f"got {echo}, thanks".encode(), "https://h.example/", headers)
    assert shown.decode() == f"got v1,{MASK}, thanks"


@pytest.mark.parametrize("kept", [7, 20, 43])
def test_a_cut_echo_of_a_signature(kept: int) -> None:
    """The beginning of a signature at the end of a cut response is masked, however short the response is."""
    echo = SIGNATURE[: len("v1,") + kept].encode()
    headers = [("webhook-signature", SIGNATURE)]
    assert without_credentials(echo, "https://h.example/", headers, cut=True) == f"v1,{MASK}".encode()


def test_long_values() -> None:
    """Of a long value the beginning is shown."""
    assert masked_headers([("X-Long", "x" * 4_096)]) == {"X-Long": "x" * MAX_SHOWN_HEADER_CHARS}


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://hooks.example.com/services/T0/B0/hunter2", "https://hooks.example.com/***"),
        ("https://example.com/?token=hunter2", "https://example.com/***"),
        ("https://example.com?token=hunter2", "https://example.com/***"),
        ("https://user:hunter2@example.com:8443/", "https://example.com:8443/"),
        ("https://u:hunter2@x@example.com", "https://example.com/"),
        ("https://example.com/#hunter2", "https://example.com/"),
        ("http://[::1]:80/hunter2", "http://[::1]:80/***"),
        ("http://[hunter2", MASK),
        ("http://exa\u2100mple.com/hunter2", MASK),
    ],
)
def test_urls(url: str, shown: str) -> None:
    """Of a URL only scheme, host and port are shown, and that there is more."""
    assert masked_url(url) == shown


@given(st.text())
def test_any_url(path: str) -> None:
    """Whatever a URL is, showing it works and shows nothing of what follows its host."""
    assert masked_url(f"https://example.com/{path}") in {
        "https://example.com/",
        f"https://example.com/{MASK}",
    }
    assert isinstance(masked_url(path), str)


@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        ("you sent Bearer hunter2hunter2", "you sent ***"),
        ('{"token": "hunter2hunter2"}', '{"token": "***"}'),
        ("Cannot POST /services/T0/hunter2", "Cannot POST ***"),
        ("no such query: key=hunter2&a=1", "no such query: ***"),
        ("team-of-operators", "team-of-operators"),
        ("none of this", "none of this"),
        ("of no user: Basic bm8=x", "of no user: ***"),
    ],
)
def test_answers(answer: str, shown: str) -> None:
    """A response that repeats credentials, or the path that is one, is kept without them; the rest stays."""
    url = "https://example.com/services/T0/hunter2?key=hunter2&a=1"
    headers = (
        ("Authorization", "Bearer hunter2hunter2"),
        ("Proxy-Authorization", "Basic bm8=x"),
        ("X-Team", "team-of-operators"),
        ("X-Key", "none"),
    )
    assert without_credentials(answer.encode(), url, headers) == shown.encode()


@given(st.binary(), st.text(), st.dictionaries(st.text(), st.text(), max_size=3))
def test_any_answer(answer: bytes, url: str, headers: dict[str, str]) -> None:
    """Whatever is sent and answered, masking works."""
    assert isinstance(without_credentials(answer, url, headers.items()), bytes)


@pytest.mark.parametrize(
    ("url", "secret"),
    [
        ("https://example.com", False),
        ("https://example.com/hooks/backend-ai/notifications", False),
        ("https://events.pagerduty.com/v2/enqueue", False),
        ("https://example.com/hooks/a-word-that-is-long-and-plain", False),
        ("https://example.com/hook?a=1", True),
        ("https://user:password@example.com/hook", True),
        ("https://hooks.slack.com/services/T0/B0/Ab3dEf7hIjKlMnOp", True),
        ("https://api.telegram.org/bot123456:AbCdEfGhIjKl/sendMessage", True),
        ("https://mattermost.example.com/hooks/8nty5pwzn7rjdy63cn3ogwj8ke", True),
        ("https://example.com/AbCdEfGhIjKlMnOp/hook", True),
        ("https://chat.example.com/hooks/T024/b61c", True),
        ("https://[bad", True),
    ],
)
def test_urls_that_are_secrets(url: str, secret: bool) -> None:  # noqa: FBT001
    """A URL with a query, an account or a part that looks random is taken for a credential."""
    assert is_secret_url(url) is secret
