"""Which triangle each sample of each pixel sees: a z-buffer run band by band, tile by tile.

A sample holds one integer: the bits of its inverse depth above the complement of its record's number. The greater wins,
so the picture does not depend on the order of drawing, and drawing from front to back lets whole tiles be skipped.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kinema.buffers.scene_frame import F32, I32
from kinema.stage.raster.assembly import Geometry
from kinema.stage.raster.kernel import kernel, over
from kinema.stage.raster.triangles import NEAR, Triangles, View

TILE = 8  # pixels a side
BAND = 16  # rows, whole tiles; few enough for a band's samples to stay in the second-level cache
# the pixel's middle, which every buffer shows, and four more on a turned square for smooth edges
SAMPLES: F32 = np.array(
    [[0.5, 0.5], [0.375, 0.125], [0.875, 0.375], [0.625, 0.875], [0.125, 0.625]],
    np.float32,
)
COUNT = len(SAMPLES)
ROW = COUNT * TILE  # samples of a tile's row: its pixels' first ones, their second ones ...
# constants to the kernels, so that their loops need not fear that a store changes them
DX, DY = SAMPLES[:, 0].copy(), SAMPLES[:, 1].copy()
ROW_X: F32 = (np.arange(TILE, dtype=np.float32) + SAMPLES[:, :1]).reshape(-1)
ROW_Y: F32 = np.repeat(SAMPLES[:, 1], TILE)
LOW = np.int64(0xFFFFFFFF)  # the half of a key that holds the record
NOUGHT, HALF, SIDE = np.float32(0.0), np.float32(0.5), np.float32(TILE)
HALFWAY = np.float32(127.5)  # coverage from which a cut-out is there
SLACK = 1e-4  # of a pixel, so that neighbours leave no crack
FRONT = 13  # buckets of nearness: the exponent and the mantissa's first bits
STALE = 24  # rows drawn into a tile before its farthest sample is looked for again


@dataclass(frozen=True, eq=False)
class Visibility:
    """triangle (S, H, W): record number, -1 is sky · inverse_depth (H, W) at the pixels' middles, 0 is sky."""

    triangle: I32
    inverse_depth: F32


@kernel
def sort_bands(planes, where, band, order, counts):  # type: ignore[no-untyped-def]
    """Record numbers from near to far into order (N,), and how many touch each band of rows."""
    buckets = np.zeros((1 << FRONT) + 1, np.int64)
    last = (1 << FRONT) - 1
    for n in range(where.shape[0]):
        buckets[last - (np.float32(planes[n, 15]).view(np.int32) >> (31 - FRONT)) + 1] += 1
        for b in range(where[n, 3] // band, where[n, 4] // band + 1):
            counts[b] += 1
    for b in range(last + 1):
        buckets[b + 1] += buckets[b]
    for n in range(where.shape[0]):
        bucket = last - (np.float32(planes[n, 15]).view(np.int32) >> (31 - FRONT))
        order[buckets[bucket]] = n
        buckets[bucket] += 1


@kernel
def fill_bands(where, order, band, cursor, lists):  # type: ignore[no-untyped-def]
    """Record numbers by band, near ones first."""
    for n in order:
        for b in range(where[n, 3] // band, where[n, 4] // band + 1):
            lists[cursor[b]] = n
            cursor[b] += 1


@kernel
def corner_of(a, b, c, x, y):  # type: ignore[no-untyped-def]
    """A plane's value at a tile's corner, rounded once, and its greatest and least change over the tile."""
    rise, fall = TILE * (max(a, 0.0) + max(b, 0.0)), TILE * (min(a, 0.0) + min(b, 0.0))
    return np.float32(a * x + b * y + c), np.float32(rise), np.float32(fall)


@kernel
def cover(keys, at, y0, y1, z, za, zb, number):  # type: ignore[no-untyped-def]
    """Draw rows [y0, y1) of a tile the triangle covers wholly; at: the tile's first key."""
    for y in range(y0, y1):
        here = z + zb * np.float32(y)
        row = np.uint64(at + y * ROW)
        for s in range(ROW):
            depth = here + (za * ROW_X[s] + zb * ROW_Y[s])
            key = (np.int64(np.float32(depth).view(np.int32)) << np.int64(32)) | number
            keys[row + np.uint64(s)] = max(keys[row + np.uint64(s)], key)


@kernel
def cross(  # type: ignore[no-untyped-def]
    keys, at, y0, y1, e0, a0, b0, e1, a1, b1, e2, a2, b2, e3, a3, b3, e4, a4, b4, z, za, zb, number
):  # fmt: skip
    """Draw rows [y0, y1) of a tile that the triangle's edges cross."""
    for y in range(y0, y1):
        f = np.float32(y)
        f0, f1, f2, f3, f4 = e0 + b0 * f, e1 + b1 * f, e2 + b2 * f, e3 + b3 * f, e4 + b4 * f
        here = z + zb * f
        row = np.uint64(at + y * ROW)
        for s in range(ROW):
            inside = f0 + (a0 * ROW_X[s] + b0 * ROW_Y[s]) >= NOUGHT
            inside &= f1 + (a1 * ROW_X[s] + b1 * ROW_Y[s]) >= NOUGHT
            inside &= f2 + (a2 * ROW_X[s] + b2 * ROW_Y[s]) >= NOUGHT
            inside &= f3 + (a3 * ROW_X[s] + b3 * ROW_Y[s]) >= NOUGHT
            inside &= f4 + (a4 * ROW_X[s] + b4 * ROW_Y[s]) >= NOUGHT
            depth = here + (za * ROW_X[s] + zb * ROW_Y[s])
            key = (np.int64(np.float32(depth).view(np.int32)) << np.int64(32)) | number
            old = keys[row + np.uint64(s)]
            keys[row + np.uint64(s)] = max(old, key) if inside else old


@kernel
def cut_sample(keys, place, dx, dy, texture, edge, plane, number):  # type: ignore[no-untyped-def]
    """One sample of a cut-out's pixel."""
    inside = texture[0] + (texture[1] * (dx - HALF) + texture[2] * (dy - HALF)) >= HALFWAY
    inside &= edge[0] + (edge[1] * dx + edge[2] * dy) >= NOUGHT
    inside &= edge[3] + (edge[4] * dx + edge[5] * dy) >= NOUGHT
    inside &= edge[6] + (edge[7] * dx + edge[8] * dy) >= NOUGHT
    inside &= edge[9] + (edge[10] * dx + edge[11] * dy) >= NOUGHT
    inside &= edge[12] + (edge[13] * dx + edge[14] * dy) >= NOUGHT
    depth = plane[0] + (plane[1] * dx + plane[2] * dy)
    key = (np.int64(np.float32(depth).view(np.int32)) << np.int64(32)) | number
    old = keys[place]
    keys[place] = max(old, key) if inside else old


@kernel
def cut(  # type: ignore[no-untyped-def]
    keys, at, eight, cells, offset, width, height, u, ua, ub, v, va, vb,
    e0, a0, b0, e1, a1, b1, e2, a2, b2, e3, a3, b3, e4, a4, b4, z, za, zb, number, texels, spots
):  # fmt: skip
    """Draw one row of a tile of a cut-out: coverage is looked up once a pixel and carried on to its other samples.

    e, z, u, v: at the row's corner, u and v still divided by depth. eight: TILE, but unknown to the compiler, which
    would otherwise unroll the loops instead of running their pixels side by side. texels (6 TILE,), spots (TILE,): room
    for a look-up's fractions and their change by pixel, and for its place and value; reading the map is a loop of its
    own because the compiler cannot prove that it meets no store.
    """
    wide, high = np.float32(width), np.float32(height)
    for x in range(eight):
        middle = np.float32(x) + HALF
        depth = np.float32(1.0) / (z + za * middle + zb * HALF)
        uu, vv = (u + ua * middle + ub * HALF) * depth, (v + va * middle + vb * HALF) * depth
        tu = (uu - np.floor(uu)) * wide - HALF
        tv = (np.ceil(vv) - vv) * high - HALF  # rows of the image run down while v runs up
        iu, iv = np.floor(tu), np.floor(tv)
        spots[x] = np.int32(iv + high if iv < NOUGHT else iv) * width + np.int32(iu + wide if iu < NOUGHT else iu)
        texels[x], texels[TILE + x] = tu - iu, tv - iv
        texels[2 * TILE + x], texels[3 * TILE + x] = (ua - uu * za) * depth * wide, (ub - uu * zb) * depth * wide
        texels[4 * TILE + x], texels[5 * TILE + x] = (vv * za - va) * depth * high, (vv * zb - vb) * depth * high
    full = False
    for x in range(TILE):
        place = min(max(spots[x], np.int32(0)), width * height - np.int32(1))  # beyond the triangle, depth may be 0
        value = np.int32(cells[np.uint64(offset + place)])
        spots[x] = value
        full |= value != 0
    if not full:
        return
    for x in range(eight):
        left = np.float32(x)
        value = spots[x]
        p, q = np.float32(value & 255), np.float32((value >> 8) & 255)
        r, t = np.float32((value >> 16) & 255), np.float32((value >> 24) & 255)
        fu, fv = texels[x], texels[TILE + x]
        along, up = q - p + (t - r - q + p) * fv, r - p + (t - r - q + p) * fu  # how coverage changes by texel
        value = p + (q - p) * fu + (r - p + (t - r - q + p) * fu) * fv
        # coverage carried on never leaves the range of the four texels it comes from
        none, whole = max(p, q, r, t) < HALFWAY, min(p, q, r, t) >= HALFWAY
        steady = NOUGHT if none or whole else np.float32(1.0)
        texture = (
            value,
            steady * (along * texels[2 * TILE + x] + up * texels[4 * TILE + x]),
            steady * (along * texels[3 * TILE + x] + up * texels[5 * TILE + x]),
        )
        edge = (
            e0 + a0 * left, a0, b0, e1 + a1 * left, a1, b1, e2 + a2 * left, a2, b2, e3 + a3 * left, a3, b3,
            e4 + a4 * left, a4, b4,
        )  # fmt: skip
        plane = z + za * left, za, zb
        place = np.uint64(at + x)
        # spelled out, for a loop here would be run side by side in place of the pixels'
        cut_sample(keys, place, DX[0], DY[0], texture, edge, plane, number)
        cut_sample(keys, place + np.uint64(TILE), DX[1], DY[1], texture, edge, plane, number)
        cut_sample(keys, place + np.uint64(2 * TILE), DX[2], DY[2], texture, edge, plane, number)
        cut_sample(keys, place + np.uint64(3 * TILE), DX[3], DY[3], texture, edge, plane, number)
        cut_sample(keys, place + np.uint64(4 * TILE), DX[4], DY[4], texture, edge, plane, number)


@kernel
def draw_band(  # type: ignore[no-untyped-def]
    planes, where, records, row0, rows, eight, near, water,
    faces, heights, maps, uv, cells, levels, behind, keys, ids, depths
):  # fmt: skip
    """Draw records into ids (S, rows, W) and depths (rows, W) of the band whose first row is `row0`.

    keys (tiles TILE ROW,): room for the band's samples, filled here. behind (rows, W): inverse depth already there.
    """
    width = behind.shape[1]
    across = (width + TILE - 1) // TILE
    # greatest inverse depth that is hidden all over a tile, and rows drawn since it was found
    hidden = np.zeros(len(keys) // (TILE * ROW), np.float32)
    stale = np.zeros(len(hidden), np.int32)
    texels, spots = np.empty(6 * TILE, np.float32), np.empty(TILE, np.int32)
    keys[:] = 0
    for y in range(rows):
        for x in range(width):
            if behind[y, x] > NOUGHT:
                key = (np.int64(np.float32(behind[y, x]).view(np.int32)) << np.int64(32)) | np.int64(0xFFFFFFFF)
                at = ((y // TILE * across + x // TILE) * TILE + y % TILE) * ROW + x % TILE
                for s in range(COUNT):
                    keys[at + s * TILE] = key
    for n in records:
        number = np.int64(0xFFFFFFFE - n)
        face, x0, x1, flags = where[n, 0], where[n, 1], where[n, 2], where[n, 5]
        y0, y1 = where[n, 3], where[n, 4]
        a0, b0, c0 = np.float64(planes[n, 0]), np.float64(planes[n, 1]), np.float64(planes[n, 2])
        a1, b1, c1 = np.float64(planes[n, 3]), np.float64(planes[n, 4]), np.float64(planes[n, 5])
        a2, b2, c2 = np.float64(planes[n, 6]), np.float64(planes[n, 7]), np.float64(planes[n, 8])
        za, zb, zc = a0 + a1 + a2, b0 + b1 + b2, c0 + c1 + c2
        a3, b3, c3, a4, b4, c4 = 0.0, 0.0, 1.0, 0.0, 0.0, 1.0
        i, j, k = faces[face, 0], faces[face, 1], faces[face, 2]
        if flags & 2:
            a3, b3, c3 = -za, -zb, 1.0 / near - zc
        if flags & 4:
            h0, h1, h2 = heights[i, 2] - water, heights[j, 2] - water, heights[k, 2] - water
            a4, b4, c4 = h0 * a0 + h1 * a1 + h2 * a2, h0 * b0 + h1 * b1 + h2 * b2, h0 * c0 + h1 * c1 + h2 * c2
        alpha = maps[where[n, 7], 1] if flags & 8 else -1
        if alpha >= 0:
            ua = uv[i, 0] * a0 + uv[j, 0] * a1 + uv[k, 0] * a2
            ub = uv[i, 0] * b0 + uv[j, 0] * b1 + uv[k, 0] * b2
            uc = uv[i, 0] * c0 + uv[j, 0] * c1 + uv[k, 0] * c2
            va = uv[i, 1] * a0 + uv[j, 1] * a1 + uv[k, 1] * a2
            vb = uv[i, 1] * b0 + uv[j, 1] * b1 + uv[k, 1] * b2
            vc = uv[i, 1] * c0 + uv[j, 1] * c1 + uv[k, 1] * c2
        c0, c1, c2 = (
            c0 + SLACK * (abs(a0) + abs(b0)),
            c1 + SLACK * (abs(a1) + abs(b1)),
            c2 + SLACK * (abs(a2) + abs(b2)),
        )
        for down in range(max(y0 - row0, 0) // TILE, min(y1 - row0, rows - 1) // TILE + 1):
            top = row0 + down * TILE
            first, end = max(y0 - top, 0), min(y1 - top, TILE - 1) + 1
            for over_ in range(x0 // TILE, x1 // TILE + 1):
                tile = down * across + over_
                tx, ty = float(over_ * TILE - x0), float(top - y0)
                z, rise, fall = corner_of(za, zb, zc, tx, ty)
                if z + rise <= hidden[tile]:
                    continue
                e0, more0, less0 = corner_of(a0, b0, c0, tx, ty)
                e1, more1, less1 = corner_of(a1, b1, c1, tx, ty)
                e2, more2, less2 = corner_of(a2, b2, c2, tx, ty)
                if e0 + more0 < NOUGHT or e1 + more1 < NOUGHT or e2 + more2 < NOUGHT:
                    continue
                e3, _, less3 = corner_of(a3, b3, c3, tx, ty)
                e4, _, less4 = corner_of(a4, b4, c4, tx, ty)
                at = tile * TILE * ROW
                f0, g0, f1, g1, f2, g2 = (
                    np.float32(a0), np.float32(b0), np.float32(a1), np.float32(b1), np.float32(a2), np.float32(b2)
                )  # fmt: skip
                f3, g3, f4, g4 = np.float32(a3), np.float32(b3), np.float32(a4), np.float32(b4)
                fz, gz = np.float32(za), np.float32(zb)
                if alpha >= 0:
                    # one level for the tile, by the texels a pixel at its middle
                    mx, my = (
                        min(max(tx + 4.0, 0.0), float(x1 - x0)), min(max(ty + 4.0, 0.0), float(y1 - y0))
                    )  # fmt: skip
                    iz = 1.0 / max(za * mx + zb * my + zc, 1e-6)
                    um, vm = (ua * mx + ub * my + uc) * iz, (va * mx + vb * my + vc) * iz
                    du = max(abs(ua - um * za), abs(ub - um * zb)) * iz * levels[alpha, 0, 1]
                    dv = max(abs(va - vm * za), abs(vb - vm * zb)) * iz * levels[alpha, 0, 2]
                    level = min(11, (np.float32(max(du, dv, 1.0)).view(np.int32) >> 23) - 127)
                    offset, w, h = levels[alpha, level, 0], levels[alpha, level, 1], levels[alpha, level, 2]
                    fu, gu, fv, gv = np.float32(ua), np.float32(ub), np.float32(va), np.float32(vb)
                    u, v = np.float32(ua * tx + ub * ty + uc), np.float32(va * tx + vb * ty + vc)
                    for line in range(first, end):
                        f = np.float32(line)
                        d0, d1, d2 = e0 + g0 * f, e1 + g1 * f, e2 + g2 * f
                        if (
                            d0 + max(f0, NOUGHT) * SIDE + max(g0, NOUGHT) < NOUGHT
                            or d1 + max(f1, NOUGHT) * SIDE + max(g1, NOUGHT) < NOUGHT
                            or d2 + max(f2, NOUGHT) * SIDE + max(g2, NOUGHT) < NOUGHT
                        ):
                            continue
                        cut(
                            keys, at + line * ROW, eight, cells, offset, np.int32(w), np.int32(h),
                            u + gu * f, fu, gu, v + gv * f, fv, gv,
                            d0, f0, g0, d1, f1, g1, d2, f2, g2, e3 + g3 * f, f3, g3, e4 + g4 * f, f4, g4,
                            z + gz * f, fz, gz, number, texels, spots,
                        )  # fmt: skip
                elif (
                    e0 + less0 >= NOUGHT and e1 + less1 >= NOUGHT and e2 + less2 >= NOUGHT
                    and e3 + less3 >= NOUGHT and e4 + less4 >= NOUGHT
                ):  # fmt: skip
                    cover(keys, at, first, end, z, fz, gz, number)
                    if end - first == TILE:
                        hidden[tile] = max(hidden[tile], z + fall)
                        continue
                else:
                    cross(
                        keys, at, first, end,
                        e0, f0, g0, e1, f1, g1, e2, f2, g2, e3, f3, g3, e4, f4, g4, z, fz, gz, number,
                    )  # fmt: skip
                stale[tile] += end - first
                if stale[tile] >= STALE:
                    stale[tile] = 0
                    least = keys[at]
                    for s in range(at, at + TILE * ROW):
                        least = min(least, keys[s])
                    hidden[tile] = max(hidden[tile], np.int32(least >> np.int64(32)).view(np.float32))
    for y in range(rows):
        for tile in range(across):
            at = ((y // TILE * across + tile) * TILE + y % TILE) * ROW
            left = tile * TILE
            for x in range(min(TILE, width - left)):
                depths[y, left + x] = np.int32(keys[np.uint64(at + x)] >> np.int64(32)).view(np.float32)
            for s in range(COUNT):
                for x in range(min(TILE, width - left)):
                    # nothing, and what stood there before, both come to -1
                    key = keys[np.uint64(at + s * TILE + x)]
                    ids[s, y, left + x] = np.int32(-1) if key == 0 else np.int32(np.int64(0xFFFFFFFE) - (key & LOW))


def draw(geometry: Geometry, view: View, triangles: Triangles, behind: F32 | None = None) -> Visibility:
    """Run the z-buffer for these triangles at the SAMPLES of each pixel.

    behind (H, W): inverse depth of what already stands there, which hides what is drawn.
    """
    height, width = view.height, view.width
    bands = -(-height // BAND)
    order = np.empty(len(triangles.where), np.int32)
    counts = np.zeros(bands, np.int64)
    sort_bands(triangles.planes, triangles.where, BAND, order, counts)
    ends = np.cumsum(counts)
    lists = np.empty(int(ends[-1]), np.int32)
    fill_bands(triangles.where, order, BAND, ends - counts, lists)
    ids = np.empty((COUNT, height, width), np.int32)
    middle = np.empty((height, width), np.float32)
    water = 0.0 if view.water is None else view.water
    g, atlas = geometry, geometry.atlas
    floor = np.zeros((height, width), np.float32) if behind is None else behind

    def work(band: int, _: int) -> None:
        rows = slice(band * BAND, min(band * BAND + BAND, height))
        keys = np.empty(BAND * -(-width // TILE) * ROW, np.int64)
        draw_band(
            triangles.planes, triangles.where, lists[ends[band] - counts[band] : ends[band]],
            rows.start, rows.stop - rows.start, TILE, NEAR, water,
            g.faces, g.positions, g.maps, g.uv, atlas.cells, atlas.levels, floor[rows], keys, ids[:, rows],
            middle[rows],
        )  # fmt: skip

    over(bands, 1, work)
    return Visibility(ids, middle)
