"""Numba kernels of finishing: one fused pass each, float32, threaded over rows.

Every kernel writes each output element from one row's loop alone, so the result does not depend on the threads.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

Array = NDArray[Any]

LUMA = np.array([0.2126, 0.7152, 0.0722], np.float32)  # Rec.709
STEPS_PER_OCTAVE = 128  # of the tone table; the index is the top bits of a float32
TABLE_FLOOR = (127 - 14) * STEPS_PER_OCTAVE  # 2**-14 and below is black
TABLE_SIZE = 24 * STEPS_PER_OCTAVE  # up to 2**10


@njit(cache=True, parallel=True, error_model="numpy")
def lay_over(painted: Array, layer: Array, out: Array) -> None:
    """out = layer over painted. painted (H, W, 3) f32, layer (H, W, 4) f32 premultiplied, out (H, W, 3) f32."""
    height, width = out.shape[0], out.shape[1]
    for y in prange(height):
        for x in range(width):
            keep = np.float32(1.0) - np.float32(layer[y, x, 3])
            for c in range(3):
                out[y, x, c] = np.float32(painted[y, x, c]) * keep + np.float32(layer[y, x, c])


@njit(cache=True, parallel=True, error_model="numpy")
def cut_paper(
    picture: Array, depth: Array, instance: Array, ink: Array, mist: Array, mist_depth: float, out: Array
) -> None:
    """Solid things as a ramp from ink to mist over depth, the sky as it is. picture, out (H, W, 3) f32."""
    height, width = depth.shape
    one = np.float32(1.0)
    for y in prange(height):
        for x in range(width):
            z = depth[y, x]
            if not np.isfinite(z):
                for c in range(3):
                    out[y, x, c] = picture[y, x, c]
                continue
            haze = np.float32(0.0) if instance[y, x] > 0 else one - np.exp(-z / np.float32(mist_depth))
            haze = haze * haze
            light = LUMA[0] * picture[y, x, 0] + LUMA[1] * picture[y, x, 1] + LUMA[2] * picture[y, x, 2]
            relief = np.float32(0.85) + np.float32(0.3) * min(light, one)
            for c in range(3):
                out[y, x, c] = (ink[c] + (mist[c] - ink[c]) * haze) * relief


@njit(cache=True, parallel=True, error_model="numpy")
def soften_edges(paper: Array, depth: Array, instance: Array, out: Array) -> None:
    """Tent-filter (3, 3) the pixels at an outline; ids have no coverage, so cut edges would be stairs.

    paper, out (H, W, 3) f32. An outline is a change of figure, or of depth by more than a tenth.
    """
    height, width = depth.shape
    for y in prange(height):
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
            for c in range(3):
                total = weights = np.float32(0.0)
                for dy in range(-1, 2):
                    for dx in range(-1, 2):
                        sy, sx = min(max(y + dy, 0), height - 1), min(max(x + dx, 0), width - 1)
                        weight = np.float32((2 - abs(dy)) * (2 - abs(dx)))
                        total += paper[sy, sx, c] * weight
                        weights += weight
                out[y, x, c] = total / weights


@njit(cache=True, parallel=True, error_model="numpy")
def shrink(source: Array, out: Array, factor: int, ceiling: float) -> None:
    """Box-filter (factor h, factor w, 3) to (h, w, 3), clamping samples so that one hot pixel cannot sparkle."""
    height, width = out.shape[0], out.shape[1]
    top = np.float32(ceiling)
    weight = np.float32(1.0 / (factor * factor))
    for y in prange(height):
        for x in range(width):
            r = g = b = np.float32(0.0)
            for sy in range(factor * y, factor * y + factor):
                for sx in range(factor * x, factor * x + factor):
                    r += min(source[sy, sx, 0], top)
                    g += min(source[sy, sx, 1], top)
                    b += min(source[sy, sx, 2], top)
            out[y, x, 0], out[y, x, 1], out[y, x, 2] = r * weight, g * weight, b * weight


@njit(cache=True, parallel=True, error_model="numpy")
def double_into(small: Array, large: Array, weight: float) -> None:
    """large += weight * bilinear(small). small (h, w, 3), large (~2h, ~2w, 3)."""
    height, width = large.shape[0], large.shape[1]
    rows, columns = small.shape[0], small.shape[1]
    gain = np.float32(weight)
    for y in prange(height):
        v = min(max((y + 0.5) * 0.5 - 0.5, 0.0), rows - 1.0)
        v0 = int(v)
        v1 = min(v0 + 1, rows - 1)
        fv = np.float32(v - v0)
        for x in range(width):
            u = min(max((x + 0.5) * 0.5 - 0.5, 0.0), columns - 1.0)
            u0 = int(u)
            u1 = min(u0 + 1, columns - 1)
            fu = np.float32(u - u0)
            for c in range(3):
                upper = small[v0, u0, c] + (small[v0, u1, c] - small[v0, u0, c]) * fu
                lower = small[v1, u0, c] + (small[v1, u1, c] - small[v1, u0, c]) * fu
                large[y, x, c] += gain * (upper + (lower - upper) * fv)


@njit(cache=True, parallel=True, error_model="numpy")
def gather_blur(half: Array, blur: Array, spirals: Array, out: Array) -> None:
    """Lens blur at half size by gathering discs that reach a pixel (scatter-as-gather).

    half (h, w, 3) f32, blur (h, w) signed radius in half pixels (negative in front of focus),
    spirals (16, N, 3): unit discs x, y and their length, each turned differently; neighbours in a square of four take
    different ones, so that even_out can melt their dots · out (h, w, 4): colour, share of the picture to replace
    """
    height, width = blur.shape
    taps = spirals.shape[1]
    one, nought = np.float32(1.0), np.float32(0.0)
    for y in prange(height):
        for x in range(width):
            own = abs(blur[y, x])
            reach = own
            spiral = spirals[(y & 3) * 4 + (x & 3)]
            for k in range(0, taps, 6):  # a coarse look around for foreground discs
                sy = min(max(y + int(spiral[k, 1] * np.float32(8.0)), 0), height - 1)
                sx = min(max(x + int(spiral[k, 0] * np.float32(8.0)), 0), width - 1)
                reach = max(reach, -blur[sy, sx])
            share = min(max(reach - np.float32(0.5), nought), one)
            out[y, x, 0], out[y, x, 1], out[y, x, 2], out[y, x, 3] = half[y, x, 0], half[y, x, 1], half[y, x, 2], share
            if share <= nought:  # sharp; its colour is still read when a blurred neighbour is enlarged
                continue
            total = np.float32(1e-4)
            r, g, b = half[y, x, 0] * total, half[y, x, 1] * total, half[y, x, 2] * total
            for k in range(taps):
                sy = min(max(y + int(np.floor(spiral[k, 1] * reach + np.float32(0.5))), 0), height - 1)
                sx = min(max(x + int(np.floor(spiral[k, 0] * reach + np.float32(0.5))), 0), width - 1)
                theirs = blur[sy, sx]
                # what lies behind may not bleed over something sharper than itself
                radius = min(theirs, own) if theirs > nought else -theirs
                weight = min(max(radius - spiral[k, 2] * reach + one, nought), one)
                total += weight
                r += half[sy, sx, 0] * weight
                g += half[sy, sx, 1] * weight
                b += half[sy, sx, 2] * weight
            scale = one / total
            out[y, x, 0], out[y, x, 1], out[y, x, 2] = r * scale, g * scale, b * scale


@njit(cache=True, parallel=True, error_model="numpy")
def even_out(blurred: Array, out: Array) -> None:
    """Tent-filter (3, 3) the gathered blur by share, so that the few taps of a disc do not show as dots."""
    height, width = blurred.shape[0], blurred.shape[1]
    for y in prange(height):
        for x in range(width):
            share = blurred[y, x, 3]
            out[y, x, 3] = share
            if share <= np.float32(0.0):
                for c in range(3):
                    out[y, x, c] = blurred[y, x, c]
                continue
            r = g = b = total = np.float32(0.0)
            for dy in range(-1, 2):
                for dx in range(-1, 2):
                    sy, sx = min(max(y + dy, 0), height - 1), min(max(x + dx, 0), width - 1)
                    weight = np.float32((2 - abs(dy)) * (2 - abs(dx))) * blurred[sy, sx, 3]
                    total += weight
                    r += blurred[sy, sx, 0] * weight
                    g += blurred[sy, sx, 1] * weight
                    b += blurred[sy, sx, 2] * weight
            scale = np.float32(1.0) / total
            out[y, x, 0], out[y, x, 1], out[y, x, 2] = r * scale, g * scale, b * scale


@njit(cache=True, parallel=True, error_model="numpy")
def mix_blur(picture: Array, blurred: Array) -> None:
    """Lay the half-size blur over the picture where it should replace it, in place."""
    height, width = picture.shape[0], picture.shape[1]
    rows, columns = blurred.shape[0], blurred.shape[1]
    for y in prange(height):
        v = min(max((y + 0.5) * 0.5 - 0.5, 0.0), rows - 1.0)
        v0 = int(v)
        v1 = min(v0 + 1, rows - 1)
        fv = np.float32(v - v0)
        for x in range(width):
            u = min(max((x + 0.5) * 0.5 - 0.5, 0.0), columns - 1.0)
            u0 = int(u)
            u1 = min(u0 + 1, columns - 1)
            fu = np.float32(u - u0)
            w00, w01 = (1 - fv) * (1 - fu), (1 - fv) * fu
            w10, w11 = fv * (1 - fu), fv * fu
            share = (
                blurred[v0, u0, 3] * w00
                + blurred[v0, u1, 3] * w01
                + blurred[v1, u0, 3] * w10
                + blurred[v1, u1, 3] * w11
            )
            if share <= 0.0:
                continue
            for c in range(3):
                soft = (
                    blurred[v0, u0, c] * w00
                    + blurred[v0, u1, c] * w01
                    + blurred[v1, u0, c] * w10
                    + blurred[v1, u1, c] * w11
                )
                picture[y, x, c] += (soft - picture[y, x, c]) * share


@njit(cache=True)
def hashed(a: int, b: int, c: int) -> np.float32:
    """White noise in -1..1 from three counters (a 32-bit avalanche; triangular, the sum of two halves).

    Numba widens uint32 products to 64 bits, hence the masks.
    """
    mask = np.uint64(0xFFFFFFFF)
    h = (
        np.uint64(a) * np.uint64(0x9E3779B1)
        ^ np.uint64(b) * np.uint64(0x85EBCA77)
        ^ np.uint64(c) * np.uint64(0xC2B2AE3D)
    )
    h = h & mask
    h = ((h ^ (h >> np.uint64(15))) * np.uint64(0x2C1B3C6D)) & mask
    h = ((h ^ (h >> np.uint64(12))) * np.uint64(0x297A2D39)) & mask
    h = h ^ (h >> np.uint64(15))
    halves = (h & np.uint64(0xFFFF)) + (h >> np.uint64(16))
    return np.float32(halves) / np.float32(65535.0) - np.float32(1.0)


@njit(cache=True, parallel=True, error_model="numpy")
def develop(
    picture: Array,
    glow: Array,
    table: Array,
    inset: Array,
    outset: Array,
    tints: Array,
    amounts: Array,
    counter: int,
    out: Array,
) -> None:
    """Bloom, white balance, tone curve, tints, saturation, vignette and grain to 8 bits, in one pass.

    picture (H, W, 3) f32 linear · glow (~H/4, ~W/4, 3) already weighted · table: the tone curve by the top bits of a
    float · inset, outset (3, 3) · tints (2, 3) shadows and highlights, display · amounts: keep (1 - bloom), red,
    green, blue gain, saturation, vignette, grain (8-bit steps), halation · out (H, W, 3) u8
    """
    height, width = out.shape[0], out.shape[1]
    rows, columns = glow.shape[0], glow.shape[1]
    keep, red, green, blue, saturation = amounts[0], amounts[1], amounts[2], amounts[3], amounts[4]
    one, full, half = np.float32(1.0), np.float32(255.0), np.float32(0.5)
    for y in prange(height):
        line = np.empty((width, 3), np.float32)
        bits = line.view(np.int32)
        column = np.empty((columns, 3), np.float32)  # the glow of this row, at glow width
        v = min(max((y + 0.5) * 0.25 - 0.5, 0.0), rows - 1.0)
        v0 = int(v)
        v1 = min(v0 + 1, rows - 1)
        fv = np.float32(v - v0)
        for x in range(columns):
            for c in range(3):
                column[x, c] = glow[v0, x, c] + (glow[v1, x, c] - glow[v0, x, c]) * fv
            column[x, 0] += column[x, 0] * amounts[7]
        ny = np.float32((y + 0.5) / height - 0.5)
        for x in range(width):
            u = min(max((np.float32(x) + half) * np.float32(0.25) - half, np.float32(0.0)), np.float32(columns - 1))
            u0 = int(u)
            u1 = min(u0 + 1, columns - 1)
            fu = u - np.float32(u0)
            nx = (np.float32(x) + half) / np.float32(width) - half
            shade = one - amounts[5] * (nx * nx + ny * ny) * np.float32(2.0)
            r = picture[y, x, 0] * keep + column[u0, 0] + (column[u1, 0] - column[u0, 0]) * fu
            g = picture[y, x, 1] * keep + column[u0, 1] + (column[u1, 1] - column[u0, 1]) * fu
            b = picture[y, x, 2] * keep + column[u0, 2] + (column[u1, 2] - column[u0, 2]) * fu
            r, g, b = r * (red * shade), g * (green * shade), b * (blue * shade)
            line[x, 0] = inset[0, 0] * r + inset[0, 1] * g + inset[0, 2] * b
            line[x, 1] = inset[1, 0] * r + inset[1, 1] * g + inset[1, 2] * b
            line[x, 2] = inset[2, 0] * r + inset[2, 1] * g + inset[2, 2] * b
        for x in range(width):  # a loop of its own: the float's bits are read back from memory
            r = table[min(max((bits[x, 0] >> 16) - TABLE_FLOOR, 0), TABLE_SIZE - 1)]
            g = table[min(max((bits[x, 1] >> 16) - TABLE_FLOOR, 0), TABLE_SIZE - 1)]
            b = table[min(max((bits[x, 2] >> 16) - TABLE_FLOOR, 0), TABLE_SIZE - 1)]
            luma = LUMA[0] * r + LUMA[1] * g + LUMA[2] * b
            noise = hashed(x, y, counter)
            speck = noise * (amounts[6] * np.float32(4.0) * luma * (one - luma) + half) + half
            for c in range(3):
                value = outset[c, 0] * r + outset[c, 1] * g + outset[c, 2] * b
                value = luma + (value - luma) * saturation + tints[0, c] * (one - luma) + tints[1, c] * luma
                out[y, x, c] = np.uint8(min(max(value * full + speck, np.float32(0.0)), full))
