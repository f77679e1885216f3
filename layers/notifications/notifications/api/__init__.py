"""The common parts of the API functions: the app, authentication, errors, searching."""
