"""Carries what happens in Backend.AI to Amazon EventBridge."""
