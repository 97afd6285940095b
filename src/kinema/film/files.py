"""Writing files whole: under a temporary name first, then renamed."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from kinema.schema.errors import OutputFailed


def film_path(out: Path) -> Path:
    """Where a film goes: out, with .mp4 when it has no ending.

    Raises: OutputFailed for a folder, a name too long or another ending, before anything is made.
    """
    with refusals_explained(out):
        folder = not out.name or out.is_dir()
    if folder:
        raise OutputFailed(f"--out must name a film, not a folder (got {out}); try --out {out / 'film.mp4'}")
    if out.suffix.lower() not in ("", ".mp4"):
        raise OutputFailed(f"a film is an MP4 file (got {out.name}); try --out {out.with_suffix('.mp4')}")
    return out if out.suffix else out.with_suffix(".mp4")


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
