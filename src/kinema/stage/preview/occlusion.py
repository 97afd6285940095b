"""Ambient occlusion at half size: creases and contacts darken, by the depth buffer alone.

After McGuire, Mara and Luebke, Scalable Ambient Obscurance (2012): taps on a spiral, turned by pixel on a four by
four pattern, then a depth-aware mean over that pattern, which leaves no noise.
"""

from __future__ import annotations

import numpy as np

from kinema.buffers.scene_frame import F32, I32
from kinema.stage.raster.kernel import kernel, over
from kinema.stage.raster.triangles import Triangles, View

STEP = 2
TAPS = 9
TURNS = 4.0
RADIUS = 0.7  # metres
STRENGTH = 2.2
FARTHEST = np.float32(1e12)  # metres; where the sky is
GRAIN = 24  # rows

# numbers of the kernels, in single precision
_0, _HALF, _1, _LEAST = (np.float32(x) for x in (0.0, 0.5, 1.0, 1e-8))
_NARROWEST, _WIDEST, _STRENGTH = np.float32(1.5), np.float32(90.0), np.float32(STRENGTH)  # texels of a spiral; strength
_BIAS, _BIAS_FAR, _NEARBY = np.float32(0.01), np.float32(0.002), np.float32(1.0 / RADIUS**2)
_TIGHT = np.float32(1.0 / 0.03)  # of depth, how much may lie between neighbours


@kernel
def gather(triangle, planes, where, y0, y1, depths, normals):  # type: ignore[no-untyped-def]
    """Depth (h, w) and the triangle's own normal (3, h, w), in the camera's axes, of every second pixel."""
    for row in range(y0, y1):
        for column in range(depths.shape[1]):
            r = triangle[2 * row, 2 * column]
            if r < 0:
                depths[row, column] = FARTHEST
                continue
            u, v = np.float32(2 * column - where[r, 1]) + _HALF, np.float32(2 * row - where[r, 3]) + _HALF
            depths[row, column] = _1 / (planes[r, 9] * u + planes[r, 10] * v + planes[r, 11])
            for k in range(3):
                normals[k, row, column] = planes[r, 12 + k]


@kernel
def obscure(depths, normals, lens, y0, y1, spiral, out):  # type: ignore[no-untyped-def]
    """Raw occlusion of rows [y0, y1): 1 open, 0 closed. lens (4,): reach at a metre in texels, slope of a texel, slopes
    of the first column and row · spiral (4, TAPS, 2, 64): x, y by the pattern's row and by texel of a block.

    Sixty-four texels at a time, as in `light`: where every tap falls is worked out for all, then the depths are
    fetched one by one, then the arithmetic goes on for all. s: depth, normal, place, reach, total, tap's x, y, z.
    """
    h, w = out.shape
    right, bottom = np.float32(w - 1), np.float32(h - 1)
    flat = depths.reshape(-1)
    s = np.ones(11 * 64, np.float32)
    spots = np.zeros(64, np.int32)
    weight = _STRENGTH / np.float32(spiral.shape[1])
    slope, left, top = lens[1], lens[2], lens[3]
    for row in range(y0, y1):
        for first in range(0, w, 64):
            m = min(64, w - first)
            widest = _0
            for i in range(m):
                s[i] = depths[row, first + i]
                widest = max(widest, lens[0] / s[i])
                for k in range(3):
                    s[(1 + k) * 64 + i] = normals[k, row, first + i]
            if widest < _NARROWEST:
                out[row, first : first + m] = _1
                continue
            for i in range(64):
                depth, nx, ny, nz = s[i], s[64 + i], s[128 + i], s[192 + i]
                px, py = (left + slope * np.float32(first + i)) * depth, (top + slope * np.float32(row)) * depth
                turn = _1 if nx * px + ny * py + nz * depth < _0 else -_1  # towards the eye
                s[64 + i], s[128 + i], s[192 + i] = nx * turn, ny * turn, nz * turn
                s[256 + i], s[320 + i] = px, py
                s[384 + i] = min(lens[0] / depth, _WIDEST)
                s[448 + i] = _0
            for t in range(spiral.shape[1]):
                for i in range(64):
                    x = abs(np.floor(np.float32(first + i) + spiral[row & 3, t, 0, i] * s[384 + i] + _HALF))
                    y = abs(np.floor(np.float32(row) + spiral[row & 3, t, 1, i] * s[384 + i] + _HALF))
                    x = max(_0, right - abs(right - x))
                    y = max(_0, bottom - abs(bottom - y))
                    s[512 + i], s[576 + i] = x, y
                    spots[i] = np.int32(y) * np.int32(w) + np.int32(x)
                for i in range(64):
                    s[640 + i] = flat[np.uint64(spots[i])]
                for i in range(64):
                    z = s[640 + i]
                    dx = (left + slope * s[512 + i]) * z - s[256 + i]
                    dy = (top + slope * s[576 + i]) * z - s[320 + i]
                    dz = z - s[i]
                    d2 = dx * dx + dy * dy + dz * dz + _LEAST
                    up = dx * s[64 + i] + dy * s[128 + i] + dz * s[192 + i] - (_BIAS + _BIAS_FAR * s[i])
                    fall = max(_0, _1 - d2 * _NEARBY)
                    s[448 + i] += max(_0, up) / np.sqrt(d2) * fall * fall
            for i in range(m):
                out[row, first + i] = max(_0, _1 - weight * s[448 + i]) if s[384 + i] >= _NARROWEST else _1


@kernel
def smooth(raw, depths, dy, dx, y0, y1, out):  # type: ignore[no-untyped-def]
    """Depth-aware mean along one axis, over the four cells of the pattern and their neighbours; by sixty-four texels in
    one scratch array, as in `light`: mean, weight, depth, slack, and the neighbours' depth and value."""
    h, w = raw.shape
    s = np.ones(6 * 64, np.float32)
    for row in range(y0, y1):
        for first in range(0, w, 64):
            m = min(64, w - first)
            for i in range(m):
                s[i] = raw[row, first + i]
                s[128 + i] = depths[row, first + i]
            for i in range(64):
                s[64 + i] = _1
                s[192 + i] = _TIGHT / s[128 + i]
            for k in range(-3, 4):
                y, x = row + k * dy, first + k * dx
                if k == 0 or y < 0 or y >= h:
                    continue
                for i in range(max(0, -x), min(m, w - x)):
                    s[256 + i], s[320 + i] = depths[y, np.uint64(x + i)], raw[y, np.uint64(x + i)]
                for i in range(0, min(m, -x)):
                    s[256 + i] = -FARTHEST
                for i in range(max(0, w - x), m):
                    s[256 + i] = -FARTHEST
                least = _HALF if k == 3 or k == -3 else _1
                for i in range(64):
                    gap = abs(s[256 + i] - s[128 + i]) * s[192 + i]
                    share = max(_0, _1 - gap) * least
                    s[i] += share * s[320 + i]
                    s[64 + i] += share
            for i in range(m):
                out[row, first + i] = s[i] / s[64 + i]


def _spiral() -> F32:
    table = np.zeros((4, 4, TAPS, 2), np.float32)
    order = [0, 8, 2, 10, 12, 4, 14, 6, 3, 11, 1, 9, 15, 7, 13, 5]
    for cell in range(16):
        turn = order[cell] / 16.0 * 2.0 * np.pi
        for tap in range(TAPS):
            far = (tap + (order[cell] % 4 + 0.5) / 4.0) / TAPS
            angle = turn + far * TURNS * 2.0 * np.pi
            table[cell // 4, cell % 4, tap] = far * np.cos(angle), far * np.sin(angle)
    return np.ascontiguousarray(np.tile(table.transpose(0, 2, 3, 1), 16))


SPIRAL = _spiral()


def occlusion(triangles: Triangles, triangle: I32, view: View) -> tuple[F32, F32]:
    """Occlusion (h, w) at half size and its depth (h, w), from the records (H, W) that the pixels see."""
    h, w = view.height // STEP, view.width // STEP
    raw, across, out, depth = (np.empty((h, w), np.float32) for _ in range(4))
    normals = np.empty((3, h, w), np.float32)
    f = view.focal
    lens = np.array([f * RADIUS / STEP, STEP / f, *((0.5 - c) / f for c in view.centre)], np.float32)
    over(h, GRAIN, lambda a, b: gather(triangle, triangles.planes, triangles.where, a, b, depth, normals))
    over(h, GRAIN, lambda a, b: obscure(depth, normals, lens, a, b, SPIRAL, raw))
    over(h, GRAIN, lambda a, b: smooth(raw, depth, 0, 1, a, b, across))
    over(h, GRAIN, lambda a, b: smooth(across, depth, 1, 0, a, b, out))
    return out, depth
