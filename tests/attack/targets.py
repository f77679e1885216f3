"""Hostile targets: where a webhook or a mail must never go, in every way in which that can be written."""

import socket
from collections.abc import Iterator
from pathlib import Path

from tests.attack.attack_run import MAIL_PORT, AttackRun
from tests.attack.forbidden_listeners import own_addresses

REACHABLE = 8443
"""A port that every stack connects to; a forbidden listener is there."""

LOOPBACK_HOSTS = (
    *("127.0.0.1", "127.1", "127.0.1", "127.255.255.254", "2130706433", "0x7f000001", "0x7f.1", "0X7F.0.0.1"),
    *("0177.0.0.1", "017700000001", "127.0.0.01", "127.0.0.1.", "0x7f.1."),
    *("[::1]", "[0:0:0:0:0:0:0:1]", "[::0001]", "localhost", "LOCALHOST", "LocalHost.", "a.localhost"),
)
INTERNAL_HOSTS = (
    *("0.0.0.0", "0", "0x0", "[::]"),  # noqa: S104 - a target
    *("169.254.169.254", "169.254.170.2", "169.254.100.1", "2852039166", "0xa9fea9fe", "0251.0376.0251.0376"),
    *("169.254.43518", "169.16689662", "[fd00:ec2::254]", "[fd00:ec2::23]", "100.100.100.200", "192.0.0.192"),
    *("[::ffff:169.254.169.254]", "[::ffff:a9fe:a9fe]", "[::169.254.169.254]", "[64:ff9b::a9fe:a9fe]"),
    *("[2002:a9fe:a9fe::]", "[2001:0:a9fe:a9fe::1]", "[::ffff:0:a9fe:a9fe]", "[64:ff9b:1::a9fe:a9fe]"),
    *("10.0.0.1", "10.1", "172.16.0.1", "172.31.255.255", "192.168.0.1", "192.168.257", "100.64.0.1"),
    *("198.18.0.1", "192.0.2.1", "198.51.100.1", "203.0.113.1", "192.88.99.1", "100.127.255.255"),
    *("224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255"),
    *("[fc00::1]", "[fd12:3456::1]", "[fe80::1]", "[fec0::1]", "[ff02::1]", "[100::1]", "[2001:db8::1]"),
    *("[3fff::1]", "[5f00::1]", "[2001::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]"),
    *("[::ffff:0:127.0.0.1]", "[64:ff9b::127.0.0.1]", "[2002:7f00:1::]", "[::ffff:10.0.0.1]"),
    *("[fe80::1%25lo]", "[fe80::1%lo]", "[::1%25lo]", "[::1%lo]"),
    *("\uff11\uff12\uff17.0.0.1", "127\u30020\u30020\u30021", "127.0.0.\u2460", "\u24db\u24de\u24d2alhost"),
    *("127.0.0.1\u200b", "%31%32%37.0.0.1", "%6c%6f%63alhost", "127.0.0.1%00", "127.0.0.1%2eexample.com"),
    *("0x7g.1", "127.0.0.256", "1.2.3.4.5", "127..1", ".127.0.0.1", "127.0.0.1..", "08.1.1.1", "256"),
)
SHORT_HOSTS = (
    *(
        "169.254.169.254",
        "2852039166",
        "[::ffff:127.0.0.1]",
        "[64:ff9b::a9fe:a9fe]",
        "10.0.0.1",
        "[fe80::1%25lo]",
    ),
    *("\uff11\uff12\uff17.0.0.1", "%31%32%37.0.0.1", "[fc00::1]"),
)


def malformed(good: str) -> Iterator[str]:
    """List what makes two readers of a URL see two hosts. ``good``: a host and port that may be called."""
    inside = f"127.0.0.1:{REACHABLE}"
    yield from (
        *(
            f"https://user:password@{good}/",
            f"https://user@{good}/",
            f"https://@{good}/",
            f"https://:@{good}/",
        ),
        *(f"https://{good}@{inside}/", f"https://{good}%40{inside}/", f"https://{inside}%2f@{good}/"),
        *(f"https://{inside}#@{good}/", f"https://{inside}?@{good}/", f"https://{inside}\\@{good}/"),
        *(f"https://{good}\\@{inside}/", f"https://{good}\\.{inside}/", f"https://{inside};@{good}/"),
        *(
            f"https://{good},{inside}/",
            f"https://{good} {inside}/",
            f"https://[{good}]/",
            f"https://[::1]{good}/",
        ),
        *(f"https://127.0.0.1\t:{REACHABLE}/", f"https://127.0.\n0.1:{REACHABLE}/", f"ht\ttps://{inside}/"),
        *(
            f"\thttps://{inside}/",
            f" https://{inside}/",
            f"https://{inside}/\r\nX: y",
            f"https://{good}/\x00",
        ),
        *(
            f"https:{inside}/",
            f"https:/{inside}/",
            f"https:///{inside}/",
            f"//{inside}/",
            f"https:\\\\{inside}/",
        ),
        *(
            "https://",
            "https:///",
            "",
            "/",
            f"{inside}/",
            "https://:8443/",
            f"https://[::1]:{REACHABLE}:443/",
        ),
        *("file:///etc/passwd", f"gopher://{inside}/_x", f"dict://{inside}/x", f"ldap://{inside}/"),
        *(f"smtp://{inside}/", f"scp://{inside}/", f"telnet://{inside}/", "unix:///tmp/socket", "data:,x"),
        *("javascript:alert(1)", f"jar:https://{inside}!/", f"url:https://{inside}/", f"HTTPSX://{inside}/"),
        *(f"https://{good[: good.index(':')]}:0/", "https://127.0.0.1:65536/", "https://127.0.0.1:99999999/"),
        *(
            f"https://127.0.0.1:+{REACHABLE}/",
            "https://127.0.0.1:\uff18443/",
            f"https://127.0.0.1: {REACHABLE}/",
        ),
        "https://" + "a" * 300 + ".example.com/",
        f"https://{good}/" + "a" * 3_000,
    )


def urls(run: AttackRun) -> list[str]:
    """List the URLs that this stack must not call."""
    good = f"{run.web.address}:{run.web.port}"
    if run.short:
        chosen = [f"https://{host}:{REACHABLE}/" for host in SHORT_HOSTS]
        return [*chosen, *[url for url in malformed(good) if "127.0.0.1" not in url][:8]]
    hosts = [*INTERNAL_HOSTS, *(f"[{one}]" if ":" in one else one for one in own_addresses())]
    found = [f"https://{host}:{REACHABLE}/latest/meta-data" for host in hosts]
    found += ["https://169.254.169.254/latest/api/token", "https://10.0.0.1", "HTTPS://169.254.169.254"]
    found += [url for url in malformed(good) if not (run.is_open and "127.0.0.1" in url)]
    if not run.is_open:
        found += [f"https://{host}:{REACHABLE}/" for host in LOOPBACK_HOSTS]
        stack = run.stack.stack.ministack.port  # all of AWS's APIs answer there
        found += [
            f"https://127.0.0.1:{stack}/",
            f"http://127.0.0.1:{stack}/",
            "http://127.0.0.1:9001/2018-06-01/",
        ]
        found += [f"http://{good}/", f"http://{run.web.address}/", f"https://{run.web.address}:9001/"]
        found += [f"https://{run.web.address}:{port}/" for port in (22, 25, 80, 2525, 6379, 65535)]
    return found


def names(run: AttackRun) -> list[str]:
    """List host names that lead inside, which only a look-up shows: of this machine, so none goes out."""
    if run.is_open:
        return []
    lines = [line.partition("#")[0].split() for line in Path("/etc/hosts").read_text().splitlines()]
    own = {name for line in lines for name in line[1:]} | {socket.gethostname()}
    return sorted(name for name in own if name.isascii() and not name.endswith("localhost"))


def mail_servers(run: AttackRun) -> list[tuple[str, int]]:
    """List hosts and ports that this stack must not mail to."""
    hosts = [host.strip("[]") for host in (SHORT_HOSTS[:5] if run.short else INTERNAL_HOSTS)]
    hosts += [
        "127.0.0.1/",
        "127.0.0.1:25",
        "user@127.0.0.1",
        "127.0.0.1\r\nX: y",
        "127.0.0.1\t",
        " ",
        "[::1]",
    ]
    found = [(host, MAIL_PORT) for host in hosts]
    if not run.is_open:
        loopback = LOOPBACK_HOSTS[:: 6 if run.short else 1]
        found += [(host.strip("[]"), MAIL_PORT) for host in loopback]
        found += [(run.web.address, port) for port in (22, 80, 443, 6379, 9001, 11211)]
    return found
