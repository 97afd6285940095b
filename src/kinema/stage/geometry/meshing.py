"""Distance models to triangle meshes: marching cubes, simplification, and pulling back onto the true surface."""

from __future__ import annotations

from collections.abc import Sequence

import fast_simplification
import numpy as np
from numpy.typing import NDArray

from kinema.stage.cache import kept
from kinema.stage.geometry.sdf import F32, Part, field, gradient, sample

I32 = NDArray[np.int32]


def mesh_parts(parts: Sequence[Part], cell: float, triangles: int) -> tuple[F32, F32, I32]:
    """A model's surface: positions (V, 3), unit normals (V, 3), faces (F, 3) counter-clockwise from outside.

    cell: grid spacing in metres · triangles: about how many to keep. Vertices are pulled back onto the true surface
    after simplification, and normals come from the distance's gradient, so few triangles still shade smoothly.
    """
    return kept("mesh", (tuple(parts), cell, triangles), lambda: _mesh(parts, cell, triangles))


def _mesh(parts: Sequence[Part], cell: float, triangles: int) -> tuple[F32, F32, I32]:
    from skimage.measure import marching_cubes  # takes a second to load, and the cache mostly spares it

    volume = sample(parts, cell)
    points, faces, _, _ = marching_cubes(volume.values, 0.0, gradient_direction="ascent")
    points = points.astype(np.float32) * np.float32(cell) + volume.origin
    if len(faces) > triangles:
        small, few = fast_simplification.simplify(points, faces.astype(np.int32), target_count=triangles)
        points, faces = small.astype(np.float32), few
    faces = _outward(parts, points, faces.astype(np.int32))
    for _ in range(2):
        points = points - gradient(parts, points, cell / 2) * np.clip(field(parts, points), -cell, cell)[:, None]
    points = points.astype(np.float32)
    return points, gradient(parts, points, cell), faces


def _outward(parts: Sequence[Part], points: F32, faces: I32) -> I32:
    """Drop slivers; turn the winding so that the volume enclosed is positive."""
    a, b, c = (points[faces[:, k]].astype(np.float64) for k in range(3))
    area = np.linalg.norm(np.cross(b - a, c - a), axis=1)
    faces = faces[area > 1e-12]
    volume = float(np.einsum("nk,nk->", a, np.cross(b, c)))
    return np.ascontiguousarray(faces if volume > 0 else faces[:, ::-1]).astype(np.int32)
