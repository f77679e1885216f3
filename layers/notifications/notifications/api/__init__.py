"""What the API functions have in common: authentication, errors, searching, the app they are made of."""
