"""What is configured as documents of a file: what has its default value is left out."""

import json
from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any, assert_never

from notifications.core import masking, rule_parts
from notifications.core.config_files.literals import escaped, reference
from notifications.core.kinds import kind_of
from notifications.core.model import Channel, Digest, EmailSpec, EventType, Rule, Spec, WebhookSpec
from notifications.core.mutes import Mute

Document = dict[str, Any]
Secret = Callable[[str], str]
"""Gives the name of the variable that stands for a secret; its argument is the path in the channel."""

Reference = str | dict[str, str]
"""The key of an object in the same file, or the name or id of one outside of it."""

_DEFAULT_SPECS: Mapping[type, Spec] = {
    WebhookSpec: WebhookSpec(url=""),
    EmailSpec: EmailSpec(host="", port=0, from_email="", to_emails=()),
}
_DEFAULT_PARTS: Mapping[str, Document] = {"digest": {"max": Digest("").max}}


def channel_document(channel: Channel, key: str, secret: Secret) -> Document:
    """Write a channel. ``secret``: is asked for each secret, none of which is in the channel."""
    default = _DEFAULT_SPECS[type(channel.spec)]
    spec = kind_of(channel.spec).document(channel.spec)
    changed = escaped(_differing(spec, kind_of(default).document(default)))
    spec_document = _with_secrets(changed, channel.spec, secret)
    made = _named(channel.name, key) | _described(channel.description)
    if channel.channel_type != WebhookSpec.channel_type:
        made["channel_type"] = channel.channel_type
    made["spec"] = spec_document
    return made | _switched(enabled=channel.enabled) | _set(channel, ("retry", "rate", "timezone"))


def event_type_document(event_type: EventType) -> Document:
    """Write a custom event type, whose key is its name."""
    schema = {"json_schema": escaped(dict(event_type.json_schema))}
    return _described(event_type.description) | schema


def rule_document(rule: Rule, key: str, channel: Reference) -> Document:
    """Write a rule on a channel."""
    made = _named(rule.name, key) | _described(rule.description)
    made |= {"rule_type": rule.rule_type, "channel": channel}
    made |= _condition(rule.condition)
    if rule.message_template:
        made["message_template"] = escaped(rule.message_template)
    for name, part in rule_parts.documents(rule).items():
        if part is not None:
            made[name] = escaped(_part(part, _DEFAULT_PARTS.get(name, {})))
    return made | _switched(enabled=rule.enabled) | _set(rule, ("observe",))


def mute_document(mute: Mute, rule: Reference | None, channel: Reference | None) -> Document:
    """Write a mute. ``rule``, ``channel``: what it is about; None for any."""
    made: Document = {"reason": escaped(mute.reason)}
    made |= {name: about for name, about in (("rule", rule), ("channel", channel)) if about is not None}
    made |= _set(mute, ("rule_type",)) | _condition(mute.condition)
    if mute.about_everything:
        made["everything"] = True
    return made | _set(mute, ("until", "weekly", "hold"))


def _with_secrets(document: Document, spec: Spec, secret: Secret) -> Document:
    """Put references to variables into a spec's document, in the place of secrets."""
    match spec:
        case WebhookSpec():
            if masking.is_secret_url(spec.url) or spec.preset not in {None, "pagerduty"}:
                document["url"] = reference(secret("spec.url"))
            if spec.headers:
                document["headers"] = {
                    name: reference(secret(f"spec.headers.{name}"))
                    if masking.is_credential(name)
                    else escaped(text)
                    for name, text in spec.headers.items()
                }
            if spec.client_certificate is not None:
                document["client_key"] = reference(secret("spec.client_key"))
            if spec.preset == "pagerduty":
                document["routing_key"] = reference(secret("spec.routing_key"))
        case EmailSpec():
            if spec.username is not None:
                document["auth"]["password"] = reference(secret("spec.auth.password"))
        case _ as unknown:
            assert_never(unknown)
    return document


def _differing(document: Document, default: Mapping[str, Any]) -> Document:
    """Return what of a document differs from its default, object by object. Null differs from nothing."""
    made: Document = {}
    for name, part in document.items():
        usual = default.get(name)
        if isinstance(part, dict) and isinstance(usual, dict):
            part = _differing(part, usual)  # noqa: PLW2901
            if part:
                made[name] = part
        elif part not in (usual, None):
            made[name] = int(part) if isinstance(part, float) and part.is_integer() else part
    return made


def _named(name: str, key: str) -> Document:
    return {} if name == key else {"name": escaped(name)}


def _described(description: str | None) -> Document:
    return {} if description is None else {"description": escaped(description)}


def _switched(*, enabled: bool) -> Document:
    return {} if enabled else {"enabled": False}


def _condition(condition: Mapping[str, Any] | None) -> Document:
    """Write a condition as clauses, which people read more easily, where they say exactly the same."""
    if condition is None:
        return {}
    from notifications.core import conditions  # noqa: PLC0415 - 20 ms, for who has conditions

    try:
        parsed = conditions.parse(condition)
        clauses = conditions.clauses(parsed)
        # What clauses make is spelled with nesting; a pattern with dotted names would come back otherwise.
        if clauses is not None and _text(conditions.to_json(parsed)) == _text(condition):
            return {"where": escaped(clauses)}
    except conditions.ConditionError:
        pass  # saved by a release that took more than this one
    return {"condition": escaped(dict(condition))}


def _part(part: Document, defaults: Mapping[str, Any]) -> Document:
    """Return what a part of a rule has that is not its default."""
    return {
        member: list(told) if isinstance(told, tuple) else told
        for member, told in part.items()
        if told not in (None, ()) and defaults.get(member) != told
    }


def _set(thing: Channel | Rule | Mute, names: tuple[str, ...]) -> Document:
    """Return the attributes among these that differ from the model's defaults."""
    defaults = {each.name: each.default for each in fields(thing)}
    made = {name: getattr(thing, name) for name in names if getattr(thing, name) != defaults[name]}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in made.items()}


def _text(condition: Mapping[str, Any]) -> str:
    return json.dumps(condition, sort_keys=True)
