"""The service over HTTP: settings, signatures, requests, and what refusals mean."""

# Here because help names it, which imports as little as it can.
PROFILE_VARIABLE = "BACKENDAI_NOTIFICATION_PROFILE"
