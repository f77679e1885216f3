"""Every kind of channel fulfils one contract, and a new one needs its own module and a line."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any, ClassVar

import pytest

from notifications.core import attempts, kinds, rendering
from notifications.core.delivery import Content, Judgement, Outcome, Response
from notifications.core.kinds import KINDS, build_request, judge, kind_of
from notifications.core.kinds.kind import ChannelKind, Described
from notifications.core.model import CHANNEL_TYPES, EmailSpec, Format, Spec, WebhookSpec
from notifications.core.secrets import Secrets
from notifications.core.targets import Target, TargetPolicy, check_url
from notifications.core.values import value
from tests.samples.records import NOW

WEBHOOK = WebhookSpec(
    "https://example.com/hook",
    headers={"Authorization": "Bearer abcdef", "X-Team": "ops"},
    client_certificate="certificate",
    client_key="key",
)
EMAIL = EmailSpec(
    "mail.example.com",
    587,
    "from@example.com",
    ("to@example.com", "{{ context.user_email }}"),
    allowed_domains=("example.com",),
    username="user",
    password="secret",
)
SPECS: dict[str, Spec] = {"webhook": WEBHOOK, "email": EMAIL}
OPEN = TargetPolicy.read("")
RESPONSE = Response(250, b"taken", 0.1)


def test_every_channel_type_has_a_kind() -> None:
    """A channel type that is not in the registry, or a kind without a type, is found here."""
    assert set(KINDS) == set(CHANNEL_TYPES) == set(SPECS)


@pytest.mark.parametrize("spec", SPECS.values(), ids=SPECS)
def test_what_is_stored_is_read(spec: Spec) -> None:
    """A spec is read from what it is stored as."""
    stored = {name: list(part) if isinstance(part, tuple) else part for name, part in asdict(spec).items()}
    assert kind_of(spec).read_spec(stored) == spec


@pytest.mark.parametrize("spec", SPECS.values(), ids=SPECS)
def test_secrets_come_back(spec: Spec) -> None:
    """A spec without its secrets repeats none of them, and is whole again with them."""
    kind = kind_of(spec)
    shown, secrets = kind.take_secrets(spec)
    assert not any(secret in repr(asdict(shown)) for secret in ("abcdef", "'key'", "'secret'"))
    assert kind.put_secrets(shown, secrets) == spec


@pytest.mark.parametrize("spec", SPECS.values(), ids=SPECS)
def test_attempts_are_described_without_credentials(spec: Spec) -> None:
    """The record of an attempt has no credential of the request that was built."""
    request = build_request(spec, Content("message", "subject", {EMAIL.to_emails[1]: ""}), "id-1", NOW)
    described = attempts.attempt(request, RESPONSE, judge(spec, RESPONSE), NOW)
    assert described.method in {"POST", "MAIL"}
    assert not any(secret in repr(described) for secret in ("abcdef", "'key'", "secret"))


@value
class _PagerSpec:
    """A spec of a kind that is only here."""

    channel_type: ClassVar[Any] = "pager"
    number: str


@value
class _Page:
    """What carries a message to a pager."""

    channel_type: ClassVar[Any] = "pager"
    number: str
    text: str


class _Pager:
    """A third kind of channel."""

    signed = False
    fast = True

    def read_spec(self, stored: Mapping[str, Any]) -> _PagerSpec:
        return _PagerSpec(**stored)

    def target(self, spec: _PagerSpec, policy: TargetPolicy) -> Target:
        return check_url(f"https://pager.example.com/{spec.number}", policy)

    def take_secrets(self, spec: _PagerSpec) -> tuple[_PagerSpec, Secrets]:
        return replace(spec, number=""), Secrets(password=spec.number)

    def put_secrets(self, spec: _PagerSpec, secrets: Secrets) -> _PagerSpec:
        return replace(spec, number=secrets.password or "")

    def document(self, spec: _PagerSpec) -> dict[str, Any]:  # noqa: ARG002
        return {}

    def message_format(self, spec: _PagerSpec) -> Format:  # noqa: ARG002
        return "text"

    def templates(self, spec: _PagerSpec) -> tuple[str, ...]:  # noqa: ARG002
        return ()

    def complete(self, spec: _PagerSpec, message: str, render: Callable[[str], str]) -> Content:  # noqa: ARG002
        return Content(message)

    def build_request(
        self,
        spec: _PagerSpec,
        content: Content,
        message_id: str,  # noqa: ARG002
        now: datetime,  # noqa: ARG002
        signing: Sequence[str],  # noqa: ARG002
        settled: Collection[str],  # noqa: ARG002
    ) -> _Page:
        return _Page(spec.number, content.message)

    def describe(self, request: _Page) -> Described:  # noqa: ARG002
        return "PAGE", "https://pager.example.com", {}

    def shown(self, request: _Page, outcome: Outcome) -> Outcome:  # noqa: ARG002
        return outcome

    def judge(self, spec: _PagerSpec, response: Response) -> Judgement:  # noqa: ARG002
        return Judgement(delivered=response.body == b"taken", error_class=None, reason="")


def test_a_third_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    """A new kind is rendered, built, judged and recorded once it has its line in the registry."""
    pager: ChannelKind[_PagerSpec, _Page] = _Pager()
    spec: Any = _PagerSpec("117")
    with pytest.raises(KeyError):
        build_request(spec, Content("m"), "id-1", NOW)
    registry: dict[Any, Any] = {**KINDS, "pager": pager}
    monkeypatch.setattr(kinds, "KINDS", registry)
    content = rendering.completed(spec, "message", {})
    request: Any = build_request(spec, content, "id-1", NOW)
    assert request == _Page("117", "message")
    judgement = judge(spec, RESPONSE)
    assert judgement.delivered
    assert attempts.attempt(request, RESPONSE, judgement, NOW).method == "PAGE"
    assert kind_of(spec).target(spec, OPEN).port == 443
