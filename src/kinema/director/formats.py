"""Formats: what a prompt says of the shape, size and rate of the picture, taken out of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from typing import Any

from pydantic import ValidationError

from kinema.director.lexicon import read_table
from kinema.schema.format import FASTEST, LARGEST, Format
from kinema.schema.storyboard import Language, Note

LINES = 720  # of the shorter side, when a shape is named but no size
MOST_LINES = 1080  # of the shorter side that a prompt gets: a larger film takes so long that it has to be asked for
EXTREME = 4  # times as wide as high, or as high as wide: nobody means a farther shape


@dataclass
class Wish:
    """The text without what is said of the format, and what that was."""

    text: str
    shape: Fraction | None = None
    lines: int = LINES
    size: tuple[int, int] | None = None
    fps: int | None = None
    notes: list[Note] = field(default_factory=list)

    def format(self) -> Format | None:
        """The format wished for; None when nothing was said, or nothing that can be made."""
        if self.shape is None and self.size is None and self.fps is None and self.lines == LINES:
            return None
        width, height = self.size or _sides(self.shape or Fraction(16, 9), self.lines)
        return Format(width=width, height=height, fps=self.fps or 24)


def lift_format(text: str, language: Language) -> Wish:
    """Take the format out of a prompt."""
    wish = Wish(text)
    for row in _rows():
        for pattern in (*(row["zh"] if language == "zh" else ()), *row["en"]):
            edge, end = (r"(?<![a-z\d])", r"(?![a-z\d])") if language == "en" or pattern.isascii() else ("", "")

            def lifted(match: re.Match[str], row: dict[str, Any] = row) -> str:
                return _keep_film(match) if _heard(wish, row, match) else match[0]

            wish.text = re.sub(f"{edge}(?:{pattern}){end}", lifted, wish.text, flags=re.IGNORECASE)
    return wish


def _heard(wish: Wish, row: dict[str, Any], match: re.Match[str]) -> bool:
    """Whether a phrase was one of the format; what it asks for is written down."""
    kind, said = row["kind"], match[0].strip()
    if kind == "shape":
        wish.shape = wish.shape or Fraction(row["shape"])
    elif kind == "ratio":
        wide, high = (Fraction(part) for part in match.groups()[:2])
        if not high or not Fraction(1, EXTREME) <= wide / high <= EXTREME:
            return False
        wish.shape = wide / high
    elif kind == "size":
        wish.size = _sized(wish, int(match[1]), int(match[2]), said)
    elif kind == "lines":
        wish.lines = int(match[1])
    elif kind == "rate":
        _rate(wish, int(match[1]), said)
    else:
        text = f"the size is asked for with --size, up to {LARGEST} pixels a side; a larger film takes longer"
        wish.notes.append(Note(kind="not_understood", text=text, words=said))
    if kind == "lines" and wish.lines > MOST_LINES:
        wish.lines = LINES
        return _heard(wish, {"kind": "quality"}, match)
    return True


def _sized(wish: Wish, width: int, height: int, said: str) -> tuple[int, int] | None:
    try:
        Format(width=width, height=height)
    except ValidationError as error:
        text = error.errors()[0]["msg"].removeprefix("Value error, ")
        wish.notes.append(Note(kind="not_understood", text=text, words=said))
        return None
    return width, height


def _rate(wish: Wish, fps: int, said: str) -> None:
    if 1 <= fps <= FASTEST:
        wish.fps = fps
    else:
        text = f"a film has 1 to {FASTEST} frames a second"
        wish.notes.append(Note(kind="not_understood", text=text, words=said))


def _sides(shape: Fraction, lines: int) -> tuple[int, int]:
    """Width and height, even, of a shape whose shorter side has so many pixels."""
    longer = round(max(shape, 1 / shape) * lines / 2) * 2
    return (longer, lines) if shape > 1 else (lines, longer)


def _keep_film(match: re.Match[str]) -> str:
    """ "A vertical video of" goes on as "a video of"."""
    last = re.split(r"[ -]+", match[0].strip())[-1].lower()
    return last if last in read_table("script")["films"]["en"] else " "


@cache
def _rows() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = read_table("script")["formats"]
    return rows
