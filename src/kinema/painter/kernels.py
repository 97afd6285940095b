"""Numba kernels round the native painter: down to its working size, along with motion, and up again."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit, prange
from numpy.typing import NDArray

Array = NDArray[Any]

FAR = np.float32(2000.0)  # metres: the sky, to the painter
NEAREST = np.float32(1e-4)
LOG_FAR = np.float32(0.125)  # brings log(1 + depth) below one
# how unlike a neighbour may be before its light stops counting: in log depth, in the root of albedo
DEPTH_SLACK, ALBEDO_SLACK = np.float32(40.0), np.float32(12.0)


@njit(cache=True, parallel=True, error_model="numpy")  # type: ignore[untyped-decorator]
def gather(
    preview: Array, depth: Array, normal: Array, albedo: Array, roughness: Array, metallic: Array, emission: Array,
    key: Array, reflected: Array, motion: Array, valid: Array, squares: Array, ceiling: float, bright: float,
    scale: float, factor: int, guides: Array, moved: Array, known: Array,
) -> None:  # fmt: skip
    """Means over blocks. guides (20, h, w): e of the preview 3, root of albedo 3, normal 3, log depth, share of sky,
    roughness, metallic, e of emission 3, key light's visibility, e of what is reflected 3."""
    height, width = depth.shape
    h, w = known.shape
    byte = np.float32(1.0 / 255.0)
    for y in prange(h):
        sums = np.empty(20, np.float32)
        top, bottom = y * factor, min((y + 1) * factor, height)
        for x in range(w):
            left, right = x * factor, min((x + 1) * factor, width)
            sums[:] = np.float32(0.0)
            for i in range(top, bottom):
                for j in range(left, right):
                    for c in range(3):
                        sums[c] += preview[i, j, c]
                        sums[3 + c] += squares[albedo[i, j, c]]
                        sums[6 + c] += np.float32(normal[i, j, c])
                        sums[13 + c] += squares[emission[i, j, c]]
                        sums[17 + c] += squares[reflected[i, j, c]]
                    sums[9] += np.log(np.float32(1.0) + min(depth[i, j], FAR))
                    sums[10] += np.float32(1.0) if depth[i, j] > FAR else np.float32(0.0)
                    sums[11] += np.float32(roughness[i, j])
                    sums[12] += np.float32(metallic[i, j])
                    sums[16] += np.float32(key[i, j])
            share = np.float32(1.0) / np.float32((bottom - top) * (right - left))
            for c in range(3):
                guides[c, y, x] = np.log(np.float32(1.0) + max(sums[c], np.float32(0.0)) * share * bright) * scale
                guides[3 + c, y, x] = np.sqrt(sums[3 + c] * share)
                guides[6 + c, y, x] = sums[6 + c] * share * np.float32(1.0 / 127.0)
                guides[13 + c, y, x] = np.log(np.float32(1.0) + sums[13 + c] * share * ceiling * bright) * scale
                guides[17 + c, y, x] = np.log(np.float32(1.0) + sums[17 + c] * share * ceiling * bright) * scale
            guides[9, y, x] = sums[9] * share * LOG_FAR
            guides[10, y, x] = sums[10] * share
            for c in (11, 12, 16):
                guides[c, y, x] = sums[c] * share * byte
            i, j = min(top + factor // 2, height - 1), min(left + factor // 2, width - 1)
            moved[y, x, 0], moved[y, x, 1] = motion[i, j, 0] / factor, motion[i, j, 1] / factor
            known[y, x] = valid[i, j]


@njit(cache=True, parallel=True, error_model="numpy")  # type: ignore[untyped-decorator]
def warp(ratio: Array, motion: Array, valid: Array, out: Array) -> None:
    """out (4, h, w): ratio (h, w, 3) fetched bilinearly from where each pixel was, and 1 where that holds, else 0."""
    h, w = valid.shape
    one = np.float32(1.0)
    for y in prange(h):
        for x in range(w):
            u, v = np.float32(x) + motion[y, x, 0], np.float32(y) + motion[y, x, 1]
            inside = u >= 0 and v >= 0 and u <= w - 1 and v <= h - 1 and valid[y, x] > 0
            out[3, y, x] = one if inside else np.float32(0.0)
            if not inside:
                for c in range(3):
                    out[c, y, x] = np.float32(0.0)
                continue
            a, b = min(int(u), w - 2), min(int(v), h - 2)
            s, t = u - np.float32(a), v - np.float32(b)
            for c in range(3):
                upper = ratio[b, a, c] * (one - s) + ratio[b, a + 1, c] * s
                lower = ratio[b + 1, a, c] * (one - s) + ratio[b + 1, a + 1, c] * s
                out[c, y, x] = upper * (one - t) + lower * t


@njit(cache=True, parallel=True, error_model="numpy")  # type: ignore[untyped-decorator]
def spread(
    ratio: Array, guides: Array, preview: Array, depth: Array, normal: Array, albedo: Array, factor: int, dark: float,
    out: Array,
) -> None:  # fmt: skip
    """out (H, W, 3): the preview times exp(ratio), ratio (h, w, 3) taken from the four working pixels around, most
    from those of like depth, normal and colour (joint bilateral, Kopf et al., Joint Bilateral Upsampling, 2007)."""
    height, width = depth.shape
    h, w = ratio.shape[:2]
    one, zero, byte = np.float32(1.0), np.float32(0.0), np.float32(1.0 / 255.0)
    for y in prange(height):
        v = (np.float32(y) + np.float32(0.5)) / factor - np.float32(0.5)
        b = int(np.floor(v))
        t = v - np.float32(b)
        for x in range(width):
            u = (np.float32(x) + np.float32(0.5)) / factor - np.float32(0.5)
            a = int(np.floor(u))
            s = u - np.float32(a)
            z = np.log(one + min(depth[y, x], FAR)) * LOG_FAR
            nx, ny, nz = np.float32(normal[y, x, 0]), np.float32(normal[y, x, 1]), np.float32(normal[y, x, 2])
            red, green, blue, total = zero, zero, zero, zero
            for corner in range(4):
                i, j = b + (corner >> 1), a + (corner & 1)
                share = (s if corner & 1 else one - s) * (t if corner >> 1 else one - t) + np.float32(0.01)
                i, j = min(max(i, 0), h - 1), min(max(j, 0), w - 1)
                gap = (guides[9, i, j] - z) * DEPTH_SLACK
                tone = zero
                for c in range(3):
                    tone += abs(guides[3 + c, i, j] - np.float32(albedo[y, x, c]) * byte)
                tone *= ALBEDO_SLACK * np.float32(1.0 / 3.0)
                turn = guides[6, i, j] * nx + guides[7, i, j] * ny + guides[8, i, j] * nz
                turn = np.float32(0.1) + max(turn, zero) * np.float32(1.0 / 127.0)
                share *= turn * turn / ((one + gap * gap) * (one + tone * tone)) + NEAREST
                red += share * ratio[i, j, 0]
                green += share * ratio[i, j, 1]
                blue += share * ratio[i, j, 2]
                total += share
            total = one / total
            out[y, x, 0] = max(np.exp(red * total) * (preview[y, x, 0] + dark) - dark, zero)
            out[y, x, 1] = max(np.exp(green * total) * (preview[y, x, 1] + dark) - dark, zero)
            out[y, x, 2] = max(np.exp(blue * total) * (preview[y, x, 2] + dark) - dark, zero)
