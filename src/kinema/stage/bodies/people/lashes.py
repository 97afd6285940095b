"""Lashes: slender curved blades along the lids, and the units that move a face."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from kinema.buffers.scene_frame import F32, I32, Material
from kinema.stage.bodies.people.body import Body, archive
from kinema.stage.bodies.people.piece import Piece, dense_weights
from kinema.stage.bodies.people.skeleton import FACE_UNITS
from kinema.stage.chance import chance

LID_UNITS = ("look_down", "look_up")
# where a shut lid takes the five points of a lash besides moving them, metres
FOLDED = np.array([[0, 0, 0], [0, 0, 0], [0, 0.0008, -0.0016], [0, 0.0008, -0.0016], [0, 0.0016, -0.0052]], np.float32)
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
    """Lashes as slender curved blades, moving with the lids."""
    parts = [
        _lashes(body, curve, number, length, drop)
        for curves, number, length, drop in zip(
            lash_curves(), (round(32 + 24 * lushness), 26), (0.85 + 0.35 * lushness, 0.6), (1, -1), strict=True
        )
        for curve in curves
    ]
    points, faces, weights, units = [], [], [], []
    count = 0
    for part_points, part_faces, part_weights, part_units in parts:
        points.append(part_points)
        faces.append(part_faces + count)
        weights.append(part_weights)
        units.append(part_units)
        count += len(part_points)
    material = Material("lashes", albedo=(0.012, 0.010, 0.009), roughness=1.0)
    deltas = {unit: np.concatenate([u[unit] for u in units]) for unit in UNITS}
    return Piece(
        "lashes", np.concatenate(points), np.concatenate(faces), np.concatenate(weights), material, units=deltas
    )


def _lashes(body: Body, curve: LashCurve, number: int, length: float, up: int) -> tuple[F32, I32, F32, dict[str, F32]]:
    generator = chance(0, "lashes", f"{number}")
    t = np.linspace(0.03, 0.97, number) + generator.uniform(-0.008, 0.008, number)
    lengths = length * (0.75 + 0.35 * np.sin(np.pi * np.clip(t, 0, 1) ** 0.7)) * generator.uniform(0.85, 1.1, number)

    def along(values: F32, rows: I32) -> F32:
        at = t * (len(rows) - 1)
        low = np.clip(at.astype(int), 0, len(rows) - 2)
        part = (at - low)[:, None]
        return np.asarray(values[rows[low]] * (1 - part) + values[rows[low + 1]] * part, np.float32)

    root, tip = along(body.points, curve.roots), along(body.points, curve.tips)
    side = along(body.points, curve.roots[[*range(1, 10), 9]]) - root + 1e-6
    side /= np.linalg.norm(side, axis=1, keepdims=True)
    reach = (tip - root) * lengths[:, None]
    lift = np.array([0.0, 0.0, 0.0022 * up])
    middle = root + reach * 0.55 - lift * 0.25
    end = root + reach + lift * 0.45 * lengths[:, None]
    wide, narrow = side * 0.00026, side * 0.00018
    points = np.stack([root - wide, root + wide, middle - narrow, middle + narrow, end], 1).reshape(-1, 3)
    blade = np.array([[0, 1, 2], [1, 3, 2], [2, 3, 4]], np.int32)
    faces = (np.arange(number, dtype=np.int32)[:, None, None] * 5 + blade).reshape(-1, 3)
    weights = np.repeat(along(dense_weights(), curve.roots), 5, 0)
    units = {unit: np.repeat(along(unit_delta(unit), curve.roots), 5, 0) for unit in UNITS}
    if up > 0:  # a lid that shuts turns its lashes down with it
        units["blink"] = (units["blink"] + np.tile(FOLDED, (number, 1)) * np.repeat(lengths, 5)[:, None]).astype(
            np.float32
        )
    return points.astype(np.float32), faces, weights, units
