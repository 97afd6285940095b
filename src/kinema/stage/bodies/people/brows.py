"""Eyebrows: slender blades over a painted shadow, standing up at the nose and lying down outwards."""

from __future__ import annotations

from functools import cache

import numpy as np
from scipy.spatial import cKDTree

from kinema.buffers.scene_frame import F32, F64, I32, Colour, Material
from kinema.stage.bodies.people.body import Body, archive
from kinema.stage.bodies.people.canvas import face_quads
from kinema.stage.bodies.people.lashes import UNITS, unit_delta
from kinema.stage.bodies.people.piece import Piece, dense_weights
from kinema.stage.bodies.people.skinning import triangles
from kinema.stage.chance import chance

HAIRS = 80  # of one brow
LENGTH, WIDTH, LIFT = 0.0066, 0.00018, 0.0006  # metres
SAMPLES = 7  # barycentric steps along a triangle's side at which the skin is known
INNER, OUTER = 0.0135, 0.056  # metres from the midline on the base mesh


def brow_line(along: F32 | F64) -> F64:
    """Height on the base mesh of a brow's middle, from its inner end (0) to its outer (1)."""
    return np.asarray(0.7462 + 0.0062 * np.sin(np.pi * along**1.4) - 0.0012 * along)


def brow_half(along: F32 | F64, thickness: float) -> F64:
    """Half of its width there (m)."""
    return np.asarray((0.0042 - 0.0030 * along) * thickness)


def brow_lean(along: F32 | F64) -> F64:
    """How steeply its hairs stand there (radians)."""
    return np.asarray(np.radians(62) * (1 - along) ** 1.3 + np.radians(4))


@cache
def _skin() -> tuple[I32, F32, cKDTree]:
    """Skin about the brows, finely: triangles (M, 3) of points, shares (M, 3), and the base places as a tree."""
    baked = archive()
    faces = baked.corners[triangles(baked.group("body")[face_quads()])]
    middle = baked.points[faces].mean(1)
    faces = faces[(np.abs(middle[:, 2] - 0.748) < 0.025) & (middle[:, 1] > 0.085)]
    u, v = np.meshgrid(np.arange(SAMPLES), np.arange(SAMPLES), indexing="ij")
    inside = u + v < SAMPLES
    shares = np.stack([u[inside], v[inside], SAMPLES - 1 - u[inside] - v[inside]], 1) / (SAMPLES - 1)
    rows, mixes = np.repeat(faces, len(shares), 0), np.tile(shares, (len(faces), 1)).astype(np.float32)
    base = (baked.points[rows] * mixes[:, :, None]).sum(1)
    return rows, mixes, cKDTree(base[:, [0, 2]])


def brow_piece(body: Body, hair: Colour, thickness: float) -> Piece:
    """Both brows' hairs, moving with the face."""
    lot = chance(0, "brows", "hairs")
    along = lot.beta(1.35, 1.45, HAIRS)
    across = lot.uniform(-1, 1, HAIRS) * (1 - 0.3 * along)
    lean = brow_lean(along) - np.radians(16) * across + lot.normal(0, np.radians(7), HAIRS)
    length = LENGTH * lot.uniform(0.65, 1.1, HAIRS) * (1 - 0.35 * along) * (0.75 + 0.25 * thickness)
    x, z = INNER + along * (OUTER - INNER), brow_line(along) + across * 0.85 * brow_half(along, thickness)
    parts = [_blades(body, side, x, z, lean, length) for side in (-1.0, 1.0)]
    points, weights = (np.concatenate([part[k] for part in parts]) for k in (0, 1))
    units = {unit: np.concatenate([part[2][unit] for part in parts]) for unit in UNITS}
    blade = np.array([[0, 1, 2], [1, 3, 2], [2, 3, 4]], np.int32)
    faces = (np.arange(2 * HAIRS, dtype=np.int32)[:, None, None] * 5 + blade).reshape(-1, 3)
    red, green, blue = hair
    look = Material("brows", albedo=(0.75 * red, 0.75 * green, 0.75 * blue), roughness=0.85)
    return Piece("brows", points, faces, weights, look, units=units)


def _blades(body: Body, side: float, x: F64, z: F64, lean: F64, length: F64) -> tuple[F32, F32, dict[str, F32]]:
    """Points (5 N, 3) of one brow's hairs, their weights and how face units move them."""
    rows, mixes, tree = _skin()
    _, found = tree.query(np.stack([side * x, z], 1))
    corners, mix = rows[found], mixes[found][:, :, None]

    def at(values: F32) -> F32:
        return np.asarray((values[corners] * mix).sum(1), np.float32)

    root, normal = at(body.points), at(body.normals)
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    way = np.stack([side * np.cos(lean), np.zeros_like(lean), np.sin(lean)], 1)
    way -= (way * normal).sum(1, keepdims=True) * normal
    way /= np.linalg.norm(way, axis=1, keepdims=True)
    aside = np.cross(normal, way)
    reach = way * length[:, None]
    middle, end = root + 0.55 * reach + normal * LIFT, root + reach + normal * 0.4 * LIFT
    wide, narrow = aside * WIDTH, aside * (0.75 * WIDTH)
    root = root + normal * 0.0001
    points = np.stack([root - wide, root + wide, middle - narrow, middle + narrow, end], 1).reshape(-1, 3)
    units = {unit: np.repeat(at(unit_delta(unit)), 5, 0) for unit in UNITS}
    return points.astype(np.float32), np.repeat(at(dense_weights()), 5, 0), units
