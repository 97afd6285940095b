"""Script: what a prompt says of the film itself: how long it is, its shape, numbered shots, words somebody speaks.

All of it is taken out of the text before the grammar reads it, so that 9:16 is no number of anybody and a quoted wolf
is not cast. What cannot be done is noted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from typing import Any

from kinema.director.formats import lift_format
from kinema.director.lexicon import read_table
from kinema.director.terms import SHOT
from kinema.schema.format import Format
from kinema.schema.storyboard import LONGEST_FILM, Language, Note

MINUTE = 60  # seconds
QUOTES = r"\"([^\"]+)\"|“([^”]+)”|「([^」]+)」|『([^』]+)』|(?<!\w)'([^']{2,})'(?!\w)"
LABEL_EN = (
    r"(?:shot|scene|cut|clip|part)\s*(?:no\.?\s*|#\s*)?(?:\d{1,2}|one|two|three|four|five|six|[ivx]{1,4})\s*[:.)\-–—]"
)
LABEL_ZH = (
    r"(?:(?:分?镜头?|画面|场景)\s*[一二三四五六七八九十\d]{1,2}|"
    r"第[一二三四五六七八九十\d]{1,2}(?:个?镜头?|幕|场|段|个?画面))\s*[:：、.。，,]"
)
ITEM = r"(?:(?<=^)|(?<=[.;!?。；！？]\s)|(?<=[.;!?。；！？]))\s*\(?\d{1,2}[.)、]\s*(?=\D)"  # 1) ... 2) ...


@dataclass
class Script:
    """A prompt without its own markings, and what those said. seconds, format: None when it names none."""

    text: str
    seconds: Fraction | None = None
    format: Format | None = None
    notes: list[Note] = field(default_factory=list)


def script(prompt: str, language: Language) -> Script:
    """Take out of a prompt what is said of the film itself."""
    found = Script(re.sub(rf"^\s*(?:{'|'.join(_rows()['requests'][language])})", "", prompt, flags=re.IGNORECASE))
    _lift_quotes(found, language)
    _lift_labels(found)
    _read_slates(found)
    found.text = re.sub(r"\s[-–—]+\s", ", ", found.text)
    wish = lift_format(found.text, language)
    found.text, found.format, found.notes = wish.text, wish.format(), [*found.notes, *wish.notes]
    _lift_length(found, language)
    if not any(character.isalpha() for character in found.text):
        return Script(prompt)
    return found


def _lift_quotes(found: Script, language: Language) -> None:
    """Words between quotation marks are spoken or written, unless the whole prompt or a mere name stands in them."""
    text = found.text.strip()
    whole = re.fullmatch(QUOTES, text)
    if whole:
        found.text = next(part for part in whole.groups() if part)
        return

    def lifted(match: re.Match[str]) -> str:
        words = next(part for part in match.groups() if part).strip()
        before = text[: match.start()].rstrip()
        spoken = words[-1:] in ".!?,。！？，…" or before[-1:] in (",", ":", "，", "：") or len(words) > LONGEST_NAME
        if not spoken and not re.search(rf"(?:{_any(_rows()['speech'][language])})$", before.lower()):
            return words
        found.notes.append(Note(kind="not_understood", text="quoted words are not heard or written yet", words=words))
        return " , " if language == "en" else "，"

    found.text = re.sub(QUOTES, lifted, text)


LONGEST_NAME = 24  # characters: a longer quotation is a sentence


def _lift_length(found: Script, language: Language) -> None:
    for match in re.finditer(_length_pattern(language), found.text, re.IGNORECASE):
        number, unit = match["number"].lower(), match["unit"].lower()
        value = _rows()["numbers"][language].get(re.sub(r"[\s-]+", " ", number).strip(), None)
        seconds = Fraction(str(value if value is not None else number))
        seconds *= MINUTE if unit.startswith(("m", "分")) else 1
        if not _of_the_film(found.text, match, language):
            text = "how long one deed lasts cannot be asked for yet"
            found.notes.append(Note(kind="not_understood", text=text, words=match[0].strip()))
        elif found.seconds is None and 1 <= seconds <= LONGEST_FILM:
            found.seconds = seconds
        elif found.seconds is None:
            found.notes.append(
                Note(kind="not_understood", text=f"a film lasts 1 to {LONGEST_FILM} seconds", words=match[0].strip())
            )
    found.text = re.sub(_length_pattern(language), " ", found.text, flags=re.IGNORECASE)


@cache
def _length_pattern(language: Language) -> str:
    numbers = "|".join(sorted((re.escape(word) for word in _rows()["numbers"][language]), key=len, reverse=True))
    before = _any(_rows()["lengths"][language])
    if language == "zh":
        return (
            rf"(?:(?:{before})[:：为是]?\s*)*(?P<number>\d+(?:\.\d+)?|{numbers})\s*个?"
            r"(?P<unit>秒钟|秒|分钟)(?!后|前|之)(?:左右)?的?"
        )
    numbers = numbers.replace(r"\ ", r"[\s-]+")
    return (
        rf"(?:(?:{before})(?:\s+of)?[:\s]+)?\b(?P<number>\d+(?:\.\d+)?|(?:{numbers})(?=[\s-]))[\s-]*"
        rf"(?P<unit>seconds?|secs?|s|minutes?|mins?)\b(?:[\s-]*long)?"
    )


def _of_the_film(text: str, match: re.Match[str], language: Language) -> bool:
    """A length of the film: it names itself one, is joined to a word for a film, or stands by itself."""
    after, before = text[match.end() :], text[: match.start()]
    films = _any(_rows()["films"][language])
    words = _any(_rows()["lengths"][language])
    if re.search(words, match[0].lower()) or "-" in match[0]:
        return True
    near = rf"^\W*(?:[\w-]+\s+){{0,2}}?(?:{films})\b" if language == "en" else rf"^.{{0,4}}?(?:{films})"
    if re.search(near, after.lower()):
        return True
    ends = re.match(r"^\s*(?:$|[.,;:!?)。，；：！？、）])", after)
    return ends is not None and re.search(r"(?:^|[.,;:!?(。，；：！？、（]|[^\w\s])\s*$", before) is not None


def _lift_labels(found: Script) -> None:
    """ "Shot 2:" begins a shot, "2)" a sentence, when there are at least two of them."""
    for pattern, mark in ((f"(?:{LABEL_EN}|{LABEL_ZH})", SHOT), (ITEM, ". ")):
        if len(re.findall(pattern, found.text, re.IGNORECASE)) > 1:
            found.text = re.sub(pattern, f" {mark} ", found.text, flags=re.IGNORECASE)


def _read_slates(found: Script) -> None:
    """ "WIDE:" and "CU -" at the head of a shot are camera phrases in full."""
    for short, phrase in _rows()["slates"].items():
        slate = rf"(?:(?<=^)|(?<=[{SHOT}.])|(?<=[{SHOT}.]\s)|(?<=[{SHOT}.]\s\s))(?:{short})\s*[:,–—-]+\s"
        found.text = re.sub(slate, f"{phrase}, ", found.text, flags=re.IGNORECASE)


def _any(words: list[str]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


@cache
def _rows() -> Any:
    return read_table("script")
