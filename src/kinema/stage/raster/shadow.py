"""Depth maps seen along a direction, for shadows of the key light and of the sky."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kinema.buffers.scene_frame import F32, F64
from kinema.stage.raster.assembly import Geometry
from kinema.stage.raster.kernel import kernel
from kinema.stage.raster.textures import sample_cell
from kinema.stage.raster.triangles import merged


@dataclass(frozen=True, eq=False)
class Slab:
    """A parallel projection: texel = matrix @ (p, 1), rows u, v (texels) and depth (m, away from the light)."""

    matrix: F64  # (3, 4)
    size: int
    texel: float  # metres


@kernel
def draw_depth(  # type: ignore[no-untyped-def]
    positions, faces, face_material, classes, maps, uv, cells, levels, start, end, matrix, depth
):
    """Keep in depth (S, S) the least distance along the light over faces [start, end)."""
    size = depth.shape[0]
    for f in range(start, end):
        m = face_material[f]
        if classes[m] == 2:
            continue
        i, j, k = faces[f, 0], faces[f, 1], faces[f, 2]
        x0, y0, z0 = np.float64(positions[i, 0]), np.float64(positions[i, 1]), np.float64(positions[i, 2])
        x1, y1, z1 = np.float64(positions[j, 0]), np.float64(positions[j, 1]), np.float64(positions[j, 2])
        x2, y2, z2 = np.float64(positions[k, 0]), np.float64(positions[k, 1]), np.float64(positions[k, 2])
        u0 = matrix[0, 0] * x0 + matrix[0, 1] * y0 + matrix[0, 2] * z0 + matrix[0, 3]
        u1 = matrix[0, 0] * x1 + matrix[0, 1] * y1 + matrix[0, 2] * z1 + matrix[0, 3]
        u2 = matrix[0, 0] * x2 + matrix[0, 1] * y2 + matrix[0, 2] * z2 + matrix[0, 3]
        left, right = min(u0, u1, u2), max(u0, u1, u2)
        if right < 0.0 or left > size or np.ceil(left - 0.500001) > np.floor(right - 0.499999):
            continue  # beyond the map, or between two columns of texels
        v0 = matrix[1, 0] * x0 + matrix[1, 1] * y0 + matrix[1, 2] * z0 + matrix[1, 3]
        v1 = matrix[1, 0] * x1 + matrix[1, 1] * y1 + matrix[1, 2] * z1 + matrix[1, 3]
        v2 = matrix[1, 0] * x2 + matrix[1, 1] * y2 + matrix[1, 2] * z2 + matrix[1, 3]
        top, bottom = min(v0, v1, v2), max(v0, v1, v2)
        if bottom < 0.0 or top > size or np.ceil(top - 0.5) > np.floor(bottom - 0.5):
            continue
        area = (u1 - u0) * (v2 - v0) - (u2 - u0) * (v1 - v0)
        if abs(area) < 1e-12:
            continue
        d0 = matrix[2, 0] * x0 + matrix[2, 1] * y0 + matrix[2, 2] * z0 + matrix[2, 3]
        d1 = matrix[2, 0] * x1 + matrix[2, 1] * y1 + matrix[2, 2] * z1 + matrix[2, 3]
        d2 = matrix[2, 0] * x2 + matrix[2, 1] * y2 + matrix[2, 2] * z2 + matrix[2, 3]
        # barycentrics of corners 1 and 2: linear in (u, v)
        a1, b1 = (v2 - v0) / area, -(u2 - u0) / area
        a2, b2 = -(v1 - v0) / area, (u1 - u0) / area
        alpha = maps[m, 1] if classes[m] == 1 else -1
        level = 0
        if alpha >= 0:
            du = abs((uv[j, 0] - uv[i, 0]) * a1 + (uv[k, 0] - uv[i, 0]) * a2) * levels[alpha, 0, 1]
            dv = abs((uv[j, 1] - uv[i, 1]) * b1 + (uv[k, 1] - uv[i, 1]) * b2) * levels[alpha, 0, 2]
            level = min(11, int(np.log2(max(du, dv, 1.0))))
        for y in range(max(0, int(np.ceil(top - 0.5))), min(size - 1, int(np.floor(bottom - 0.5))) + 1):
            row = y + 0.5 - v0
            low, high = left, right
            for edge in range(3):
                if edge == 0:
                    a, rest = a1, b1 * row - a1 * u0
                elif edge == 1:
                    a, rest = a2, b2 * row - a2 * u0
                else:
                    a, rest = -a1 - a2, 1.0 - (b1 + b2) * row + (a1 + a2) * u0
                if a > 1e-18:
                    low = max(low, -rest / a)
                elif a < -1e-18:
                    high = min(high, -rest / a)
                elif rest < -1e-9:
                    high = low - 10.0
            for x in range(max(0, int(np.ceil(low - 0.5 - 1e-6))), min(size - 1, int(np.floor(high - 0.5 + 1e-6))) + 1):
                w1 = a1 * (x + 0.5 - u0) + b1 * row
                w2 = a2 * (x + 0.5 - u0) + b2 * row
                d = np.float32(d0 + w1 * (d1 - d0) + w2 * (d2 - d0))
                if d >= depth[y, x]:
                    continue
                if alpha >= 0:
                    u = uv[i, 0] + w1 * (uv[j, 0] - uv[i, 0]) + w2 * (uv[k, 0] - uv[i, 0])
                    v = uv[i, 1] + w1 * (uv[j, 1] - uv[i, 1]) + w2 * (uv[k, 1] - uv[i, 1])
                    if sample_cell(cells, levels, alpha, level, u, v) < 0.5:
                        continue
                depth[y, x] = d


def slab(direction: F64, centre: F64, radius: float, size: int) -> Slab:
    """The map along a light: a square of 2 radius metres around centre, snapped to texels so that it never swims."""
    towards = direction / np.linalg.norm(direction)
    side = np.cross(towards, [0.0, 0.0, 1.0] if abs(towards[2]) < 0.99 else [0.0, 1.0, 0.0])
    side /= np.linalg.norm(side)
    up = np.cross(side, towards)
    texel = 2.0 * radius / size
    corner = np.floor(np.array([side @ centre, up @ centre]) / texel) - size / 2.0
    matrix = np.zeros((3, 4))
    matrix[0, :3], matrix[1, :3], matrix[2, :3] = side / texel, up / texel, -towards
    matrix[:2, 3] = -corner
    return Slab(matrix, size, texel)


def touching(slab: Slab, bounds: F32) -> NDArray[np.bool_]:
    """Which bounding spheres (S, 4) may cast into the map."""
    middle = bounds[:, :3] @ slab.matrix[:2, :3].T + slab.matrix[:2, 3]
    reach = bounds[:, 3:4] / slab.texel
    return np.asarray(((middle + reach > 0) & (middle - reach < slab.size)).all(1))


def enclosed(slab: Slab, bounds: F32, margin: float) -> NDArray[np.bool_]:
    """Which bounding spheres (S, 4) cast into the map only, and `margin` texels or more from its rim."""
    middle = bounds[:, :3] @ slab.matrix[:2, :3].T + slab.matrix[:2, 3]
    reach = bounds[:, 3:4] / slab.texel + margin
    return np.asarray(((middle - reach > 0) & (middle + reach < slab.size)).all(1))


def extent(slab: Slab, bounds: F32) -> tuple[slice, slice]:
    """Rows and columns of the map that bounding spheres (S, 4) may cast into."""
    middle = bounds[:, :3] @ slab.matrix[:2, :3].T + slab.matrix[:2, 3]
    reach = bounds[:, 3:4] / slab.texel + 1.0
    low = np.floor((middle - reach).min(0, initial=slab.size)).astype(int).clip(0, slab.size)
    high = np.ceil((middle + reach).max(0, initial=0)).astype(int).clip(low, slab.size)
    return slice(int(low[1]), int(high[1])), slice(int(low[0]), int(high[0]))


def cast(geometry: Geometry, chosen: NDArray[np.bool_], slab: Slab, depth: F32) -> None:
    """Draw the chosen surfaces (S,) into depth (size, size), metres along the light, inf where nothing stands."""
    classes = geometry.materials[:, 12].astype(np.int32)
    for start, end in merged(geometry.face_range[chosen & touching(slab, geometry.bounds)]):
        draw_depth(
            geometry.positions, geometry.faces, geometry.face_material, classes, geometry.maps, geometry.uv,
            geometry.atlas.cells, geometry.atlas.levels, start, end, slab.matrix, depth,
        )  # fmt: skip
