"""Write values as YAML that both versions of it read alike: a text of several lines as a block."""

import re
from typing import Any

import yaml

from backendai_notification_cli.files.yaml_parts import SCALARS, TAG
from backendai_notification_cli.terminal.visible import visible_json

_WIDTH = 1_000


class _Dumper(yaml.SafeDumper):
    """Quotes what YAML 1.1 takes for something else, as PyYAML does, and what YAML 1.2 does, such as 1e3.

    Not libyaml's, which is faster and writes emoji as escapes that nobody can read.
    """


def _text(dumper: Any, text: str) -> Any:
    return dumper.represent_scalar(f"{TAG}str", text, style="|" if "\n" in text else None)


for _name, (_form, _) in SCALARS.items():
    if _name != "null":  # an empty text is quoted already, and nothing else is added
        _Dumper.add_implicit_resolver(TAG + _name, re.compile(rf"(?:{_form})\Z"), None)
_Dumper.add_representer(str, _text)


def yaml_of(value: Any) -> str:
    """Write a value; what would steer a terminal is escaped."""

    def dumped(*, as_is: bool) -> str:
        return str(yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=as_is, width=_WIDTH))

    text = dumped(as_is=True)
    return text if visible_json(text) == text else dumped(as_is=False)
