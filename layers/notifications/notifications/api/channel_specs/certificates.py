"""Checks of the certificates and keys of channels, as PEM."""

import re
from pathlib import Path

from notifications.core.errors import InvalidRequest

MAX_PEM_CHARS = 16_384
"""The greatest length of a bundle, a certificate with its chain, or a key."""


def checked_bundle(text: str) -> str:
    """Return a bundle of certificates unchanged.

    Raises:
        ValueError: it has no certificate, or one that cannot be read. Pydantic turns this into its own error.
    """
    import ssl  # noqa: PLC0415 - few channels have certificates

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    # There may be any text between certificates, but ssl accepts only ASCII.
    readable = text.encode("ascii", "replace").decode()
    try:
        context.load_verify_locations(cadata=readable)
    except (ssl.SSLError, ValueError) as error:
        raise ValueError(f"is not a list of certificates in PEM: {_reason(error)}") from None
    if not context.get_ca_certs():
        raise ValueError("has no certificate of an authority in it")
    return text


def check_pair(certificate: str, key: str) -> None:
    """Refuse a certificate and a key that do not belong together.

    Raises:
        InvalidRequest: either cannot be read, the key has a password, or they do not match.
    """
    import ssl  # noqa: PLC0415 - few channels have certificates
    import tempfile  # noqa: PLC0415 - few channels have certificates

    with tempfile.TemporaryDirectory() as directory:
        certificate_file, key_file = Path(directory, "certificate.pem"), Path(directory, "key.pem")
        certificate_file.write_text(certificate, "utf-8")
        key_file.write_text(key, "utf-8")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        try:
            context.load_cert_chain(certificate_file, key_file, password=_no_password)
        except (ssl.SSLError, ValueError) as error:
            raise InvalidRequest(f"spec.client_certificate, spec.client_key: {_reason(error)}") from None


def _no_password() -> str:
    raise ValueError("the key has a password; give it without one, it is sealed where it is kept")


def _reason(error: Exception) -> str:
    reason = getattr(error, "reason", None) or re.sub(r" *\(_ssl\.c:[0-9]+\)", "", str(error))
    return str(reason).replace("_", " ").lower()
