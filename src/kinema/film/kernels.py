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
def cut_paper(picture: Array, depth: Array, instance: Array, ink: Array, mist: Array, mist_depth: float) -> None:
    """Replace solid things by a ramp from ink to mist over depth, in place. picture (H, W, 3) f32."""
    height, width = depth.shape
    for y in prange(height):
        for x in range(width):
            z = depth[y, x]
            if not np.isfinite(z):
                continue
            haze = np.float32(0.0) if instance[y, x] > 0 else np.float32(1.0) - np.exp(-z / np.float32(mist_depth))
            haze = haze * haze
            light = LUMA[0] * picture[y, x, 0] + LUMA[1] * picture[y, x, 1] + LUMA[2] * picture[y, x, 2]
            relief = np.float32(0.85) + np.float32(0.3) * min(light, np.float32(1.0))
            for c in range(3):
                picture[y, x, c] = (ink[c] + (mist[c] - ink[c]) * haze) * relief


@njit(cache=True, parallel=True, error_model="numpy")
def halve(source: Array, out: Array, ceiling: float) -> None:
    """Box-filter (2h, 2w, 3) to (h, w, 3), clamping each sample so that one hot pixel cannot sparkle."""
    height, width = out.shape[0], out.shape[1]
    top = np.float32(ceiling)
    for y in prange(height):
        y1 = min(2 * y + 1, source.shape[0] - 1)
        for x in range(width):
            x1 = min(2 * x + 1, source.shape[1] - 1)
            for c in range(3):
                a = min(source[2 * y, 2 * x, c], top) + min(source[2 * y, x1, c], top)
                b = min(source[y1, 2 * x, c], top) + min(source[y1, x1, c], top)
                out[y, x, c] = np.float32(0.25) * (a + b)


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
def gather_blur(half: Array, blur: Array, spiral: Array, out: Array) -> None:
    """Lens blur at half size by gathering discs that reach a pixel (Scheuermann 2004, scatter-as-gather).

    half (h, w, 3) f32, blur (h, w) signed radius in half pixels (negative in front of focus),
    spiral (N, 2) unit disc, out (h, w, 4): colour, and the share of the picture it should replace.
    """
    height, width = blur.shape
    for y in prange(height):
        for x in range(width):
            own = abs(blur[y, x])
            reach = own
            for k in range(0, spiral.shape[0], 4):  # a coarse look around for foreground discs
                sy = min(max(int(y + spiral[k, 1] * 8.0), 0), height - 1)
                sx = min(max(int(x + spiral[k, 0] * 8.0), 0), width - 1)
                if blur[sy, sx] < 0.0:
                    reach = max(reach, -blur[sy, sx])
            total = np.float32(1e-4)
            r, g, b = half[y, x, 0] * total, half[y, x, 1] * total, half[y, x, 2] * total
            for k in range(spiral.shape[0]):
                dy, dx = spiral[k, 1] * reach, spiral[k, 0] * reach
                sy = min(max(int(y + dy + 0.5), 0), height - 1)
                sx = min(max(int(x + dx + 0.5), 0), width - 1)
                theirs = blur[sy, sx]
                # what lies behind may not bleed over something sharper than itself
                radius = min(theirs, own) if theirs > 0.0 else -theirs
                distance = np.sqrt(dx * dx + dy * dy)
                weight = min(max(radius - distance + 1.0, 0.0), 1.0)
                total += weight
                r += half[sy, sx, 0] * weight
                g += half[sy, sx, 1] * weight
                b += half[sy, sx, 2] * weight
            out[y, x, 0], out[y, x, 1], out[y, x, 2] = r / total, g / total, b / total
            out[y, x, 3] = min(max(reach - 0.5, 0.0), 1.0)


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

    picture (H, W, 3) f32 linear · glow (H/2, W/2, 3) already weighted · table: the tone curve by the top bits of a
    float · inset, outset (3, 3) · tints (2, 3) shadows and highlights, display · amounts: keep (1 - bloom), red,
    green, blue gain, saturation, vignette, grain (8-bit steps), halation · out (H, W, 3) u8
    """
    height, width = out.shape[0], out.shape[1]
    rows, columns = glow.shape[0], glow.shape[1]
    for y in prange(height):
        line = np.empty((width, 3), np.float32)
        bits = line.view(np.int32)
        v = min(max((y + 0.5) * 0.5 - 0.5, 0.0), rows - 1.0)
        v0 = int(v)
        v1 = min(v0 + 1, rows - 1)
        fv = np.float32(v - v0)
        ny = np.float32((y + 0.5) / height - 0.5)
        for x in range(width):
            u = min(max((x + 0.5) * 0.5 - 0.5, 0.0), columns - 1.0)
            u0 = int(u)
            u1 = min(u0 + 1, columns - 1)
            fu = np.float32(u - u0)
            nx = np.float32((x + 0.5) / width - 0.5)
            shade = np.float32(1.0) - amounts[5] * (nx * nx + ny * ny) * np.float32(2.0)
            lit = np.empty(3, np.float32)
            for c in range(3):
                upper = glow[v0, u0, c] + (glow[v0, u1, c] - glow[v0, u0, c]) * fu
                lower = glow[v1, u0, c] + (glow[v1, u1, c] - glow[v1, u0, c]) * fu
                soft = upper + (lower - upper) * fv
                if c == 0:
                    soft += soft * amounts[7]
                lit[c] = max(picture[y, x, c] * amounts[0] + soft, np.float32(0.0)) * amounts[1 + c] * shade
            for c in range(3):
                line[x, c] = inset[c, 0] * lit[0] + inset[c, 1] * lit[1] + inset[c, 2] * lit[2]
        for x in range(width):
            for c in range(3):
                index = (bits[x, c] >> 16) - TABLE_FLOOR
                line[x, c] = table[min(max(index, 0), TABLE_SIZE - 1)]
        for x in range(width):
            r, g, b = line[x, 0], line[x, 1], line[x, 2]
            luma = LUMA[0] * r + LUMA[1] * g + LUMA[2] * b
            grain = hashed(x, y, counter) * amounts[6] * np.float32(4.0) * luma * (np.float32(1.0) - luma)
            dither = hashed(x, y, counter + 0x5BD1) * np.float32(0.5)
            for c in range(3):
                value = outset[c, 0] * r + outset[c, 1] * g + outset[c, 2] * b
                value = luma + (value - luma) * amounts[4]
                value += tints[0, c] * (np.float32(1.0) - luma) + tints[1, c] * luma
                value = value * np.float32(255.0) + grain + dither + np.float32(0.5)
                out[y, x, c] = np.uint8(min(max(value, np.float32(0.0)), np.float32(255.0)))
