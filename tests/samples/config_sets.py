"""Random sets of configuration, by seed: the documents of files with every member that there is."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

Document = dict[str, Any]

PRESET_URLS = {
    "slack": "https://hooks.slack.com/services/T{0}/B{0}/{0}",
    "teams": "https://a.b.api.powerplatform.com/workflows/{0}/triggers/manual/paths/invoke?api-version=1&sig={0}",
    "discord": "https://discord.com/api/webhooks/100000000000000000/{0}",
    "pagerduty": "https://events.pagerduty.com/v2/enqueue",
    "mattermost": "https://chat.example.com/hooks/{0}",
    "google-chat": "https://chat.googleapis.com/v1/spaces/AAAA/messages?key={0}&token={0}",
    "telegram": "https://api.telegram.org/bot123456789:{0}/sendMessage?chat_id=-1001234567890",
    "ntfy": "https://ntfy.sh/{0}",
}
CARD_TYPE = "application/vnd.microsoft.card.adaptive"
CARD = '{"type": "AdaptiveCard", "version": "1.4", "body": [{"type": "TextBlock", "wrap": true, "text": %s}]}'
BODIES = {
    "teams": f'{{"type": "message", "attachments": [{{"contentType": "{CARD_TYPE}", "content": {CARD}}}]}}',
    "discord": '{"content": %s}',
    "pagerduty": '{"payload": {"summary": %s, "source": "a", "severity": "info"}}',
}
"""The JSON of handwritten templates for services that would refuse, or not show, a bare ``text``."""

ZONES = ("UTC", "Asia/Seoul", "Europe/Berlin", "Australia/Lord_Howe", "America/New_York")
CUSTOM_SCHEMA = {
    "type": "object",
    "properties": {
        "project": {"type": "string", "title": "Project"},
        "used_percent": {"type": "number", "minimum": 0.5},
        "note": {"enum": ["${plain}", "$${twice}", None]},
    },
    "required": ["project"],
    "title": "Quota exceeded",
}
WORDS = ("night", "운영", "Zürich", "ops & more", 'say "hi"', "${not:one}", "$${x}", "a: b #c", " - ")


class RandomSet:
    """The document of a set of one seed. ``secrets``: all texts in it that must never be shown.

    ``prefix``: how all keys begin.
    """

    def __init__(self, seed: int, prefix: str = "") -> None:
        self._random = Random(seed)  # noqa: S311 - a sample
        self.secrets: list[str] = []
        self.document = self._made(prefix)

    def _made(self, prefix: str) -> Document:
        types = {f"{prefix}quota.t{at}": self._event_type() for at in range(self._random.randrange(3))}
        channels = {f"{prefix}channel-{at}": self._channel() for at in range(self._random.randrange(2, 7))}
        count = self._random.randrange(1, 9)
        rules = {f"{prefix}rule.{at}": self._rule(channels, [*types]) for at in range(count)}
        mutes = {f"{prefix}mute_{at}": self._mute(rules, channels) for at in range(self._random.randrange(4))}
        made = {"event_types": types, "channels": channels, "rules": rules, "mutes": mutes}
        return {"set": "prod", **{section: things for section, things in made.items() if things}}

    def _secret(self) -> str:
        """Make a secret that is found wherever it is repeated."""
        letters = "abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
        made = "Sec7" + "".join(self._random.choices(letters, k=24))
        self.secrets.append(made)
        return made

    def _some(self, members: Mapping[str, Callable[[], Any]], likely: float = 0.4) -> Document:
        """Choose some members; each is made only if it is chosen."""
        return {name: make() for name, make in members.items() if self._random.random() < likely}

    def _text(self) -> str:
        return " ".join(self._random.sample(WORDS, self._random.randrange(1, 3))).strip()

    def _either(self, *choices: Any) -> Any:
        return self._random.choice(choices)

    def _event_type(self) -> Document:
        return {"json_schema": CUSTOM_SCHEMA, **self._some({"description": self._text})}

    def _channel(self) -> Document:
        kind = self._either(self._webhook, self._preset, self._preset, self._email)
        return {
            **self._some({"name": self._text, "description": self._text}),
            **kind(),
            **self._some(
                {
                    "enabled": lambda: self._either(True, False),
                    "retry": lambda: self._either("standard", "fast", "none", [1, 60, 3600]),
                    "rate": lambda: self._either("1/s", "30/m", "none"),
                    "timezone": lambda: self._either(*ZONES),
                }
            ),
        }

    def _webhook(self) -> Document:
        form = self._either({}, {"content_type": "text/plain"}, {"content_type": "application/x+json"})
        spec = {
            "url": self._either(
                "https://a.example.com/hooks/plain", f"https://a.example.com/{self._secret()}"
            )
        }
        more = {
            "method": lambda: self._either("POST", "PUT", "PATCH"),
            "headers": lambda: {
                "X-Team": self._either("ops", "a ${b}"),
                "Authorization": f"Bearer {self._secret()}",
            },
            "timeout": lambda: self._either(30, 7, 2.5),
            "success_status_codes": lambda: self._either([200], [200, 201, 202, 204], [409, 200]),
            "response_match": lambda: "ok|done",
            "response_no_match": lambda: "err.r",
        }
        return {"spec": {**spec, **form, **self._some(more)}}

    def _preset(self) -> Document:
        name = self._either(*PRESET_URLS)
        spec: Document = {"preset": name, "url": PRESET_URLS[name].format(self._secret())}
        if name == "pagerduty":
            self.secrets.pop()  # its URL has none
            spec["routing_key"] = self._secret()
        return {"spec": {**spec, **self._some({"timeout": lambda: 5})}}

    def _email(self) -> Document:
        smtp = {
            "host": "mail.example.com",
            "port": self._either(465, 587),
            **self._some({"use_tls": lambda: self._either(True, False), "timeout": lambda: 12}),
        }
        templates = ["{{ context.user_email }}"] if self._random.random() < 0.3 else []
        message = {
            "from_email": self._either("Backend.AI <a@example.com>", "a@example.com"),
            "to_emails": ["b@example.com", *templates],
            **({"allowed_domains": ["example.com", "example.org"]} if templates else {}),
            **self._some({"subject_template": lambda: "{{ session_id }} costs ${{ 1 }}"}),
        }
        auth = {"auth": lambda: {"username": "mailer", "password": self._secret()}}
        return {"channel_type": "email", "spec": {"smtp": smtp, "message": message, **self._some(auth)}}

    def _rule(self, channels: Mapping[str, Document], types: Sequence[str]) -> Document:
        key = self._either(*channels)
        spec = channels[key]["spec"]
        custom = bool(types) and self._random.random() < 0.4 and "{{ context" not in str(spec)
        rule_type = self._either(*types) if custom else self._either("session.failed", "session.started")
        field = "project" if custom else "session_id"
        rule: Document = {"rule_type": rule_type, "channel": key}
        has_default = "preset" in spec or "smtp" in spec
        if not has_default or self._random.random() < 0.3:
            rule["message_template"] = self._template(spec, field)
        rule |= self._some({"name": self._text, "description": self._text})
        rule |= self._some({"condition": lambda: self._condition(field)}) or self._some(
            {
                "where": lambda: self._either(
                    [f"{field}=a*"], [f"{field}!=x,y", "!note" if custom else "session_type"]
                )
            }
        )
        rule |= self._some(
            {"message": lambda: self._message(field)} if "message_template" not in rule else {}
        )
        rule |= self._windows(field)
        return rule | self._some({"enabled": lambda: False, "observe": lambda: True}, 0.2)

    def _template(self, spec: Document, field: str) -> str:
        if "smtp" in spec or spec.get("content_type") == "text/plain":
            return f"{{{{ {field} }}}} costs ${{{{ 1 }}}}, ${{x}}\nand more"
        body = BODIES.get(spec.get("preset", ""), '{"text": %s}')
        return body % f'"{{{{ {field} }}}} costs ${{{{ 1 }}}}"'

    def _condition(self, field: str) -> Document:
        return self._either(  # type: ignore[no-any-return]
            {field: [{"prefix": "${"}, "b"]},
            {"$or": [{field: ["a"]}, {field: [{"suffix": "z"}]}]},
            {field: [{"anything-but": ["x"]}]},
        )

    def _message(self, field: str) -> Document:
        parts = {
            "title": lambda: f"{{{{ {field} }}}} ${{{{ 1 }}}}",
            "text": lambda: "plain",
            "fields": lambda: {"Which": field, "한국": f"{field} | upper"},
            "link": lambda: f"https://console.example.com/{{{{ {field} }}}}",
            "level": lambda: "critical",
            "dedup": lambda: f"{{{{ {field} }}}}",
            "action": lambda: self._either("trigger", "acknowledge", "resolve"),
        }
        return self._some(parts) or {"title": "t"}

    def _windows(self, field: str) -> Document:
        by: Document = self._some({"by": lambda: [field]})
        digest = {"period": self._either("5m", "2h", "daily@09:00[Asia/Seoul]"), **by}
        windows = {
            "once_per": {"period": self._either("30s", "10m", "120m", "1d"), **by},
            "digest": {**digest, **self._some({"max": lambda: self._either(100, 7)})},
        }
        chosen = self._either(None, None, "once_per", "digest")
        return {chosen: windows[chosen]} if chosen else {}

    def _mute(self, rules: Mapping[str, Document], channels: Mapping[str, Document]) -> Document:
        rule = self._either(*rules)
        until = (datetime.now(UTC) + timedelta(days=self._random.randrange(1, 12))).replace(microsecond=0)
        zone = self._either(*ZONES)
        about = self._either(
            {"rule": rule},
            {"channel": self._either(*channels)},
            {"rule": rule, "channel": rules[rule]["channel"]},
            {"rule_type": "session.failed", "where": ["session_id=a*"]},
            {"everything": True},
        )
        when = self._either(
            {"until": until.isoformat()},
            {"weekly": [f"sat,sun 00:00-24:00 {zone}", f"mon-fri 22:00-07:00 {zone}"]},
            {"weekly": [f"sun 01:30-03:30 {zone}"], "until": until.isoformat()},
        )
        return {"reason": f"quiet {self._text()}", **about, **when, **self._some({"hold": lambda: True}, 0.3)}
