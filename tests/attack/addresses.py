"""Addresses and certificates of the hostile receivers."""

import os
import ssl

import trustme


def free_address() -> str:
    """Choose a loopback address that is this process's own, as far as it can be told."""
    pid = os.getpid()
    return f"127.{64 + (pid >> 16) % 64}.{(pid >> 8) % 256}.{1 + pid % 254}"


def server_context(authority: trustme.CA, address: str) -> ssl.SSLContext:
    """Make the TLS settings of a server at an address."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(address).configure_cert(context)
    return context
