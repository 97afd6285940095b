"""Asides: names, ages, years and times of the clock, put as the grammar can read them, or left out with a note.

Otherwise a 25-year-old man is 25 old men, somebody at 7 am is seven, and a dog called Rex is whoever's name that sounds
like.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from kinema.director.lexicon import read_table
from kinema.director.names import introduced
from kinema.schema.storyboard import Language, Note


def put_plainly(prompt: str, language: Language) -> tuple[str, list[Note]]:
    """A prompt without its asides, and a note for each that is read otherwise or not shown."""
    notes: list[Note] = []
    text = introduced(prompt) if language == "en" else prompt
    for row in _rows()["asides"][language]:

        def plain(match: re.Match[str], row: dict[str, Any] = row) -> str:
            word = _hour(match, row["hours"]) if "hours" in row else _meant(match[0], row.get("means", {}))
            unshown = row.get("text", "years and ages are not shown")
            told = ("assumed", f"read as {word}") if word else ("not_understood", unshown)
            notes.append(Note(kind=told[0], text=told[1], words=match[0].strip()))
            return f" {word} "

        text = re.sub(row["said"], plain, text, flags=re.IGNORECASE)
    return text, notes


def _meant(said: str, means: dict[str, str]) -> str:
    """The word that stands in for what was said; empty when there is none."""
    return next((word for pattern, word in means.items() if re.search(pattern, said, re.IGNORECASE)), "")


def _hour(match: re.Match[str], hours: dict[int, str]) -> str:
    """The part of the day that an hour of the clock belongs to. hours: the word for all before an hour of 24."""
    hour = int(match["hour"]) % 12 + (12 if match["half"].lower() == "p" else 0)
    return next(word for until, word in hours.items() if hour < until)


@cache
def _rows() -> Any:
    return read_table("asides")
