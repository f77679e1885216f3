"""Plans of sets: what they read, and what they show of changes, credentials and mistakes."""

import json

import pytest

from configuration_api import shown
from tests.cloud.gateway import KEYS_OF_ROLES
from tests.cloud.pipeline import dynamodb_calls
from tests.cloud.services import services
from tests.integration import channels
from tests.integration.revisions import ANN
from tests.integration.sets import URL, apply, changes, document, ids, plan, writes

pytestmark = pytest.mark.usefixtures("cloud")


def test_a_plan_writes_nothing() -> None:
    """Not even a first plan."""
    with writes() as noted:
        assert len(plan(document())["changes"]) == 4
    assert noted == []


def test_a_plan_reads_each_thing_once() -> None:
    """Many rules on a channel outside of the set cost no more reads than a few do."""
    made = channels.create()
    reads = []
    for count in (2, 2, 40):  # the first one fills what is kept in memory
        rule = {"rule_type": "session.started", "channel": {"name": made["name"]}, "message_template": "1"}
        with dynamodb_calls() as calls:
            plan({"set": "prod", "rules": {f"r{number}": rule for number in range(count)}})
        reads.append(len(calls))
    assert reads[1] == reads[2]


def test_what_a_plan_tells_of_a_new_rule() -> None:
    """A rule names its channel by the key, since there is no id yet."""
    rule = plan(document())["changes"][2]
    told = {each["path"]: (each["before"], each["after"]) for each in rule["differences"]}
    assert (rule["id"], rule["name"]) == (None, "quota")
    assert told["channel"] == (None, "ops")
    assert told["condition"] == (None, {"share": [{"numeric": [">", 0.9]}]})
    assert not {"id", "managed", "channel_id"} & told.keys()


def test_credentials_are_compared_and_never_told(caplog: pytest.LogCaptureFixture) -> None:
    """A changed header is a difference by its name only; nothing that is answered or logged has its value."""
    apply(document())
    given = document(channels={"ops": {"spec": {"url": URL, "headers": {"X-Api-Key": "canary-2"}}}})
    told = plan(given)
    assert [each["differences"] for each in told["changes"]] == [
        [{"path": "spec.headers.X-Api-Key", "before": "***", "after": "***"}]
    ]
    done = apply(given)
    channel = services().channels.get(done[0]["id"])
    assert services().vault.secrets(channel).headers == {"X-Api-Key": "canary-2"}
    assert "canary" not in json.dumps([told, done]) + caplog.text
    assert changes(given) == []


def test_a_viewer_learns_nothing_of_credentials() -> None:
    """Whether a guess is right changes nothing of a viewer's plan, which says that it does not compare."""
    apply(document())
    right = plan(document(), KEYS_OF_ROLES["viewer"])
    given = document(channels={"ops": {"spec": {"url": URL, "headers": {"X-Api-Key": "a guess"}}}})
    assert plan(given, KEYS_OF_ROLES["viewer"]) == right
    assert right["changes"] == []
    assert "not compared" in right["warnings"][0]
    assert plan(given, KEYS_OF_ROLES["editor"])["changes"]


def test_a_url_is_told_without_its_path() -> None:
    """The path of a URL is a credential at many services."""
    apply(document())
    given = document(channels={"ops": {"spec": {"url": "https://example.com/other-canary"}}})
    (url, _) = plan(given)["changes"][0]["differences"]
    assert url == {
        "path": "spec.url",
        "before": "https://example.com/***",
        "after": "https://example.com/***",
    }


def test_what_was_changed_by_hand_is_told_and_undone() -> None:
    """A plan says who changed something since it was applied, and which revision that is."""
    made = ids(apply(document()))
    rule = services().rules.get(made["quota"])
    kind = services().event_types.get(rule.rule_type)
    services().rules.update(rule, {"enabled": False}, kind, ANN)
    (change,) = plan(document())["changes"]
    assert change["differences"] == [{"path": "enabled", "before": False, "after": True}]
    assert "changed by ann at" in change["warnings"][0]
    assert "revision 2" in change["warnings"][0]
    apply(document())
    assert changes(document()) == []


def test_what_a_plan_shows_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Long texts are cut, and when it takes too long no more rules are looked at for probable mistakes."""
    monkeypatch.setattr(shown, "MAX_WARNING_SECONDS", 0.0)
    given = document(mutes={})
    given["rules"]["quota"]["message_template"] = f'{{"text": "{"x" * 2 * shown.MAX_SHOWN_CHARS}"}}'
    told = plan(given)
    (template,) = (
        each["after"] for each in told["changes"][2]["differences"] if each["path"] == "message_template"
    )
    assert len(template) == shown.MAX_SHOWN_CHARS + 1
    assert shown.NOT_LOOKED_AT in told["warnings"]


def test_a_plan_warns_of_probable_mistakes() -> None:
    """What creating such a channel or rule warns of, a plan warns of, too."""
    spec = {"url": "https://hooks.slack.com/services/T0/B0/x"}
    given = document(channels={"ops": {"spec": spec}}, mutes={})
    given["rules"]["quota"]["message"] = {"title": "t"}
    told = {each["key"]: each["warnings"] for each in plan(given)["changes"]}
    assert "with the preset slack" in told["ops"][0]
    assert "has a template" in told["quota"][0]
