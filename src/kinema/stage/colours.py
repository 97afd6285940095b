"""Colours by name: one table for garments, paint, signs and fur."""

from __future__ import annotations

import difflib
from functools import cache
from importlib.resources import files

import yaml

from kinema.buffers.scene_frame import Colour
from kinema.schema.errors import UnknownConcept


def colour(name: str) -> Colour:
    """Linear Rec.709 albedo of a named colour; spaces and hyphens may stand for underscores.

    Raises UnknownConcept, naming the nearest known colour, when the table has no such row.
    """
    table = palette()
    row = name.strip().lower().replace(" ", "_").replace("-", "_")
    if row not in table:
        near = difflib.get_close_matches(row, table, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(sorted(table))}"
        raise UnknownConcept(f"no colour is called {name!r}; {hint}")
    return table[row]


@cache
def palette() -> dict[str, Colour]:
    """Every named colour: name -> linear Rec.709."""
    rows = yaml.safe_load(files("kinema.stage").joinpath("colours.yaml").read_text(encoding="utf-8"))
    return {name: from_hex(code) for name, code in rows.items()}


def from_hex(code: str) -> Colour:
    """Linear Rec.709 of an sRGB code such as '#b3141c' (IEC 61966-2-1 transfer function)."""
    red, green, blue = (_linear(int(code[i : i + 2], 16) / 255.0) for i in (1, 3, 5))
    return red, green, blue


def _linear(encoded: float) -> float:
    return encoded / 12.92 if encoded <= 0.04045 else float(((encoded + 0.055) / 1.055) ** 2.4)
