"""The service over HTTP: settings, signatures, requests, and what refusals mean."""
