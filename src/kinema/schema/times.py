"""Exact times: every second in a document is a rational number, never a bare float."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

PLAIN = re.compile(r"-?\d{1,40}(\.\d{1,40}|/\d{1,40})?")


def parse_seconds(value: Any) -> Fraction:
    """Read 3, 3.5, "3.5" or "7/2" as an exact rational; floats count as the decimal they print as."""
    if isinstance(value, Fraction):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError(f"a time must be a number or a fraction such as 7/2 (got {value!r})")
    text = f"{value:.9f}" if isinstance(value, float) and "e" in str(value) else str(value).strip()
    try:
        if not PLAIN.fullmatch(text):  # exponents would make numbers of a billion digits
            raise ValueError
        return Fraction(text)
    except (ValueError, ZeroDivisionError):
        raise ValueError(f"a time must be a number or a fraction such as 7/2 (got {str(value)[:40]!r})") from None


def show_seconds(value: Fraction) -> int | float | str:
    """Write a rational so that parse_seconds reads back the same value, as plainly as that allows."""
    if value.denominator == 1:
        return value.numerator
    as_float = float(value)
    plain = "e" not in str(as_float)
    return as_float if plain and Fraction(str(as_float)) == value else f"{value.numerator}/{value.denominator}"


Seconds = Annotated[
    Fraction,
    BeforeValidator(parse_seconds),
    PlainSerializer(show_seconds),
    WithJsonSchema({"anyOf": [{"type": "number"}, {"type": "string", "pattern": r"^-?\d+(\.\d+|/\d+)?$"}]}),
]
