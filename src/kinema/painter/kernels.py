"""Numba kernels round the native painter: down to its working size, along with motion, and up again.

Single precision, one thread: the other core stages the next frames meanwhile. Inner loops run over contiguous numbers
or over LANES columns in one flat scratch array, so that the compiler vectorises them.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from kinema.buffers.compiled import kernel

Array = NDArray[Any]

FAR = np.float32(2000.0)  # metres: the sky, to the painter
NEAR = np.float32(8.0)  # metres at which a depth z is seen as one half: z / (z + NEAR)
LEAST = np.float32(1e-4)
# how unlike a neighbour may be before its light stops counting: in depth against its size, in the root of albedo
DEPTH_SLACK, ALBEDO_SLACK = np.float32(10.0), np.float32(4.0)  # the latter for the sum over three channels
ASIDE = np.float32(0.01)  # share of a corner that lies straight opposite
EDGE_ON = np.float32(0.1)  # share that any normal counts
UNLIKE = np.float32(0.1)  # sum of shares below which no neighbour tells of a pixel: the preview stays

LANES = 64
CORNER = 10  # numbers a corner has: depth, root of albedo 3, normal 3, ratio 3
PIXEL = 4 * CORNER * LANES  # where in the scratch the pixels' own begin: depth, albedo, normal, column's share

_0, _1, _2, _HALF, _BYTE = (np.float32(x) for x in (0.0, 1.0, 2.0, 0.5, 1.0 / 255.0))
_SQUARE, _UNIT = np.float32(1.0 / 255.0**2), np.float32(1.0 / 127.0)
_EIGHTH, _SIXTH, _TWENTYFOURTH = np.float32(1.0 / 8.0), np.float32(1.0 / 6.0), np.float32(1.0 / 24.0)


@kernel
def add(row: Array, total: Array) -> None:
    """total += row."""
    for k in range(len(total)):
        total[k] += np.float32(row[k])


@kernel
def add_squares(row: Array, total: Array) -> None:
    """total += row * row, of bytes."""
    for k in range(len(total)):
        value = np.float32(row[k])
        total[k] += value * value


@kernel
def add_depths(row: Array, total: Array, sky: Array) -> None:
    """total += depths as the painter sees them; sky counts those that are none."""
    for k in range(len(total)):
        z = min(row[k], FAR)
        total[k] += z / (z + NEAR)
        sky[k] += _1 if row[k] > FAR else _0


@kernel
def gather(
    preview: Array, depth: Array, normal: Array, albedo: Array, roughness: Array, metallic: Array, emission: Array,
    key: Array, reflected: Array, motion: Array, valid: Array, ceiling: float, bright: float, scale: float,
    factor: int, guides: Array, moved: Array, known: Array,
) -> None:  # fmt: skip
    """Means over blocks. guides (20, h, w): e of the preview 3, root of albedo 3, normal 3, depth, share of sky,
    roughness, metallic, e of emission 3, key light's visibility, e of what is reflected 3.

    All but motion and valid come with rows laid flat: (H, W * 3) or (H, W).
    """
    height, width = depth.shape
    h, w = known.shape
    threes, ones = np.empty((5, 3 * width), np.float32), np.empty((5, width), np.float32)
    for y in range(h):
        threes[:] = _0
        ones[:] = _0
        top, bottom = y * factor, min((y + 1) * factor, height)
        for i in range(top, bottom):
            add(preview[i], threes[0])
            add_squares(albedo[i], threes[1])
            add(normal[i], threes[2])
            add_squares(emission[i], threes[3])
            add_squares(reflected[i], threes[4])
            add_depths(depth[i], ones[0], ones[1])
            add(roughness[i], ones[2])
            add(metallic[i], ones[3])
            add(key[i], ones[4])
        for x in range(w):
            left, right = x * factor, min((x + 1) * factor, width)
            share = _1 / np.float32((bottom - top) * (right - left))
            for c in range(3):
                a, b, d, e, f = _0, _0, _0, _0, _0
                for j in range(left, right):
                    k = 3 * j + c
                    a, b, d = a + threes[0, k], b + threes[1, k], d + threes[2, k]
                    e, f = e + threes[3, k], f + threes[4, k]
                lamp = share * _SQUARE * ceiling * bright
                guides[c, y, x] = np.log(_1 + max(a, _0) * share * bright) * scale
                guides[3 + c, y, x] = np.sqrt(b * share * _SQUARE)
                guides[6 + c, y, x] = d * share * _UNIT
                guides[13 + c, y, x] = np.log(_1 + e * lamp) * scale if e > _0 else _0
                guides[17 + c, y, x] = np.log(_1 + f * lamp) * scale if f > _0 else _0
            z, sky, rough, metal, lit = _0, _0, _0, _0, _0
            for j in range(left, right):
                z, sky, rough = z + ones[0, j], sky + ones[1, j], rough + ones[2, j]
                metal, lit = metal + ones[3, j], lit + ones[4, j]
            guides[9, y, x], guides[10, y, x] = z * share, sky * share
            guides[11, y, x], guides[12, y, x] = rough * share * _BYTE, metal * share * _BYTE
            guides[16, y, x] = lit * share * _BYTE
            i, j = min(top + factor // 2, height - 1), min(left + factor // 2, width - 1)
            moved[y, x, 0], moved[y, x, 1] = motion[i, j, 0] / factor, motion[i, j, 1] / factor
            known[y, x] = valid[i, j]


@kernel
def warp(ratio: Array, motion: Array, valid: Array, out: Array) -> None:
    """out (4, h, w): ratio (h, w, 3) fetched bilinearly from where each pixel was, and 1 where that holds, else 0."""
    h, w = valid.shape
    for y in range(h):
        for x in range(w):
            u, v = np.float32(x) + motion[y, x, 0], np.float32(y) + motion[y, x, 1]
            inside = u >= 0 and v >= 0 and u <= w - 1 and v <= h - 1 and valid[y, x] > 0
            out[3, y, x] = _1 if inside else _0
            if not inside:
                for c in range(3):
                    out[c, y, x] = _0
                continue
            a, b = min(int(u), w - 2), min(int(v), h - 2)
            s, t = u - np.float32(a), v - np.float32(b)
            for c in range(3):
                upper = ratio[b, a, c] * (_1 - s) + ratio[b, a + 1, c] * s
                lower = ratio[b + 1, a, c] * (_1 - s) + ratio[b + 1, a + 1, c] * s
                out[c, y, x] = upper * (_1 - t) + lower * t


@kernel
def spread(
    ratio: Array, guides: Array, preview: Array, depth: Array, normal: Array, albedo: Array, factor: int, dark: Any,
    out: Array,
) -> None:  # fmt: skip
    """out (H, W, 3): the preview times exp(ratio), ratio (h, w, 3) taken from the four working pixels around, most
    from those of like depth, normal and colour (joint bilateral, Kopf et al., Joint Bilateral Upsampling, 2007)."""
    height, width = depth.shape
    h = ratio.shape[0]
    dark = np.float32(dark)
    size = np.float32(factor)
    s = np.ones(PIXEL + 11 * LANES, np.float32)
    for b in range(-1, h):
        top, bottom = max(0, (2 * b + 1) * factor // 2), min(height, (2 * b + 3) * factor // 2)
        for left in range(0, width, LANES):
            count = min(LANES, width - left)
            take_corners(ratio, guides, b, left, count, size, s)
            for y in range(top, bottom):
                t = (np.float32(y) + _HALF) / size - _HALF - np.float32(b)
                take_pixels(depth, normal, albedo, y, left, count, s)
                weigh(t, s)
                for i in range(count):
                    for c in range(3):
                        light = s[PIXEL + (8 + c) * LANES + i] * (preview[y, left + i, c] + dark) - dark
                        out[y, left + i, c] = max(light, _0)


@kernel
def take_corners(ratio: Array, guides: Array, b: int, left: int, count: int, size: float, s: Array) -> None:
    """The four working pixels round each of LANES columns, between working rows b and b + 1, into the scratch."""
    h, w = ratio.shape[:2]
    for i in range(count):
        u = (np.float32(left + i) + _HALF) / size - _HALF
        a = int(np.floor(u))
        s[PIXEL + 7 * LANES + i] = u - np.float32(a)
        for corner in range(4):
            y, x = min(max(b + (corner >> 1), 0), h - 1), min(max(a + (corner & 1), 0), w - 1)
            k = corner * CORNER * LANES + i
            s[k] = NEAR / (_1 + LEAST - guides[9, y, x])  # z + NEAR
            for c in range(3):
                s[k + (1 + c) * LANES] = guides[3 + c, y, x]
                s[k + (4 + c) * LANES] = guides[6 + c, y, x] * _UNIT
                s[k + (7 + c) * LANES] = ratio[y, x, c]


@kernel
def take_pixels(depth: Array, normal: Array, albedo: Array, y: int, left: int, count: int, s: Array) -> None:
    """What LANES full-size pixels are, into the scratch."""
    for i in range(count):
        s[PIXEL + i] = min(depth[y, left + i], FAR) + NEAR
    for i in range(count):
        for c in range(3):
            s[PIXEL + (1 + c) * LANES + i] = np.float32(albedo[y, left + i, c]) * _BYTE
            s[PIXEL + (4 + c) * LANES + i] = np.float32(normal[y, left + i, c])


@kernel
def weigh(t: float, s: Array) -> None:
    """exp of the ratio of LANES pixels, into the scratch's last three rows. t: how far below working row b they lie."""
    for i in range(LANES):
        z, aside = s[PIXEL + i], s[PIXEL + 7 * LANES + i]
        total, red, green, blue = _0, _0, _0, _0
        for corner in range(4):
            k = corner * CORNER * LANES
            share = (aside if corner & 1 else _1 - aside) * (t if corner >> 1 else _1 - t) + ASIDE
            gap = DEPTH_SLACK * (s[k + i] - z) / (s[k + i] + z)
            tone = abs(s[k + LANES + i] - s[PIXEL + LANES + i])
            tone += abs(s[k + 2 * LANES + i] - s[PIXEL + 2 * LANES + i])
            tone += abs(s[k + 3 * LANES + i] - s[PIXEL + 3 * LANES + i])
            tone *= ALBEDO_SLACK
            turn = s[k + 4 * LANES + i] * s[PIXEL + 4 * LANES + i]
            turn += s[k + 5 * LANES + i] * s[PIXEL + 5 * LANES + i]
            turn += s[k + 6 * LANES + i] * s[PIXEL + 6 * LANES + i]
            turn = EDGE_ON + max(turn, _0)
            share *= turn * turn / ((_1 + gap * gap) * (_1 + tone * tone)) + LEAST
            red += share * s[k + 7 * LANES + i]
            green += share * s[k + 8 * LANES + i]
            blue += share * s[k + 9 * LANES + i]
            total += share
        total = _EIGHTH / max(total, UNLIKE)
        s[PIXEL + 8 * LANES + i] = power8(red * total)
        s[PIXEL + 9 * LANES + i] = power8(green * total)
        s[PIXEL + 10 * LANES + i] = power8(blue * total)


@kernel
def power8(x: Any) -> Any:
    """exp(8 x) to four digits for |x| < 0.3: a call to exp would keep the loop from being vectorised."""
    e = _1 + x * (_1 + x * (_HALF + x * (_SIXTH + x * _TWENTYFOURTH)))
    e *= e
    e *= e
    return e * e
