"""What CI installs of the system's programs."""

import os
import re
import shutil
import subprocess
from pathlib import Path

INSTALL = Path(__file__).parents[2] / ".ci" / "install"
PROGRAMS = dict(re.findall(r"^  ([a-z-]+)=([a-z-]+)$", INSTALL.read_text(), re.MULTILINE))
"""Debian's packages by the programs that they have."""


def installed(folder: Path, *programs: str) -> tuple[list[str], str]:
    """Run it where these are all programs that there are; return apt's calls, and what it says."""
    calls = folder / "calls"
    calls.touch()
    for program in programs:
        made = folder / program
        made.write_text(f'#!/bin/sh\necho "$@" >> {calls}\n')
        made.chmod(0o755)
    bash = shutil.which("bash")
    assert bash is not None
    ran = subprocess.run(
        [bash, INSTALL], env={"PATH": str(folder)}, capture_output=True, text=True, check=True, timeout=30
    )
    return calls.read_text().splitlines(), ran.stderr


def test_only_what_is_missing_is_installed(tmp_path: Path) -> None:
    """Root's apt installs exactly the missing; anybody else is told of them, and CI goes on."""
    there = PROGRAMS.keys() - {"zsh", "gnome-keyring-daemon"}
    calls, told = installed(tmp_path, "apt-get", *there)
    if os.geteuid() == 0:
        assert [call.split()[0] for call in calls] == ["update", "install"]
        assert calls[1].split()[-2:] == ["zsh", "gnome-keyring"]
    else:
        assert not calls
        assert told.endswith("by apt: zsh gnome-keyring\n")


def test_without_apt_it_tells(tmp_path: Path) -> None:
    """Where there is no apt, as on macOS, it says what is missing and nothing breaks."""
    calls, told = installed(tmp_path, *PROGRAMS.keys() - {"fish"})
    assert not calls
    assert told.endswith("by apt: fish\n")


def test_nothing_is_asked_where_all_is_there(tmp_path: Path) -> None:
    """A machine that has everything is left alone, network and all."""
    assert installed(tmp_path, "apt-get", *PROGRAMS) == ([], "")
