"""Cloth, leather and knit: what garments are made of, as relief, sheen and gloss."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from kinema.buffers.scene_frame import F32, Colour, Material, Texture
from kinema.schema.tables import parsed
from kinema.stage.bodies.people.maps import eight_bit
from kinema.stage.chance import chance

SIZE = 512
TILE = 0.24  # metres of cloth one texture covers


Maps = tuple[NDArray[np.floating[Any]], NDArray[np.floating[Any]], NDArray[np.floating[Any]] | None]


@cache
def fabrics() -> dict[str, dict[str, Any]]:
    """The table of fabrics: name -> weave, roughness, sheen, bump (metres), fold."""
    text = files("kinema.stage.bodies.people").joinpath("fabrics.yaml").read_text(encoding="utf-8")
    return dict(parsed(text))


@cache
def fabric(name: str, colour: Colour) -> Material:
    """A material of that fabric in that colour; an unknown fabric is cotton."""
    row = fabrics().get(name, fabrics()["cotton"])
    return Material(
        f"{name}-" + "-".join(f"{channel:.3f}" for channel in colour),
        albedo=colour,
        roughness=row["roughness"],
        metallic=row.get("metallic", 0.0),
        sheen=row["sheen"],
        subsurface=row.get("subsurface", 0.1),
        bump=row["bump"],
        texture=weave(row["weave"]),
    )


@cache
def weave(kind: str) -> Texture:
    """A tiling texture of a weave: shade (albedo), relief and gloss."""
    height, shade, rough = WEAVES[kind]()
    grey = eight_bit(shade)
    return Texture(
        f"weave-{kind}",
        albedo=np.repeat(grey[..., None], 3, 2),
        height=eight_bit(height),
        roughness=None if rough is None else eight_bit(rough),
    )


def _noise(purpose: str, sigma: float | tuple[float, float]) -> F32:
    image = chance(0, "fabric", purpose).standard_normal((SIZE, SIZE)).astype(np.float32)
    image = gaussian_filter(image, sigma, mode="wrap")
    return np.asarray(image / image.std(), np.float32)


def _grid() -> tuple[F32, F32]:
    """Rows and columns in turns of the tile, 0 to 2 pi."""
    turns = (np.arange(SIZE) / SIZE * 2 * np.pi).astype(np.float32)
    return turns[:, None], turns[None, :]


def _leather() -> Maps:
    """Fine grain as pebbles, a few soft creases, and wear that is seen in the gloss."""
    grain = np.clip(np.abs(_noise("grain", 1.5)), 0, 1.6) * 0.5 + np.clip(np.abs(_noise("grain2", 2.6)), 0, 1.6) * 0.4
    creases = np.clip(1 - np.abs(_noise("crease", (9.0, 26.0))) * 6.0, 0, 1) ** 2
    broad, wear = _noise("broad", 26.0), _noise("wear", 22.0)
    height = 0.50 + 0.20 * grain - 0.07 * creases
    rough = 0.44 + 0.05 * wear - 0.06 * grain + 0.05 * creases
    return height, 0.92 + 0.04 * broad + 0.05 * grain - 0.08 * creases, rough


def _plain() -> Maps:
    rows, columns = _grid()
    thread = 0.5 + 0.25 * (np.sin(rows * 110) * np.cos(columns * 110))
    folds = 0.10 * _noise("plain", 30.0)
    return thread * 0.4 + 0.3 + folds, 0.95 + 0.02 * _noise("plain_shade", 9.0), None


def _twill() -> Maps:
    rows, columns = _grid()
    thread = np.sin((rows + columns) * 95)
    fade = _noise("twill", 22.0)
    slub = _noise("slub", (0.7, 6.0))
    return 0.5 + 0.2 * thread + 0.08 * fade, 0.86 + 0.07 * thread + 0.05 * fade + 0.05 * slub, None


def _knit() -> Maps:
    rows, columns = _grid()
    stitch = np.abs(np.sin(columns * 38 + 1.1 * np.abs(np.sin(rows * 38)) * np.sign(np.sin(columns * 76))))
    return 0.3 + 0.5 * stitch, 0.82 + 0.16 * stitch, None


def _wool() -> Maps:
    fuzz, fleck = _noise("fuzz", 1.3), _noise("fleck", 2.5)
    return 0.5 + 0.12 * fuzz + 0.08 * fleck, 0.95 + 0.022 * fuzz + 0.02 * fleck, None


def _satin() -> Maps:
    folds = _noise("satin", (34.0, 14.0))
    return 0.5 + 0.12 * folds, 0.97 + 0.015 * folds, None


def _smooth() -> Maps:
    return np.full((SIZE, SIZE), 0.5, np.float32), np.ones((SIZE, SIZE), np.float32), None


WEAVES = {
    "leather": _leather,
    "plain": _plain,
    "twill": _twill,
    "knit": _knit,
    "wool": _wool,
    "satin": _satin,
    "smooth": _smooth,
}
