"""Wishes as they come from people (texts, file names) to a film request, refused in one sentence."""

from __future__ import annotations

import errno
import re
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from kinema.schema.errors import InvalidRequest, InvalidStoryboard
from kinema.schema.files import LARGEST, broken_rules, read_storyboard
from kinema.schema.request import FilmRequest
from kinema.schema.storyboard import Storyboard

STORYBOARD_SUFFIXES = (".yaml", ".yml", ".json")
LONGEST_NAME = 4096  # bytes of a path


def film_request(**wishes: Any) -> FilmRequest:
    """A film request of plain values. Raises: InvalidRequest saying rule, value and remedy."""
    try:
        return FilmRequest(**wishes)
    except ValidationError as error:
        raise InvalidRequest(broken_rules(error)) from None


def source(text: str) -> dict[str, str | Storyboard]:
    """What a command line names: a storyboard file by its ending, or else a prompt (which may end in .json too).

    Raises: InvalidStoryboard when such a file cannot be read.
    """
    name = len(text) <= LONGEST_NAME and "\0" not in text and text.lower().endswith(STORYBOARD_SUFFIXES)
    path = Path(text if name else "")
    try:
        if not name or (re.search(r"\s", text) and not path.exists()):
            return {"prompt": text}
        if path.stat().st_size > 4 * LARGEST:
            raise InvalidStoryboard(f"{path} is too large for a storyboard ({path.stat().st_size} bytes)")
        return {"storyboard": read_storyboard(path.read_text("utf-8"))}
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG and re.search(r"\s", text):  # no file's name, but a prompt's words
            return {"prompt": text}
        raise InvalidStoryboard(f"cannot read {path}: {error.strerror}; give an existing storyboard file") from None
    except UnicodeDecodeError:
        raise InvalidStoryboard(f"{path} is not UTF-8 text; save it as UTF-8") from None


def poured(text: str) -> dict[str, str | Storyboard]:
    """What standard input holds: a storyboard, as `kinema plan` prints it, or else a prompt.

    Raises: InvalidStoryboard when it begins like one and is none.
    """
    text = text.removeprefix("\ufeff")  # a byte order mark
    if re.match(r"\s*\{", text) or re.search(r"""^["']?scenes["']?:""", text, re.MULTILINE):
        return {"storyboard": read_storyboard(text)}
    return {"prompt": text}


def size(text: str) -> dict[str, int]:
    """Width and height of a text such as 1280x720. Raises: InvalidRequest."""
    match = re.fullmatch(r"(\d{1,9})[x×](\d{1,9})", text.strip().lower())
    if match is None:
        raise InvalidRequest(f"size must be WIDTHxHEIGHT in pixels (got {text!r:.40}); try --size 1280x720")
    return {"width": int(match[1]), "height": int(match[2])}
