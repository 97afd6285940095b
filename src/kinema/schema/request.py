"""The film request: what the command line, Python and later servers all ask with."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from kinema.schema.document import Document
from kinema.schema.storyboard import Medium, Storyboard
from kinema.schema.times import Seconds

PainterName = Literal["auto", "preview", "native", "pathtrace"]
MAX_ASPECT = 8  # finishing's glow needs 32 lines of even a small still
MAX_PROMPT = 4000  # characters; a film minute needs far fewer


class FilmRequest(Document):
    """One film: a prompt or a storyboard, and how to make it."""

    prompt: str | None = None
    storyboard: Storyboard | None = None
    seconds: Seconds | None = Field(None, description="1 to 600; the director chooses when absent")
    width: int = 1280
    height: int = 720
    fps: int = 24
    seed: int = Field(0, ge=0, lt=2**63)
    look: Medium | None = None
    painter: PainterName = "auto"

    @field_validator("prompt")
    @classmethod
    def _prompt_is_text(cls, prompt: str | None) -> str | None:
        if prompt is None:
            return None
        text = re.sub(r"\s+", " ", "".join(c for c in prompt if c.isprintable() or c.isspace())).strip()
        if not any(c.isalpha() for c in text):
            raise ValueError('the prompt must hold words (got none); try "a cat wakes its sleeping owner"')
        if len(text) > MAX_PROMPT:
            raise ValueError(f"the prompt must be at most {MAX_PROMPT} characters (got {len(text)}); shorten it")
        return text

    @field_validator("seconds")
    @classmethod
    def _seconds_in_range(cls, seconds: Fraction | None) -> Fraction | None:
        if seconds is not None and not 1 <= seconds <= 600:
            raise ValueError(f"seconds must be 1 to 600 (got {float(seconds):g}); try --seconds 20")
        return seconds

    @model_validator(mode="after")
    def _size_and_rate(self) -> Self:
        for side, value in (("width", self.width), ("height", self.height)):
            if not 64 <= value <= 3840 or value % 2:
                raise ValueError(f"{side} must be an even number from 64 to 3840 (got {value}); try --size 1280x720")
        if max(self.width, self.height) > MAX_ASPECT * min(self.width, self.height):
            sides = f"{self.width}x{self.height}"
            raise ValueError(f"a side must be at most {MAX_ASPECT} times the other (got {sides}); try --size 1280x720")
        if not 1 <= self.fps <= 60:
            raise ValueError(f"fps must be 1 to 60 (got {self.fps}); try --fps 24")
        if (self.prompt is None) == (self.storyboard is None):
            raise ValueError("give either a prompt or a storyboard, not both or neither")
        return self
