"""A rule as the service answers with it."""

ID = "660e8400-e29b-41d4-a716-446655440000"
CHANNEL = "550e8400-e29b-41d4-a716-446655440000"
RULES = "/notifications/rules"
RULE = {"id": ID, "name": "Started", "rule_type": "session.started", "enabled": True, "description": "d"}
CREATE = ("notification", "rule", "create", "Started", "session.started", CHANNEL)
