"""Strands of hair as textures: sheets that fray at their ends, locks that fray all round, and the cap's thin edge.

In every one the strands run along v, from the root at v = 1 to the tip at v = 0. Relief across them scatters a
highlight sideways, which is what makes hair shine in bands.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from scipy.ndimage import gaussian_filter

from kinema.buffers.scene_frame import F32, Colour, Material, Texture
from kinema.stage.bodies.people.maps import eight_bit
from kinema.stage.chance import chance

SIZE = 512
STRIPS = 4  # variants of a lock side by side in the texture
RELIEF = 0.00040  # metres of the strands' relief
ROUGHNESS = 0.36
METALLIC = 0.45  # a hair shines in its own colour where light has gone through it


def hair_material(kind: str, colour: Colour, texture: Texture) -> Material:
    """Hair of a colour."""
    tone = "-".join(f"{channel:.3f}" for channel in colour)
    name = f"hair-{kind}-{tone}"
    return Material(name, albedo=colour, roughness=ROUGHNESS, metallic=METALLIC, bump=RELIEF, texture=texture)


def _noise(purpose: str, along: float, across: float) -> F32:
    image = chance(0, "hair", purpose).standard_normal((SIZE, SIZE)).astype(np.float32)
    image = gaussian_filter(image, (along, across), mode="wrap")
    return np.asarray(image / image.std(), np.float32)


@cache
def _fibres() -> tuple[F32, F32, F32]:
    """Single hairs, wisps of some, and tresses of many (S, S), each of unit deviation."""
    return _noise("fibres", 120.0, 1.7), _noise("wisps", 140.0, 4.2), _noise("tresses", 150.0, 13.0)


def _along() -> F32:
    return np.linspace(0, 1, SIZE, dtype=np.float32)[:, None]  # row 0 is v = 1, the root


def _texture(key: str, alpha: F32) -> Texture:
    fibres, wisps, tresses = _fibres()
    shade = np.clip(0.66 + 0.12 * fibres + 0.11 * wisps + 0.08 * tresses, 0.25, 1.0)
    height = 0.5 + 0.13 * fibres + 0.10 * wisps
    rough = np.clip(ROUGHNESS + 0.05 * wisps - 0.05 * fibres + 0.03 * tresses, 0.24, 0.7)
    return Texture(
        key,
        albedo=np.repeat(eight_bit(shade)[..., None], 3, 2),
        alpha=eight_bit(alpha),
        height=eight_bit(height),
        roughness=eight_bit(rough),
    )


@cache
def sheet_texture() -> Texture:
    """A sheet that is whole down to its last third, then thins to points of uneven length; u repeats."""
    fibres, wisps, tresses = _fibres()
    end = 0.92 + 0.04 * wisps + 0.03 * tresses
    return _texture("hair-sheet", np.clip(0.5 + (end - _along()) * 9.0 + 0.25 * fibres * (_along() > 0.8), 0, 1))


@cache
def lock_texture() -> Texture:
    """Four tapering locks beside each other, each frayed at its sides and running out to a point."""
    fibres, wisps, _ = _fibres()
    along = _along()
    across = (np.arange(SIZE, dtype=np.float32) % (SIZE // STRIPS)) / (SIZE // STRIPS)
    edge = 1 - np.abs(across * 2 - 1)[None]
    inside = np.clip(edge * 3.2, 0, 1.2) - 0.16 - 2.2 * np.clip(along - 0.6, 0, 1) ** 1.3
    alpha = np.clip(0.5 + (inside + 0.22 * fibres * (0.35 + along) + 0.13 * wisps) * 2.4, 0, 1)
    return _texture("hair-lock", np.asarray(alpha * np.clip(along * 22 + 0.4 + 0.25 * fibres, 0, 1), np.float32))


@cache
def cap_texture() -> Texture:
    """Hair that starts one by one at the hairline (v = 1) and is soon full."""
    fibres, wisps, tresses = _fibres()
    start = 0.13 + 0.03 * wisps + 0.03 * tresses
    alpha = np.clip(0.5 + (_along() - start) * 8.0 + 0.5 * fibres * (_along() < 0.45), 0, 1)
    return _texture("hair-cap", np.where(_along() > 0.5, 1.0, alpha).astype(np.float32))
