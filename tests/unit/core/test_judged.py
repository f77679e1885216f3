"""What really came is judged, and only what may be recorded is told."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.core.delivery import Content, Failure, Outcome, Response
from notifications.core.kinds import build_request, judge, judged
from notifications.core.masking import MASK
from notifications.core.model import WebhookSpec
from notifications.core.values import replace
from tests.samples.records import NOW

HOST = "https://example.com"
KEY = "9f86d081884c7d65"
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
UNQUOTED = "the response is not quoted"


def of(spec: WebhookSpec, outcome: Outcome) -> Any:
    """Judge what came for a message to a channel."""
    content = Content("{}")
    return judged(spec, build_request(spec, content, "message-1", NOW, [SECRET]), outcome)


def came(body: str, status: int = 200, **more: Any) -> Response:
    """Return a response."""
    return Response(status, body.encode(), 0.1, **more)


@pytest.mark.parametrize(
    ("spec", "body", "delivered"),
    [
        (WebhookSpec(f"{HOST}/accepted", response_match="^accepted$"), "accepted", True),
        (WebhookSpec(f"{HOST}/overloaded", response_no_match="overloaded"), "overloaded", False),
        (WebhookSpec(HOST, headers={"X-Api-Key": "queued"}, response_match="queued"), "queued", True),
        (WebhookSpec(f"{HOST}/hooks/no_service", preset="slack"), "no_service", False),
    ],
)
def test_the_receivers_own_words_count(spec: WebhookSpec, body: str, delivered: bool) -> None:  # noqa: FBT001
    """A word that is the URL's or a header's credential as well still means what the receiver means by it."""
    shown, judgement = of(spec, came(body))
    assert judgement.delivered is delivered
    assert replace(judgement, reason="") == replace(judge(spec, came(body)), reason="")
    assert (shown.body, body in judgement.reason) == (MASK.encode(), False)


def test_a_reason_that_cannot_quote() -> None:
    """Where only the real response is a failure, the reason says why it does not quote it."""
    spec = WebhookSpec(f"{HOST}/overloaded", response_no_match="overloaded")
    _, judgement = of(spec, came("overloaded"))
    assert (judgement.error_class, UNQUOTED in judgement.reason) == ("response", True)


def test_a_reason_quotes_the_rest() -> None:
    """Where the mask changes no meaning, the reason quotes the response without the credentials."""
    _, judgement = of(WebhookSpec(f"{HOST}/{KEY}"), came(f"no such hook: {KEY}", 404))
    assert judgement.reason == f"The receiver answered with status 404: no such hook: {MASK}"
    _, judgement = of(WebhookSpec(f"{HOST}/{KEY}"), Failure("protocol", f"bad line: {KEY}", 0.1))
    assert judgement.reason == f"bad line: {MASK}"


WORDS = st.sampled_from(
    [KEY, SECRET, SECRET[6:], "hunter2hunter2", "ok", "no_service", "error", "x" * 190, '"', " "]
)

PLAIN = WebhookSpec(f"{HOST}/{KEY}", headers={"X-Token": "hunter2hunter2"})


@given(
    words=st.lists(WORDS, max_size=8),
    status=st.sampled_from([200, 204, 302, 400, 404, 429, 500]),
    spec=st.sampled_from(
        [
            replace(PLAIN, response_match=KEY),
            replace(PLAIN, response_no_match="hunter2"),
            *(
                replace(PLAIN, preset=preset)
                for preset in (None, "slack", "discord", "telegram", "ntfy", "teams")
            ),
        ]
    ),
)
def test_no_credential_changes_or_leaves(words: list[str], status: int, spec: WebhookSpec) -> None:
    """Whatever comes, the decision is that of what came, and no part of a credential is in the reason."""
    came_back = came("".join(words), status)
    shown, judgement = of(spec, came_back)
    assert replace(judgement, reason="") == replace(judge(spec, came_back), reason="")
    pattern = repr(spec.response_match or spec.response_no_match)
    for text in (judgement.reason.replace(pattern, ""), shown.body.decode()):
        for secret in (KEY, SECRET[6:], "hunter2hunter2"):
            assert not any(secret[at : at + 6] in text for at in range(len(secret) - 5))
