"""A tile of eight by eight pixels: what a z-buffer does with the samples of its rows, all of a row at once."""

from __future__ import annotations

import numpy as np

from kinema.buffers.scene_frame import F32
from kinema.stage.raster.kernel import inlined

TILE = 8  # pixels a side
# the pixel's middle, which every buffer shows, and four more on a turned square for smooth edges
SAMPLES: F32 = np.array(
    [[0.5, 0.5], [0.375, 0.125], [0.875, 0.375], [0.625, 0.875], [0.125, 0.625]],
    np.float32,
)
COUNT = len(SAMPLES)
# constants to the kernels: places of a tile's row of samples, its pixels' first ones, then their second ones ...
DX, DY = SAMPLES[:, 0].copy(), SAMPLES[:, 1].copy()
ROW_X: F32 = (np.arange(TILE, dtype=np.float32) + SAMPLES[:, :1]).reshape(-1)
ROW_Y: F32 = np.repeat(SAMPLES[:, 1], TILE)
# ... and of four rows of pixels with one sample each: so few run no faster one by one
LINES = 4
LINES_X: F32 = np.tile(ROW_X[:TILE], LINES)
LINES_Y: F32 = np.repeat(np.arange(LINES, dtype=np.float32) + np.float32(0.5), TILE)
NOUGHT, HALF, SIDE, ONE = np.float32(0.0), np.float32(0.5), np.float32(TILE), np.float32(1.0)
BYTE = np.int32(255)
HALFWAY = np.float32(127.5)  # coverage from which a cut-out is there
EIGHT = np.uint64(TILE)
# rows of room for a triangle's planes over a tile's row, and for what a row of samples is about to see
ROOM = np.uint64(TILE * COUNT)
EDGE0, EDGE1, EDGE2, EDGE3, EDGE4, DEEP, WANT = (np.uint64(k) * ROOM for k in range(7))
VALUE, ACROSS, DOWN = (np.uint64(k) * EIGHT for k in range(3))  # rows of a cut-out's coverage
SCRATCH = 7 * int(ROOM)


@inlined
def corner_of(a, b, c, x, y):  # type: ignore[no-untyped-def]
    """A plane's value at a tile's corner, rounded once, and its greatest and least change over the tile."""
    rise, fall = TILE * (max(a, 0.0) + max(b, 0.0)), TILE * (min(a, 0.0) + min(b, 0.0))
    return np.float32(a * x + b * y + c), np.float32(rise), np.float32(fall)


@inlined
def tip(s, xs, ys, at, a, b, lanes):  # type: ignore[no-untyped-def]
    """A plane's change from the corner of a tile's row to its samples."""
    for n in range(lanes):
        s[at + n] = a * xs[n] + b * ys[n]


@inlined
def cover(nearness, shown, xs, ys, at, end, lanes, z, za, zb, step, number):  # type: ignore[no-untyped-def]
    """Draw rows from `at` to `end` (samples) of a tile that the triangle covers wholly; z at the first one's corner."""
    for row in range(at, end, lanes):
        for n in range(lanes):
            depth = z + (za * xs[n] + zb * ys[n])
            closer = depth > nearness[row + n]
            nearness[row + n] = depth if closer else nearness[row + n]
            shown[row + n] = number if closer else shown[row + n]
        z += zb * step


@inlined
def cross(  # type: ignore[no-untyped-def]
    s, nearness, shown, at, end, lanes, e0, b0, most0, e1, b1, most1, e2, b2, most2, z, zb, step, number
):  # fmt: skip
    """Draw rows from `at` to `end` (samples) of a tile that the triangle's edges cross.

    e, z: planes at the first row's corner · b: their change by row · most: an edge's greatest change over a row.
    """
    for row in range(at, end, lanes):
        if (e0 + most0 >= NOUGHT) & (e1 + most1 >= NOUGHT) & (e2 + most2 >= NOUGHT):
            for n in range(lanes):
                depth = z + s[DEEP + n]
                inside = (e0 + s[EDGE0 + n] >= NOUGHT) & (e1 + s[EDGE1 + n] >= NOUGHT) & (e2 + s[EDGE2 + n] >= NOUGHT)
                inside &= depth > nearness[row + n]
                nearness[row + n] = depth if inside else nearness[row + n]
                shown[row + n] = number if inside else shown[row + n]
        e0, e1, e2, z = e0 + b0 * step, e1 + b1 * step, e2 + b2 * step, z + zb * step


@inlined
def want(s, nearness, row, lanes, e0, e1, e2, e3, e4, z):  # type: ignore[no-untyped-def]
    """Inverse depth at a row's samples that lie inside all five edges and before what stands there, else 0; returns
    whether there are any."""
    for n in range(lanes):
        depth = z + s[DEEP + n]
        inside = (e0 + s[EDGE0 + n] >= NOUGHT) & (e1 + s[EDGE1 + n] >= NOUGHT) & (e2 + s[EDGE2 + n] >= NOUGHT)
        inside &= (e3 + s[EDGE3 + n] >= NOUGHT) & (e4 + s[EDGE4 + n] >= NOUGHT) & (depth > nearness[row + n])
        s[WANT + n] = depth if inside else NOUGHT
    found = 0
    for n in range(lanes):
        found += s[WANT + n] > NOUGHT
    return found > 0


@inlined
def keep(s, nearness, shown, row, lanes, number):  # type: ignore[no-untyped-def]
    """Draw the samples of a row that are wanted."""
    for n in range(lanes):
        depth = s[WANT + n]
        nearness[row + n] = depth if depth > NOUGHT else nearness[row + n]
        shown[row + n] = number if depth > NOUGHT else shown[row + n]


@inlined
def look_up(spots, eight, cells, offset, wide, high, u, ua, ub, v, va, vb, z, za, zb):  # type: ignore[no-untyped-def]
    """Coverage of a cut-out at the middles of a row's pixels, and its change by pixel across and down.

    u, v, still divided by depth, and z: at the row's corner. eight: TILE, but unknown to the compiler, which would
    otherwise unroll the loop instead of running its pixels side by side.
    """
    for x in range(eight):
        middle = np.float32(x) + HALF
        depth = ONE / (z + za * middle + zb * HALF)
        uu, vv = (u + ua * middle + ub * HALF) * depth, (v + va * middle + vb * HALF) * depth
        tu = (uu - np.floor(uu)) * wide - HALF
        tv = (np.ceil(vv) - vv) * high - HALF  # rows of the image run down while v runs up
        iu, iv = np.floor(tu), np.floor(tv)
        fu, fv = tu - iu, tv - iv
        place = (iv + high if iv < NOUGHT else iv) * wide + (iu + wide if iu < NOUGHT else iu)
        place = place if (place >= NOUGHT) & (place < wide * high) else NOUGHT  # beyond the triangle, depth may be 0
        word = np.int32(cells[offset + np.uint64(np.int32(place))])
        p, q = np.float32(word & BYTE), np.float32((word >> 8) & BYTE)
        r, t = np.float32((word >> 16) & BYTE), np.float32((word >> 24) & BYTE)
        twist = t - r - q + p
        along, up = q - p + twist * fv, r - p + twist * fu  # how coverage changes by texel
        # coverage carried on never leaves the range of the four texels it comes from
        least, most = min(min(p, q), min(r, t)), max(max(p, q), max(r, t))
        steady = ONE if (most >= HALFWAY) & (least < HALFWAY) else NOUGHT
        spots[VALUE + x] = p + (q - p) * fu + (r - p + twist * fu) * fv
        right, below = (ua - uu * za) * depth * wide, (ub - uu * zb) * depth * wide
        rise, fall = (vv * za - va) * depth * high, (vv * zb - vb) * depth * high
        spots[ACROSS + x] = steady * (along * right + up * rise)
        spots[DOWN + x] = steady * (along * below + up * fall)


@inlined
def sift(s, spots, eight, samples, at):  # type: ignore[no-untyped-def]
    """Of a row's wanted samples, from `at` on, leave those that a cut-out's coverage reaches, carried on from the
    pixels' middles."""
    for sample in range(samples):
        dx, dy = DX[sample] - HALF, DY[sample] - HALF
        row = at + np.uint64(sample) * EIGHT
        for x in range(eight):
            there = spots[VALUE + x] + (spots[ACROSS + x] * dx + spots[DOWN + x] * dy) >= HALFWAY
            s[row + x] = s[row + x] if there else NOUGHT


@inlined
def farthest(s, nearness, at, size, lanes, eight):  # type: ignore[no-untyped-def]
    """Least inverse depth of a tile whose first sample is `at`."""
    for n in range(lanes):
        s[WANT + n] = nearness[at + n]
    for row in range(at + lanes, at + size, lanes):
        for n in range(lanes):
            s[WANT + n] = min(s[WANT + n], nearness[row + n])
    for first in range(WANT, WANT + lanes, EIGHT):
        for x in range(eight):
            s[WANT + x] = min(s[WANT + x], s[first + x])
    least = s[WANT]
    for x in range(EIGHT):
        least = min(least, s[WANT + x])
    return least


@inlined
def may_show(hidden, across, nearest, left, right, high, low):  # type: ignore[no-untyped-def]
    """Whether a triangle's nearest corner lies before what hides a tile of rows [high, low), columns [left, right)."""
    for row in range(high, low):
        for tile in range(row * across + left, row * across + right):
            if nearest > hidden[tile]:
                return True
    return False


@inlined
def most_of(a, b, step):  # type: ignore[no-untyped-def]
    """A plane's greatest change over `step` rows of a tile."""
    return max(a, NOUGHT) * SIDE + max(b, NOUGHT) * step


@inlined
def level_of(levels, alpha, u, ua, ub, v, va, vb, depth, za, zb):  # type: ignore[no-untyped-def]
    """A cut-out's map level for a whole tile, by the texels a pixel at a place; u, v: there, over depth."""
    um, vm = u * depth, v * depth
    du = max(abs(ua - um * za), abs(ub - um * zb)) * depth * levels[alpha, 0, 1]
    dv = max(abs(va - vm * za), abs(vb - vm * zb)) * depth * levels[alpha, 0, 2]
    power = (np.float32(max(du, dv, 1.0)).view(np.int32) >> 23) - 127
    return min(11, power)


@inlined
def begin(behind, rows, samples, nearness, shown, hidden, stale):  # type: ignore[no-untyped-def]
    """Nothing but what already stands there."""
    nearness[:] = NOUGHT
    shown[:] = -1
    hidden[:] = NOUGHT
    stale[:] = 0
    width = behind.shape[1]
    across = (width + TILE - 1) // TILE
    for y in range(min(rows, behind.shape[0])):
        for x in range(width):
            if behind[y, x] > NOUGHT:
                at = ((y // TILE * across + x // TILE) * TILE + y % TILE) * samples * TILE + x % TILE
                for k in range(samples):
                    nearness[at + k * TILE] = behind[y, x]


@inlined
def finish(nearness, shown, row0, rows, samples, ids, depths):  # type: ignore[no-untyped-def]
    """From tiles to rows of the picture, whose row row0 is the first of depths."""
    width = depths.shape[1]
    across = np.uint64((width + TILE - 1) // TILE)
    top = np.uint64(row0)
    for y in range(np.uint64(rows)):
        for tile in range(across):
            at = ((y // EIGHT * across + tile) * EIGHT + y % EIGHT) * np.uint64(samples) * EIGHT
            left = tile * EIGHT
            count = min(EIGHT, np.uint64(width) - left)
            for x in range(count):
                depths[y, left + x] = nearness[at + x]
            for k in range(np.uint64(samples)):
                for x in range(count):
                    ids[k, top + y, left + x] = shown[at + k * EIGHT + x]
