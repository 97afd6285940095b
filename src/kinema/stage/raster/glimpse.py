"""What a few samples far apart see: place, smooth normal and depth, of the triangle alone.

Samples of a coarse grid hardly ever share a triangle, so nothing is worked out ahead for a triangle as in `resolve`.
"""

from __future__ import annotations

import numpy as np

from kinema.buffers.scene_frame import F32, I32
from kinema.stage.raster.assembly import Geometry
from kinema.stage.raster.kernel import disjoint
from kinema.stage.raster.resolve import FIELDS, LEVEL, NOUGHT, ONE, TINY, TWO, UPRIGHT, Surfels
from kinema.stage.raster.triangles import Triangles, View


@disjoint
def look(  # type: ignore[no-untyped-def]
    sx, sy, tri, planes, where, faces, normals, water, rays, values, surface
):  # fmt: skip
    """Fill the rows of values (FIELDS, N) that tell place, normal, depth and the wet plane, and surface (N,).

    water: height of a wet plane above the eye · rays (3, 3): world direction of screen (u, v, 1) with unit depth
    """
    for n in range(tri.shape[0]):
        r = tri[n]
        depth, nx, ny, nz = ONE, NOUGHT, NOUGHT, NOUGHT
        if r >= 0:
            x, y = sx[n] - np.float32(where[r, 1]), sy[n] - np.float32(where[r, 3])
            depth = ONE / (planes[r, 9] * x + planes[r, 10] * y + planes[r, 11])
            for corner in range(3):
                part = planes[r, 3 * corner] * x + planes[r, 3 * corner + 1] * y + planes[r, 3 * corner + 2]
                at = faces[where[r, 0], corner]
                nx, ny, nz = nx + part * normals[at, 0], ny + part * normals[at, 1], nz + part * normals[at, 2]
            unit = (-ONE if where[r, 5] & 1 else ONE) / (np.sqrt(nx * nx + ny * ny + nz * nz) + TINY)
            nx, ny, nz = nx * unit, ny * unit, nz * unit
        px = (rays[0, 0] * sx[n] + rays[0, 1] * sy[n] + rays[0, 2]) * depth
        py = (rays[1, 0] * sx[n] + rays[1, 1] * sy[n] + rays[1, 2]) * depth
        pz = (rays[2, 0] * sx[n] + rays[2, 1] * sy[n] + rays[2, 2]) * depth
        wet = r >= 0 and abs(pz - water) < LEVEL and nz > UPRIGHT
        # as `resolve` turns a smooth normal that leans away from the eye
        facing = TWO * max(NOUGHT, nx * px + ny * py + nz * pz) / (px * px + py * py + pz * pz)
        nx, ny, nz = nx - facing * px, ny - facing * py, nz - facing * pz
        unit = ONE / (np.sqrt(nx * nx + ny * ny + nz * nz) + TINY)
        values[0, n], values[1, n], values[2, n] = px, py, pz
        values[3, n], values[4, n], values[5, n] = nx * unit, ny * unit, nz * unit
        values[16, n] = depth if r >= 0 else np.float32(np.inf)
        values[21, n] = ONE if wet else NOUGHT
        surface[n] = where[r, 6] if r >= 0 else -1


def glimpse(
    geometry: Geometry, view: View, triangles: Triangles, water: float | None, x: F32, y: F32, record: I32
) -> Surfels:
    """Surfels of samples at screen places x, y (N,) that see these records (N,), all that is not told here 0; water:
    height of a wet plane."""
    values, surface = np.zeros((FIELDS, len(record)), np.float32), np.empty(len(record), np.int32)
    height = np.float32(-1e9 if water is None else water - view.position[2])
    look(
        x, y, record, triangles.planes, triangles.where, geometry.faces, geometry.normals, height,
        np.linalg.inv(view.matrix).astype(np.float32), values, surface,
    )  # fmt: skip
    return Surfels(values, surface, x, y)
