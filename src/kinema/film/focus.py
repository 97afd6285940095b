"""What a thin lens makes of a picture: discs of confusion, gathered at half size.

Two pictures are gathered. What lies at the focus or behind it spreads over nothing that is sharper than itself; what
lies before the focus spreads over everything, and is laid over the rest by how much of a pixel its discs cover.

A disc is asked for at the places of a lattice only, the same for every pixel, so that what one tap finds for a row of
pixels is a row of neighbours. Melted over the lattice's cell, discs are as even as if all of them had been asked for.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kinema.buffers.chunk import Lens
from kinema.buffers.compiled import disjoint, inlined
from kinema.buffers.scene_frame import F32, I32

WIDEST = 14.0  # half pixels, at 720 lines: a radius
NARROWEST = 0.75  # half pixels: radius of the smallest discs there are taps for
ENOUGH = 40  # taps of one disc, unless they lay too far apart
GRADES = 8  # of discs to an octave of radius
ALIKE = 4  # grades gathered at once: pixels of one block whose discs are nearly as wide
LANES = 32  # pixels of a block, worked out side by side
RIM = 2  # half pixels gathered beyond the picture, for melting
TALL = 8  # rows of a tile that is asked what lies before the focus in it

# numbers of the kernels, in single precision
_0, _1, _HALF, _LEAST, _NEAREST, _POINT = (np.float32(x) for x in (0.0, 1.0, 0.5, 1e-4, 0.05, 1.0 / 12.0))
_QUARTER = np.float32(0.25)
_MIDDLE, _BESIDE, _OUTER = (np.float32(x / 16.0) for x in (6.0, 4.0, 1.0))  # of what melts five pixels
# rows of a block's scratch
OWN, TOTAL, RED, GREEN, BLUE = (LANES * k for k in range(5))


@inlined
def behind_focus(radius):  # type: ignore[no-untyped-def]
    """How wide a pixel with such a radius looks for what is behind; through what lies before the focus, less far."""
    return max(radius, -_HALF * radius)


@inlined
def repeat_rim(image, rows, columns, margin):  # type: ignore[no-untyped-def]
    """Repeat all round the rim of what image (H, W) has from row and column `margin` on."""
    for y in range(margin, margin + rows):
        image[y, :margin] = image[y, margin]
        image[y, margin + columns :] = image[y, margin + columns - 1]
    for y in range(margin):
        image[y] = image[margin]
    for y in range(margin + rows, image.shape[0]):
        image[y] = image[margin + rows - 1]


@inlined
def radius_at(depth, y, x, gain, inverse):  # type: ignore[no-untyped-def]
    """Radius of the circle of confusion there, negative before the focus."""
    return gain * (inverse - _1 / max(depth[y, x], _NEAREST))


@disjoint
def confuse(half, depth, strength, focus, widest, source, reach, share):  # type: ignore[no-untyped-def]
    """Fill source (4, H, W), colour and signed radius of the circle of confusion (half pixels, negative before the
    focus) of what is sharpest or foremost in each pixel, the picture's rim repeated all round; and reach and share
    (h + 2 RIM, >= w + 2 RIM), the radius of what is least sharp, and how much of the picture blur replaces. Gives back
    the largest radius before the focus, and of all.

    half (h, w, 3) · depth (~2 h, ~2 w) metres, inf is sky · strength: aperture times focal length, in half pixels
    """
    rows, columns = np.uint64(half.shape[0]), np.uint64(half.shape[1])
    margin, rim, one = np.uint64((source.shape[1] - half.shape[0]) // 2), np.uint64(RIM), np.uint64(1)
    inverse, gain, limit = np.float32(1.0 / focus), np.float32(strength), np.float32(widest)
    # of each column: one number for all would keep the columns from being worked out side by side
    nearest, farthest = np.zeros(half.shape[1], np.float32), np.zeros(half.shape[1], np.float32)
    for y in range(rows):
        above, below = y + y, y + y + one
        for x in range(columns):
            a, b = radius_at(depth, above, x + x, gain, inverse), radius_at(depth, above, x + x + one, gain, inverse)
            c, d = radius_at(depth, below, x + x, gain, inverse), radius_at(depth, below, x + x + one, gain, inverse)
            low = min(max(min(min(a, b), min(c, d)), -limit), limit)
            a, b, c, d = behind_focus(a), behind_focus(b), behind_focus(c), behind_focus(d)
            high = min(max(max(a, b), max(c, d)), limit)
            part = min(max(a - _HALF, _0), _1) + min(max(b - _HALF, _0), _1)
            part += min(max(c - _HALF, _0), _1) + min(max(d - _HALF, _0), _1)
            source[3, y + margin, x + margin] = low
            reach[y + rim, x + rim] = high
            share[y + rim, x + rim] = part * _QUARTER
            nearest[x], farthest[x] = min(nearest[x], low), max(farthest[x], high)
    if farthest.max() <= _HALF and nearest.min() >= -_HALF:
        return _0, _0
    for k in range(3):
        for y in range(rows):
            for x in range(columns):
                source[k, y + margin, x + margin] = half[y, x, k]
    for k in range(4):
        repeat_rim(source[k], half.shape[0], half.shape[1], (source.shape[1] - half.shape[0]) // 2)
    repeat_rim(reach, half.shape[0], half.shape[1], RIM)
    repeat_rim(share, half.shape[0], half.shape[1], RIM)
    return -nearest.min(), max(farthest.max(), -nearest.min())


@inlined
def grade_of(radii, radius):  # type: ignore[no-untyped-def]
    """Number of the narrowest discs that are at least as wide."""
    grade = 0
    while grade + 1 < radii.shape[0] and radii[grade] < radius:
        grade += 1
    return grade


@inlined
def add_behind(s, flat, plane, here, steps, lengths, count):  # type: ignore[no-untyped-def]
    """What the taps of a block find at the focus or behind it. It reaches as far as its own disc, and over nothing
    sharper than itself."""
    for k in range(count):
        there, edge = here + steps[k], lengths[k]
        for i in range(LANES):
            at = np.uint64(there + i)
            radius = min(max(flat[at + np.uint64(3 * plane)], _0), s[OWN + i])
            weight = min(max(radius + _HALF - edge, _0), _1)
            s[TOTAL + i] += weight
            s[RED + i] += flat[at] * weight
            s[GREEN + i] += flat[at + np.uint64(plane)] * weight
            s[BLUE + i] += flat[at + np.uint64(2 * plane)] * weight


@inlined
def settle_behind(s, share, floor, out, y, first):  # type: ignore[no-untyped-def]
    """Write the pixels of a block whose discs are wider than floor, which then are done; gives back the widest of the
    others'."""
    widest = _0
    for i in range(LANES):
        own = s[OWN + i]
        if own > floor:
            part = share[y, first + i] / s[TOTAL + i]
            out[0, y, first + i] = s[RED + i] * part
            out[1, y, first + i] = s[GREEN + i] * part
            out[2, y, first + i] = s[BLUE + i] * part
            out[3, y, first + i] = share[y, first + i]
            s[OWN + i] = _0
        widest = max(widest, s[OWN + i])
    return widest


@disjoint
def gather_behind(source, reach, share, steps, lengths, counts, radii, out):  # type: ignore[no-untyped-def]
    """Fill out (4, H, W): colour of what lies at the focus or behind it, times its share of the picture, and that
    share. source, reach, share: what `confuse` filled · steps to radii: see Discs.

    A block is gathered once for its widest discs and those nearly as wide, and again for what is left.
    """
    _, rows, columns = out.shape
    margin, stride = (source.shape[1] - rows) // 2, source.shape[2]
    plane, flat = source.shape[1] * stride, source.reshape(-1)
    s = np.zeros(5 * LANES, np.float32)
    for y in range(rows):
        for first in range(0, columns, LANES):
            here, widest = (y + margin) * stride + margin + first, _0
            for i in range(LANES):
                s[OWN + i] = reach[y, first + i]
                widest = max(widest, s[OWN + i])
            out[:, y, first : first + LANES] = _0
            while widest > _HALF:
                grade = grade_of(radii, widest)
                for i in range(LANES):
                    s[TOTAL + i] = _LEAST
                    for c in range(3):
                        s[RED + c * LANES + i] = flat[np.uint64(here + c * plane + i)] * _LEAST
                add_behind(s, flat, plane, here, steps[grade], lengths[grade], counts[grade])
                floor = radii[grade - ALIKE] if grade >= ALIKE else _HALF
                widest = settle_behind(s, share, floor, out, y, first)


@disjoint
def foremost(source, rows, columns, out):  # type: ignore[no-untyped-def]
    """Largest radius before the focus of all whose discs reach into a tile (rows / TALL, columns / LANES) of what is
    gathered."""
    margin = (source.shape[1] - rows) // 2
    out[:] = _0
    for y in range(rows):
        for x in range(columns):
            radius = -source[3, y + margin, x + margin]
            if radius > _HALF:
                far = int(radius) + 1
                for b in range(max(y - far, 0) // TALL, min(y + far, rows - 1) // TALL + 1):
                    for a in range(max(x - far, 0) // LANES, min(x + far, columns - 1) // LANES + 1):
                        out[b, a] = max(out[b, a], radius)


@inlined
def add_before(s, flat, plane, here, steps, lengths, count, least, most):  # type: ignore[no-untyped-def]
    """What the taps of a block find before the focus with discs of such radii, by how much of a pixel each covers."""
    weights = _0
    for k in range(count):
        weights += min(max(most + _HALF - lengths[k], _0), _1)
    part = (most * most + _POINT) / weights
    for k in range(count):
        there, edge = here + steps[k], lengths[k]
        for i in range(LANES):
            at = np.uint64(there + i)
            radius = -flat[at + np.uint64(3 * plane)]
            weight = min(max(radius + _HALF - edge, _0), _1) * min(max(radius - _HALF, _0), _1)
            weight *= part / (radius * radius + _POINT)
            weight = weight if radius > least and radius <= most else _0
            s[TOTAL + i] += weight
            s[RED + i] += flat[at] * weight
            s[GREEN + i] += flat[at + np.uint64(plane)] * weight
            s[BLUE + i] += flat[at + np.uint64(2 * plane)] * weight


@disjoint
def gather_before(source, tiles, steps, lengths, counts, radii, out):  # type: ignore[no-untyped-def]
    """Fill out (4, H, W) as `gather_behind` does: colour of what lies before the focus times the share of each pixel
    that it covers, and that share. tiles: what `foremost` filled."""
    _, rows, columns = out.shape
    margin, stride = (source.shape[1] - rows) // 2, source.shape[2]
    plane, flat = source.shape[1] * stride, source.reshape(-1)
    s = np.zeros(5 * LANES, np.float32)
    for y in range(rows):
        for first in range(0, columns, LANES):
            here, widest = (y + margin) * stride + margin + first, tiles[y // TALL, first // LANES]
            s[:] = _0
            grade = grade_of(radii, widest) if widest > _HALF else -1
            while grade >= 0:  # an octave of radii at a time
                least = radii[grade - GRADES] if grade >= GRADES else _0
                add_before(s, flat, plane, here, steps[grade], lengths[grade], counts[grade], least, radii[grade])
                grade -= GRADES
            for i in range(LANES):
                part = _1 / max(s[TOTAL + i], _1)
                for c in range(3):
                    out[c, y, first + i] = s[RED + c * LANES + i] * part
                out[3, y, first + i] = s[TOTAL + i] * part


@inlined
def melted(picture, y, down, out):  # type: ignore[no-untyped-def]
    """Row y of a gathered picture (4, H, W), melted over five pixels each way: out (4, W), from column RIM on. down
    (W,): room."""
    width = picture.shape[2]
    for c in range(4):
        for x in range(width):
            down[x] = (
                (picture[c, y - 2, x] + picture[c, y + 2, x]) * _OUTER
                + (picture[c, y - 1, x] + picture[c, y + 1, x]) * _BESIDE
                + picture[c, y, x] * _MIDDLE
            )
        for x in range(np.uint64(RIM), np.uint64(width - RIM)):
            near, far = down[x - np.uint64(1)] + down[x + np.uint64(1)], down[x - np.uint64(2)] + down[x + np.uint64(2)]
            out[c, x] = far * _OUTER + near * _BESIDE + down[x] * _MIDDLE


@disjoint
def lay_together(behind, before, half, out):  # type: ignore[no-untyped-def]
    """Melt what was gathered and lay the one over the other: out (h, w, 4), colour and the share of the picture that it
    replaces; and in half (h, w, 3) replace it. before has no rows where there is nothing."""
    height, width, columns = half.shape[0], half.shape[1], behind.shape[2]
    down, far = np.zeros(columns, np.float32), np.zeros((4, columns), np.float32)
    near = np.zeros((4, columns), np.float32)
    for y in range(height):
        melted(behind, y + RIM, down, far)
        if before.shape[1] > 0:
            melted(before, y + RIM, down, near)
        for x in range(width):
            cover = near[3, x + RIM]
            seen = behind[3, y + RIM, x + RIM] * (_1 - cover)  # its share is not melted: edges stay crisp
            share = seen + cover
            part, whole = seen / max(far[3, x + RIM], _LEAST), _1 / max(share, _LEAST)
            for c in range(3):
                own = half[y, x, c]
                # a sharp pixel's colour is still read when a blurred neighbour is enlarged
                colour = (far[c, x + RIM] * part + near[c, x + RIM]) * whole if share > _0 else own
                out[y, x, c] = colour
                half[y, x, c] = own + (colour - own) * share
            out[y, x, 3] = share


class Focus:
    """Taps and room for the lens blur of one film."""

    def __init__(self, height: int, width: int) -> None:
        """height, width: of the half-size picture."""
        self.widest = WIDEST * height / 360.0
        rows, columns = height + 2 * RIM, -(-(width + 2 * RIM) // LANES) * LANES
        margin = int(self.widest) + 2
        self.discs = _discs(self.widest, columns + 2 * margin)
        self.source = np.empty((4, rows + 2 * margin, columns + 2 * margin), np.float32)
        self.reach, self.share = np.empty((2, rows, columns), np.float32)
        self.behind, self.before = np.empty((2, 4, rows, columns), np.float32)
        self.tiles = np.empty((-(-rows // TALL), columns // LANES), np.float32)
        self.blurred = np.empty((height, width, 4), np.float32)

    def spread(self, half: F32, depth: F32, lens: Lens) -> F32:
        """What the lens makes of a half-size picture (h, w, 3), which is changed too, of such a depth (~2 h, ~2 w):
        (h, w, 4), until the next; its last channel is the share of the picture that it replaces. No rows when all is
        sharp."""
        if lens.aperture <= 0.0:
            return self.blurred[:0]
        discs, before = self.discs, self.before
        strength = 0.25 * lens.aperture * lens.focal
        nearest, widest = confuse(half, depth, strength, lens.focus, self.widest, self.source, self.reach, self.share)
        if widest <= _HALF:
            return self.blurred[:0]
        taps = discs.steps, discs.lengths, discs.counts, discs.radii
        gather_behind(self.source, self.reach, self.share, *taps, self.behind)
        if nearest > _HALF:
            foremost(self.source, *before.shape[1:], self.tiles)
            gather_before(self.source, self.tiles, *taps, before)
        lay_together(self.behind, before if nearest > _HALF else before[:, :0], half, self.blurred)
        return self.blurred


@dataclass(frozen=True, eq=False)
class Discs:
    """Where to look for light that a lens spreads over a pixel, for each of radii (G,).

    steps (G, N): offsets in a flattened plane · lengths (G, N): their distance · counts (G,): how many there are
    """

    radii: F32
    steps: I32
    lengths: F32
    counts: NDArray[np.int64]


def _discs(widest: float, stride: int) -> Discs:
    """For discs up to a radius, and planes with rows of `stride`."""
    grades = int(np.ceil(GRADES * np.log2(max(widest / NARROWEST, 1.0)))) + 1
    radii = np.minimum(NARROWEST * 2.0 ** (np.arange(grades) / GRADES), max(widest, NARROWEST))
    places = [_lattice(radius) for radius in radii]
    counts = np.array([len(place) for place in places])
    table = np.zeros((grades, counts.max(), 2), np.int64)
    for grade, place in enumerate(places):
        table[grade, : len(place)] = place
    steps = table[..., 0] * stride + table[..., 1]
    lengths = np.hypot(table[..., 0], table[..., 1])
    return Discs(radii.astype(np.float32), steps.astype(np.int32), lengths.astype(np.float32), counts)


def _lattice(radius: float) -> NDArray[np.int64]:
    """Places (N, 2), down and across, of a disc's taps: all of its pixels, or those of a square lattice (on its
    corner, or level) with two or four pixels to a place. Wider ones would show: discs became diamonds."""
    reach = int(radius) + 1
    down, across = np.indices((2 * reach + 1, 2 * reach + 1)).reshape(2, -1) - reach
    inside = np.hypot(down, across) < radius + 0.5
    for chosen in (inside, inside & ((down + across) % 2 == 0), inside & (down % 2 == 0) & (across % 2 == 0)):
        if chosen.sum() <= ENOUGH:
            break
    return np.stack([down[chosen], across[chosen]], 1)
