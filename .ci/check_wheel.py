"""Checks a built wheel: it holds the package's files and no others, and its command starts without
numerical libraries.

Run: python .ci/check_wheel.py build/wheel/kinema-*.whl
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[1] / "src"
HEAVY = ("numpy", "numba", "scipy", "av", "openvino", "skimage", "PIL")
PROBE = """
import sys
import kinema
assert {site!r} in kinema.__file__, kinema.__file__
sys.argv = ["kinema", "--help"]
from kinema.__main__ import main
try:
    main()
except SystemExit as ended:
    assert not ended.code, ended.code
loaded = [name for name in {heavy!r} if name in sys.modules]
assert not loaded, loaded
"""


def unlike(wheel: Path) -> tuple[list[str], list[str]]:
    """Files that git keeps in the package and the wheel lacks, and those that only the wheel has."""
    listed = subprocess.run(["git", "ls-files", "-z", "kinema"], cwd=SOURCE, capture_output=True, text=True, check=True)
    kept = set(listed.stdout.split("\0")) - {""}
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if name.startswith("kinema/") and not name.endswith("/")}
    return sorted(kept - packed), sorted(packed - kept)


def starts(wheel: Path) -> bool:
    """Whether `kinema --help` runs from the wheel's files alone."""
    with tempfile.TemporaryDirectory() as site:
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(site)
        probe = PROBE.format(site=site, heavy=HEAVY)
        environment = os.environ | {"PYTHONPATH": site, "PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run([sys.executable, "-c", probe], cwd=site, env=environment, stdout=subprocess.DEVNULL)
    return done.returncode == 0


if __name__ == "__main__":
    (built,) = map(Path, sys.argv[1:])
    lacks, strange = unlike(built)
    if lacks:
        sys.exit(f"{built.name} lacks {', '.join(lacks)}; see package-data in pyproject.toml")
    if strange:
        sys.exit(f"{built.name} holds {', '.join(strange)}, which git does not list; remove build/")
    if not starts(built):
        sys.exit(f"kinema --help does not run from {built.name} without numerical libraries")
    print(f"{built.name}: complete, {built.stat().st_size / 1e6:.1f} MB")
