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
STRANDS = 7  # in a lock
RELIEF = 0.00022  # metres of the strands' relief
ROUGHNESS = 0.40
LOOSE = 0.22  # how much rougher hair is where it hangs free and strands no longer lie side by side
METALLIC = 0.35  # a hair shines in its own colour where light has gone through it


def hair_material(kind: str, colour: Colour, texture: Texture) -> Material:
    """Hair of a colour."""
    tone = "-".join(f"{channel:.3f}" for channel in colour)
    name = f"hair-{kind}-{tone}"
    return Material(name, albedo=colour, roughness=ROUGHNESS, metallic=METALLIC, bump=RELIEF, texture=texture)


def hair_plain(colour: Colour) -> Material:
    """Single hairs of a colour, too thin to have a texture."""
    tone = "-".join(f"{channel:.3f}" for channel in colour)
    return Material(f"hair-stray-{tone}", albedo=colour, roughness=ROUGHNESS, metallic=METALLIC)


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
    shade = np.clip(0.80 + 0.055 * fibres + 0.065 * wisps + 0.055 * tresses, 0.5, 1.0)
    height = 0.5 + 0.10 * fibres + 0.10 * wisps + 0.06 * tresses
    loose = LOOSE * np.clip((_along() - 0.35) / 0.3, 0, 1)
    rough = np.clip(ROUGHNESS + loose + 0.05 * wisps - 0.04 * fibres + 0.04 * tresses, 0.26, 0.8)
    return Texture(
        key,
        albedo=np.repeat(eight_bit(shade)[..., None], 3, 2),
        alpha=eight_bit(alpha),
        height=eight_bit(height),
        roughness=eight_bit(rough),
    )


@cache
def sheet_texture() -> Texture:
    """A sheet that starts wisp by wisp and, over its last third, thins to points of uneven length; u repeats."""
    _, wisps, tresses = _fibres()
    end = 0.88 + 0.05 * wisps + 0.05 * tresses
    start = 0.004 + 0.006 * np.abs(wisps + 0.5 * tresses)
    alpha = np.minimum((end - _along()) * 9.0, (_along() - start) * 40.0)
    return _texture("hair-sheet", np.asarray(np.clip(0.5 + alpha, 0, 1), np.float32))


@cache
def lock_texture() -> Texture:
    """Locks beside each other, each of several strands: together at the root, apart further down, each with a point."""
    along = _along()[:, 0]
    across = np.arange(SIZE // STRIPS, dtype=np.float32) / np.float32(SIZE // STRIPS)
    strips = [_bundle(chance(0, "hair", f"lock {k}"), along, across) for k in range(STRIPS)]
    return _texture("hair-lock", np.concatenate(strips, 1))


def _bundle(lot: np.random.Generator, along: F32, across: F32) -> F32:
    """Coverage (S, W) of one lock's strands."""
    cover = np.zeros((len(along), len(across)), np.float32)
    for middle in np.linspace(0.10, 0.90, STRANDS) + lot.normal(0, 0.03, STRANDS):
        fan = 0.5 + (middle - 0.5) * (0.85 + 0.2 * along)
        sway = 0.05 * along * np.sin(lot.uniform(2, 6) * along + lot.uniform(0, 6))
        half = lot.uniform(0.035, 0.075) * (1.25 - 0.35 * along)
        end = lot.uniform(0.72, 1.0) - 0.25 * abs(middle - 0.5)
        start = lot.uniform(0.0, 0.14)
        point = np.sqrt(np.clip((end - along) / 0.35, 0, 1)) * np.clip((along - start) / 0.04, 0, 1)
        gap = np.abs(across[None] - (fan + sway)[:, None])
        strand = 0.5 + (half * point)[:, None] * 12 - gap * 12
        cover = np.maximum(cover, np.where(point[:, None] > 0, strand, 0))
    return np.asarray(np.clip(cover, 0, 1), np.float32)


@cache
def cap_texture() -> Texture:
    """Hair that starts wisp by wisp at the hairline (v = 1) and is soon full."""
    fibres, wisps, tresses = _fibres()
    start = 0.16 + 0.07 * wisps + 0.03 * tresses
    alpha = np.clip(0.5 + (_along() - start) * 7.0 + 0.2 * fibres * (_along() < 0.45), 0, 1)
    return _texture("hair-cap", np.where(_along() > 0.5, 1.0, alpha).astype(np.float32))
