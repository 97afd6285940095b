"""Depth maps seen along a direction, for shadows of the key light and of the sky."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kinema.buffers.scene_frame import F32, F64
from kinema.stage.raster.assembly import Geometry
from kinema.stage.raster.kernel import disjoint, inlined
from kinema.stage.raster.textures import sample_cell
from kinema.stage.raster.triangles import merged

NARROW = 12.0  # texels; wider triangles are drawn by spans
SLACK = 1e-7  # of a triangle, so that neighbours leave no crack


@dataclass(frozen=True, eq=False)
class Slab:
    """A parallel projection: texel = matrix @ (p, 1), rows u, v (texels) and depth (m, away from the light)."""

    matrix: F64  # (3, 4)
    size: int
    texel: float  # metres


@disjoint
def shine(positions, start, end, matrix, lit):  # type: ignore[no-untyped-def]
    """Vertices [start, end) of positions (V, 3) as the map has them, texels and metres, into lit (V, 3)."""
    for row in range(3):
        a, b, c, d = matrix[row, 0], matrix[row, 1], matrix[row, 2], matrix[row, 3]
        for n in range(start, end):
            lit[n, row] = np.float32(a * positions[n, 0] + b * positions[n, 1] + c * positions[n, 2] + d)


@inlined
def fill(depth, x0, x1, y0, y1, a1, b1, c1, a2, b2, c2, d0, d1, d2):  # type: ignore[no-untyped-def]
    """Draw a small triangle into rows [y0, y1), columns [x0, x1): every texel is asked whether it lies inside, by the
    barycentrics a x + b y - c of corners 1 and 2; d: depth at corner 0, and what the others have more."""
    for y in range(np.uint64(y0), np.uint64(y1)):
        row1, row2 = b1 * (np.float64(y) + 0.5) - c1, b2 * (np.float64(y) + 0.5) - c2
        for x in range(np.uint64(x0), np.uint64(x1)):
            w1, w2 = a1 * (np.float64(x) + 0.5) + row1, a2 * (np.float64(x) + 0.5) + row2
            d = np.float32(d0 + w1 * d1 + w2 * d2)
            inside = (w1 >= -SLACK) & (w2 >= -SLACK) & (w1 + w2 <= 1.0 + SLACK) & (d < depth[y, x])
            depth[y, x] = d if inside else depth[y, x]


@disjoint
def draw_depth(lit, faces, face_material, classes, maps, uv, cells, levels, start, end, depth):  # type: ignore[no-untyped-def]
    """Keep in depth (S, S) the least distance along the light over faces [start, end); lit (V, 3): their corners."""
    size = depth.shape[0]
    for f in range(np.uint64(start), np.uint64(end)):
        i, j, k = np.uint64(faces[f, 0]), np.uint64(faces[f, 1]), np.uint64(faces[f, 2])
        u0, u1, u2 = np.float64(lit[i, 0]), np.float64(lit[j, 0]), np.float64(lit[k, 0])
        left, right = min(u0, u1, u2), max(u0, u1, u2)
        if (right < 0.0) | (left > size) | (np.ceil(left - 0.500001) > np.floor(right - 0.499999)):
            continue  # beyond the map, or between two columns of texels
        v0, v1, v2 = np.float64(lit[i, 1]), np.float64(lit[j, 1]), np.float64(lit[k, 1])
        top, bottom = min(v0, v1, v2), max(v0, v1, v2)
        if (bottom < 0.0) | (top > size) | (np.ceil(top - 0.5) > np.floor(bottom - 0.5)):
            continue
        m = face_material[f]
        if classes[m] == 2:
            continue
        area = (u1 - u0) * (v2 - v0) - (u2 - u0) * (v1 - v0)
        if abs(area) < 1e-12:
            continue
        d0, d1, d2 = np.float64(lit[i, 2]), np.float64(lit[j, 2]), np.float64(lit[k, 2])
        # barycentrics of corners 1 and 2: linear in (u, v)
        a1, b1 = (v2 - v0) / area, -(u2 - u0) / area
        a2, b2 = -(v1 - v0) / area, (u1 - u0) / area
        alpha = maps[m, 1] if classes[m] == 1 else -1
        y0, y1 = max(0, int(np.ceil(top - 0.5))), min(size - 1, int(np.floor(bottom - 0.5))) + 1
        if alpha < 0 and right - left < NARROW:
            x0, x1 = max(0, int(np.ceil(left - 0.5))), min(size - 1, int(np.floor(right - 0.5))) + 1
            fill(depth, x0, x1, y0, y1, a1, b1, a1 * u0 + b1 * v0, a2, b2, a2 * u0 + b2 * v0, d0, d1 - d0, d2 - d0)
            continue
        level = 0
        if alpha >= 0:
            du = abs((uv[j, 0] - uv[i, 0]) * a1 + (uv[k, 0] - uv[i, 0]) * a2) * levels[alpha, 0, 1]
            dv = abs((uv[j, 1] - uv[i, 1]) * b1 + (uv[k, 1] - uv[i, 1]) * b2) * levels[alpha, 0, 2]
            level = min(11, int(np.log2(max(du, dv, 1.0))))
        for y in range(y0, y1):
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
    shown = chosen & touching(slab, geometry.bounds)
    lit = np.empty((len(geometry.positions), 3), np.float32)
    for start, end in merged(geometry.vertex_range[shown]):
        shine(geometry.positions, start, end, slab.matrix, lit)
    for start, end in merged(geometry.face_range[shown]):
        draw_depth(
            lit, geometry.faces, geometry.face_material, classes, geometry.maps, geometry.uv,
            geometry.atlas.cells, geometry.atlas.levels, start, end, depth,
        )  # fmt: skip
