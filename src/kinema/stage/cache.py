"""A disk cache of built things: bodies, skies, textures. What a file holds depends on nothing but its key."""

from __future__ import annotations

import hashlib
import os
import pickle
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import is_dataclass
from functools import cache
from importlib.metadata import version as release
from io import BytesIO
from pathlib import Path
from typing import IO, Any, TypeVar, cast

try:
    import fcntl
except ImportError:  # not on Windows
    fcntl = None  # type: ignore[assignment]

T = TypeVar("T")
STAGE = Path(__file__).parent
CODE = frozenset({".py", ".yaml", ".npz", ".ttf"})
MAKERS = ("numpy", "scipy", "scikit-image", "fast-simplification", "pillow", "numba")
DIGEST = 32  # bytes of a file's own digest, written before its content
VERSIONS = 3  # of the code, whose files are kept
LIMIT = 1_500_000_000  # bytes of one version's files; the longest unused go first
LONGEST = 30.0  # seconds to wait for another process that builds the same
POLL = 0.02  # seconds
STALE = 3600.0  # seconds after which an unfinished file is one that nobody will finish
DAMAGED = (OSError, ValueError, EOFError, AttributeError, ImportError, pickle.UnpicklingError)  # or not there
VAGUE = ("array(", " at 0x")  # in the words for a thing that do not say all of it
# All that a stored array is made of, besides the dataclasses of this package.
ARRAYS = frozenset(
    {
        ("numpy", "ndarray"), ("numpy", "dtype"),
        ("numpy._core.multiarray", "_reconstruct"), ("numpy._core.multiarray", "scalar"),
        ("numpy._core.numeric", "_frombuffer"),
    }
)  # fmt: skip


def kept(name: str, inputs: object, build: Callable[[], T]) -> T:
    """What build gives, from the disk when it was built before from the same inputs by the same code.

    inputs: plain values and frozen dataclasses of them, whose repr says all that build depends on.
    T: dataclasses of this package, arrays, tuples, dicts and plain values. A cache that is damaged, read-only or
    nowhere costs the build and nothing else; the result is the same either way.
    """
    path = _place(name, inputs)
    if path is None:
        return build()
    with suppress(*DAMAGED):
        return cast(T, _read(path))
    with _alone(path):
        with suppress(*DAMAGED):  # another process may have built it since
            return cast(T, _read(path))
        built = build()
        with suppress(OSError):
            _write(path, built)
    return built


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """While no other process builds the same thing, as far as the system can tell. The lock of one that was killed is
    free."""
    lock = path.with_suffix(".lock")
    with ExitStack() as held:
        with suppress(OSError):
            _make_folder(path.parent)
            file = held.enter_context(lock.open("w"))
            held.callback(_drop, lock)
            patience = time.monotonic() + LONGEST
            while not _locked(file) and time.monotonic() < patience:
                time.sleep(POLL)
        yield


def _locked(file: IO[str]) -> bool:
    """Whether nobody else holds the lock, and so this process does now."""
    if fcntl is None:
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _drop(file: Path) -> None:
    with suppress(OSError):
        file.unlink()


def is_kept(name: str, inputs: object) -> bool:
    """Whether something was built of these inputs before, and is still there."""
    path = _place(name, inputs)
    return path is not None and path.exists()


def _place(name: str, inputs: object) -> Path | None:
    """The file of what is built of these inputs; None where nothing can be kept."""
    said = repr(inputs)
    assert not any(vague in said for vague in VAGUE), f"{name} is not told apart by {said[:80]}"
    key = hashlib.sha256(f"{name} {said}".encode()).hexdigest()[:40]
    folder = directory()
    return None if folder is None else folder / code_version() / key


def directory() -> Path | None:
    """Where built things are kept: under XDG_CACHE_HOME, or ~/.cache; None for one who has no home."""
    try:
        root = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    except RuntimeError:
        return None
    return root / "kinema" / "stage"


@cache
def code_version() -> str:
    """A digest of the stage's code, its tables and the libraries that build meshes: whatever changes what is built."""
    content = hashlib.sha256()
    root = STAGE.parent
    for folder in (STAGE, root / "buffers", root / "schema"):  # whose classes are stored, or make what is
        for path in sorted(path for path in folder.rglob("*") if path.suffix in CODE):
            content.update(path.relative_to(root).as_posix().encode() + path.read_bytes())
    content.update(" ".join(release(maker) for maker in MAKERS).encode())
    return content.hexdigest()[:16]


class _Reader(pickle.Unpickler):
    """Makes arrays and dataclasses of this package, and nothing else: a file here can call no other code."""

    def find_class(self, module: str, name: str) -> Any:
        """The class, if it is one that may be stored."""
        if (module, name) in ARRAYS:
            return super().find_class(module, name)
        if module.startswith("kinema."):
            found = super().find_class(module, name)
            if isinstance(found, type) and is_dataclass(found):
                return found
        raise pickle.UnpicklingError(f"{module}.{name} does not belong in the cache")


def _read(path: Path) -> Any:
    stored = path.read_bytes()
    content = memoryview(stored)[DIGEST:]
    if hashlib.sha256(content).digest() != stored[:DIGEST]:
        raise ValueError(f"{path} is damaged")
    os.utime(path)
    return _Reader(BytesIO(content)).load()


def _write(path: Path, value: object) -> None:
    """Written beside its place and renamed, so that no reader ever sees half a file."""
    _make_folder(path.parent)
    content = pickle.dumps(value, protocol=5)
    _trim(path.parent, LIMIT - len(content))
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as temporary:
        try:
            temporary.write(hashlib.sha256(content).digest() + content)
        except BaseException:
            Path(temporary.name).unlink()
            raise
    Path(temporary.name).replace(path)


def _make_folder(folder: Path) -> None:
    if not folder.exists():
        folder.mkdir(parents=True, exist_ok=True)
        _forget(folder.parent)


def _forget(folder: Path) -> None:
    """Drop what older code built."""
    versions = sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in versions[VERSIONS:]:
        shutil.rmtree(old, ignore_errors=True)


def _trim(folder: Path, room: int) -> None:
    """Drop the longest unused until the files take no more than that many bytes."""
    files: list[tuple[os.stat_result, str]] = []
    for entry in os.scandir(folder):
        with suppress(FileNotFoundError):  # another process has just renamed or dropped it
            files.append((entry.stat(), entry.path))
    for stat, name in files:  # whoever was to finish it was killed
        if name.endswith((".part", ".lock")) and stat.st_mtime < time.time() - STALE:
            _drop(Path(name))
    held = sum(stat.st_size for stat, _ in files)
    for stat, name in sorted(files, key=lambda file: file[0].st_mtime):
        if held <= room:
            return
        Path(name).unlink(missing_ok=True)
        held -= stat.st_size
