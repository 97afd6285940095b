"""What a thin lens makes of a picture: discs of confusion, gathered at half size.

Two pictures are gathered. What lies at the focus or behind it spreads over nothing that is sharper than itself; what
lies before the focus spreads over everything, and is laid over the rest by how much of a pixel its discs cover.

Columns are kept by their remainder of four. Pixels that look the same way (there are sixteen turns of a disc's taps, in
squares of four) then lie side by side, and what one tap finds for all of them is a run of neighbours.
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
FEWEST, MOST = 8, 40  # taps of a blur that is hardly one, and of a wide one
SQUARE = 4  # pixels each way that look different ways; so many more are gathered all round, for melting
LANES = 32  # pixels worked out side by side
GRADES = 8  # of discs to an octave of radius
ALIKE = 4  # grades gathered at once: pixels of one block whose discs are nearly as wide
BLOCK = SQUARE * LANES  # columns they lie in
TALL = 8  # rows of a tile that is asked what lies before the focus in it

# numbers of the kernels, in single precision
_0, _1, _HALF, _LEAST, _NEAREST, _POINT = (np.float32(x) for x in (0.0, 1.0, 0.5, 1e-4, 0.05, 1.0 / 12.0))
_MIDDLE, _BESIDE, _OUTER = (np.float32(x / 16.0) for x in (6.0, 4.0, 1.0))  # of what melts five pixels
# rows of a block's scratch
OWN, TOTAL, RED, GREEN, BLUE = (LANES * k for k in range(5))


@disjoint
def confuse(half, depth, strength, focus, widest, margin, source):  # type: ignore[no-untyped-def]
    """Fill source (4, H, W): colour and signed radius of the circle of confusion (half pixels, negative before the
    focus), the picture's rim repeated margin times and more. Gives back the largest radius before the focus.

    half (h, w, 3) · depth (~2 h, ~2 w) metres, inf is sky · strength: aperture times focal length, in half pixels
    """
    rows, columns, quarter = half.shape[0], half.shape[1], source.shape[2] // SQUARE
    inverse, gain, limit = np.float32(1.0 / focus), np.float32(strength), np.float32(widest)
    least = _0
    for i in range(source.shape[1]):
        y = min(max(i - margin, 0), rows - 1)
        for j in range(source.shape[2]):
            x, at = min(max(j - margin, 0), columns - 1), j % SQUARE * quarter + j // SQUARE
            radius = gain * (inverse - _1 / max(depth[2 * y, 2 * x], _NEAREST))
            source[0, i, at], source[1, i, at], source[2, i, at] = half[y, x, 0], half[y, x, 1], half[y, x, 2]
            source[3, i, at] = min(max(radius, -limit), limit)
            least = min(least, radius)
    return min(-least, limit)


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


@disjoint
def gather_behind(source, steps, lengths, counts, radii, out):  # type: ignore[no-untyped-def]
    """Fill out (4, H, W), whose rim source (4, H + 2 m, W + 2 m) has besides its own: colour of what lies at the focus
    or behind it, times its share of the picture, and that share. steps to radii: see Discs.

    A block is gathered once for its widest discs and those nearly as wide, and again for what is left.
    """
    _, rows, columns = out.shape
    margin, stride = (source.shape[1] - rows) // 2, source.shape[2]
    plane, flat = source.shape[1] * stride, source.reshape(-1)
    s = np.zeros(5 * LANES, np.float32)
    for y in range(rows):
        for first in range(0, columns // SQUARE, LANES):
            for phase in range(SQUARE):
                here = (y + margin) * stride + (phase * stride + margin) // SQUARE + first
                to = phase * (columns // SQUARE) + first
                turn, widest = y % SQUARE * SQUARE + phase, _0
                for i in range(LANES):
                    radius = flat[np.uint64(here + 3 * plane + i)]
                    s[OWN + i] = max(radius, -_HALF * radius)  # before something before the focus less is seen of it
                    widest = max(widest, s[OWN + i])
                out[:, y, to : to + LANES] = _0
                while widest > _HALF:
                    grade = grade_of(radii, widest)
                    for i in range(LANES):
                        s[TOTAL + i] = _LEAST
                        for c in range(3):
                            s[RED + c * LANES + i] = flat[np.uint64(here + c * plane + i)] * _LEAST
                    add_behind(s, flat, plane, here, steps[grade, turn], lengths[grade], counts[grade])
                    floor, widest = radii[grade - ALIKE] if grade >= ALIKE else _HALF, _0
                    for i in range(LANES):
                        own = s[OWN + i]
                        if own > floor:
                            share = min(own - _HALF, _1)
                            part = share / s[TOTAL + i]
                            for c in range(3):
                                out[c, y, to + i] = s[RED + c * LANES + i] * part
                            out[3, y, to + i] = share
                            s[OWN + i] = _0
                        else:
                            widest = max(widest, own)


@disjoint
def foremost(source, rows, columns, out):  # type: ignore[no-untyped-def]
    """Largest radius before the focus in and around every tile (rows / TALL, columns / BLOCK) of the gathered
    picture: as far as any disc reaches."""
    margin, stride = (source.shape[1] - rows) // 2, source.shape[2]
    out[:] = _0
    for y in range(rows):
        for x in range(0, columns // SQUARE):
            for phase in range(SQUARE):
                radius = -source[3, y + margin, (phase * stride + margin) // SQUARE + x]
                if radius > _HALF:
                    v, u = y // TALL, x // LANES
                    for b in range(max(v - 2, 0), min(v + 3, out.shape[0])):
                        for a in range(max(u - 1, 0), min(u + 2, out.shape[1])):
                            out[b, a] = max(out[b, a], radius)


@inlined
def add_before(s, flat, plane, here, steps, lengths, count, least, most):  # type: ignore[no-untyped-def]
    """What the taps of a block find before the focus with discs of such radii, by how much of a pixel each covers."""
    part = most * most / np.float32(count)
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
        for first in range(0, columns // SQUARE, LANES):
            widest = tiles[y // TALL, first // LANES]
            for phase in range(SQUARE):
                here = (y + margin) * stride + (phase * stride + margin) // SQUARE + first
                to = phase * (columns // SQUARE) + first
                turn, grade = y % SQUARE * SQUARE + phase, grade_of(radii, widest) if widest > _HALF else -1
                s[:] = _0
                while grade >= 0:
                    least = radii[grade - GRADES] if grade >= GRADES else _0
                    add_before(
                        s, flat, plane, here, steps[grade, turn], lengths[grade], counts[grade], least, radii[grade],
                    )  # fmt: skip
                    grade -= GRADES
                for i in range(LANES):
                    part = _1 / max(s[TOTAL + i], _1)
                    for c in range(3):
                        out[c, y, to + i] = s[RED + c * LANES + i] * part
                    out[3, y, to + i] = s[TOTAL + i] * part


@inlined
def melted(picture, y, down, out):  # type: ignore[no-untyped-def]
    """Row y of a gathered picture (4, H, W), melted over five pixels each way, so that the few taps of a disc do not
    show as dots: out (4, W), whose rim stays as it is. down (W,): room."""
    quarter = picture.shape[2] // SQUARE
    for c in range(4):
        for x in range(picture.shape[2]):
            down[x] = (
                (picture[c, y - 2, x] + picture[c, y + 2, x]) * _OUTER
                + (picture[c, y - 1, x] + picture[c, y + 1, x]) * _BESIDE + picture[c, y, x] * _MIDDLE
            )  # fmt: skip
        for phase in range(SQUARE):
            left2, right2 = beside(phase - 2, quarter), beside(phase + 2, quarter)
            left, right, own = beside(phase - 1, quarter), beside(phase + 1, quarter), phase * quarter
            for k in range(1, quarter - 1):
                out[c, own + k] = (
                    (down[np.uint64(left2 + k)] + down[np.uint64(right2 + k)]) * _OUTER
                    + (down[np.uint64(left + k)] + down[np.uint64(right + k)]) * _BESIDE + down[own + k] * _MIDDLE
                )  # fmt: skip


@inlined
def beside(phase, quarter):  # type: ignore[no-untyped-def]
    """Where the columns begin whose remainder of four is that of phase, which may lie a column to either side."""
    return phase % SQUARE * quarter + phase // SQUARE


@disjoint
def lay_together(behind, before, half, out):  # type: ignore[no-untyped-def]
    """Melt what was gathered and lay the one over the other: out (h, w, 4), colour and the share of the picture that it
    replaces; and in half (h, w, 3) replace it. before has no rows where there is nothing."""
    height, width, columns = half.shape[0], half.shape[1], behind.shape[2]
    down, far, near = (
        np.zeros(columns, np.float32),
        np.zeros((4, columns), np.float32),
        np.zeros((4, columns), np.float32),
    )
    quarter = columns // SQUARE
    for y in range(height):
        melted(behind, y + SQUARE, down, far)
        if before.shape[1] > 0:
            melted(before, y + SQUARE, down, near)
        for x in range(width):
            at = x % SQUARE * quarter + x // SQUARE + 1
            cover = near[3, at]
            seen = behind[3, y + SQUARE, at] * (_1 - cover)  # of the picture's own share, not melted: edges stay crisp
            share = seen + cover
            part, whole = seen / max(far[3, at], _LEAST), _1 / max(share, _LEAST)
            for c in range(3):
                own = half[y, x, c]
                colour = (far[c, at] * part + near[c, at]) * whole if share > _0 else own
                out[y, x, c] = colour
                half[y, x, c] = own + (colour - own) * share
            out[y, x, 3] = share


class Focus:
    """Taps and room for the lens blur of one film."""

    def __init__(self, height: int, width: int) -> None:
        """height, width: of the half-size picture."""
        self.widest = WIDEST * height / 360.0
        rows, columns = height + 2 * SQUARE, _whole(width + 2 * SQUARE, BLOCK)
        self.discs = _discs(self.widest, columns)
        margin = self.discs.margin
        self.source = np.empty((4, rows + 2 * margin, columns + 2 * margin), np.float32)
        self.behind, self.before = np.empty((2, 4, rows, columns), np.float32)
        self.tiles = np.empty((-(-rows // TALL), columns // BLOCK), np.float32)
        self.blurred = np.empty((height, width, 4), np.float32)

    def spread(self, half: F32, depth: F32, lens: Lens) -> F32:
        """What the lens makes of a half-size picture (h, w, 3), which is changed too, of such a depth (~2 h, ~2 w):
        (h, w, 4), until the next; its last channel is the share of the picture that it replaces."""
        discs, before = self.discs, self.before
        strength = 0.25 * lens.aperture * lens.focal
        rim = discs.margin + SQUARE
        nearest = confuse(half, depth, strength, lens.focus, self.widest, rim, self.source)
        taps = discs.steps, discs.lengths, discs.counts, discs.radii
        gather_behind(self.source, *taps, self.behind)
        if nearest > _HALF:
            foremost(self.source, *before.shape[1:], self.tiles)
            gather_before(self.source, self.tiles, *taps, before)
        lay_together(self.behind, before if nearest > _HALF else before[:, :0], half, self.blurred)
        return self.blurred


@dataclass(frozen=True, eq=False)
class Discs:
    """Where to look for light that a lens spreads over a pixel: for each of radii (G,) and each of sixteen turns, points
    that fill the disc evenly (Vogel's spiral, 1979).

    margin: half pixels that no tap goes beyond, a multiple of SQUARE · steps (G, 16, N): offsets in a flattened plane
    of that margin, whose columns are kept by their remainder · lengths (G, N): their distance · counts (G,): how many
    are enough; small discs need few
    """

    margin: int
    radii: F32
    steps: I32
    lengths: F32
    counts: NDArray[np.int64]


def _discs(widest: float, columns: int) -> Discs:
    """For discs up to a radius, and planes of so many columns without the margin."""
    margin = _whole(int(widest) + 2, SQUARE)
    grades = int(np.ceil(GRADES * np.log2(max(widest / NARROWEST, 1.0)))) + 1
    radii = NARROWEST * 2.0 ** (np.arange(grades) / GRADES)
    radii[-1] = max(widest, NARROWEST)
    counts = np.minimum(FEWEST + 0.6 * radii**2, MOST).astype(np.int64)
    k = np.arange(MOST) + 0.5
    reach = radii[:, None] * np.sqrt(np.minimum(k / counts[:, None], 1.0))  # (G, N)
    # neighbouring turns are far apart, seven sixteenths of a circle
    turn = np.arange(SQUARE**2)
    angle = k * np.pi * (3.0 - np.sqrt(5.0)) + (turn * 7 % 16)[:, None] * (2.0 * np.pi / 16)  # (16, N)
    across = np.rint(reach[:, None] * np.cos(angle)).astype(np.int64)
    down = np.rint(reach[:, None] * np.sin(angle)).astype(np.int64)
    stride = columns + 2 * margin
    phase = (turn % SQUARE)[:, None]  # of the pixel that looks
    beside, aside = (phase + across) % SQUARE - phase, (phase + across) // SQUARE
    steps = down * stride + beside * (stride // SQUARE) + aside
    return Discs(margin, radii.astype(np.float32), steps.astype(np.int32), reach.astype(np.float32), counts)


def _whole(count: int, step: int) -> int:
    """The next multiple."""
    return -(-count // step) * step
