"""Colours by name: one table for garments, paint, signs and fur."""

from __future__ import annotations

import difflib
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from kinema.buffers.scene_frame import F32, U8, Colour
from kinema.schema.errors import UnknownConcept
from kinema.schema.tables import parsed

_CODES = np.arange(256) / 255.0
# linear light of every sRGB byte (IEC 61966-2-1)
LINEAR: F32 = np.where(_CODES <= 0.04045, _CODES / 12.92, ((_CODES + 0.055) / 1.055) ** 2.4).astype(np.float32)


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
    rows = parsed(files("kinema.stage").joinpath("colours.yaml").read_text(encoding="utf-8"))
    return {name: from_hex(code) for name, code in rows.items()}


def from_hex(code: str) -> Colour:
    """Linear Rec.709 of an sRGB code such as '#b3141c'."""
    red, green, blue = (float(LINEAR[int(code[i : i + 2], 16)]) for i in (1, 3, 5))
    return red, green, blue


def decoded(image: U8) -> F32:
    """Linear light of sRGB bytes."""
    return LINEAR[image]


def encoded(linear: NDArray[np.floating]) -> U8:
    """sRGB bytes of linear light."""
    x = np.asarray(np.clip(linear, 0.0, 1.0))
    curve = np.where(x <= 0.0031308, x * 12.92, 1.055 * np.power(x, 1 / 2.4) - 0.055)
    return np.asarray(np.rint(curve * 255.0), np.uint8)
