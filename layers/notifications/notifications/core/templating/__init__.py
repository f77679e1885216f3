"""What bounds templates: see docs/decisions/0012-bounded-templates.md."""
