"""Write the OpenAPI document anew."""

from tools.openapi import texts

for path, text in texts().items():
    path.write_text(text, encoding="utf-8")
