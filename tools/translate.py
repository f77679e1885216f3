"""Writes the template as CloudFormation gets it: SAM's resources turned into AWS's own.

Linters see some faults only there, above all in what SAM hands on without a look. ``make lint`` runs it with
the Python of the SAM CLI, whose translator it uses.
"""

import sys
from pathlib import Path

from samcli.lib.translate.sam_template_validator import SamTemplateValidator
from samcli.yamlhelper import yaml_parse

TEMPLATE = Path(__file__).parents[1] / "template.yaml"


class _NoPolicies:
    """Stands for IAM's managed policies, which only an account could tell."""

    def load(self) -> dict[str, str]:
        return {}


def main(target: Path) -> None:
    """Translate the template into a file."""
    template = yaml_parse(TEMPLATE.read_text("utf-8"))
    validator = SamTemplateValidator(template, _NoPolicies(), region="us-east-1")
    target.parent.mkdir(exist_ok=True)
    target.write_text(validator.get_translated_template_if_valid(), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
