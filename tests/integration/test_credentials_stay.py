"""A channel's credentials stay with the host that they were given for."""

from typing import Any

import pytest

from notifications.core.model import EmailSpec, WebhookSpec
from tests.cloud.gateway import call
from tests.cloud.services import renewed, services

URL = "https://hooks.example.com/a"
HEADERS = {"Authorization": "Bearer hunter2", "X-Team": "ops"}
SMTP = {"host": "mail.example.com", "port": 587, "use_tls": True}
MESSAGE = {"from_email": "a@example.com", "to_emails": ["b@example.com"]}


def channel(spec: dict[str, Any], kind: str = "webhook") -> str:
    """Make a channel; return its id."""
    body = {"name": "c", "channel_type": kind, "spec": spec}
    return str(call("POST", "/notifications/channels", body).json["channel"]["id"])


def webhook() -> str:
    """Make a webhook channel with a credential."""
    return channel({"url": URL, "headers": HEADERS})


def mail() -> str:
    """Make an email channel with a login."""
    auth = {"username": "user", "password": "hunter2"}
    return channel({"smtp": SMTP, "message": MESSAGE, "auth": auth}, "email")


def opened(channel_id: str) -> Any:
    """Read a channel's spec with its secrets."""
    return services().vault.opened(services().channels.get(channel_id)).spec


def moved(channel_id: str, url: str, **more: Any) -> Any:
    """Change where a webhook leads, its headers kept as the command line does."""
    spec = {"url": url, "headers": dict.fromkeys(HEADERS) | {"X-Team": "ops"}}
    answer = call("PATCH", f"/notifications/channels/{channel_id}", {"spec": spec, **more})
    assert answer.status == 200, answer
    return answer.json


@pytest.mark.usefixtures("cloud")
@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example.com/a",
        "https://hooks.example.com:8443/a",
        "http://hooks.example.com/a",
        "https://hooks.example.com.evil.example/a",
        "https://example.com/hooks.example.com/a",
    ],
)
def test_another_place_gets_none(url: str) -> None:
    """A change of scheme, host or port drops the credential, and says so; all else stays."""
    channel_id = webhook()
    signing = services().vault.secrets(services().channels.get(channel_id)).signing
    answer = moved(channel_id, url)
    assert answer["dropped_credentials"] == ["Authorization"]
    assert answer["channel"]["spec"]["headers"] == {"X-Team": "ops"}
    assert opened(channel_id) == WebhookSpec(url, headers={"X-Team": "ops"})
    assert services().vault.secrets(services().channels.get(channel_id)).signing == signing


@pytest.mark.usefixtures("cloud")
@pytest.mark.parametrize("url", ["https://hooks.example.com/b?c=d", "https://HOOKS.example.com:443/a"])
def test_the_same_place_keeps_them(url: str) -> None:
    """Another path, or another spelling of the same place, keeps the credential."""
    channel_id = webhook()
    assert moved(channel_id, url)["dropped_credentials"] == []
    assert opened(channel_id).headers == HEADERS


@pytest.mark.usefixtures("cloud")
def test_a_place_that_is_not_allowed_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """A channel can leave a place that the stack no longer sends to; its credential does not go along."""
    channel_id = channel({"url": URL.replace("https:", "http:"), "headers": HEADERS})
    monkeypatch.setenv("TARGET_HTTP", "false")
    renewed()
    assert moved(channel_id, URL)["dropped_credentials"] == ["Authorization"]
    assert opened(channel_id).headers == {"X-Team": "ops"}


@pytest.mark.usefixtures("cloud")
def test_kept_if_somebody_says_so() -> None:
    """Whoever wants the credential to go along says so."""
    channel_id = webhook()
    assert moved(channel_id, "https://other.example.com/", keep_credentials=True)["dropped_credentials"] == []
    assert opened(channel_id).headers == HEADERS


@pytest.mark.usefixtures("cloud")
def test_given_anew() -> None:
    """A credential that is given with the new place is that place's."""
    channel_id = webhook()
    spec = {"url": "https://other.example.com/", "headers": {"Authorization": "Bearer new"}}
    answer = call("PATCH", f"/notifications/channels/{channel_id}", {"spec": spec})
    assert answer.json["dropped_credentials"] == []
    assert opened(channel_id).headers == {"Authorization": "Bearer new"}


@pytest.mark.usefixtures("cloud")
def test_v2() -> None:
    """The v2 client, which can say no more than the URL, takes no credential along either."""
    channel_id = webhook()
    body = {"spec": {"webhook": {"url": "https://other.example.com/"}}}
    path = f"/v2/notifications/channels/{channel_id}"
    kept = call("PATCH", path, {"spec": {"webhook": {"url": f"{URL}/b"}}})
    assert (kept.status, kept.json["dropped_credentials"]) == (200, [])
    assert call("PATCH", path, body).json["dropped_credentials"] == ["Authorization"]
    assert opened(channel_id).headers == {"X-Team": "ops"}


@pytest.mark.usefixtures("cloud")
@pytest.mark.parametrize(("keep", "kept"), [(True, HEADERS), (False, {"X-Team": "ops"})])
def test_v2_may_say_so(keep: bool, kept: dict[str, str]) -> None:  # noqa: FBT001
    """In v2 too somebody may say that the credentials go along."""
    channel_id = webhook()
    body = {"spec": {"webhook": {"url": "https://other.example.com/"}}, "keep_credentials": keep}
    assert call("PATCH", f"/v2/notifications/channels/{channel_id}", body).status == 200
    assert opened(channel_id).headers == kept


@pytest.mark.usefixtures("cloud")
@pytest.mark.parametrize("part", [{"host": "evil.example.com"}, {"port": 2525}, {"use_tls": False}])
def test_parts_of_a_mail_spec(part: dict[str, Any]) -> None:
    """A change of the mail server alone takes no login along."""
    channel_id = mail()
    answer = call("PATCH", f"/notifications/channels/{channel_id}", {"spec": {"smtp": part}})
    assert (answer.status, answer.json["dropped_credentials"]) == (200, ["password"])
    assert opened(channel_id).password is None


@pytest.mark.usefixtures("cloud")
@pytest.mark.parametrize(
    ("change", "kept"),
    [
        ({"host": "evil.example.com"}, False),
        ({"port": 465}, False),
        ({"use_tls": False}, False),
        ({"timeout": 5}, True),
        ({"host": "MAIL.example.com"}, True),
    ],
)
def test_mail(change: dict[str, Any], kept: bool) -> None:  # noqa: FBT001
    """A login stays with its mail server, and does not go out in the clear where it went encrypted."""
    channel_id = mail()
    spec = {"smtp": {**SMTP, **change}, "message": MESSAGE, "auth": {"username": "user"}}
    answer = call("PATCH", f"/notifications/channels/{channel_id}", {"spec": spec})
    assert answer.status == 200, answer
    found = opened(channel_id)
    assert isinstance(found, EmailSpec)
    assert (found.username, found.password) == (("user", "hunter2") if kept else (None, None))
    assert answer.json["dropped_credentials"] == ([] if kept else ["password"])
