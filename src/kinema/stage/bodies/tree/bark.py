"""Bark as repeating relief: redwood's long fibres, pine's plates, grey furrows."""

from __future__ import annotations

import functools

import numpy as np
from scipy.spatial import cKDTree

from kinema.buffers.scene_frame import F32, Material, Texture
from kinema.stage.bodies.tree.species import Bark
from kinema.stage.chance import chance
from kinema.stage.colours import encoded
from kinema.stage.sets.noise import Noise, smooth

SPAN = (1.6, 3.2)  # metres a repeat covers, around and up
WIDTH, HEIGHT = 256, 512
DARK = {"redwood": (0.050, 0.024, 0.014), "pine": (0.045, 0.032, 0.022), "grey": (0.05, 0.046, 0.040)}
LIGHT = {"redwood": (0.30, 0.155, 0.088), "pine": (0.27, 0.175, 0.11), "grey": (0.24, 0.22, 0.19)}


@functools.cache
def bark_material(kind: Bark) -> Material:
    """Rough, furrowed bark; texture coordinates count repeats of SPAN."""
    relief = _relief(kind)
    return Material(f"bark_{kind}", (1.0, 1.0, 1.0), roughness=0.9, bump=0.035, texture=_texture(kind, relief))


def _relief(kind: Bark) -> F32:
    """Height (H, W) in 0 to 1, repeating both ways."""
    noise = Noise.of(0, kind, "bark")
    u = ((np.arange(WIDTH) + 0.5) / WIDTH)[None, :].astype(np.float32)
    v = ((np.arange(HEIGHT) + 0.5) / HEIGHT)[:, None].astype(np.float32)
    bend = noise.sum(u * 4, v * 4, 3, period=4)
    if kind == "pine":
        return np.asarray(0.78 * _plates(u + 0.02 * bend, v + 0.01 * bend) + 0.22 * (0.5 + 0.5 * _grain(noise, u, v)))
    around = 16 if kind == "redwood" else 8
    up = 2 if kind == "redwood" else 4
    ridge = 1 - np.abs(noise.at(u * around + 0.7 * bend, v * up, around, up)) * 1.9
    fibre = noise.sum(u * 64 + 0.5 * bend, v * 4, 2, period=64, upward=4)
    return np.asarray(np.clip(0.72 * ridge + 0.28 * (0.5 + 0.6 * fibre), 0, 1), np.float32)


def _grain(noise: Noise, u: F32, v: F32) -> F32:
    return noise.sum(u * 32, v * 32, 2, period=32)


def _plates(u: F32, v: F32) -> F32:
    """Tall plates with furrows between: how much farther the second nearest of scattered points is than the first."""
    points = chance(0, "pine", "plates").random((90, 2))
    tiled = (points + np.array([(i, j) for i in (-1, 0, 1) for j in (-1, 0, 1)])[:, None]).reshape(-1, 2)
    away, _ = cKDTree(tiled * [1.0, 0.75]).query(np.stack(np.broadcast_arrays(u, 0.75 * v), -1), k=2)
    return smooth(0.004, 0.035, away[..., 1] - away[..., 0])


def _texture(kind: Bark, relief: F32) -> Texture:
    mix = smooth(0.25, 1.0, relief)[..., None]
    colour = np.asarray(DARK[kind], np.float32) * (1 - mix) + np.asarray(LIGHT[kind], np.float32) * mix
    return Texture(f"bark/{kind}", albedo=encoded(colour), height=(relief * 255).astype(np.uint8))
