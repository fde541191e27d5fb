"""What was measured with: the date, the machine and the versions."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import version

PACKAGES = ("boto3", "moto", "cryptography", "pyjwt")


def description() -> str:
    """A few lines for above the table."""
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return (
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC; {platform.system()} {platform.machine()}, "
        f"{os.cpu_count()} cores{load}; Python {platform.python_version()}; {packages}\n"
    )
