"""run.json: what a film was made from and with, so that it can be made again."""

from __future__ import annotations

import hashlib
import json
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

PACKAGES = ("numpy", "numba", "scipy", "av", "openvino")


def digest(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def versions() -> dict[str, str]:
    """Versions of Python and of the packages that decide a film's bytes; absent ones are left out."""
    found = {"python": platform.python_version()}
    for package in ("kinema", *PACKAGES):
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def record(facts: dict[str, Any]) -> bytes:
    """The JSON text of a run's facts, stable in order."""
    return (json.dumps(facts, indent=2, sort_keys=True, ensure_ascii=False) + "\n").encode()
