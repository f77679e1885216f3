"""What the services' responses mean."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.core.delivery import Response
from notifications.core.kinds import judge
from notifications.core.model import PresetName, WebhookSpec
from notifications.core.presets import PRESETS
from notifications.core.responses import retry_after
from notifications.core.retries import MAX_RETRY_AFTER_SECONDS, is_retried
from tests.receivers import SERVICES
from tests.unit.core.presets.asking import NAMES, URLS


def response(status: int, body: Any = "", headers: dict[str, str] | None = None) -> Response:
    """Make a response as the sender reads it."""
    raw = body.encode() if isinstance(body, str) else json.dumps(body).encode()
    asked = retry_after(status, headers or {}, raw, datetime.now(UTC))
    return Response(status, raw, 0.1, retry_after=asked)


def outcome(name: PresetName, answer: Response) -> tuple[str, str]:
    """Return what becomes of a delivery, and the reason."""
    judged = judge(WebhookSpec(url=URLS[name], preset=name), answer)
    if judged.delivered:
        return "delivered", judged.reason
    return "retried" if is_retried(judged, answer) else "permanent", judged.reason


GONE_GROUP = {
    "ok": False,
    "error_code": 400,
    "description": "Bad Request: group chat was upgraded to a supergroup chat",
    "parameters": {"migrate_to_chat_id": -1009},
}
INVALID_FORM = {
    "code": 50035,
    "message": "Invalid Form Body",
    "errors": {"embeds": {"0": {"description": {"_errors": [{"message": "Must be 4096 or fewer"}]}}}},
}


def telegram(code: int, description: str) -> Response:
    """Make an error of Telegram."""
    return response(code, {"ok": False, "error_code": code, "description": description})


@pytest.mark.parametrize(
    ("name", "answer", "becomes", "told"),
    [
        ("slack", response(200, "ok"), "delivered", "status 200"),
        ("slack", response(200, {"ok": True}), "delivered", "status 200"),
        ("slack", response(200, {"ok": False, "error": "invalid_auth"}), "permanent", "'invalid_auth'"),
        (
            "slack",
            response(200, {"ok": False, "error": "ratelimited"}),
            "retried",
            "no more messages for 1 s",
        ),
        ("slack", response(400, "invalid_blocks"), "permanent", "a block is not as Slack wants it"),
        ("slack", response(400, "no_text"), "permanent", "needs a text"),
        ("slack", response(403, "action_prohibited"), "permanent", "an administrator"),
        ("slack", response(404, "no_service"), "permanent", "make a new one and set its URL"),
        ("slack", response(410, "channel_is_archived"), "permanent", "unarchive"),
        ("slack", response(500, "rollup_error"), "retried", "it is sent again"),
        ("slack", response(503, "<html>"), "retried", "status 503"),
        ("teams", response(202), "delivered", "posts it afterwards"),
        ("teams", response(200, "1"), "delivered", "status 200"),
        ("teams", response(200, "Microsoft Teams endpoint returned HTTP error 429"), "retried", "sent again"),
        ("teams", response(404, {"error": {"code": "WorkflowNotFound"}}), "permanent", "was deleted"),
        ("teams", response(400, {"error": {"code": "WorkflowTriggerIsNotEnabled"}}), "permanent", "is off"),
        ("teams", response(401, {"error": {"code": "X"}}), "permanent", "sp, sv and sig"),
        ("teams", response(502), "retried", "status 502"),
        ("discord", response(204), "delivered", "status 204"),
        ("discord", response(200, {"id": "1"}), "delivered", "status 200"),
        ("discord", response(400, INVALID_FORM), "permanent", "embeds.0.description: Must be 4096 or fewer"),
        ("discord", response(404, {"code": 10015, "message": "Unknown Webhook"}), "permanent", "was deleted"),
        ("discord", response(401, {"code": 50027, "message": "x"}), "permanent", "not whole"),
        ("discord", response(500), "retried", "status 500"),
        ("pagerduty", response(202, {"status": "success"}), "delivered", "status 202"),
        ("pagerduty", response(400, {"message": "M", "errors": ["E"]}), "permanent", "'M; E'"),
        ("pagerduty", response(403), "permanent", "routing key"),
        ("pagerduty", response(429), "retried", "no more messages for 120 s"),
        ("pagerduty", response(500), "retried", "status 500"),
        ("mattermost", response(200, "ok"), "delivered", "status 200"),
        (
            "mattermost",
            response(400, {"id": "web.incoming_webhook.invalid.app_error", "message": "Invalid webhook."}),
            "permanent",
            "was deleted",
        ),
        ("mattermost", response(400, "invalid message"), "permanent", "not what Mattermost takes"),
        ("mattermost", response(500, {"id": "x", "message": "y"}), "retried", "status 500"),
        ("google-chat", response(200, {"name": "spaces/S"}), "delivered", "status 200"),
        (
            "google-chat",
            response(400, {"error": {"status": "INVALID_ARGUMENT"}}),
            "permanent",
            "not what Google",
        ),
        ("google-chat", response(404, {"error": {"status": "NOT_FOUND"}}), "permanent", "is gone"),
        ("google-chat", response(429, {"error": {}}), "retried", "no more messages for 5 s"),
        ("google-chat", response(503), "retried", "status 503"),
        ("telegram", response(200, {"ok": True}), "delivered", "status 200"),
        ("telegram", response(200, {"ok": False, "description": "chat not found"}), "permanent", "chat_id"),
        ("telegram", telegram(400, "Bad Request: can't parse entities: x"), "permanent", "writes HTML"),
        ("telegram", telegram(403, "Forbidden: bot was kicked"), "permanent", "add it again"),
        ("telegram", telegram(401, "Unauthorized"), "permanent", "token"),
        ("telegram", response(400, GONE_GROUP), "permanent", "set chat_id=-1009"),
        ("telegram", telegram(500, "Internal Server Error"), "retried", "status 500"),
        ("ntfy", response(200, {"id": "x"}), "delivered", "status 200"),
        ("ntfy", response(403, {"code": 40301, "error": "forbidden"}), "permanent", "may not write"),
        ("ntfy", response(413, {"code": 41301, "error": "large"}), "permanent", "longer than"),
        (
            "ntfy",
            response(429, {"code": 42908, "error": "quota"}),
            "retried",
            "for 3600 s: the day's messages",
        ),
        ("ntfy", response(507, {"code": 50701, "error": "full"}), "retried", "status 507"),
    ],
)
def test_words(name: PresetName, answer: Response, becomes: str, told: str) -> None:
    """Each answer is delivered, tried again, or refused for good, in words that say what to do."""
    assert outcome(name, answer)[0] == becomes
    assert told in outcome(name, answer)[1]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "page",
    [
        "<!DOCTYPE html><p>Sign in",
        "\n<html lang=en>",
        "<!-- x --> <HEAD>",
        "\ufeff<!doctype html>",
        '<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN">',
        "<!-- a -->\n<!-- b --><title>Bad gateway</title>",
        "<script>location = '/login'</script>",
        "<h1>It works!</h1>",
        "<center>nginx</center>",
    ],
)
def test_page(name: PresetName, page: str) -> None:
    """A web page with which a login or another site answers is no success, whatever its status says."""
    becomes, told = outcome(name, response(200, page))
    assert becomes == "retried"
    assert "web page" in told


@pytest.mark.parametrize(
    "body", ["ok", "", "<3", "<bot> took it", "1 < 2", "<!-- ok -->", " " * 8_000, "<!--" * 2_000]
)
def test_no_page(body: str) -> None:
    """A text that only begins like markup is no page, and none takes long to be looked at."""
    assert judge(WebhookSpec(url=URLS["ntfy"], preset="ntfy"), response(200, body)).delivered


def test_patterns_of_the_channel() -> None:
    """What a preset takes for a success must also satisfy the channel's own patterns."""
    spec = WebhookSpec(url=URLS["teams"], preset="teams", response_match="posted")
    assert judge(spec, response(200, "posted")).delivered
    refused = judge(spec, response(200, "skipped"))
    assert not refused.delivered
    assert "does not match 'posted'" in refused.reason


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("discord", '{"code": 50035, "errors": {"\\ud83d": {"_errors": [{"message": "\\ud83d"}]}}}'),
        ("telegram", '{"ok": false, "parameters": {"migrate_to_chat_id": "\\ud83d"}}'),
        ("slack", '{"ok": false, "error": "\\ud83d"}'),
    ],
)
def test_half_characters(name: PresetName, body: str) -> None:
    """A reason can be stored, whatever halves of characters the service's JSON names."""
    assert outcome(name, response(400, body))[1].encode()


@pytest.mark.parametrize("asked", ["1e999", "NaN", "-Infinity", "-5", str(10**400), "true", "[]"])
@pytest.mark.parametrize("status", [200, 429])
def test_impossible_pauses(status: int, asked: str) -> None:
    """A pause that is no number of seconds, or one without end, is never taken as it is."""
    body = f'{{"ok": false, "error_code": 429, "parameters": {{"retry_after": {asked}}}}}'
    judged = judge(WebhookSpec(url=URLS["telegram"], preset="telegram"), response(status, body))
    assert judged.retry_after is not None
    assert 0 <= judged.retry_after <= MAX_RETRY_AFTER_SECONDS


@pytest.mark.parametrize(
    ("name", "answer", "seconds"),
    [
        ("slack", response(429, {"retry_after": 7, "ok": False, "error": "rate_limited"}), 7),
        ("slack", response(429, "", {"retry-after": "3"}), 3),
        ("discord", response(429, {"retry_after": 0.376, "global": False}), 1),
        ("discord", response(429, {"retry_after": 64.57}, {"retry-after": "65"}), 65),
        ("telegram", response(429, {"ok": False, "parameters": {"retry_after": 31}}), 31),
        ("teams", response(429, "", {"retry-after": "10"}), 10),
        ("ntfy", response(429, {"code": 42901}), 5),
    ],
)
def test_pauses(name: PresetName, answer: Response, seconds: float) -> None:
    """The pause that a service asks for, in header or body, is kept."""
    judged = judge(WebhookSpec(url=URLS[name], preset=name), answer)
    assert judged.retry_after == seconds
    assert f"for {seconds:g} s" in judged.reason


@pytest.mark.parametrize("name", NAMES)
def test_fakes_say_no_more(name: PresetName) -> None:
    """What the fake service says of too many messages is tried again."""
    refused = SERVICES[name].refuse(3.2)
    headers = {key.lower(): value for key, value in refused.headers.items()}
    asked = retry_after(refused.status, headers, refused.body, datetime.now(UTC))
    answer = Response(refused.status, refused.body, 0.1, retry_after=asked)
    assert outcome(name, answer)[0] == "retried"


@pytest.mark.parametrize("name", NAMES)
@given(status=st.integers(200, 599), body=st.one_of(st.binary(max_size=60), st.from_regex(rb"\{.{0,40}\}")))
def test_any_answer(name: PresetName, status: int, body: bytes) -> None:
    """No answer, however odd, fails; 5xx and 429 are never the end, and 4xx never success."""
    answer = Response(status, body, 0.1)
    becomes, _ = outcome(name, answer)
    if status >= 500 or status == 429:
        assert becomes == "retried"
    elif status >= 300:
        assert becomes != "delivered"


JSONS = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(["ok", "error", "errors", "code", "id", "status", "parameters", "retry_after"]),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=12,
)


@pytest.mark.parametrize("name", NAMES)
@given(status=st.sampled_from([200, 400, 404, 429, 500]), body=JSONS)
def test_any_json(name: PresetName, status: int, body: Any) -> None:
    """The same of JSON in forms that no service has sent so far."""
    judged = PRESETS[name].judge(response(status, body))
    assert judged is None or judged.reason
