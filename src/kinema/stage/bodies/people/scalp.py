"""The scalp: where hair grows, the places of it, and the combed cap that lies on it under the tresses."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from kinema.buffers.scene_frame import F32, F64, I32, Material
from kinema.stage.bodies.people.body import Body, archive, body_count
from kinema.stage.bodies.people.piece import Piece, clip, dense_weights
from kinema.stage.bodies.people.skinning import smooth_normals, triangles

SAMPLES = 8  # barycentric steps along a triangle's side at which the scalp is known
ROOTS = 0.88  # of its colour that hair shows on the scalp, among the roots of the rest
HANGS_OVER = 0.10  # metres from a parting by which hair that hangs from it is clear of the cap
EARS = 0.024  # metres behind the hairline that hair about the ears is like
FULL = 0.52  # of the cap's texture from which on it is full
DEPTH = 0.06  # metres behind the hairline over which the cap's texture runs once, from thin to full


def scalp_share(base: F32) -> F32:
    """How much of a place on the base mesh (..., 3) hair grows from, 0 to 1."""
    return np.asarray(np.clip(np.clip(hair_depth(base) / 0.012, -1, 4) * 0.5 + 0.5, 0, 1) * _head(base), np.float32)


def hair_shadow(base: F32) -> F32:
    """How dark skin at a place on the base mesh (..., 3) is of hair: from before the first one stands on it, 0 to 1."""
    t = np.clip((hair_depth(base) + 0.013) / 0.024, 0, 1)
    return np.asarray(t * t * (3 - 2 * t) * 0.9 * _head(base), np.float32)


def hairline(x: F64 | F32) -> F64:
    """Height on the base mesh of the hairline above the brow, at distances from the midline: lower at the temples."""
    uneven = 0.0012 * np.sin(x * 190) + 0.0008 * np.sin(x * 430 + 1)
    return np.asarray(0.792 + uneven - 24.0 * np.maximum(np.abs(x) - 0.02, 0) ** 2)


def hair_depth(base: F32) -> F32:
    """Metres inside the hairline, negative outside, at places on the base mesh (..., 3) of the head."""
    x, y, z = np.abs(base[..., 0]), base[..., 1], base[..., 2]
    # high over the brow, lower at the temples, in front of and round the ear to the nape
    front = z - hairline(base[..., 0])
    side = 0.062 - y
    above_ear = z - (0.742 - 0.9 * np.maximum(0.02 - y, 0))
    nape = (z - 0.655) * 0.8
    behind = 0.026 - 0.3 * np.maximum(0.73 - z, 0) - y  # close behind the ear, from there back to the nape
    return np.asarray(
        np.maximum(np.maximum(front, np.minimum(side, above_ear)), np.minimum(behind, nape)), np.float32
    ) * np.where(x < 0.2, 1, -1)


def _head(base: F32) -> F32:
    """1 on the head, without the ears."""
    x, y, z = np.abs(base[..., 0]), base[..., 1], base[..., 2]
    within = np.clip(6.0 - 6.0 * np.hypot((y - 0.028) / 0.028, (z - 0.714) / 0.036), 0, 1) * (x > 0.068)
    return np.asarray(
        np.clip((z - 0.625) / 0.01, 0, 1) * np.clip((0.0785 - x) / 0.003, 0, 1) * (1 - within), np.float32
    )


@cache
def under_hair() -> NDArray[np.bool_]:
    """(K,) of the archive's points: scalp so far behind the hairline that the cap hides it."""
    base = archive().points[: len(archive().points) - len(archive().landmarks)]
    return np.asarray((scalp_share(base) > 0.99) & (hair_depth(base) > 0.03))


def head_triangles() -> tuple[I32, F32]:
    """Triangles (F, 3) of points about the scalp, and how much hair grows on each point of the body (K,)."""
    baked = archive()
    faces = triangles(baked.corners[baked.group("body")])
    grows = scalp_share(baked.points[: body_count()])
    return faces[grows[faces].max(1) > 0.02], grows


@dataclass(frozen=True, eq=False)
class Roots:
    """Where hair grows: points, outward normals (N, 3), and base places (N, 3) on the unmorphed mesh."""

    points: F64
    normals: F64
    base: F64


@cache
def _samples() -> tuple[I32, F32, cKDTree]:
    """The scalp finely: triangles (M, 3), barycentric shares (M, 3), and the base places as a tree."""
    faces, grows = head_triangles()
    faces = faces[grows[faces].min(1) > 0.3]
    steps = np.arange(SAMPLES)
    u, v = np.meshgrid(steps, steps, indexing="ij")
    inside = u + v < SAMPLES
    shares = np.stack([u[inside], v[inside], SAMPLES - 1 - u[inside] - v[inside]], 1) / (SAMPLES - 1)
    rows = np.repeat(faces, len(shares), 0)
    mixes = np.tile(shares, (len(faces), 1)).astype(np.float32)
    base = (archive().points[rows] * mixes[:, :, None]).sum(1)
    return rows, mixes, cKDTree(base)


def roots_near(body: Body, places: F64) -> Roots:
    """The scalp nearest to places (N, 3) on the base mesh."""
    rows, mixes, tree = _samples()
    _, found = tree.query(places)
    corners, share = rows[found], mixes[found][:, :, None].astype(np.float64)
    normals = (body.normals[corners] * share).sum(1)
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-9)
    return Roots((body.points[corners] * share).sum(1), normals, (archive().points[corners] * share).sum(1))


def scattered_roots(body: Body, count: int, generator: np.random.Generator) -> Roots:
    """Roots spread evenly over the scalp by area."""
    faces, grows = head_triangles()
    faces = faces[grows[faces].min(1) > 0.8]
    a, b, c = (body.points[faces[:, k]] for k in range(3))
    area = np.linalg.norm(np.cross(b - a, c - a), axis=1)
    rows = np.sort(generator.choice(len(faces), count, p=area / area.sum()))
    u, v = generator.uniform(size=(2, count, 1))
    flip = u + v > 1
    u, v = np.where(flip, 1 - u, u), np.where(flip, 1 - v, v)

    def mix(values: F32) -> F64:
        first, second, third = (values[faces[rows, k]] for k in range(3))
        return np.asarray(first * (1 - u - v) + second * u + third * v, np.float64)

    return Roots(mix(body.points), mix(body.normals), mix(archive().points))


def _inwards(base: F32) -> F32:
    """How far into the cap's texture (N,) places on the base mesh (N, 3) lie: from its thin edge at the hairline and
    about the ears inwards, then to and fro over what is full."""
    full = _head(base)
    depth = np.where(full < 1.0, np.minimum(hair_depth(base), EARS * full), hair_depth(base)) / DEPTH + 0.04
    to_and_fro = FULL + np.abs((depth - FULL + 1.0 - FULL) % (2.0 - 2.0 * FULL) - 1.0 + FULL)
    return np.asarray(np.clip(np.where(depth < FULL, depth, to_and_fro), 0.01, 0.98), np.float32)


def cap(
    body: Body, thickness: float, look: Material, edge: float, parting: F64 | None = None, tone: float = ROOTS
) -> Piece:
    """The scalp itself, lifted by so many metres, thinning out to nothing at the hairline and along a parting.

    edge: share of hair growth down to which it reaches · parting (N, 3): places on the base mesh along it · tone: of
    its colour.
    uv: u runs along the hairline, v from 0 there to 1 where the hair is full, so that its strands leave the face.
    """
    faces, grows = head_triangles()
    used, compact = np.unique(faces, return_inverse=True)
    base = archive().points[used]
    lift = thickness * np.clip(hair_depth(base) / 0.03, 0, 1) ** 0.7 + 0.0006
    if parting is not None:  # hair hung over it rises from there, and is to hide it
        lift *= np.clip((cKDTree(parting).query(base)[0] - 0.008) / HANGS_OVER, 0.0, 1)
    points = body.points[used] + body.normals[used] * lift[:, None].astype(np.float32)
    points, rows, (weights, base) = clip(
        points.astype(np.float32),
        compact.reshape(-1, 3).astype(np.int32),
        [dense_weights()[used], base],
        (grows[used] - edge).astype(np.float32),
    )
    around = np.arctan2(base[:, 0], base[:, 2] - 0.70) / 0.9
    uv = np.stack([around, 1.0 - _inwards(base)], 1)
    normals = smooth_normals(points, rows)
    back = np.array([0.0, -0.03, points[:, 2].max()], np.float32) - points  # to the crown
    along = back - (back * normals).sum(1, keepdims=True) * normals
    along /= np.maximum(np.linalg.norm(along, axis=1, keepdims=True), 1e-6)
    colours = np.full_like(points, tone)
    return Piece(
        "hair_cap", points, rows, weights, look, uv=uv.astype(np.float32), colours=colours, normals=normals, along=along
    )
