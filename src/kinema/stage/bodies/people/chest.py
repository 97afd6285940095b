"""Collarbones, the hollows above them and the cords of the neck, in relief on the skin over the chest.

The map is laid on from the front: u and v are places across and up on the unmorphed base mesh.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from kinema.buffers.scene_frame import F32, Texture
from kinema.stage.bodies.people.maps import eight_bit
from kinema.stage.chance import chance
from kinema.stage.colours import encoded

SIZE = 512
ACROSS, LOW, HIGH = 0.20, 0.38, 0.66  # metres on the base mesh: half its width, its lower and upper edge
FRONT = 0.002  # metres ahead of the body's middle from which on skin is the chest's
RELIEF = 0.0080  # metres between the map's black and white
# on the base mesh: height of the collarbone by distance from the midline, an S from the breastbone to the shoulder
BONE_X, BONE_Z = (0.012, 0.035, 0.065, 0.100, 0.135, 0.165), (0.5335, 0.5385, 0.5470, 0.5530, 0.5590, 0.5660)
CORD_X, CORD_Z = (0.010, 0.022, 0.040, 0.058), (0.545, 0.575, 0.612, 0.652)  # from the breastbone to behind the ear


def on_chest(base: F32) -> NDArray[np.bool_]:
    """Which places (..., 3) on the base mesh the map reaches."""
    x, y, z = np.abs(base[..., 0]), base[..., 1], base[..., 2]
    return np.asarray((x < ACROSS - 0.01) & (y > FRONT) & (z > LOW) & (z < HIGH))


def chest_uv(base: F32) -> F32:
    """Where in the map (V, 2) places on the base mesh (V, 3) lie."""
    u = (base[:, 0] + ACROSS) / (2 * ACROSS)
    return np.stack([u, (base[:, 2] - LOW) / (HIGH - LOW)], 1).astype(np.float32)


@cache
def chest_texture(sharp: float) -> Texture:
    """The maps; sharp: how far bones and cords show, 0 to 1."""
    x = np.abs(np.linspace(-ACROSS, ACROSS, SIZE))[None]
    z = np.linspace(HIGH, LOW, SIZE)[:, None]
    bone = _bell(z - np.interp(x, BONE_X, BONE_Z), 0.0062) * _between(x, 0.010, 0.155, 0.012)
    above = _bell(z - np.interp(x, BONE_X, BONE_Z) - 0.019, 0.011) * _between(x, 0.030, 0.135, 0.030)
    below = _bell(z - np.interp(x, BONE_X, BONE_Z) + 0.020, 0.012) * _between(x, 0.050, 0.145, 0.030)
    notch = _bell(np.hypot(x / 1.1, z - 0.5440), 0.0105)
    cord = _bell(x - np.interp(z, CORD_Z, CORD_X), 0.0048) * _between(z, 0.545, 0.650, 0.020)
    sternum = _bell(x, 0.008) * _between(z, 0.40, 0.525, 0.03)
    grain = _grain("pores", 1.0)
    dither = chance(0, "chest", "dither").uniform(-0.5, 0.5, (SIZE, SIZE)) / 255  # or slight slopes would be stairs
    metres = sharp * (
        0.0031 * bone - 0.0022 * above - 0.0007 * below - 0.0034 * notch + 0.0015 * cord - 0.0006 * sternum
    )
    pores = 0.004 * grain * np.clip((0.565 - z) / 0.02, 0, 1)  # the neck is seen aslant: they would be streaks
    height = 0.5 + metres / RELIEF + pores
    blotch = _grain("blotch", 9.0)
    deep = sharp * (0.13 * above + 0.16 * notch + 0.03 * below + 0.05 * sternum) + 0.015 * np.clip(blotch, 0, 2)
    warm = np.array([0.6, 1.0, 1.05])
    rough = 0.53 - 0.05 * bone + 0.03 * blotch + 0.02 * grain
    return Texture(
        f"chest-{sharp:.2f}",
        albedo=encoded((1 - np.clip(deep, 0, 0.5)[..., None] * warm).astype(np.float32)),
        height=eight_bit((height + dither).astype(np.float32)),
        roughness=eight_bit(rough.astype(np.float32)),
    )


def _bell(distance: NDArray[np.float64], width: float) -> NDArray[np.float64]:
    return np.asarray(np.exp(-((distance / width) ** 2)))


def _between(value: NDArray[np.float64], low: float, high: float, soft: float) -> NDArray[np.float64]:
    """1 from low to high, fading out over so much on either side."""
    return np.clip((value - low) / soft + 1, 0, 1) * np.clip((high - value) / soft + 1, 0, 1)


def _grain(purpose: str, sigma: float) -> NDArray[np.float64]:
    image = gaussian_filter(chance(0, "chest", purpose).standard_normal((SIZE, SIZE)), sigma, mode="wrap")
    return np.asarray(image / image.std())
