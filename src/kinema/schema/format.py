"""The format: size and rate of a film's picture."""

from __future__ import annotations

from typing import Self

from pydantic import model_validator

from kinema.schema.document import Document

MAX_ASPECT = 8  # finishing's glow needs 32 lines of even a small still
SMALLEST, LARGEST, FASTEST = 64, 3840, 60  # pixels of a side, frames a second


class Format(Document):
    """Width and height in pixels, frames a second."""

    width: int = 1280
    height: int = 720
    fps: int = 24

    @model_validator(mode="after")
    def _size_and_rate(self) -> Self:
        for side, value in (("width", self.width), ("height", self.height)):
            if not SMALLEST <= value <= LARGEST or value % 2:
                raise ValueError(
                    f"{side} must be an even number from {SMALLEST} to {LARGEST} (got {value}); try --size 1280x720"
                )
        if max(self.width, self.height) > MAX_ASPECT * min(self.width, self.height):
            sides = f"{self.width}x{self.height}"
            raise ValueError(f"a side must be at most {MAX_ASPECT} times the other (got {sides}); try --size 1280x720")
        if not 1 <= self.fps <= FASTEST:
            raise ValueError(f"fps must be 1 to {FASTEST} (got {self.fps}); try --fps 24")
        return self
