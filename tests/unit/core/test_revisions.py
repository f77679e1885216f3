"""What is shown of a revision, and how two of them differ."""

from dataclasses import replace
from typing import Any

import pytest

from notifications.core.masking import MASK
from notifications.core.model import EmailSpec, Spec, WebhookSpec
from notifications.core.revisions import (
    SIGNING_SECRET,
    Author,
    are_credentials,
    changed_credentials,
    differences,
    shown,
)
from notifications.core.secrets import Secrets, SigningSecret
from tests.samples import configuration as samples

WEBHOOK = WebhookSpec(
    "https://example.com/", headers={"Authorization": "secret", "X-Team": "a"}, client_key="secret"
)
EMAIL = EmailSpec(
    "smtp.example.com", 587, "a@example.com", ("b@example.com",), username="u", password="secret"
)
RULE = samples.rule(condition={"status": ["RUNNING"]})


def told(old: Any, new: Any, *credentials: str) -> list[tuple[str, Any, Any]]:
    """Compare two states."""
    return [(each.field, each.old, each.new) for each in differences(old, new, credentials)]


def test_a_rule() -> None:
    """Of a rule everything that is configured is shown, and nothing else."""
    assert shown(RULE).keys() == {
        *("id", "name", "description", "rule_type", "channel_id", "message_template", "enabled"),
        *("condition", "observe", "message", "once_per", "digest", "managed"),
    }


@pytest.mark.parametrize("spec", [WEBHOOK, EMAIL])
def test_no_secret(spec: Spec) -> None:
    """Even a spec that still has its secrets is shown without them."""
    channel = samples.channel(spec=spec, sealed=b"secret")
    assert "secret" not in repr(shown(channel))
    assert "secret" not in repr(differences(None, channel))
    assert "secret" not in repr(differences(channel, None))


def test_fields() -> None:
    """Fields that differ are listed in their order; what nobody configures is not compared."""
    new = replace(RULE, name="n", condition=None, updated_at="2027", enabled=False)
    assert told(RULE, new) == [
        ("name", RULE.name, "n"),
        ("enabled", True, False),
        ("condition", {"status": ["RUNNING"]}, None),
    ]
    assert told(RULE, replace(RULE, created_by="somebody")) == []


def test_creation_and_deletion() -> None:
    """Compared to nothing, each field that has a value differs."""
    made = told(None, RULE)
    assert ("name", None, RULE.name) in made
    assert "description" not in {field for field, _, _ in made}
    assert told(RULE, None) == [(field, new, old) for field, old, new in made]


def test_the_parts_of_a_spec() -> None:
    """A spec is taken apart; credentials are masked, and that one changed is told by its name."""
    old = samples.channel(spec=WEBHOOK)
    headers = {"Authorization": "other", "X-Api-Key": "secret"}
    new = samples.channel(spec=replace(WEBHOOK, url="https://example.org/", headers=headers))
    assert told(old, new, "spec.headers.Authorization", SIGNING_SECRET) == [
        ("spec.url", "https://example.com/", "https://example.org/"),
        ("spec.headers.X-Team", "a", None),
        ("spec.headers.X-Api-Key", None, MASK),
        ("spec.headers.Authorization", MASK, MASK),
        (SIGNING_SECRET, MASK, MASK),
    ]
    assert told(new, new, "spec.headers.X-Api-Key", "spec.headers.X-Gone") == [
        ("spec.headers.X-Api-Key", MASK, MASK)
    ], "a header that came and went in between differs in nothing"
    bare = samples.channel(spec=replace(EMAIL, username=None, password=None))
    assert told(samples.channel(spec=EMAIL), bare) == [("spec.auth.username", "u", None)]


def test_an_event_type() -> None:
    """A schema is compared as a whole."""
    old = samples.event_type({"share": {"type": "number"}})
    new = samples.event_type({"share": {"type": "string"}})
    assert told(old, new) == [("json_schema", old.json_schema, new.json_schema)]


def test_which_credentials_changed() -> None:
    """Each kind of secret is named when it is replaced, added or removed, and only then."""
    old = Secrets({"A": "1", "B": "2", "C": "3"}, "p", "k", (SigningSecret("s"),))
    assert changed_credentials(old, replace(old)) == []
    new = Secrets({"B": "x", "C": "3", "D": "4"}, None, "l", (SigningSecret("t"),))
    assert changed_credentials(old, new) == [
        "spec.headers.A",
        "spec.headers.B",
        "spec.headers.D",
        "spec.auth.password",
        "spec.client_key",
        SIGNING_SECRET,
    ]


def test_which_fields_are_credentials() -> None:
    """Of the fields that changed, those of credentials are known by their names."""
    secret = [
        "spec.headers.X-Api-Key",
        "spec.headers.X.Api.Key",
        "spec.auth.password",
        "spec.client_key",
        SIGNING_SECRET,
    ]
    assert are_credentials(["name", "spec.url", "spec.headers.X-Team", *secret]) == secret


def test_the_names_of_an_author() -> None:
    """An author is known by access key, user id and name."""
    author = Author("AKIA1", "u-1", "ci")
    assert all(author.is_called(text) for text in ("AKIA1", "u-1", "ci"))
    assert not author.is_called("other")
    assert not Author("AKIA1", "u-1").is_called("None")


@pytest.mark.parametrize(
    ("old", "new", "count"),
    [(1, True, 1), (False, 0, 1), (True, True, 0), (1, 1.0, 0), (1, "1", 1), ("a", "b", 1), (None, None, 0)],
)
def test_values_differ_as_in_json(old: Any, new: Any, count: int) -> None:
    """1 is not true, which Python takes for the same, wherever it stands; 1.0 is 1."""
    for one, other in ((old, new), ({"b": old}, {"b": new})):
        before, after = (replace(RULE, condition={"a": ["x", value]}) for value in (one, other))
        assert len(told(before, after)) == count
