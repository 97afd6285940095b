"""Loose stones: balls cut by planes, so that they have faces and edges as broken rock does."""

from __future__ import annotations

import functools

import numpy as np

from kinema.buffers.scene_frame import F64, I32
from kinema.stage.bodies.tree.cards import Sheaf
from kinema.stage.bodies.tree.tree import Detail
from kinema.stage.chance import chance
from kinema.stage.sets.earth import ROCK_SPAN, rock

ROUNDS: dict[Detail, int] = {"near": 2, "mid": 1, "far": 0, "distant": 0}


@functools.cache
def stone(variant: int, detail: Detail) -> tuple[Sheaf, ...]:
    """A stone about a metre across, its middle a little above the ground: 320, 80 or 20 triangles."""
    rng = chance(0, f"stone/{variant}", "cuts")
    points, faces = _ball(ROUNDS[detail])
    normals = rng.normal(0, 1, (18, 3))
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    reach = rng.uniform(0.62, 1.0, 18)
    along = points @ normals.T  # (V, 18)
    radius = np.where(along > 0.05, reach / np.maximum(along, 0.05), 9.0).min(1)
    shape = points * (0.5 * np.minimum(radius, 1.05))[:, None] * rng.uniform([0.85, 0.7, 0.5], [1.25, 1.0, 0.85])
    shape[:, 2] += 0.12
    corners = shape[faces]  # (F, 3, 3): every face has its own corners, so that edges stay sharp
    up = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    up /= np.maximum(np.linalg.norm(up, axis=1, keepdims=True), 1e-9)
    smooth = points[faces]
    shaded = up[:, None] * 0.75 + 0.25 * smooth
    shaded /= np.linalg.norm(shaded, axis=2, keepdims=True)
    uv = (
        np.stack([corners[..., 0] + 0.5 * corners[..., 1], corners[..., 2] + 0.5 * corners[..., 1]], -1) / ROCK_SPAN * 2
    )
    dark = np.clip(0.62 + 0.9 * (corners[..., 2] + 0.1), 0.5, 1.0)  # soil and shade at the foot
    return (
        Sheaf(
            rock(),
            corners.reshape(-1, 3).astype(np.float32),
            shaded.reshape(-1, 3).astype(np.float32),
            uv.reshape(-1, 2).astype(np.float32),
            np.repeat(dark.reshape(-1, 1), 3, 1).astype(np.float32),
            np.arange(len(faces) * 3, dtype=np.int32).reshape(-1, 3),
            one_sided=True,
        ),
    )


def _ball(rounds: int) -> tuple[F64, I32]:
    """An icosahedron split `rounds` times, its corners on the unit sphere."""
    g = (1 + 5**0.5) / 2
    points = [np.array(p, float) for p in ((-1, g, 0), (1, g, 0), (-1, -g, 0), (1, -g, 0), (0, -1, g), (0, 1, g))]
    points += [np.array(p, float) for p in ((0, -1, -g), (0, 1, -g), (g, 0, -1), (g, 0, 1), (-g, 0, -1), (-g, 0, 1))]
    faces = [(0, 11, 5), (0, 5, 1), (0, 1, 7), (0, 7, 10), (0, 10, 11), (1, 5, 9), (5, 11, 4), (11, 10, 2), (10, 7, 6)]
    faces += [(7, 1, 8), (3, 9, 4), (3, 4, 2), (3, 2, 6), (3, 6, 8), (3, 8, 9), (4, 9, 5), (2, 4, 11), (6, 2, 10)]
    faces += [(8, 6, 7), (9, 8, 1)]
    for _ in range(rounds):
        middles: dict[tuple[int, int], int] = {}

        def middle(i: int, j: int, known: dict[tuple[int, int], int] = middles) -> int:
            key = min(i, j), max(i, j)
            if key not in known:
                known[key] = len(points)
                points.append((points[i] + points[j]) / 2)
            return known[key]

        split = []
        for i, j, k in faces:
            a, b, c = middle(i, j), middle(j, k), middle(k, i)
            split += [(i, a, c), (j, b, a), (k, c, b), (a, b, c)]
        faces = split
    places = np.array(points)
    return places / np.linalg.norm(places, axis=1, keepdims=True), np.array(faces, np.int32)
