"""Which triangle each sample of each pixel sees: a z-buffer run band by band, tile by tile.

Triangles are drawn from front to back, so that whole tiles can be skipped; of two that are equally near the one drawn
first stays. The order is the same however the bands are spread over threads, and so is the picture.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kinema.buffers.scene_frame import F32, I32
from kinema.stage.raster.assembly import Geometry
from kinema.stage.raster.kernel import disjoint, inlined, kernel, over
from kinema.stage.raster.tiles import (
    COUNT,
    DEEP,
    EDGE0,
    EDGE1,
    EDGE2,
    EDGE3,
    EDGE4,
    EIGHT,
    LINES,
    LINES_X,
    LINES_Y,
    NOUGHT,
    ONE,
    ROW_X,
    ROW_Y,
    SCRATCH,
    TILE,
    WANT,
    begin,
    corner_of,
    cover,
    cross,
    farthest,
    finish,
    keep,
    level_of,
    look_up,
    may_show,
    most_of,
    sift,
    tip,
    want,
)
from kinema.stage.raster.triangles import NEAR, SLACK, Triangles, View

BAND = 24  # rows, whole tiles; few enough for a band's samples to stay in the second-level cache
FRONT = 13  # buckets of nearness: the exponent and the mantissa's first bits
STALE = 16  # rows drawn into a tile before its farthest sample is looked for again


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


@disjoint
def draw_band(  # type: ignore[no-untyped-def]
    planes, where, records, row0, rows, eight, near, water, faces, heights, maps, uv, cells, levels, behind,
    nearness, shown, hidden, stale, s, spots, xs, ys, ids, depths,
):  # fmt: skip
    """Draw all samples of a band's pixels, as `band` does."""
    band(
        planes, where, records, row0, rows, COUNT, 1, eight, near, water, faces, heights, maps, uv, cells, levels,
        behind, nearness, shown, hidden, stale, s, spots, xs, ys, ids, depths,
    )  # fmt: skip


@disjoint
def draw_middles(  # type: ignore[no-untyped-def]
    planes, where, records, row0, rows, eight, near, water, faces, heights, maps, uv, cells, levels, behind,
    nearness, shown, hidden, stale, s, spots, xs, ys, ids, depths,
):  # fmt: skip
    """Draw the middles of a band's pixels only, as `band` does."""
    band(
        planes, where, records, row0, rows, 1, LINES, eight, near, water, faces, heights, maps, uv, cells, levels,
        behind, nearness, shown, hidden, stale, s, spots, xs, ys, ids, depths,
    )  # fmt: skip


@inlined
def band(  # type: ignore[no-untyped-def]
    planes, where, records, row0, rows, samples, lines, eight, near, water, faces, heights, maps, uv, cells, levels,
    behind, nearness, shown, hidden, stale, s, spots, xs, ys, ids, depths,
):  # fmt: skip
    """Draw records into ids (S, H, W) and depths (rows, W) of the band whose first row is `row0`.

    samples of a pixel and lines of a tile that are drawn at once: known to the compiler, so that its loops have no
    rest ·
    behind (rows, W): inverse depth already there, no rows where nothing is · nearness, shown (tiles TILE S TILE,): room
    for the band's samples ·
    hidden (tiles,): room for the greatest inverse depth that is hidden all over a tile, stale (tiles,): for the rows
    drawn since it was found · s (SCRATCH,), spots (3 TILE,): room · xs, ys (lanes,): places of the samples that are
    drawn at once.
    """
    across = (behind.shape[1] + TILE - 1) // TILE
    lanes = np.uint64(TILE * samples * lines)
    step, size = np.float32(lines), np.uint64(TILE * TILE * samples)
    begin(behind, rows, samples, nearness, shown, hidden, stale)
    for n in records:
        number = np.int32(n)
        face, x0, x1, y0, y1, flags = where[n, 0], where[n, 1], where[n, 2], where[n, 3], where[n, 4], where[n, 5]
        high, low = max(y0 - row0, 0) // TILE, min(y1 - row0, rows - 1) // TILE + 1
        if not may_show(hidden, across, planes[n, 15], x0 // TILE, x1 // TILE + 1, high, low):
            continue
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
        ua, ub, uc, va, vb, vc = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
        if alpha >= 0:
            ua, ub = uv[i, 0] * a0 + uv[j, 0] * a1 + uv[k, 0] * a2, uv[i, 0] * b0 + uv[j, 0] * b1 + uv[k, 0] * b2
            va, vb = uv[i, 1] * a0 + uv[j, 1] * a1 + uv[k, 1] * a2, uv[i, 1] * b0 + uv[j, 1] * b1 + uv[k, 1] * b2
            uc, vc = uv[i, 0] * c0 + uv[j, 0] * c1 + uv[k, 0] * c2, uv[i, 1] * c0 + uv[j, 1] * c1 + uv[k, 1] * c2
        c0, c1, c2 = (
            c0 + SLACK * (abs(a0) + abs(b0)),
            c1 + SLACK * (abs(a1) + abs(b1)),
            c2 + SLACK * (abs(a2) + abs(b2)),
        )
        f0, g0, f1, g1, f2, g2 = (
            np.float32(a0), np.float32(b0), np.float32(a1), np.float32(b1), np.float32(a2), np.float32(b2)
        )  # fmt: skip
        f3, g3, f4, g4 = np.float32(a3), np.float32(b3), np.float32(a4), np.float32(b4)
        fz, gz, fu, gu, fv, gv = (
            np.float32(za), np.float32(zb), np.float32(ua), np.float32(ub), np.float32(va), np.float32(vb)
        )  # fmt: skip
        plain, tipped = alpha < 0 and flags & 6 == 0, False
        for down in range(high, low):
            top = row0 + down * TILE
            first, end = max(y0 - top, 0) // lines, min(y1 - top, TILE - 1) // lines + 1
            skip = np.float32(first) * step
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
                home = np.uint64(tile) * size
                at, stop = home + np.uint64(first) * lanes, home + np.uint64(end) * lanes
                if (
                    alpha < 0 and e0 + less0 >= NOUGHT and e1 + less1 >= NOUGHT and e2 + less2 >= NOUGHT
                    and e3 + less3 >= NOUGHT and e4 + less4 >= NOUGHT
                ):  # fmt: skip
                    cover(nearness, shown, xs, ys, at, stop, lanes, z + gz * skip, fz, gz, step, number)
                    if (end - first) * lines == TILE:
                        hidden[tile] = max(hidden[tile], z + fall)
                        continue
                else:
                    if not tipped:
                        tipped = True
                        tip(s, xs, ys, EDGE0, f0, g0, lanes)
                        tip(s, xs, ys, EDGE1, f1, g1, lanes)
                        tip(s, xs, ys, EDGE2, f2, g2, lanes)
                        tip(s, xs, ys, DEEP, fz, gz, lanes)
                        if not plain:
                            tip(s, xs, ys, EDGE3, f3, g3, lanes)
                            tip(s, xs, ys, EDGE4, f4, g4, lanes)
                    if plain:
                        cross(
                            s, nearness, shown, at, stop, lanes, e0 + g0 * skip, g0, most_of(f0, g0, step),
                            e1 + g1 * skip, g1, most_of(f1, g1, step), e2 + g2 * skip, g2, most_of(f2, g2, step),
                            z + gz * skip, gz, step, number,
                        )  # fmt: skip
                    else:
                        offset, wide, tall = np.uint64(0), ONE, ONE
                        if alpha >= 0:
                            mx, my = (
                                min(max(tx + 4.0, 0.0), float(x1 - x0)), min(max(ty + 4.0, 0.0), float(y1 - y0))
                            )  # fmt: skip
                            iz = 1.0 / max(za * mx + zb * my + zc, 1e-6)
                            um, vm = ua * mx + ub * my + uc, va * mx + vb * my + vc
                            level = level_of(levels, alpha, um, ua, ub, vm, va, vb, iz, za, zb)
                            offset = np.uint64(levels[alpha, level, 0])
                            wide, tall = np.float32(levels[alpha, level, 1]), np.float32(levels[alpha, level, 2])
                        u, v = np.float32(ua * tx + ub * ty + uc), np.float32(va * tx + vb * ty + vc)
                        for line in range(first, end):
                            f = np.float32(line) * step
                            d0, d1, d2 = e0 + g0 * f, e1 + g1 * f, e2 + g2 * f
                            if (
                                d0 + most_of(f0, g0, step) < NOUGHT or d1 + most_of(f1, g1, step) < NOUGHT
                                or d2 + most_of(f2, g2, step) < NOUGHT
                            ):  # fmt: skip
                                continue
                            row = home + np.uint64(line) * lanes
                            if not want(s, nearness, row, lanes, d0, d1, d2, e3 + g3 * f, e4 + g4 * f, z + gz * f):
                                continue
                            for k in range(lines if alpha >= 0 else 0):
                                g = f + np.float32(k)
                                look_up(
                                    spots, eight, cells, offset, wide, tall, u + gu * g, fu, gu, v + gv * g, fv, gv,
                                    z + gz * g, fz, gz,
                                )  # fmt: skip
                                sift(s, spots, eight, samples, WANT + np.uint64(k) * EIGHT)
                            keep(s, nearness, shown, row, lanes, number)
                stale[tile] += (end - first) * lines
                if stale[tile] >= STALE:
                    stale[tile] = 0
                    hidden[tile] = max(hidden[tile], farthest(s, nearness, home, size, lanes, eight))
    finish(nearness, shown, row0, rows, samples, ids, depths)


def draw(
    geometry: Geometry, view: View, triangles: Triangles, behind: F32 | None = None, samples: int = COUNT
) -> Visibility:
    """Run the z-buffer for these triangles at all SAMPLES of each pixel, or with samples=1 at their middles.

    behind (H, W): inverse depth of what already stands there, which hides what is drawn.
    """
    height, width = view.height, view.width
    bands, across = -(-height // BAND), -(-width // TILE)
    order = np.empty(len(triangles.where), np.int32)
    counts = np.zeros(bands, np.int64)
    sort_bands(triangles.planes, triangles.where, BAND, order, counts)
    ends = np.cumsum(counts)
    lists = np.empty(int(ends[-1]), np.int32)
    fill_bands(triangles.where, order, BAND, ends - counts, lists)
    ids = np.empty((samples, height, width), np.int32)
    middle = np.empty((height, width), np.float32)
    water = 0.0 if view.water is None else view.water
    g, atlas = geometry, geometry.atlas
    floor = np.empty((0, width), np.float32) if behind is None else behind
    drawn, xs, ys = (draw_middles, LINES_X, LINES_Y) if samples == 1 else (draw_band, ROW_X, ROW_Y)

    def work(number: int, _: int) -> None:
        rows = slice(number * BAND, min(number * BAND + BAND, height))
        tiles = BAND // TILE * across
        size = tiles * TILE * TILE * samples
        drawn(
            triangles.planes, triangles.where, lists[ends[number] - counts[number] : ends[number]],
            rows.start, rows.stop - rows.start, EIGHT, NEAR, water,
            g.faces, g.positions, g.maps, g.uv, atlas.cells, atlas.levels, floor[rows], np.empty(size, np.float32),
            np.empty(size, np.int32), np.empty(tiles, np.float32), np.empty(tiles, np.int32),
            np.empty(SCRATCH, np.float32), np.empty(3 * TILE, np.float32), xs, ys, ids, middle[rows],
        )  # fmt: skip

    over(bands, 1, work)
    return Visibility(ids, middle)
