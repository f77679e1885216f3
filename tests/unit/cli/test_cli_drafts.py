"""Drafts of rules in files."""

from pathlib import Path

import pytest

from backendai_notification_cli.commands.notification import drafts
from backendai_notification_cli.errors import CliError, Refused

TEMPLATE = '{"text": "{{ session_id }}"}'


def written(folder: Path, text: str) -> str:
    """Write a draft beside a template, and return its name."""
    (folder / "message.j2").write_text(TEMPLATE, "utf-8")
    path = folder / "draft.yaml"
    path.write_text(text, "utf-8")
    return str(path)


def test_one_rule(tmp_path: Path) -> None:
    """A file with one rule is one draft; its template may be in a file beside it."""
    text = "name: Started\nchannel: ops\ntemplate_file: message.j2\nwhere: [session_type=batch]\n"
    found = drafts.load(written(tmp_path, text))
    wanted = {"name": "Started", "channel": "ops", "where": ["session_type=batch"]}
    assert found.rules == [wanted | {"message_template": TEMPLATE}]


def test_several_rules(tmp_path: Path) -> None:
    """A file may list drafts, beside tests that are not looked at."""
    found = drafts.load(written(tmp_path, "rules: [{id: a, enabled: false}, {name: b}]\ntests: 1\n"))
    assert found.rules == [{"id": "a", "enabled": False}, {"name": "b"}]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("chanel: x", ":1: chanel: is not a key here; the nearest is 'channel'"),
        ("rules:\n- name: a\n  enabled: 1", ":3: rules[0].enabled: must be true or false"),
        ("rules:\n- name: 1", ":2: rules[0].name: must be a text"),
        ("rules: []", ":1: rules: must be a list of rules"),
        ("rules: [1]", ":1: rules[0]: a rule must be an object, like {name: ..., message_template: ...}"),
        ("rules: []\nrule: 1", ":2: rule: is not a key here; the nearest is 'rules'"),
        ("- name: a", ":1: a rule must be an object, like {name: ..., message_template: ...}"),
        ("name: a\ntemplate_file: gone.j2", ":2: template_file: Cannot read "),
        ('template_file: "a\\0b"', ":1: template_file: Cannot read "),
        ("where: status=ERROR", ":1: where: must be a list of clauses, like [session_type=batch]"),
        ("name: a\nwhere: [1]", ":2: where: must be a list of clauses"),
        ("condition: [a]", ":1: condition: must be an object, like {session_type: [batch]}"),
        ("event_filter: null", ":1: event_filter: must be an object"),
        ("template_file: 1", ":1: template_file: must be a file's name"),
        (
            "message_template: a\ntemplate_file: message.j2",
            ":2: template_file: give it or message_template, not both",
        ),
    ],
)
def test_a_draft_that_is_none(tmp_path: Path, text: str, fault: str) -> None:
    """What a file gets wrong is told with file, line and key."""
    path = written(tmp_path, text)
    with pytest.raises(CliError) as raised:
        drafts.load(path)
    assert raised.value.message.startswith(path + fault)


def test_too_many(tmp_path: Path) -> None:
    """A file has no more drafts than the service takes."""
    with pytest.raises(CliError, match="has 101 rules, 100 are allowed"):
        drafts.load(written(tmp_path, f"rules: [{'{name: a}, ' * 101}]"))


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ("rules.1.message_template: line 1: no", ":3: rules[1].message_template: line 1: no"),
        ("rules.0.message_template: line 1: no", ":2: rules[0].template_file: line 1: no"),
        ("rules.1.condition.a: no", ":3: rules[1].condition: no"),
        ("rules.1: no", ":3: rules[1]: no"),
        ("body.rules.0.name: no: not this", ":2: rules[0].name: no: not this"),
    ],
)
def test_the_services_faults_are_told_with_their_place(tmp_path: Path, message: str, told: str) -> None:
    """What the service finds in a draft is told with file, line and key, in a template's file too."""
    text = "rules:\n- {name: a, template_file: message.j2}\n- {name: b, message_template: '{{'}\n"
    path = written(tmp_path, text)
    found = drafts.load(path).explained(Refused(400, message))
    assert found.message == path + told


@pytest.mark.parametrize("message", ["no", "rules.2.name: no"])
def test_other_faults_stay(tmp_path: Path, message: str) -> None:
    """What is not about a draft of the file is told as it came."""
    refused = Refused(400, message)
    assert drafts.load(written(tmp_path, "name: a")).explained(refused) is refused
