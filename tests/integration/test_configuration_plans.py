"""Plans as they are read: everything that a new object has and an old one changes, a line for each member."""

from pathlib import Path

import pytest

from tests.cloud.served import ServedApi
from tests.integration.documented import SECRETS, api, checkout, shell

__all__ = ["api", "checkout"]

pytestmark = pytest.mark.usefixtures("cloud")

FILE = """
set: prod
channels:
  pager:
    name: 당직 🚨
    spec: {preset: pagerduty, url: https://events.pagerduty.com/v2/enqueue, routing_key: "${env:ROUTING_KEY}"}
  archive:
    spec:
      url: https://archive.example.com/events
      headers: {Authorization: "Bearer ${env:ARCHIVE_TOKEN}", X-Api-Key: in-the-file, X-Team: ops}
    retry: [10, 60]
  mail:
    spec:
      smtp: {host: smtp.example.com, port: 587}
      message: {from_email: a@example.com, to_emails: [ops@example.com]}
      auth: {username: mailer, password: in-the-file}
rules:
  incident:
    rule_type: session.failed
    channel: pager
    message: {title: "{{ session_name }}", fields: {Project: context.project}, action: trigger}
    once_per: {period: 10m, by: [session_name]}
  everything:
    rule_type: session.started
    channel: archive
    message_template: |
      {"session": {{ session_id | tojson }},
       "name": "a"}
mutes:
  drill: {reason: Fire drill, everything: true, weekly: ["mon 10:00-10:15 Asia/Seoul"]}
"""
NEW = """\
  + create channel pager "당직 🚨"
      name: "당직 🚨"
      enabled: true
      retry: "standard"
      channel_type: "webhook"
      spec.url: "https://events.pagerduty.com/***"
      spec.method: "POST"
      spec.content_type: "application/json"
      spec.timeout: 30
      spec.success_status_codes: [200, 201, 202, 204]
      spec.preset: "pagerduty"
      spec.routing_key: "${env:ROUTING_KEY}"

  + create channel archive
      name: "archive"
      enabled: true
      retry: [10, 60]
      channel_type: "webhook"
      spec.url: "https://archive.example.com/***"
      spec.method: "POST"
      spec.content_type: "application/json"
      spec.headers.Authorization: "Bearer ${env:ARCHIVE_TOKEN}"
      spec.headers.X-Api-Key: (secret)
      spec.headers.X-Team: "ops"
      spec.timeout: 30
      spec.success_status_codes: [200, 201, 202, 204]

  + create channel mail
      name: "mail"
      enabled: true
      retry: "standard"
      channel_type: "email"
      spec.smtp.host: "smtp.example.com"
      spec.smtp.port: 587
      spec.smtp.use_tls: true
      spec.smtp.timeout: 30
      spec.message.from_email: "a@example.com"
      spec.message.to_emails: ["ops@example.com"]
      spec.auth.username: "mailer"
      spec.auth.password: (secret)

  + create rule incident
      name: "incident"
      rule_type: "session.failed"
      channel: "pager"
      enabled: true
      observe: false
      once_per.period: "10m"
      once_per.by: ["session_name"]
      message.title: "{{ session_name }}"
      message.fields.Project: "context.project"
      message.action: "trigger"

  + create rule everything
      name: "everything"
      rule_type: "session.started"
      channel: "archive"
      message_template:
        +{"session": {{ session_id | tojson }},
        + "name": "a"}
      enabled: true
      observe: false

  + create mute drill "Fire drill"
      reason: "Fire drill"
      weekly: ["mon 10:00-10:15 Asia/Seoul"]
      hold: false
      everything: true

Plan: 6 to create, 0 to change, 0 to delete.
"""
OTHER = """\
  ~ update channel archive
      spec.headers.X-Team: "ops" -> "dev"
      spec.headers.X-Api-Key: (secret) -> (secret)

  ~ update channel mail
      spec.auth.password: (secret) -> (secret)

  ~ update rule incident
      once_per.period: "10m" -> "20m"
      once_per.by: ["session_name"] -> []
      message.title: "{{ session_name }}" -> nothing
      message.fields.Project: "context.project" -> nothing
      message.level: nothing -> "error"

  ~ update mute drill "Fire drill"
      channel: nothing -> "mail"
      everything: true -> nothing

Plan: 0 to create, 4 to change, 0 to delete.
"""
CHANGED = (
    ("everything: true", "channel: mail"),
    ('title: "{{ session_name }}", fields: {Project: context.project}', "level: error"),
    ("period: 10m, by: [session_name]", "period: 20m"),
    ("in-the-file, X-Team: ops", "another, X-Team: dev"),
    ("password: in-the-file", "password: another"),
)


def test_a_plan_of_what_is_new(api: ServedApi, checkout: Path) -> None:
    """A new object is shown whole, its secrets by where they are, and nothing that it does not have."""
    assert planned(api, checkout, FILE) == NEW


def test_a_plan_of_what_changes(api: ServedApi, checkout: Path) -> None:
    """Of a message, once-per and a digest the members that change are shown; of a secret, that it does."""
    assert planned(api, checkout, FILE) == NEW
    shell(api, checkout, "./backend.ai notification config apply prod.yaml --yes")
    text = FILE
    for old, new in CHANGED:
        text = text.replace(old, new)
    assert planned(api, checkout, text) == OTHER


def planned(api: ServedApi, checkout: Path, text: str) -> str:
    """Plan a file; return what is printed."""
    (checkout / "prod.yaml").write_text(text, "utf-8")
    told = shell(api, checkout, "./backend.ai notification config plan prod.yaml")
    assert not [secret for secret in (*SECRETS.values(), "in-the-file", "another") if secret in told]
    return told
