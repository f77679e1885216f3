"""Write the OpenAPI document anew."""

from local.openapi import FILE, text

FILE.write_text(text(), encoding="utf-8")
