"""The film request: what the command line, Python and later servers all ask with."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from kinema.schema.format import Format
from kinema.schema.storyboard import Medium, Storyboard
from kinema.schema.times import Seconds

PainterName = Literal["auto", "preview", "native", "pathtrace"]
MAX_PROMPT = 4000  # characters; a film minute needs far fewer


class FilmRequest(Format):
    """One film: a prompt or a storyboard, and how to make it. Size and rate that are not set are the storyboard's."""

    prompt: str | None = None
    storyboard: Storyboard | None = None
    seconds: Seconds | None = Field(None, description="1 to 600; the director chooses when absent")
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
    def _one_source(self) -> Self:
        if (self.prompt is None) == (self.storyboard is None):
            raise ValueError("give either a prompt or a storyboard, not both or neither")
        return self
