"""Exact times: every second in a document is a rational number, never a bare float."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema


def parse_seconds(value: Any) -> Fraction:
    """Read 3, 3.5, "3.5" or "7/2" as an exact rational; floats count as the decimal they print as."""
    if isinstance(value, Fraction):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError(f"a time must be a number or a fraction such as 7/2 (got {value!r})")
    try:
        return Fraction(str(value).strip())
    except (ValueError, ZeroDivisionError):
        raise ValueError(f"a time must be a number or a fraction such as 7/2 (got {value!r})") from None


def show_seconds(value: Fraction) -> int | float | str:
    """Write a rational so that parse_seconds reads back the same value, as plainly as that allows."""
    if value.denominator == 1:
        return value.numerator
    as_float = float(value)
    return as_float if Fraction(str(as_float)) == value else f"{value.numerator}/{value.denominator}"


Seconds = Annotated[
    Fraction,
    BeforeValidator(parse_seconds),
    PlainSerializer(show_seconds),
    WithJsonSchema({"anyOf": [{"type": "number"}, {"type": "string", "pattern": r"^-?\d+(\.\d+|/\d+)?$"}]}),
]
