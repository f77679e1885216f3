"""What all documents of configuration as code have."""

from typing import Annotated

from pydantic import Field

MAX_KEY_CHARS = 64

SetName = Annotated[str, Field(max_length=MAX_KEY_CHARS, pattern="^[a-z0-9][a-z0-9._-]*$")]
"""The name of a set; keys have the same form."""
