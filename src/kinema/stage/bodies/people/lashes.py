"""Lashes: curved strips along the lids, cut out into hairs, and the units that move a face."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from kinema.buffers.scene_frame import F32, F64, I32, Material, Texture
from kinema.stage.bodies.people.body import Body, archive
from kinema.stage.bodies.people.maps import eight_bit
from kinema.stage.bodies.people.piece import Piece, dense_weights
from kinema.stage.bodies.people.skeleton import FACE_UNITS
from kinema.stage.bodies.people.skinning import triangles
from kinema.stage.chance import chance

LID_UNITS = ("look_down", "look_up")
COLUMNS = 12  # of a strip
# where a shut lid takes root, middle and tip of a lash besides moving them, metres
FOLDED = np.array([[0, 0, 0], [0, 0.0008, -0.0016], [0, 0.0016, -0.0052]], np.float32)
UNITS = (*FACE_UNITS, *LID_UNITS)


@cache
def unit_delta(unit: str) -> F32:
    """How a face unit moves the archive's points (K, 3), in metres. Heads are never turned at rest, so this holds."""
    baked = archive()
    count = len(baked.points) - len(baked.landmarks)
    return baked.deltas[f"unit_{unit}"][:count].astype(np.float32) * np.float32(1e-4)


@dataclass(frozen=True, eq=False)
class LashCurve:
    """One lid's lashes: the archive's points along the roots and along the tips (N,), from the nose outwards."""

    roots: I32
    tips: I32


@cache
def lash_curves() -> tuple[tuple[LashCurve, ...], tuple[LashCurve, ...]]:
    """Upper curves and lower curves, left then right, read off the archive's lash helpers."""
    baked = archive()
    upper: list[LashCurve] = []
    lower: list[LashCurve] = []
    for side in ("left", "right"):
        owners = np.unique(baked.corners[baked.group(f"lashes_{side}")])
        places = baked.points[owners]
        middle = baked.points[len(baked.points) - len(baked.landmarks) + baked.landmarks.index(f"eye_{side}")]
        outward = np.abs(places[:, 0])
        for curves, above in ((upper, True), (lower, False)):
            rows = np.flatnonzero((places[:, 2] > middle[2] - 0.0008) == above)
            edges = np.quantile(outward[rows], np.linspace(0, 1, 11))
            bins = np.clip(np.searchsorted(edges, outward[rows], side="right") - 1, 0, 9)
            reach = np.linalg.norm(places[rows] - middle, axis=1)
            roots = [rows[bins == k][np.argmin(reach[bins == k])] for k in range(10)]
            tips = [rows[bins == k][np.argmax(reach[bins == k])] for k in range(10)]
            curves.append(LashCurve(owners[roots].astype(np.int32), owners[tips].astype(np.int32)))
    return tuple(upper), tuple(lower)


def lash_piece(body: Body, lushness: float) -> Piece:
    """Lashes as four strips that move with the lids: lushness 0 to 1."""
    upper, lower = lash_curves()
    strips = [_strip(body, curve, 0.95 + 0.40 * lushness, 1) for curve in upper]
    strips += [_strip(body, curve, 0.6, -1) for curve in lower]
    index = np.arange(3 * COLUMNS).reshape(COLUMNS, 3)
    quads = np.stack([index[:-1, :-1], index[1:, :-1], index[1:, 1:], index[:-1, 1:]], -1).reshape(-1, 4)
    material = Material("lashes", albedo=(0.012, 0.010, 0.009), roughness=1.0, texture=lash_texture())
    columns, rows = np.meshgrid(np.linspace(0.01, 0.99, COLUMNS), (0.99, 0.45, 0.01), indexing="ij")
    return Piece(
        "lashes",
        np.concatenate([strip.points for strip in strips]),
        np.concatenate([triangles(quads.astype(np.int32)) + k * index.size for k in range(len(strips))]),
        np.concatenate([strip.weights for strip in strips]),
        material,
        uv=np.tile(np.stack([columns, rows], -1).reshape(-1, 2), (len(strips), 1)).astype(np.float32),
        units={unit: np.concatenate([strip.units[unit] for strip in strips]) for unit in UNITS},
    )


@dataclass(frozen=True, eq=False)
class _Strip:
    """One lid's lashes: points (3 COLUMNS, 3) by column from root to tip, their weights and what face units do."""

    points: F32
    weights: F32
    units: dict[str, F32]


def _strip(body: Body, curve: LashCurve, length: float, up: int) -> _Strip:
    """up: 1 on an upper lid, -1 on a lower one."""
    t = np.linspace(0.0, 1.0, COLUMNS)
    lengths = length * (0.75 + 0.35 * np.sin(np.pi * t**0.7))

    def along(values: F32, rows: I32) -> F64:
        at = t * (len(rows) - 1)
        low = np.clip(at.astype(int), 0, len(rows) - 2)
        part = (at - low)[:, None]
        return np.asarray(values[rows[low]] * (1 - part) + values[rows[low + 1]] * part)

    root, tip = along(body.points, curve.roots), along(body.points, curve.tips)
    reach = (tip - root) * lengths[:, None]
    lift = np.array([0.0, 0.0, 0.0022 * up])
    points = np.stack([root, root + reach * 0.55 - lift * 0.25, root + reach + lift * 0.45 * lengths[:, None]], 1)
    units = {unit: np.repeat(along(unit_delta(unit), curve.roots), 3, 0) for unit in UNITS}
    if up > 0:  # a lid that shuts turns its lashes down with it
        units["blink"] = units["blink"] + np.tile(FOLDED, (COLUMNS, 1)) * np.repeat(lengths, 3)[:, None]
    weights = np.repeat(along(dense_weights(), curve.roots), 3, 0)
    return _Strip(
        points.reshape(-1, 3).astype(np.float32), weights.astype(np.float32),
        {unit: delta.astype(np.float32) for unit, delta in units.items()},
    )  # fmt: skip


@cache
def lash_texture() -> Texture:
    """Tapering hairs of uneven length on a dense root line: seen from afar the line stays and the tips fade."""
    high, wide, count = 64, 512, 46
    lot = chance(0, "lashes", "hairs")
    out = (np.arange(high)[:, None] + 0.5) / high  # from the root, which is the first row
    across = (np.arange(wide)[None] + 0.5) / wide
    alpha = np.clip((0.13 - out) / 0.05 + 0.5, 0, 1) * np.ones_like(across)
    for place in (np.arange(count) + lot.uniform(0.2, 0.8, count)) / count:
        long, lean = lot.uniform(0.6, 1.0), (place - 0.5) * 0.03 + lot.normal(0, 0.006)
        half = 0.0062 * np.clip(1.0 - out / long, 0, 1) ** 0.7
        hair = np.clip(0.5 + (half - np.abs(across - place - lean * out)) * wide * 0.7, 0, 1)
        alpha = np.maximum(alpha, hair * (out < long))
    return Texture("lashes", alpha=eight_bit(alpha.astype(np.float32)))
