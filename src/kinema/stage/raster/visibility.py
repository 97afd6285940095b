"""Which triangle each sample of each pixel sees: a z-buffer run band by band."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kinema.buffers.scene_frame import F32, I32
from kinema.stage.raster.assembly import Geometry
from kinema.stage.raster.kernel import kernel, over
from kinema.stage.raster.textures import sample_grey
from kinema.stage.raster.triangles import NEAR, Triangles, View

BAND = 16  # rows; small enough for a band's five depth planes to stay in the second-level cache
# the pixel's middle, which every buffer shows, and four more on a turned square for smooth edges
SAMPLES: F32 = np.array(
    [[0.5, 0.5], [0.375, 0.125], [0.875, 0.375], [0.625, 0.875], [0.125, 0.625]],
    np.float32,
)


@dataclass(frozen=True, eq=False)
class Visibility:
    """triangle (S, H, W): record number, -1 is sky · inverse_depth (H, W) at the pixels' middles, 0 is sky."""

    triangle: I32
    inverse_depth: F32


@kernel
def count_bands(where, band, counts):  # type: ignore[no-untyped-def]
    """How many triangles touch each band of rows."""
    for n in range(where.shape[0]):
        for b in range(where[n, 3] // band, where[n, 4] // band + 1):
            counts[b] += 1


@kernel
def fill_bands(where, band, cursor, lists):  # type: ignore[no-untyped-def]
    """Record numbers by band, in the order of the records."""
    for n in range(where.shape[0]):
        for b in range(where[n, 3] // band, where[n, 4] // band + 1):
            lists[cursor[b]] = n
            cursor[b] += 1


@kernel
def narrow(a, inverse, rest, low, high):  # type: ignore[no-untyped-def]
    """The part of [low, high] where a x + rest >= 0; inverse is 1 / a, or 0 for an edge that lies along the row."""
    if inverse > 0.0:
        low = max(low, -rest * inverse)
    elif inverse < 0.0:
        high = min(high, -rest * inverse)
    elif rest < -1e-12:
        high = low - 10.0
    return low, high


@kernel
def inverse_of(a):  # type: ignore[no-untyped-def]
    """1 / a, or 0 when it would be meaningless."""
    return 1.0 / a if abs(a) > 1e-20 else 0.0


@kernel
def draw_band(  # type: ignore[no-untyped-def]
    planes, where, records, first, last, offsets, row0, near, water,
    faces, heights, face_material, maps, uv, texels, levels, behind, ids, depth
):  # fmt: skip
    """Draw records[first:last] into ids and depth (S, rows, W) of the band whose first row is `row0`."""
    samples, rows, width = ids.shape
    flat_ids, flat_depth = ids.reshape(-1), depth.reshape(-1)
    for s in range(samples):
        for y in range(rows):
            for x in range(width):
                depth[s, y, x] = behind[y, x]
                ids[s, y, x] = -1
    for r in range(first, last):
        n = records[r]
        n32 = np.int32(n)
        face, x0, x1, y0, y1, flags = where[n, 0], where[n, 1], where[n, 2], where[n, 3], where[n, 4], where[n, 5]
        a0, b0, c0 = np.float64(planes[n, 0]), np.float64(planes[n, 1]), np.float64(planes[n, 2])
        a1, b1, c1 = np.float64(planes[n, 3]), np.float64(planes[n, 4]), np.float64(planes[n, 5])
        a2, b2, c2 = np.float64(planes[n, 6]), np.float64(planes[n, 7]), np.float64(planes[n, 8])
        za, zb, zc = a0 + a1 + a2, b0 + b1 + b2, c0 + c1 + c2
        i0, i1, i2 = inverse_of(a0), inverse_of(a1), inverse_of(a2)
        i, j, k = faces[face, 0], faces[face, 1], faces[face, 2]
        h0, h1, h2 = 0.0, 0.0, 0.0
        if flags & 4:
            h0, h1, h2 = heights[i, 2] - water, heights[j, 2] - water, heights[k, 2] - water
        alpha = maps[face_material[face], 1] if flags & 8 else -1
        for s in range(samples):
            dx, dy = offsets[s, 0], offsets[s, 1]
            for y in range(max(y0, row0), min(y1, row0 + rows - 1) + 1):
                yy = y + dy - y0
                low, high = -1.0, x1 - x0 + 2.0
                low, high = narrow(a0, i0, b0 * yy + c0, low, high)
                low, high = narrow(a1, i1, b1 * yy + c1, low, high)
                low, high = narrow(a2, i2, b2 * yy + c2, low, high)
                if flags & 2:
                    low, high = narrow(-za, inverse_of(-za), 1.0 / near - zb * yy - zc, low, high)
                if flags & 4:
                    a = h0 * a0 + h1 * a1 + h2 * a2
                    low, high = narrow(
                        a, inverse_of(a), h0 * (b0 * yy + c0) + h1 * (b1 * yy + c1) + h2 * (b2 * yy + c2), low, high
                    )
                if low > high + 1e-3:
                    continue
                start = max(0, int(np.ceil(low - dx - 1e-4)))
                stop = min(x1 - x0, int(np.floor(high - dx + 1e-4)))
                z = zb * yy + zc + za * dx
                if alpha < 0:
                    base = (s * rows + y - row0) * width + x0
                    z32, za32 = np.float32(z), np.float32(za)
                    for x in range(start, stop + 1):
                        # both stores happen always, so that the loop can be vectorised
                        place = np.uint64(base + x)
                        here, old, number = z32 + za32 * np.float32(x), flat_depth[place], flat_ids[place]
                        flat_depth[place] = max(here, old)
                        flat_ids[place] = n32 if here > old else number
                    continue
                # u/z and v/z over the screen, and their change along x, to choose a level
                ua = uv[i, 0] * a0 + uv[j, 0] * a1 + uv[k, 0] * a2
                va = uv[i, 1] * a0 + uv[j, 1] * a1 + uv[k, 1] * a2
                ub = uv[i, 0] * b0 + uv[j, 0] * b1 + uv[k, 0] * b2
                vb = uv[i, 1] * b0 + uv[j, 1] * b1 + uv[k, 1] * b2
                ur = ub * yy + uv[i, 0] * c0 + uv[j, 0] * c1 + uv[k, 0] * c2 + ua * dx
                vr = vb * yy + uv[i, 1] * c0 + uv[j, 1] * c1 + uv[k, 1] * c2 + va * dx
                for x in range(start, stop + 1):
                    here = z + za * x
                    if here <= depth[s, y - row0, x0 + x]:
                        continue
                    u, v = (ur + ua * x) / here, (vr + va * x) / here
                    w, h = levels[alpha, 0, 1], levels[alpha, 0, 2]
                    du = max(abs(ua - u * za), abs(ub - u * zb)) * w / here
                    dv = max(abs(va - v * za), abs(vb - v * zb)) * h / here
                    level = min(11, int(max(0.0, np.log2(max(du, dv, 1.0)))))
                    if sample_grey(texels, levels, alpha, level, u, v) >= 0.5:
                        depth[s, y - row0, x0 + x] = here
                        ids[s, y - row0, x0 + x] = n


def draw(
    geometry: Geometry, view: View, triangles: Triangles, samples: F32 = SAMPLES, behind: F32 | None = None
) -> Visibility:
    """Run the z-buffer for these triangles at the given places in each pixel (S, 2); the first is the middle.

    behind (H, W): inverse depth of what already stands there, which hides what is drawn.
    """
    height, width = view.height, view.width
    bands = -(-height // BAND)
    counts = np.zeros(bands, np.int64)
    count_bands(triangles.where, BAND, counts)
    ends = np.cumsum(counts)
    lists = np.empty(int(ends[-1]), np.int32)
    fill_bands(triangles.where, BAND, ends - counts, lists)
    ids = np.empty((len(samples), height, width), np.int32)
    middle = np.empty((height, width), np.float32)
    water = 0.0 if view.water is None else view.water
    atlas = geometry.atlas
    floor = np.zeros((height, width), np.float32) if behind is None else behind

    def work(band: int, _: int) -> None:
        rows = slice(band * BAND, min(band * BAND + BAND, height))
        piece = np.empty((len(samples), rows.stop - rows.start, width), np.int32)
        depth = np.empty(piece.shape, np.float32)
        draw_band(
            triangles.planes, triangles.where, lists, int(ends[band] - counts[band]), int(ends[band]), samples,
            rows.start, NEAR,
            water, geometry.faces, geometry.positions, geometry.face_material, geometry.maps, geometry.uv,
            atlas.texels, atlas.levels, floor[rows], piece, depth,
        )  # fmt: skip
        ids[:, rows] = piece
        middle[rows] = depth[0]

    over(bands, 1, work)
    return Visibility(ids, middle)
