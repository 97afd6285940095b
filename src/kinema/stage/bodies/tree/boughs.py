"""Crowns of solid boughs: fans of twigs and ragged cones, for trees that are seen too small for cut-out cards.

An opaque triangle costs a renderer a fraction of a cut-out one, and pointed boughs keep the outline of a conifer.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from kinema.buffers.scene_frame import F32, F64, Colour, Material
from kinema.stage.bodies.tree.cards import Sheaf
from kinema.stage.bodies.tree.growth import GOLDEN, Branches

SWEPT, HANG = 0.55, (0.12, 0.34)  # how far a twig reaches towards the tip and down, of how far it reaches aside
CELLS = 1.6  # metres of a bough that the foliage texture covers


def fans(branches: Branches, width: F64, tint: F64, material: Material, teeth: int, rng: np.random.Generator) -> Sheaf:
    """Boughs of 2 * teeth + 1 triangles each: twigs to both sides of a spine, apart from each other at their ends,
    swept towards the tip and hanging, dark where they leave the stem and light at their ends.

    branches: B curves · width (B,) half widths (m) · tint (B, 3). Texture u runs along the spine, v out along a twig.
    """
    count = len(width)
    up, out = np.array([0.0, 0.0, 1.0]), branches.outward[:, None]
    spine = _along(branches.points, np.append(np.arange(teeth + 1) / teeth, 1.12))  # (B, T + 2, 3)
    level = np.stack([branches.outward[:, 1], -branches.outward[:, 0], np.zeros(count)], -1)[:, None]
    middle = (np.arange(teeth) + 0.5) / teeth
    sides, normals, lights = [], [], []
    for side in (1.0, -1.0):
        shape = np.minimum(1.0, 0.50 + 1.5 * middle) * (1.0 - 0.72 * middle**1.6)
        reach = (width[:, None] * shape * rng.uniform(0.70, 1.25, (count, teeth)))[..., None]
        start = 0.5 * (spine[:, :teeth] + spine[:, 1 : teeth + 1])
        sides.append(start + reach * (side * level + SWEPT * out - rng.uniform(*HANG, (count, teeth, 1)) * up))
        normals.append(np.broadcast_to(0.55 * out + 0.75 * up + 0.30 * side * level, sides[-1].shape))
        lights.append(rng.uniform(0.86, 1.22, (count, teeth)))
    s = np.linspace(0.0, 1.0, teeth + 2)
    places = np.concatenate([spine, *sides], 1)  # (B, 3 T + 2, 3)
    facing = np.concatenate([np.broadcast_to(0.45 * out + 0.9 * up, spine.shape), *normals], 1)
    light = np.concatenate([np.broadcast_to(0.34 + 0.62 * s, (count, teeth + 2)), *lights], 1)
    shade = light[..., None] * (0.72 + 0.34 * branches.share)[:, None, None] * tint[:, None]
    run = branches.lengths[:, None] / CELLS * np.concatenate([s, middle, middle]) + np.arange(count)[:, None] * 0.618
    outer = np.concatenate([np.zeros(teeth + 2), np.full(2 * teeth, 0.96)])
    uv = np.stack([run, np.broadcast_to(outer, run.shape)], -1)
    k = np.arange(teeth)
    foot = np.maximum(k - 1, 0)  # twigs overlap where they leave the spine, or a crown would be half sky
    left, right = teeth + 2 + k, 2 * teeth + 2 + k
    tip = [left[-1], right[-1], teeth + 1]
    corners = np.concatenate([np.stack([foot, k + 1, left], -1), np.stack([k + 1, foot, right], -1), [tip]])
    faces = (np.arange(count)[:, None, None] * (3 * teeth + 2) + corners).reshape(-1, 3)
    return _sheaf(places, facing, shade, uv, faces, material)


def _along(points: F64, share: F64) -> F64:
    """Places (B, S, 3) at shares (S,) of curves (B, K, 3), beyond their ends too."""
    at = share * (points.shape[1] - 1)
    first = np.clip(at.astype(int), 0, points.shape[1] - 2)
    part = (at - first)[:, None]
    return np.asarray(points[:, first] * (1.0 - part) + points[:, first + 1] * part)


def spires(
    base: float, top: float, radius: float, tiers: int, sides: int, rng: np.random.Generator, material: Material
) -> Sheaf:
    """A crown as a stack of cones with ragged hems, for a tree a few dozen pixels high: tiers * sides triangles."""
    t = (np.arange(tiers) + rng.uniform(-0.18, 0.18, tiers)).clip(0)[:, None] / tiers  # (T, 1)
    turn = np.arange(tiers)[:, None] * GOLDEN + np.arange(sides) * 2 * np.pi / sides  # (T, S)
    wide = radius * (1 - t) ** 0.8
    reach = wide * np.where(np.arange(sides) % 2, 0.32, 1.0) * rng.uniform(0.65, 1.35, (tiers, sides))
    low = base + (top - base) * t
    high = np.minimum(low + (top - base) * 2.0 / tiers, top)
    out = np.stack([np.sin(turn), np.cos(turn), np.zeros_like(turn)], -1)  # (T, S, 3)
    hem = out * reach[..., None]
    hem[..., 2] = low + 0.7 * (wide - reach)
    tip = np.zeros_like(hem)
    tip[..., 2] = high
    up = np.array([0.0, 0.0, 1.0])
    places = np.concatenate([hem, tip], 1)  # (T, 2 S, 3)
    normals = np.concatenate([out + 0.45 * up, 0.8 * out + 0.9 * up], 1)
    hem_light = np.where(np.arange(sides) % 2, 0.5, 1.0)  # twigs' ends are light, what lies between them dark
    light = (0.74 + 0.40 * t) * np.concatenate([hem_light, np.full(sides, 0.55)])
    around = np.concatenate([turn, turn], 1)
    k = np.arange(sides)
    corners = np.stack([(k + 1) % sides, k, sides + k], -1)
    faces = (np.arange(tiers)[:, None, None] * 2 * sides + corners).reshape(-1, 3)
    uv = np.stack([around, places[..., 2] / CELLS], -1)
    made = _sheaf(places, normals, light[..., None] * np.ones(3), uv, faces, material)
    return replace(made, one_sided=True)  # from so far away nobody looks into a crown from below


def blades(branches: Branches, width: F64, old: Colour, young: Colour, material: Material, bent: bool) -> Sheaf:
    """Blades of grass, two triangles each if bent over and else one: dark at the ground, light at the tip.

    width (B,): half widths (m) at the foot · old, young: linear colours of foot and tip.
    """
    level = np.stack([branches.outward[:, 1], -branches.outward[:, 0], np.zeros(len(width))], -1) * width[:, None]
    foot, middle, tip = (branches.points[:, k] for k in (0, branches.points.shape[1] // 2, -1))
    rows, ramp, corners = [foot - level, foot + level, tip], [0.0, 0.0, 1.0], [[0, 1, 2]]
    if bent:
        rows, ramp, corners = [*rows, middle - 0.55 * level], [*ramp, 0.55], [[0, 1, 3], [1, 2, 3]]
    places, share = np.stack(rows, 1), np.array(ramp)[:, None]
    normals = 0.35 * branches.outward[:, None] + np.array([0, 0, 1.0]) + 0 * places
    own = (0.65 + 0.6 * branches.share)[:, None, None]
    tone = (np.asarray(old) * 0.55 * (1 - share) + np.asarray(young) * share) * own
    faces = (np.arange(len(width))[:, None, None] * len(rows) + np.array(corners)).reshape(-1, 3)
    return _sheaf(places, normals, tone, np.zeros((*places.shape[:2], 2)), faces, material)


def _sheaf(places: F64, normals: F64, shade: F64, uv: F64, faces: NDArray[np.integer], material: Material) -> Sheaf:
    unit = normals / np.linalg.norm(normals, axis=-1, keepdims=True)
    return Sheaf(
        material, _rows(places, 3), _rows(unit, 3), _rows(uv, 2), _rows(shade, 3), np.ascontiguousarray(faces, np.int32)
    )


def _rows(array: F64, width: int) -> F32:
    return np.ascontiguousarray(array.reshape(-1, width), np.float32)
