"""Sending deliveries, recording what becomes of them, and seeing to it that they go on."""
