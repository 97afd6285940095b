"""The storyboard beside a film: written there, but never over another."""

from __future__ import annotations

from itertools import count
from pathlib import Path

from kinema.film.files import refusals_explained, write_whole
from kinema.schema.errors import InvalidStoryboard
from kinema.schema.files import read_storyboard, to_yaml
from kinema.schema.storyboard import Storyboard

BOARD = "storyboard.yaml"  # in the folder beside a film


def lay_beside(path: Path, storyboard: Storyboard) -> None:
    """Write the storyboard to path, unless the file there says the same already: its comments stay as they are.

    A file that says something else is set aside under a number first: nobody can tell a value edited in place from a
    machine's.
    Raises: OutputFailed when the folder refuses it.
    """
    text = to_yaml(storyboard)
    with refusals_explained(path):
        there = path.read_bytes() if path.is_file() else None
    if there is not None:
        if _read(there) == storyboard:
            return
        with refusals_explained(path):
            path.rename(_free(path))
    write_whole(path, text.encode())


def _read(content: bytes) -> Storyboard | None:
    try:
        return read_storyboard(content.decode())
    except (InvalidStoryboard, UnicodeDecodeError):
        return None


def _free(path: Path) -> Path:
    """storyboard-1.yaml, or the first number that is not taken."""
    names = (path.with_stem(f"{path.stem}-{number}") for number in count(1))
    return next(name for name in names if not name.exists())
