"""Commands that take a quoted text: what to say when the shell took it apart."""

import re
from typing import Any

import click

from backendai_notification_cli.errors import Refused
from backendai_notification_cli.terminal.command import Command
from backendai_notification_cli.terminal.visible import visible

TEMPLATE_OPTIONS = ("template", "message_template")
_OF_TEMPLATE = re.compile(r"(message_template: )?line [0-9]+: '\w+' is not a field of ")
"""A bare word, which a text is that has lost its quotes; a name inside of another one was meant as a name."""


class QuotedTextCommand(Command):
    """A command whose text option may fall apart into surplus arguments when it holds a single quote."""

    allow_extra_args = True

    def __init__(self, *args: Any, file_option: str, example: str, **attrs: Any) -> None:
        super().__init__(*args, **attrs)
        self.file_option = file_option
        self.example = example

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments; explain the surplus ones."""
        surplus = super().parse_args(ctx, args)
        if surplus and not ctx.resilient_parsing:
            raise click.UsageError(self._explanation(ctx, surplus), ctx)
        return surplus

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; explain a name in a template that may have been a text in single quotes."""
        try:
            return super().invoke(ctx)
        except Refused as refused:
            template = next(filter(None, map(ctx.params.get, TEMPLATE_OPTIONS)), "'")
            if _OF_TEMPLATE.match(refused.served) and "'" not in template:
                refused.details += (self._lost_quotes(),)
            raise

    def _lost_quotes(self) -> str:
        return (
            "If it stood in single quotes: inside a single-quoted text the shell takes them away. "
            f"Pass the template with {self.file_option} - <<'EOF'"
        )

    def _explanation(self, ctx: click.Context, surplus: list[str]) -> str:
        plural = "argument" if len(surplus) == 1 else "arguments"
        which = "it is" if len(surplus) == 1 else "the first is"
        return (
            f"Got {len(surplus)} surplus {plural}, {which} '{visible(surplus[0])}'.\n"
            "A single quote inside a single-quoted template or JSON text ends that text for the shell, and\n"
            f"what follows arrives as further arguments. Pass the text with {self.file_option} - instead:\n\n"
            f"  {ctx.command_path} ... {self.file_option} - <<'EOF'\n"
            f"  {self.example}\n"
            "  EOF"
        )


TEMPLATE_EXAMPLE = """{"text": "Download {{ 'completed' if success else 'failed' }}"}"""
DATA_EXAMPLE = """{"session_id": "it's-a-test"}"""
MESSAGE_EXAMPLE = """{"text": "It's a test"}"""
SPEC_EXAMPLE = """{"url": "https://your-webhook-url.example.com", "headers": {"X-Team": "ops"}}"""
