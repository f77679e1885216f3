"""What the service says of a request, in the words of the command line.

The service names fields of the API, ``body.spec.webhook.timeout``, and has sentences of its validator.
Whoever called a command gave options, so these are named, and the sentences are put plainly. This is the one
place for that.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import click

NAMES: Mapping[str, Sequence[str]] = {
    "url": ("url", "webhook_url"),
    "headers": ("header",),
    "success_status_codes": ("success_code",),
    "client_certificate": ("client_cert",),
    "to_emails": ("add_to",),
    "allowed_domains": ("allowed_domain",),
    "channel_id": ("channel_id", "channel"),
    "rule_id": ("rule_id", "rule"),
    "rule_type": ("rule_type", "rule_types"),
    "message_template": ("template", "message_template"),
    "fields": ("field",),
    "action": ("resolve_on",),
    "condition": ("where", "condition"),
    "where": ("where", "clauses"),
    "set": ("set_name",),
    "all": ("every",),
    "notification_data": ("data",),
    "test_message": ("data",),
    "json_schema": ("schema_file",),
    "keep_old_seconds": ("keep_old",),
    "until": ("until", "length"),
    "once_per.period": ("once_per",),
    "digest.period": ("digest",),
    "digest.max": ("digest_max",),
    "retry.name": ("retry",),
}
"""The parameters of commands that stand for a field of the API, where they have other names."""

WHOLE = ("spec", "spec_file", "condition", "condition_file", "data", "data_file", "schema_file", "draft")
"""The parameters that give many fields at once."""

_HIDDEN = frozenset({"body", "query", "webhook", "email"})
"""Parts of a place that say nothing to whoever gave options."""

_END = r"(?=;|$)"
_SENTENCES = tuple(
    (re.compile(pattern + _END), said)
    for pattern, said in (
        (r"Input should be greater than or equal to ([^;]+?)", r"must be at least \1"),
        (r"Input should be greater than ([^;]+?)", r"must be more than \1"),
        (r"Input should be less than or equal to ([^;]+?)", r"must be at most \1"),
        (r"Input should be less than ([^;]+?)", r"must be less than \1"),
        (r"Input should be a valid (?:number|integer|decimal)[^;]*", "must be a number"),
        (r"Input should be a valid string[^;]*", "must be a text"),
        (r"Input should be a valid boolean[^;]*", "must be true or false"),
        (r"Input should be a valid (?:list|tuple|array)[^;]*", "must be a list"),
        (r"Input should be a valid UUID[^;]*", "is not an ID"),
        (r"Input should be (?:a valid dictionary|an object)[^;]*", "must be an object"),
        (r"Input should be ([^;]+?)", r"must be \1"),
        (r"(?:Value|String) should have at least 1 [^;]*", "must not be empty"),
        (r"List should have at least 1 [^;]*", "must have at least one"),
        (r"(?:Value|String|List|Dictionary) should have at least (\d+) [^;]*", r"must have at least \1"),
        (r"(?:Value|String) should have at most (\d+) [^;]*", r"must have at most \1 characters"),
        (r"(?:List|Dictionary) should have at most (\d+) [^;]*", r"must have at most \1"),
        (
            r"String should match pattern '\^\[a-z0-9\]\[a-z0-9\._-\]\{0,63\}\$'",
            "must be up to 64 of a-z, 0-9, '.', '_' and '-', and begin with a letter or a digit",
        ),
        (r"String should match pattern '\^\[!-~\]\+\$'", "must be ASCII without spaces"),
        (r"String should match pattern ([^;]+?)", r"must match \1"),
        (r"Extra inputs are not permitted", "is not a field here"),
        (r"Field required", "is missing"),
    )
)
_SEVERAL = re.compile(r"; (?=(?:body|query)\.)")
_INSIDE = re.compile(r"(?<![\w.])(?:body|query)\.")
_PLACED = re.compile(r"([A-Za-z_]\w*(?:\.[\w-]+)*)((?:: | must ).*)", re.DOTALL)
_MEMBER = re.compile(r"\b([a-z_]+): (?:true\b|\[?(TIME|WINDOW)\b\]?)")
"""How the service shows what to write: ``everything: true``, ``until: TIME``, ``weekly: [WINDOW]``."""

_FIELD = re.compile(r"\b[a-z]+(?:_[a-z]+)+\b(?!['\".\w(])")


def spoken(message: str) -> Iterator[str]:
    """Say each of the faults that a message of the service names."""
    context = click.get_current_context(silent=True)
    for part in _SEVERAL.split(message):
        yield _with_options(plain(part), context)


def detail(fault: str) -> Iterator[str]:
    """Say a fault that the service lists: of what was asked, or of data, whose fields no options are."""
    yield from spoken(fault) if fault.startswith(("body.", "query.")) else (plain(fault),)


def plain(sentence: str) -> str:
    """Put the validator's sentences plainly."""
    for pattern, said in _SENTENCES:
        sentence = pattern.sub(said, sentence)
    return sentence


def _with_options(message: str, context: click.Context | None) -> str:
    placed = _PLACED.fullmatch(message)
    if placed is None:
        return _INSIDE.sub("", message)
    place, rest = placed[1].split("."), placed[2]
    parts = [part for part in place if part not in _HIDDEN] if place[0] in {*_HIDDEN, "spec"} else place
    option = None if context is None else _option(parts, context)
    if option is not None and context is not None:
        known = context
        rest = _MEMBER.sub(lambda found: _as_option(found, known), rest)
        rest = _FIELD.sub(lambda found: _own_option(found[0], known) or found[0], rest)
    return f"{option or '.'.join(parts)}{rest}"


def _option(parts: Sequence[str], context: click.Context) -> str | None:
    """Name the parameter that gives a field, and what of the field its name does not say."""
    params = {param.name: param for param in context.command.params}
    for size in range(len(parts), 0, -1):
        found = [params[name] for name in _names(parts[:size]) if name in params]
        given = [param for param in found if _is_given(param, context)]
        if found:
            inside = " ".join(_values((given or found)[0], parts[size:], context))
            whole = [] if given else [params[name] for name in WHOLE if name in params]
            source = next((param for param in whole if _is_given(param, context)), None)
            if source is not None and source not in found:
                inner = parts[1:] if len(parts) > 1 and (source.name or "").startswith(parts[0]) else parts
                return f"{_spelled(source, context)} {' '.join(inner)}"
            return f"{_spelled((given or found)[0], context)}{f' {inside}' if inside else ''}"
    return None


def _as_option(member: re.Match[str], context: click.Context) -> str:
    """Spell what a member of a request says as an option, with the value that it takes."""
    option = _own_option(member[1], context)
    return member[0] if option is None else " ".join(filter(None, (option, member[2])))


def _own_option(name: str, context: click.Context) -> str | None:
    """Name the parameter that gives a field and no other; None if only a whole document has it."""
    params = {param.name: param for param in context.command.params}
    if any(each in WHOLE and _is_given(param, context) for each, param in params.items()):
        return None
    return next((_spelled(params[each], context) for each in _names([name]) if each in params), None)


def _names(parts: Sequence[str]) -> Iterator[str]:
    yield from NAMES.get(".".join(parts[-2:]), ())
    yield from NAMES.get(parts[-1], ())
    yield parts[-1]


def _values(param: click.Parameter, parts: Sequence[str], context: click.Context) -> Iterator[str]:
    """Name a value of a repeatable option as it was given, since nobody counts them; the rest stays."""
    values: Any = context.params.get(param.name or "")
    for part in parts:
        known = isinstance(values, tuple) and part.isdecimal() and int(part) < len(values)
        yield repr(values[int(part)]) if known else part


def _is_given(param: click.Parameter, context: click.Context) -> bool:
    value: Any = context.params.get(param.name or "")
    return value is not None and value is not False and value != ()


def _spelled(param: click.Parameter, context: click.Context) -> str:
    if isinstance(param, click.Option):
        return max(param.opts, key=len)
    return param.make_metavar(context).strip("[]")
