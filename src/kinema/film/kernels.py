"""Numba kernels of finishing: few passes, float32, rows in order.

One thread each and no lock on the interpreter, so that finishing runs beside the stage without fighting it for cores:
Numba's own threads spin while they wait, which cost more than they gave.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from kinema.buffers.compiled import disjoint, kernel

Array = NDArray[Any]

LUMA = np.array([0.2126, 0.7152, 0.0722], np.float32)  # Rec.709
STEPS_PER_OCTAVE = 128  # of the tone table; the index is the top bits of a float32
TABLE_FLOOR = (127 - 14) * STEPS_PER_OCTAVE  # 2**-14 and below is black
TABLE_SIZE = 24 * STEPS_PER_OCTAVE  # up to 2**10
STRIP = 1 << 16  # starts a row's grain may have in the strip of noise


@disjoint
def lay_over(painted: Array, layer: Array, out: Array) -> None:
    """out = layer over painted. painted (H, W, 3) f32, layer (H, W, 4) f32 premultiplied, out (H, W, 3) f32."""
    under, over, both = painted.reshape(-1), layer.reshape(-1), out.reshape(-1)
    one, two = np.uint64(1), np.uint64(2)
    for n in range(np.uint64(out.shape[0] * out.shape[1])):
        at, there = np.uint64(3) * n, np.uint64(4) * n
        keep = np.float32(1.0) - over[there + np.uint64(3)]
        both[at] = under[at] * keep + over[there]
        both[at + one] = under[at + one] * keep + over[there + one]
        both[at + two] = under[at + two] * keep + over[there + two]


@kernel
def cut_paper(picture: Array, depth: Array, instance: Array, ink: Array, reach: float, out: Array) -> None:
    """Figures in ink, the land out of ink into its own light as the air before it thickens, the sky as it is.

    picture, out (H, W, 3) f32 · reach: metres of air
    """
    height, width = depth.shape
    one = np.float32(1.0)
    for y in range(height):
        for x in range(width):
            z = depth[y, x]
            clear = one - np.exp(-z / np.float32(reach))
            share = clear * clear
            if instance[y, x] > 0:
                share = np.float32(0.0)
            if not np.isfinite(z):
                share = one
            for c in range(3):
                out[y, x, c] = ink[c] + (picture[y, x, c] - ink[c]) * share


@kernel
def rims(paper: Array, depth: Array, y: int, x: int, c: int) -> np.float32:
    """Mean of what is seen just above a pixel and lies behind it: light from there grazes its outline."""
    total, above = np.float32(0.0), max(y - 1, 0)
    for sx in range(max(x - 1, 0), min(x + 2, depth.shape[1])):
        if depth[above, sx] > depth[y, x] * np.float32(1.1):
            total += paper[above, sx, c]
    return total / np.float32(3.0)


@kernel
def soften_edges(paper: Array, depth: Array, instance: Array, rim: float, out: Array) -> None:
    """Tent-filter (3, 3) the pixels at an outline; ids have no coverage, so cut edges would be stairs.

    paper, out (H, W, 3) f32 · rim: how much of the light behind shows on what is near. An outline is a change of
    figure, or of depth by more than a tenth.
    """
    height, width = depth.shape
    for y in range(height):
        for x in range(width):
            z, who = depth[y, x], instance[y, x]
            edge = False
            for sy in range(max(y - 1, 0), min(y + 2, height)):
                for sx in range(max(x - 1, 0), min(x + 2, width)):
                    near, far = min(depth[sy, sx], z), max(depth[sy, sx], z)
                    edge = edge or instance[sy, sx] != who or near * np.float32(1.1) < far
            if not edge:
                for c in range(3):
                    out[y, x, c] = paper[y, x, c]
                continue
            grazed = np.float32(rim) * np.exp(-z / np.float32(50.0))
            for c in range(3):
                total = weights = np.float32(0.0)
                for dy in range(-1, 2):
                    for dx in range(-1, 2):
                        sy, sx = min(max(y + dy, 0), height - 1), min(max(x + dx, 0), width - 1)
                        weight = np.float32((2 - abs(dy)) * (2 - abs(dx)))
                        total += paper[sy, sx, c] * weight
                        weights += weight
                out[y, x, c] = total / weights + grazed * rims(paper, depth, y, x, c)


@disjoint
def shrink(source: Array, out: Array, ceiling: float) -> None:
    """Box-filter (2 h, 2 w, 3) to (h, w, 3). Samples are clamped so that one hot pixel cannot sparkle."""
    top, quarter = np.float32(ceiling), np.float32(0.25)
    three, wide = np.uint64(3), np.uint64(3 * source.shape[1])
    flat, small = source.reshape(-1), out.reshape(-1)
    for y in range(np.uint64(out.shape[0])):
        for x in range(np.uint64(out.shape[1])):
            above = (y + y) * wide + np.uint64(6) * x
            below, to = above + wide, three * (y * np.uint64(out.shape[1]) + x)
            for c in range(three):
                upper = min(flat[above + c], top) + min(flat[above + three + c], top)
                small[to + c] = (upper + min(flat[below + c], top) + min(flat[below + three + c], top)) * quarter


@kernel
def between(place: int, scale: float, count: int) -> tuple[int, int, np.float32]:
    """The two of count samples that a place of the larger picture lies between, and how far towards the second."""
    position = min(max((place + 0.5) * scale - 0.5, 0.0), count - 1.0)
    first = int(position)
    return first, min(first + 1, count - 1), np.float32(position - first)


@kernel
def double_into(small: Array, large: Array, weight: float) -> None:
    """large += weight * bilinear(small). small (h, w, 3), large (~2h, ~2w, 3)."""
    height, width = large.shape[0], large.shape[1]
    gain = np.float32(weight)
    for y in range(height):
        v0, v1, fv = between(y, 0.5, small.shape[0])
        for x in range(width):
            u0, u1, fu = between(x, 0.5, small.shape[1])
            for c in range(3):
                upper = small[v0, u0, c] + (small[v0, u1, c] - small[v0, u0, c]) * fu
                lower = small[v1, u0, c] + (small[v1, u1, c] - small[v1, u0, c]) * fu
                large[y, x, c] += gain * (upper + (lower - upper) * fv)


@kernel
def mix_row(line: Array, blurred: Array, y: int, across: Array) -> None:
    """Lay row y of the half-size blur, enlarged, over a full row of the picture, in place.

    line (3, W) · blurred (h, w, 4) · across (4, w + 2): scratch
    """
    columns = blurred.shape[1]
    v0, v1, fv = between(y, 0.5, blurred.shape[0])
    for c in range(4):
        for x in range(columns):
            across[c, x + 1] = blurred[v0, x, c] + (blurred[v1, x, c] - blurred[v0, x, c]) * fv
        across[c, 0], across[c, columns + 1] = across[c, 1], across[c, columns]
    if across[3].max() <= np.float32(0.0):
        return
    near, far = np.float32(0.75), np.float32(0.25)
    for c in range(3):
        for x in range(columns):  # each half pixel covers two of the row
            own, share = across[c, x + 1] * near, across[3, x + 1] * near
            first, second = own + across[c, x] * far, own + across[c, x + 2] * far
            line[c, 2 * x] += (first - line[c, 2 * x]) * (share + across[3, x] * far)
            line[c, 2 * x + 1] += (second - line[c, 2 * x + 1]) * (share + across[3, x + 2] * far)


@kernel
def hashed(a: int, b: int, c: int) -> np.uint64:
    """32 well-mixed bits of three counters (an avalanche). Numba widens uint32 products to 64 bits, hence the masks."""
    mask = np.uint64(0xFFFFFFFF)
    h = (
        np.uint64(a) * np.uint64(0x9E3779B1)
        ^ np.uint64(b) * np.uint64(0x85EBCA77)
        ^ np.uint64(c) * np.uint64(0xC2B2AE3D)
    )
    h = h & mask
    h = ((h ^ (h >> np.uint64(15))) * np.uint64(0x2C1B3C6D)) & mask
    h = ((h ^ (h >> np.uint64(12))) * np.uint64(0x297A2D39)) & mask
    return h ^ (h >> np.uint64(15))


@kernel
def noise_strip(counter: int, out: Array) -> None:
    """White triangular noise in -1..1, the sum of two halves: out (N,) f32. Rows of grain are stretches of it."""
    for k in range(out.shape[0]):
        h = hashed(k, 0, counter)
        halves = (h & np.uint64(0xFFFF)) + (h >> np.uint64(16))
        out[k] = np.float32(halves) / np.float32(65535.0) - np.float32(1.0)


@disjoint
def glow_row(glow: Array, y: int, halation: float, across: Array, out: Array) -> None:
    """Row y of the quarter-size glow, enlarged: out (3, W). glow (h, w, 3) · across (3, w + 2): scratch."""
    columns = glow.shape[1]
    v0, v1, fv = between(y, 0.25, glow.shape[0])
    for c in range(3):
        gain = np.float32(1.0 + (halation if c == 0 else 0.0))
        for x in range(columns):
            across[c, x + 1] = (glow[v0, x, c] + (glow[v1, x, c] - glow[v0, x, c]) * fv) * gain
        across[c, 0], across[c, columns + 1] = across[c, 1], across[c, columns]
        out[c, 4 * columns :] = across[c, columns]  # of a width that four does not divide
        # of the four pixels a glow pixel covers, two lean to the left neighbour, two to the right
        most, least = np.float32(0.375), np.float32(0.125)
        for x in range(np.uint64(columns)):
            at, own = np.uint64(4) * x, across[c, x + np.uint64(1)]
            left, right = across[c, x] - own, across[c, x + np.uint64(2)] - own
            out[c, at] = own + left * most
            out[c, at + np.uint64(1)] = own + left * least
            out[c, at + np.uint64(2)] = own + right * least
            out[c, at + np.uint64(3)] = own + right * most


@kernel
def light_row(line: Array, lit: Array, shades: Array, inset: Array, amounts: Array) -> None:
    """Bloom, white balance, vignette and crosstalk of one row, in place. line, lit (3, W) · shades (W,)."""
    keep, red, green, blue = amounts[0], amounts[1], amounts[2], amounts[3]
    for x in range(line.shape[1]):
        r = (line[0, x] * keep + lit[0, x]) * (red * shades[x])
        g = (line[1, x] * keep + lit[1, x]) * (green * shades[x])
        b = (line[2, x] * keep + lit[2, x]) * (blue * shades[x])
        line[0, x] = inset[0, 0] * r + inset[0, 1] * g + inset[0, 2] * b
        line[1, x] = inset[1, 0] * r + inset[1, 1] * g + inset[1, 2] * b
        line[2, x] = inset[2, 0] * r + inset[2, 1] * g + inset[2, 2] * b


@kernel
def tone_row(line: Array, table: Array) -> None:
    """The tone curve, in place: line (3, W) linear to display, looked up by the top bits of each float."""
    bits = line.view(np.int32)
    for c in range(3):
        for x in range(line.shape[1]):
            line[c, x] = table[min(max((bits[c, x] >> 16) - TABLE_FLOOR, 0), TABLE_SIZE - 1)]


@kernel
def print_row(line: Array, outset: Array, tints: Array, amounts: Array, noise: Array, coded: Array) -> None:
    """Saturation, tints and grain of one row: line (3, W) display to coded (3, W), 0 to 255. noise (W,)."""
    saturation, grain = amounts[4], amounts[6] * np.float32(4.0)
    one, full, half, nought = np.float32(1.0), np.float32(255.0), np.float32(0.5), np.float32(0.0)
    for c in range(3):
        red, green, blue, dark, light = outset[c, 0], outset[c, 1], outset[c, 2], tints[0, c], tints[1, c]
        for x in range(line.shape[1]):
            r, g, b = line[0, x], line[1, x], line[2, x]
            luma = LUMA[0] * r + LUMA[1] * g + LUMA[2] * b
            speck = noise[x] * (grain * luma * (one - luma) + half) + half
            value = luma + (red * r + green * g + blue * b - luma) * saturation
            value += dark * (one - luma) + light * luma
            coded[c, x] = min(max(value * full + speck, nought), full)


@disjoint
def take_row(picture: Array, y: int, line: Array) -> None:
    """Row y of a picture, flat, (H W 3,), channel by channel: line (3, W)."""
    three, first = np.uint64(3), np.uint64(3 * y * line.shape[1])
    for x in range(np.uint64(line.shape[1])):
        at = first + three * x
        line[0, x], line[1, x], line[2, x] = picture[at], picture[at + np.uint64(1)], picture[at + np.uint64(2)]


@disjoint
def put_row(coded: Array, y: int, out: Array) -> None:
    """Row y of an 8-bit picture, flat, (H W 3,), from coded (3, W)."""
    three, first = np.uint64(3), np.uint64(3 * y * coded.shape[1])
    for x in range(np.uint64(coded.shape[1])):
        at = first + three * x
        out[at] = np.uint8(np.int32(coded[0, x]))
        out[at + np.uint64(1)] = np.uint8(np.int32(coded[1, x]))
        out[at + np.uint64(2)] = np.uint8(np.int32(coded[2, x]))


@kernel
def develop(
    picture: Array, blurred: Array, glow: Array, table: Array, inset: Array, outset: Array, tints: Array,
    amounts: Array, strip: Array, counter: int, out: Array,
) -> None:  # fmt: skip
    """Lens blur, bloom, white balance, tone curve, tints, saturation, vignette and grain to 8 bits, row by row.

    picture (H, W, 3) f32 linear · blurred (h, w, 4) at half size, no rows when all is sharp · glow (~H/4, ~W/4, 3)
    already weighted · table: the tone curve by the top bits of a float · inset, outset (3, 3) · tints (2, 3) shadows
    and highlights, display · amounts: keep (1 - bloom), red, green, blue gain, saturation, vignette, grain (8-bit
    steps), halation · strip (>= STRIP + W,): noise · out (H, W, 3) u8

    Rows lie channel by channel, (3, W): so the processor takes sixteen pixels at a time.
    """
    height, width = out.shape[0], out.shape[1]
    line, lit = np.empty((3, width), np.float32), np.empty((3, width), np.float32)
    halves = np.empty((4, blurred.shape[1] + 2), np.float32)
    quarters = np.empty((3, glow.shape[1] + 2), np.float32)
    aside = ((np.arange(width) + 0.5) / width - 0.5) ** 2
    for y in range(height):
        take_row(picture.reshape(-1), y, line)
        if blurred.shape[0] > 0:
            mix_row(line, blurred, y, halves)
        glow_row(glow, y, amounts[7], quarters, lit)
        shades = (1.0 - 2.0 * amounts[5] * (aside + ((y + 0.5) / height - 0.5) ** 2)).astype(np.float32)
        light_row(line, lit, shades, inset, amounts)
        tone_row(line, table)
        start = int(hashed(y, counter, 1) & np.uint64(STRIP - 1))
        print_row(line, outset, tints, amounts, strip[start : start + width], lit)
        put_row(lit, y, out.reshape(-1))
