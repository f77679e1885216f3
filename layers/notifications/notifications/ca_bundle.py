"""The CA bundle: the certificate authorities that are trusted."""

from functools import cache
from importlib.util import find_spec


@cache
def ca_file() -> str:
    """Return the path of certifi's bundle, as PEM. Importing the package would cost ten times as much."""
    spec = find_spec("certifi")
    assert spec  # noqa: S101 - it is pinned
    assert spec.submodule_search_locations  # noqa: S101 - and a package
    return f"{spec.submodule_search_locations[0]}/cacert.pem"


@cache
def receivers_ca_file(own: str = "") -> str:
    r"""Return the path of the bundle for receivers: the public authorities and the stack's own.

    ``own``: certificates as PEM; empty for none. A stack parameter cannot have line breaks, so ``\n``
    stands for one.
    """
    own = own.replace("\\n", "\n").strip()
    if not own:
        return ca_file()
    # These take 4 ms of a start, and few stacks have authorities of their own.
    import tempfile  # noqa: PLC0415
    from pathlib import Path  # noqa: PLC0415

    with tempfile.NamedTemporaryFile("w", prefix="ca-", suffix=".pem", delete=False) as file:
        file.write(Path(ca_file()).read_text("utf-8") + "\n" + own + "\n")
    return file.name
