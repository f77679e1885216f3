"""A page that pictures a message roughly as its service shows it: no script, and nothing from elsewhere."""

from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from backendai_notification_cli.commands.notification.rule.preview_text import COLOURS
from backendai_notification_cli.errors import CliError

NAMES = {
    "slack": "Slack",
    "teams": "Microsoft Teams",
    "discord": "Discord",
    "pagerduty": "PagerDuty",
    "mattermost": "Mattermost",
    "google-chat": "Google Chat",
    "telegram": "Telegram",
    "ntfy": "ntfy",
}

_SURFACES: Mapping[str, tuple[str, str]] = {
    "slack": ("#ffffff", "#1d1c1d"),
    "teams": ("#f5f5f5", "#242424"),
    "discord": ("#313338", "#dbdee1"),
    "pagerduty": ("#ffffff", "#1e1e1e"),
    "mattermost": ("#ffffff", "#3f4350"),
    "google-chat": ("#f8fafd", "#1f1f1f"),
    "telegram": ("#dfe9f2", "#0f1419"),
    "ntfy": ("#f2f5f4", "#1a1a1a"),
    "email": ("#ffffff", "#1f2328"),
    "webhook": ("#ffffff", "#1f2328"),
}
"""The colours of each service's background and text, in its light theme, or the only one that most use."""

_STYLE = """
body{margin:0;padding:32px 16px;background:#d9dde2;font-family:system-ui,sans-serif}
main{max-width:720px;margin:0 auto}
h1{font-size:15px;font-weight:600;color:#40464e;margin:0 0 12px}
article{border-radius:8px;padding:20px;box-shadow:0 1px 4px #0003;overflow-wrap:anywhere}
.name{font-weight:700;margin-bottom:8px}.name small{font-weight:400;opacity:.65;margin-left:8px}
.card{border-left:4px solid var(--level);padding:2px 0 2px 14px}
article[data-look=card] .card,article[data-look=embed] .card{background:var(--card);padding:14px;
border-radius:4px}
article[data-look=bubble] .card{border:0;background:#fff;padding:12px 14px;border-radius:12px;max-width:460px}
article[data-look=bubble] h2::before{content:"";display:inline-block;width:10px;height:10px;border-radius:5px;
background:var(--level);margin-right:8px}
h2{font-size:16px;margin:0 0 8px}p{margin:0 0 10px;white-space:pre-wrap}
dl{display:grid;grid-template-columns:max-content 1fr;gap:4px 16px;margin:0 0 10px}
article[data-look=embed] dl{grid-template-columns:1fr 1fr}article[data-look=embed] dl div{display:block}
dl div{display:contents}dt{font-weight:600}dd{margin:0;white-space:pre-wrap}
a{color:inherit}footer{font-size:12px;opacity:.7}
.level{display:inline-block;font-size:11px;font-weight:700;text-transform:uppercase;color:var(--level);margin-bottom:6px}
pre{white-space:pre-wrap;margin:0;font-size:13px}
@media (max-width:480px){dl,article[data-look=embed] dl{grid-template-columns:1fr}}
"""

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_LOOKS = {"teams": "card", "google-chat": "card", "discord": "embed", "telegram": "bubble", "ntfy": "card"}


def write(path: str, told: Mapping[str, Any]) -> None:
    """Write the page.

    Raises:
        CliError: the file cannot be written.
    """
    try:
        Path(path).write_text(page(told), encoding="utf-8", errors="replace")
    except OSError as error:
        raise CliError(f"Cannot write {path}: {error.strerror}") from None


def page(told: Mapping[str, Any]) -> str:
    """Make the page."""
    place = str(told.get("preset") or told.get("channel_type"))
    name = NAMES.get(place, "Email" if place == "email" else "Webhook")
    background, colour = _SURFACES.get(place, _SURFACES["webhook"])
    shown = told.get("shown")
    level = _level(shown)
    title = f"Preview: {told.get('rule_type')} in {name}"
    inner = _message(told, shown) if isinstance(shown, Mapping) else _body(told)
    card = "#2b2d31" if place == "discord" else "#ffffff"
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{_text(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{_text(title)}</h1>\n"
        f'<article data-look="{_LOOKS.get(place, "plain")}" style="background:{background};color:{colour};'
        f'--level:{level};--card:{card}">\n{inner}\n</article>\n</main>\n</body>\n</html>\n'
    )


def _message(told: Mapping[str, Any], shown: Mapping[str, Any]) -> str:
    subject = told.get("subject")
    head = (
        f'<div class="name">{_text(subject)}</div>'
        if subject is not None
        else f'<div class="name">Backend.AI<small>{_text(shown["time"])}</small></div>'
    )
    fields = "".join(
        f"<div><dt>{_text(field['label'])}</dt><dd>{_text(field['value'])}</dd></div>"
        for field in shown["fields"]
    )
    parts = [
        f'<span class="level">{_text(shown["level"])}</span>',
        f"<h2>{_text(shown['title'])}</h2>",
        f"<p>{_text(shown['text'])}</p>" if shown["text"] else "",
        f"<dl>{fields}</dl>" if fields else "",
        _link(shown.get("link")),
        f"<footer>{_text(' · '.join((shown['time'], told['rule_type'], told['event_id'])))}</footer>",
    ]
    return f'{head}\n<div class="card">\n{chr(10).join(filter(None, parts))}\n</div>'


def _body(told: Mapping[str, Any]) -> str:
    return f'<div class="card"><pre>{_text(told.get("body") or "Nothing is sent.")}</pre></div>'


def _link(link: Any) -> str:
    """Return a link to a web address; anything else only as text."""
    if not link:
        return ""
    try:
        is_web = urlsplit(str(link)).scheme in {"http", "https"}
    except ValueError:
        is_web = False
    return f'<p><a href="{_text(link)}">{_text(link)}</a></p>' if is_web else f"<p>{_text(link)}</p>"


def _level(shown: Any) -> str:
    level = shown.get("level") if isinstance(shown, Mapping) else "info"
    return "#{:02x}{:02x}{:02x}".format(*COLOURS.get(str(level), COLOURS["info"]))


def _text(value: Any) -> str:
    return escape(str(value))
