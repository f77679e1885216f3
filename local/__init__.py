"""The local stack: ministack, with this template deployed to it."""
