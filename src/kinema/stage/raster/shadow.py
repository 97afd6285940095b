"""Depth maps seen along a direction, for shadows of the key light and of the sky."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kinema.buffers.scene_frame import F32, F64, I32
from kinema.stage.raster.assembly import Geometry
from kinema.stage.raster.kernel import disjoint, inlined
from kinema.stage.raster.textures import sample_cell
from kinema.stage.raster.triangles import merged

NARROW = 12 << 8  # parts of a texel; wider triangles are drawn by spans
SLACK = 1e-7  # of a triangle, so that neighbours leave no crack
PARTS = 256.0  # of a texel, to which corners are rounded
FARTHEST = float(1 << 29)  # parts of a texel from the map's corner

Window = tuple[int, int, int, int]  # texels of a map: columns from, to, rows from, to


@dataclass(frozen=True, eq=False)
class Slab:
    """A parallel projection: texel = matrix @ (p, 1), rows u, v (texels) and depth (m, away from the light).

    corner: texels of the light's own grid over the world at which the map begins."""

    matrix: F64  # (3, 4)
    corner: tuple[int, int]
    size: int
    texel: float  # metres

    @property
    def whole(self) -> Window:
        """All of the map."""
        return 0, self.size, 0, self.size


@disjoint
def shine(positions, start, end, matrix, corner, lit, deep):  # type: ignore[no-untyped-def]
    """Vertices [start, end) of positions (V, 3) as the map has them: places (V, 2) in parts of a texel into lit, metres
    away from the light into deep (V,).

    Rounded on the world's own grid, so that a map that begins elsewhere shows the very same."""
    for row in range(2):
        a, b, c = matrix[row, 0], matrix[row, 1], matrix[row, 2]
        shift = corner[row] * PARTS
        for n in range(start, end):
            place = np.floor((a * positions[n, 0] + b * positions[n, 1] + c * positions[n, 2]) * PARTS + 0.5) - shift
            lit[n, row] = np.int32(min(max(place, -FARTHEST), FARTHEST))
    a, b, c = matrix[2, 0], matrix[2, 1], matrix[2, 2]
    for n in range(start, end):
        deep[n] = np.float32(a * positions[n, 0] + b * positions[n, 1] + c * positions[n, 2])


@inlined
def fill(depth, x0, x1, y0, y1, u, v, a1, b1, a2, b2, d0, d1, d2):  # type: ignore[no-untyped-def]
    """Draw a small triangle into rows [y0, y1), columns [x0, x1): every texel is asked whether it lies inside, by the
    barycentrics a (x - u) + b (y - v) of corners 1 and 2; d: depth at corner 0, and what the others have more."""
    for y in range(np.uint64(y0), np.uint64(y1)):
        row1, row2 = b1 * (np.float64(y) - v), b2 * (np.float64(y) - v)
        for x in range(np.uint64(x0), np.uint64(x1)):
            w1, w2 = a1 * (np.float64(x) - u) + row1, a2 * (np.float64(x) - u) + row2
            d = np.float32(d0 + w1 * d1 + w2 * d2)
            inside = (w1 >= -SLACK) & (w2 >= -SLACK) & (w1 + w2 <= 1.0 + SLACK) & (d < depth[y, x])
            depth[y, x] = d if inside else depth[y, x]


@inlined
def span(row, left, right, a1, b1, a2, b2):  # type: ignore[no-untyped-def]
    """From where to where a triangle covers a row of texels; all measured from its corner 0."""
    low, high = left, right
    for edge in range(3):
        if edge == 0:
            a, rest = a1, b1 * row
        elif edge == 1:
            a, rest = a2, b2 * row
        else:
            a, rest = -a1 - a2, 1.0 - (b1 + b2) * row
        if a > 1e-18:
            low = max(low, -rest / a)
        elif a < -1e-18:
            high = min(high, -rest / a)
        elif rest < -1e-9:
            high = low - 10.0
    return low, high


@inlined
def sweep(depth, y, first, end, u, row, a1, b1, a2, b2, d0, d1, d2):  # type: ignore[no-untyped-def]
    """Draw columns [first, end) of a row that a triangle covers, its texels side by side."""
    slope = np.float32(a1 * d1 + a2 * d2)
    start = np.float32(d0 + row * (b1 * d1 + b2 * d2))
    for x in range(np.uint64(first), np.uint64(max(first, end))):
        d = start + slope * np.float32(np.float64(x) - u)
        depth[y, x] = d if d < depth[y, x] else depth[y, x]


@disjoint
def draw_depth(  # type: ignore[no-untyped-def]
    lit, deep, faces, face_material, classes, maps, uv, cells, levels, start, end, window, depth
):
    """Keep in depth (S, S) the least distance along the light over faces [start, end), in a window of it; lit (V, 2),
    deep (V,): their corners.

    Everything is measured from a triangle's own corner 0, so that a texel's depth is the same wherever the map begins.
    """
    low_x, high_x, low_y, high_y = window[0], window[1], window[2], window[3]
    for f in range(np.uint64(start), np.uint64(end)):
        i, j, k = np.uint64(faces[f, 0]), np.uint64(faces[f, 1]), np.uint64(faces[f, 2])
        iu, ju, ku = np.int64(lit[i, 0]), np.int64(lit[j, 0]), np.int64(lit[k, 0])
        left, right = min(iu, ju, ku), max(iu, ju, ku)
        x0, x1 = max(low_x, (left + 127) >> 8), min(high_x, ((right - 128) >> 8) + 1)
        if x0 >= x1:
            continue  # beyond the window, or between two columns of texels
        iv, jv, kv = np.int64(lit[i, 1]), np.int64(lit[j, 1]), np.int64(lit[k, 1])
        top, bottom = min(iv, jv, kv), max(iv, jv, kv)
        y0, y1 = max(low_y, (top + 127) >> 8), min(high_y, ((bottom - 128) >> 8) + 1)
        m = face_material[f]
        if (y0 >= y1) | (classes[m] == 2):
            continue
        u1, v1 = (ju - iu) / PARTS, (jv - iv) / PARTS
        u2, v2 = (ku - iu) / PARTS, (kv - iv) / PARTS
        area = u1 * v2 - u2 * v1
        if area == 0.0:
            continue
        d0 = np.float64(deep[i])
        d1, d2 = np.float64(deep[j]) - d0, np.float64(deep[k]) - d0
        # barycentrics of corners 1 and 2: linear in (u, v)
        a1, b1, a2, b2 = v2 / area, -u2 / area, -v1 / area, u1 / area
        alpha = maps[m, 1] if classes[m] == 1 else -1
        if alpha < 0 and right - left < NARROW:
            fill(depth, x0, x1, y0, y1, iu / PARTS - 0.5, iv / PARTS - 0.5, a1, b1, a2, b2, d0, d1, d2)
            continue
        level = 0
        if alpha >= 0:
            du = abs((uv[j, 0] - uv[i, 0]) * a1 + (uv[k, 0] - uv[i, 0]) * a2) * levels[alpha, 0, 1]
            dv = abs((uv[j, 1] - uv[i, 1]) * b1 + (uv[k, 1] - uv[i, 1]) * b2) * levels[alpha, 0, 2]
            level = min(11, int(np.log2(max(du, dv, 1.0))))
        column, part = iu >> 8, (iu & 255) / PARTS - 0.5
        for y in range(y0, y1):
            row = y + 0.5 - iv / PARTS
            low, high = span(row, (left - iu) / PARTS, (right - iu) / PARTS, a1, b1, a2, b2)
            first = max(low_x, column + int(np.ceil(low + part - 1e-6)))
            end = min(high_x, column + int(np.floor(high + part + 1e-6)) + 1)
            if alpha < 0:
                sweep(depth, np.uint64(y), first, end, iu / PARTS - 0.5, row, a1, b1, a2, b2, d0, d1, d2)
                continue
            for x in range(first, end):
                across = x + 0.5 - iu / PARTS
                w1, w2 = a1 * across + b1 * row, a2 * across + b2 * row
                d = np.float32(d0 + w1 * d1 + w2 * d2)
                if d >= depth[y, x]:
                    continue
                u = uv[i, 0] + w1 * (uv[j, 0] - uv[i, 0]) + w2 * (uv[k, 0] - uv[i, 0])
                v = uv[i, 1] + w1 * (uv[j, 1] - uv[i, 1]) + w2 * (uv[k, 1] - uv[i, 1])
                if sample_cell(cells, levels, alpha, level, u, v) >= 0.5:
                    depth[y, x] = d


def slab(direction: F64, centre: F64, radius: float, size: int) -> Slab:
    """The map along a light: a square of 2 radius metres around centre, snapped to texels so that it never swims."""
    towards = direction / np.linalg.norm(direction)
    side = np.cross(towards, [0.0, 0.0, 1.0] if abs(towards[2]) < 0.99 else [0.0, 1.0, 0.0])
    side /= np.linalg.norm(side)
    up = np.cross(side, towards)
    texel = 2.0 * radius / size
    corner = np.floor(np.array([side @ centre, up @ centre]) / texel) - size // 2
    matrix = np.zeros((3, 4))
    matrix[0, :3], matrix[1, :3], matrix[2, :3] = side / texel, up / texel, -towards
    matrix[:2, 3] = -corner
    return Slab(matrix, (int(corner[0]), int(corner[1])), size, texel)


def touching(slab: Slab, bounds: F32, window: Window | None = None) -> NDArray[np.bool_]:
    """Which bounding spheres (S, 4) may cast into the map, or a window of it."""
    left, right, top, bottom = window or slab.whole
    middle, reach = _places(slab, bounds, 0.0)
    return np.asarray(((middle + reach > (left, top)) & (middle - reach < (right, bottom))).all(1))


def enclosed(slab: Slab, bounds: F32, margin: float) -> NDArray[np.bool_]:
    """Which bounding spheres (S, 4) cast into the map only, and `margin` texels or more from its rim."""
    middle, reach = _places(slab, bounds, margin)
    return np.asarray(((middle - reach > 0) & (middle + reach < slab.size)).all(1))


def extents(slab: Slab, bounds: F32) -> I32:
    """The windows (S, 4) of the map that bounding spheres (S, 4) may cast into; empty where they end before they
    begin."""
    middle, reach = _places(slab, bounds, 1.0)
    low, high = np.floor(middle - reach).clip(0, slab.size), np.ceil(middle + reach).clip(0, slab.size)
    return np.asarray(np.stack([low[:, 0], high[:, 0], low[:, 1], high[:, 1]], 1), np.int32)


def extent(slab: Slab, bounds: F32) -> tuple[slice, slice]:
    """Rows and columns of the map that bounding spheres (S, 4) may cast into."""
    windows = extents(slab, bounds)
    left, top = windows[:, ::2].min(0, initial=slab.size).tolist()
    right, bottom = windows[:, 1::2].max(0, initial=0).tolist()
    return slice(top, max(top, bottom)), slice(left, max(left, right))


def _places(slab: Slab, bounds: F32, margin: float) -> tuple[F64, F64]:
    """Middles (S, 2) and radii (S, 1) of bounding spheres in the map, these larger by a margin, all in texels."""
    middle = bounds[:, :3] @ slab.matrix[:2, :3].T + slab.matrix[:2, 3]
    return middle, np.asarray(bounds[:, 3:4] / slab.texel + margin, np.float64)


def cast(geometry: Geometry, chosen: NDArray[np.bool_], slab: Slab, depth: F32, window: Window | None = None) -> None:
    """Draw the chosen surfaces (S,) into depth (size, size), or a window of it: metres along the light, inf where
    nothing stands. What a texel gets depends neither on the window nor on where the map begins."""
    classes = geometry.materials[:, 12].astype(np.int32)
    shown = chosen & touching(slab, geometry.bounds, window)
    lit, deep = np.empty((len(geometry.positions), 2), np.int32), np.empty(len(geometry.positions), np.float32)
    corner, part = np.array(slab.corner, np.float64), np.array(window or slab.whole, np.int64)
    for start, end in merged(geometry.vertex_range[shown]):
        shine(geometry.positions, start, end, slab.matrix, corner, lit, deep)
    for start, end in merged(geometry.face_range[shown]):
        draw_depth(
            lit, deep, geometry.faces, geometry.face_material, classes, geometry.maps, geometry.uv,
            geometry.atlas.cells, geometry.atlas.levels, start, end, part, depth,
        )  # fmt: skip
