"""Spans: a stretch of time cut to parts, on the grid where there is room."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import accumulate, pairwise

from kinema.director.timing import GRID


def split(start: Fraction, end: Fraction, count: int) -> list[tuple[Fraction, Fraction]]:
    """Equal parts."""
    return _cut(start, end, [Fraction(1)] * count)


def limited(start: Fraction, end: Fraction, most: Sequence[Fraction | None]) -> list[tuple[Fraction, Fraction]]:
    """Parts of which some last no longer than given, in seconds; all others share the rest equally."""
    equal = (end - start) / len(most)
    short = [limit if limit is not None and limit < equal else None for limit in most]
    free = short.count(None)
    if not free:
        return split(start, end, len(most))
    rest = (end - start - sum((limit for limit in short if limit is not None), Fraction(0))) / free
    return _cut(start, end, [rest if limit is None else limit for limit in short])


def _cut(start: Fraction, end: Fraction, weights: Sequence[Fraction]) -> list[tuple[Fraction, Fraction]]:
    total = sum(weights, Fraction(0))
    marks = [start, *(start + (end - start) * done / total for done in accumulate(weights))]
    rounded = [marks[0], *[Fraction(round(mark * GRID), GRID) for mark in marks[1:-1]], marks[-1]]
    if all(a < b for a, b in pairwise(rounded)):
        marks = rounded
    return list(pairwise(marks))
