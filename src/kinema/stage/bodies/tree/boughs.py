"""Crowns of solid boughs: folded kites and ragged cones, for trees that are seen too small for cut-out cards.

An opaque triangle costs a renderer a fraction of a cut-out one, and pointed boughs keep the outline of a conifer.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kinema.buffers.scene_frame import F32, F64, Colour, Material
from kinema.stage.bodies.tree.cards import Sheaf
from kinema.stage.bodies.tree.growth import GOLDEN, Branches

BROADEST = 0.52  # share of a bough's length where it is widest
FOLD = 0.95  # how far the edges hang below the spine, in half widths
CELLS = 3.0  # metres of a bough that the foliage texture covers


def kites(branches: Branches, width: F64, tint: F64, material: Material, overlap: float = 1.0) -> Sheaf:
    """Boughs of four triangles each, folded along the spine like a roof: dark at the stem, light at tip and ridge.

    branches: B curves · width (B,) half widths (m) · tint (B, 3) · overlap: how far past its curve each reaches.
    """
    foot, tip = (
        branches.points[:, 0],
        branches.points[:, 0] + (branches.points[:, -1] - branches.points[:, 0]) * overlap,
    )
    knots = branches.points.shape[1]
    middle = branches.points[:, round(BROADEST * (knots - 1))]
    level = np.stack([branches.outward[:, 1], -branches.outward[:, 0], np.zeros(len(width))], -1)
    hang = np.array([0.0, 0.0, -FOLD]) * width[:, None]
    left, right = middle + level * width[:, None] + hang, middle - level * width[:, None] + hang
    places = np.stack([foot, left, middle, right, tip], 1)  # (B, 5, 3)
    up = np.array([0.0, 0.0, 0.75])
    out = 0.55 * branches.outward
    normals = np.stack(
        [up - 0.2 * out, out + up + 0.6 * level, out + 1.2 * up, out + up - 0.6 * level, 1.6 * out + 0.6 * up], 1
    )
    light = np.array([0.42, 0.80, 0.98, 0.80, 1.22])[None, :, None]
    shade = light * (0.70 + 0.36 * branches.share)[:, None, None] * tint[:, None]
    reach = np.linalg.norm(tip - foot, axis=1)
    uv = np.zeros((len(width), 5, 2))
    uv[:, :, 1] = np.array([0.0, BROADEST, BROADEST, BROADEST, 1.0]) * reach[:, None] / CELLS
    uv[:, :, 0] = np.array([0.0, -1.0, 0.0, 1.0, 0.0]) * width[:, None] / CELLS
    uv += (np.arange(len(width)) * 0.618)[:, None, None]
    corners = np.array([[0, 2, 1], [0, 3, 2], [1, 2, 4], [2, 3, 4]])
    faces = (np.arange(len(width))[:, None, None] * 5 + corners).reshape(-1, 3)
    return _sheaf(places, normals, shade, uv, faces, material)


def spires(
    base: float, top: float, radius: float, tiers: int, sides: int, rng: np.random.Generator, material: Material
) -> Sheaf:
    """A crown as a stack of cones with ragged hems, for a tree a few dozen pixels high: tiers * sides triangles."""
    t = np.arange(tiers)[:, None] / tiers  # (T, 1)
    turn = np.arange(tiers)[:, None] * GOLDEN + np.arange(sides) * 2 * np.pi / sides  # (T, S)
    wide = radius * (1 - t) ** 0.8
    reach = wide * (1.0 - 0.6 * (np.arange(sides) % 2)) * rng.uniform(0.75, 1.3, (tiers, sides))
    low = base + (top - base) * t
    high = np.minimum(low + (top - base) * 1.9 / tiers, top)
    out = np.stack([np.sin(turn), np.cos(turn), np.zeros_like(turn)], -1)  # (T, S, 3)
    hem = out * reach[..., None]
    hem[..., 2] = low + 0.55 * (wide - reach)
    tip = np.zeros_like(hem)
    tip[..., 2] = high
    up = np.array([0.0, 0.0, 1.0])
    places = np.concatenate([hem, tip], 1)  # (T, 2 S, 3)
    normals = np.concatenate([out + 0.45 * up, 0.8 * out + 0.9 * up], 1)
    light = (0.78 + 0.35 * t) * np.repeat([0.80, 0.62], sides)
    around = np.concatenate([turn, turn], 1)
    k = np.arange(sides)
    corners = np.stack([(k + 1) % sides, k, sides + k], -1)
    faces = (np.arange(tiers)[:, None, None] * 2 * sides + corners).reshape(-1, 3)
    uv = np.stack([around, places[..., 2] / CELLS], -1)
    return _sheaf(places, normals, light[..., None] * np.ones(3), uv, faces, material)


def blades(branches: Branches, width: F64, old: Colour, young: Colour, material: Material) -> Sheaf:
    """Blades of grass, two triangles each, bent over: dark where they leave the ground, light at the tip.

    width (B,): half widths (m) at the foot · old, young: linear colours of foot and tip.
    """
    level = np.stack([branches.outward[:, 1], -branches.outward[:, 0], np.zeros(len(width))], -1) * width[:, None]
    foot, middle, tip = (branches.points[:, k] for k in (0, branches.points.shape[1] // 2, -1))
    places = np.stack([foot - level, foot + level, middle - 0.55 * level, tip], 1)
    normals = 0.35 * branches.outward[:, None] + np.array([0, 0, 1.0]) + 0 * places
    ramp = np.array([0.0, 0.0, 0.55, 1.0])[:, None]
    tone = (np.asarray(old) * 0.8 * (1 - ramp) + np.asarray(young) * ramp) * (0.8 + 0.4 * branches.share)[:, None, None]
    faces = (np.arange(len(width))[:, None, None] * 4 + np.array([[0, 1, 2], [1, 3, 2]])).reshape(-1, 3)
    return _sheaf(places, normals, tone, np.zeros((len(width), 4, 2)), faces, material)


def _sheaf(places: F64, normals: F64, shade: F64, uv: F64, faces: NDArray[np.integer], material: Material) -> Sheaf:
    unit = normals / np.linalg.norm(normals, axis=-1, keepdims=True)
    return Sheaf(
        material, _rows(places, 3), _rows(unit, 3), _rows(uv, 2), _rows(shade, 3), np.ascontiguousarray(faces, np.int32)
    )


def _rows(array: F64, width: int) -> F32:
    return np.ascontiguousarray(array.reshape(-1, width), np.float32)
