"""Checks of everything that the bridge needs. None of them changes anything."""
