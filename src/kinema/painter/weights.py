"""The native painter's weights on disk: a manifest with a SHA-256 of every file, checked before anything is read."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from kinema.schema.errors import MissingExtra, WeightsDamaged

FOLDER = Path(__file__).with_name("weights")
MANIFEST = "manifest.json"
NETWORK = "bridge.xml"  # OpenVINO IR, its numbers in the .bin beside it


def installed(folder: Path = FOLDER) -> bool:
    """Whether there are weights at all."""
    return (folder / MANIFEST).is_file()


def recommended(folder: Path = FOLDER) -> bool:
    """Whether the weights' own manifest says that they are to be used when nobody asks for them by name.

    Raises: as checked.
    """
    return bool(checked(folder).get("auto", False))


def checked(folder: Path = FOLDER) -> dict[str, Any]:
    """The manifest, once every file it names is found as it was written.

    Raises: MissingExtra when there are no weights, WeightsDamaged when a file is missing, truncated or altered.
    """
    if not installed(folder):
        raise MissingExtra(f"the native painter's weights are not installed (no {folder / MANIFEST}); "
                           "use --painter preview, or train them with recipes/train_bridge.py")  # fmt: skip
    manifest = _manifest(folder / MANIFEST)
    for name, facts in manifest["files"].items():
        _check(folder / name, facts)
    return manifest


def write_manifest(folder: Path, names: tuple[str, ...], facts: dict[str, Any]) -> None:
    """Seal a folder of weights; facts: what else is known of them (how trained, how they scored)."""
    files = {name: {"bytes": (folder / name).stat().st_size, "sha256": digest(folder / name)} for name in names}
    text = json.dumps({"version": 1, "files": files, **facts}, indent=1, sort_keys=True)
    (folder / MANIFEST).write_text(text + "\n", "utf-8")


def digest(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _manifest(path: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads(path.read_text("utf-8"))
        if (
            all({"bytes", "sha256"} <= set(facts) for facts in manifest["files"].values())
            and NETWORK in manifest["files"]
        ):
            return manifest
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        pass
    raise WeightsDamaged(f"{path} is not a manifest of weights; install kinema again, or use --painter preview")


def _check(path: Path, facts: dict[str, Any]) -> None:
    remedy = "install kinema again, or use --painter preview"
    if not path.is_file():
        raise WeightsDamaged(f"the painter's weights lack {path.name}; {remedy}")
    size = path.stat().st_size
    if size != facts["bytes"]:
        raise WeightsDamaged(
            f"the painter's weights {path.name} must have {facts['bytes']} bytes (got {size}); {remedy}"
        )
    if digest(path) != facts["sha256"]:
        raise WeightsDamaged(f"the painter's weights {path.name} have been altered (SHA-256 differs); {remedy}")
