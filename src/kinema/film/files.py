"""Writing files whole: under a temporary name first, then renamed."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from kinema.schema.errors import OutputFailed

try:
    import fcntl
except ImportError:  # not on Windows
    fcntl = None  # type: ignore[assignment]


def film_path(out: Path) -> Path:
    """Where a film goes: out, with .mp4 when it has no ending.

    Raises: OutputFailed for a folder, a name too long or another ending, before anything is made.
    """
    return _path_of("film", "an MP4 file", out, ".mp4")


def sheet_path(out: Path) -> Path:
    """Where a sheet goes, with .png when it has no ending. Raises: OutputFailed, as film_path."""
    return _path_of("sheet", "a PNG file", out, ".png")


def _path_of(what: str, kind: str, out: Path, ending: str) -> Path:
    with refusals_explained(out):
        folder = not out.name or out.is_dir()
    if folder:
        raise OutputFailed(f"--out must name a {what}, not a folder (got {out}); try --out {out / what}{ending}")
    if out.suffix.lower() not in ("", ending):
        raise OutputFailed(f"a {what} is {kind} (got {out.name}); try --out {out.with_suffix(ending)}")
    return out if out.suffix else out.with_suffix(ending)


def refuse_strangers(film: Path, storyboard: Path) -> None:
    """Raises: OutputFailed for a film that is there without its storyboard: somebody else made it."""
    with refusals_explained(film):
        strange = film.exists() and not storyboard.exists()
    if strange:
        raise OutputFailed(f"{film} is there and was not made here (no {storyboard}); move it or give another --out")


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Within the block no other process makes a film in this folder, which is made if need be; where the system cannot
    tell, nobody asks.

    Raises: OutputFailed when another is at it, or the folder cannot be made.
    """
    with refusals_explained(folder):
        if not folder.exists():
            folder.mkdir(parents=True, exist_ok=True)
        lock = None if fcntl is None else os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        if lock is not None:
            _hold(lock, folder)
        yield
    finally:
        if lock is not None:
            os.close(lock)


def _hold(lock: int, folder: Path) -> None:
    with suppress(OSError):  # a file system without locks
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise OutputFailed(f"another film is being made in {folder}; wait for it or give another --out") from None


def temporary_name(path: Path) -> Path:
    """Where a file is written until it is whole: hidden, beside it, this process's own."""
    return path.with_name(f".{path.name}.{os.getpid()}.part")


@contextmanager
def refusals_explained(path: Path) -> Iterator[None]:
    """Turn the operating system's refusals into an OutputFailed that says what to do."""
    try:
        yield
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        why = "the disk is full; free some space" if full else f"{error.strerror or error}; choose another folder"
        raise OutputFailed(f"cannot write {path}: {why} or give another --out") from error


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is either there entirely or not at all.

    Raises: OutputFailed when the folder refuses it.
    """
    temporary = temporary_name(path)
    try:
        with refusals_explained(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary.write_bytes(content)
            os.replace(temporary, path)
    finally:
        discard(temporary)


def discard(path: Path) -> None:
    """Remove a temporary file, if there is one and it can be."""
    with suppress(OSError):
        path.unlink()
