"""Bounded templates: see docs/decisions/0013-bounded-templates.md."""
