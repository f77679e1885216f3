"""Whether Docker runs here, and where its containers find this machine."""

import json
import socket
import subprocess
from ipaddress import ip_network


def docker_answers() -> bool:
    """Tell whether Docker runs here."""
    try:
        return (
            subprocess.run(["docker", "info"], capture_output=True, timeout=10, check=False).returncode == 0
        )
    except (OSError, subprocess.SubprocessError):
        return False


def docker_gateway() -> str | None:
    """Return the address at which Docker's containers reach this machine, if it is an address of its own.

    There is none without Docker, and none with Docker Desktop, whose containers reach the loopback
    address as host.docker.internal.
    """
    command = ["docker", "network", "inspect", "bridge", "--format", "{{json .IPAM.Config}}"]
    try:
        result = subprocess.run(command, capture_output=True, text=True, timeout=10, check=True)
        network = json.loads(result.stdout)[0]
        # Where Docker names no gateway it is the first address of the network.
        address = network.get("Gateway") or str(next(ip_network(network["Subnet"]).hosts()))
        with socket.socket() as probe:
            probe.bind((address, 0))
    except (OSError, subprocess.SubprocessError, ValueError, LookupError):
        return None
    return address
