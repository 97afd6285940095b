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
_ROUND = np.float32(256.5)  # int() rounds to the nearest, below zero too
_TIGHT = np.float32(1.0 / 0.03)  # of depth, how much may lie between neighbours
_N0, _N1, _N2 = np.uint64(0), np.uint64(1), np.uint64(2)  # never from the end


@kernel
def gather(triangle, planes, where, rays, h, w, y0, y1, guide):  # type: ignore[no-untyped-def]
    """Position from the eye, depth and the triangle's own normal of every second pixel into guide (h, w, 7)."""
    for row in range(y0, y1):
        for column in range(w):
            r = triangle[2 * row, 2 * column]
            if r < 0:
                for k in range(7):
                    guide[row, column, k] = 0.0
                guide[row, column, 3] = FARTHEST
                continue
            u, v = 2 * column + 0.5, 2 * row + 0.5
            za, zb, zc = planes[r, 9], planes[r, 10], planes[r, 11]
            depth = 1.0 / (za * (u - where[r, 1]) + zb * (v - where[r, 3]) + zc)
            x = (rays[0, 0] * u + rays[0, 1] * v + rays[0, 2]) * depth
            y = (rays[1, 0] * u + rays[1, 1] * v + rays[1, 2]) * depth
            z = (rays[2, 0] * u + rays[2, 1] * v + rays[2, 2]) * depth
            guide[row, column, 0], guide[row, column, 1], guide[row, column, 2] = x, y, z
            guide[row, column, 3] = depth
            # 1 / depth = n . ray, so the plane's normal is the gradient taken back through the lens
            zc = zc - za * where[r, 1] - zb * where[r, 3]
            dx = rays[3, 0] * za + rays[3, 1] * zb + rays[3, 2] * zc
            dy = rays[4, 0] * za + rays[4, 1] * zb + rays[4, 2] * zc
            dz = rays[5, 0] * za + rays[5, 1] * zb + rays[5, 2] * zc
            length = -np.sqrt(dx * dx + dy * dy + dz * dz) - 1e-20
            guide[row, column, 4], guide[row, column, 5], guide[row, column, 6] = dx / length, dy / length, dz / length


@kernel
def obscure(guide, focal, y0, y1, spiral, out):  # type: ignore[no-untyped-def]
    """Raw occlusion of rows [y0, y1): 1 open, 0 closed. spiral (16, TAPS, 3): x, y, distance by pattern cell."""
    h, w = out.shape
    taps = spiral.shape[1]
    weight = _STRENGTH / np.float32(taps)
    for row in range(y0, y1):
        for column in range(w):
            out[row, column] = _1
            depth = guide[row, column, 3]
            reach = min(focal / depth, _WIDEST)
            if reach < _NARROWEST:
                continue
            nx, ny, nz = guide[row, column, 4], guide[row, column, 5], guide[row, column, 6]
            px, py, pz = guide[row, column, 0], guide[row, column, 1], guide[row, column, 2]
            cell = (row & 3) * 4 + (column & 3)
            total = _0
            bias = _BIAS + _BIAS_FAR * depth
            for t in range(taps):
                y = row + int(spiral[cell, t, 1] * reach + _ROUND) - 256
                x = column + int(spiral[cell, t, 0] * reach + _ROUND) - 256
                y = -y if y < 0 else 2 * h - 2 - y if y >= h else y
                x = -x if x < 0 else 2 * w - 2 - x if x >= w else x
                b, a = np.uint64(y), np.uint64(x)
                dx, dy, dz = guide[b, a, _N0] - px, guide[b, a, _N1] - py, guide[b, a, _N2] - pz
                d2 = dx * dx + dy * dy + dz * dz + _LEAST
                up = max(_0, dx * nx + dy * ny + dz * nz - bias)
                fall = max(_0, _1 - d2 * _NEARBY)
                total += up / np.sqrt(d2) * fall * fall
            out[row, column] = max(_0, _1 - weight * total)


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
    table = np.zeros((16, TAPS, 3), np.float32)
    order = [0, 8, 2, 10, 12, 4, 14, 6, 3, 11, 1, 9, 15, 7, 13, 5]
    for cell in range(16):
        turn = order[cell] / 16.0 * 2.0 * np.pi
        for tap in range(TAPS):
            far = (tap + (order[cell] % 4 + 0.5) / 4.0) / TAPS
            angle = turn + far * TURNS * 2.0 * np.pi
            table[cell, tap] = far * np.cos(angle), far * np.sin(angle), far
    return table


SPIRAL = _spiral()


def occlusion(triangles: Triangles, triangle: I32, view: View) -> tuple[F32, F32]:
    """Occlusion (h, w) at half size and its depth (h, w), from the records (H, W) that the pixels see."""
    h, w = view.height // STEP, view.width // STEP
    guide = np.empty((h, w, 7), np.float32)
    raw, across, out = (np.empty((h, w), np.float32) for _ in range(3))
    rays = np.vstack([np.linalg.inv(view.matrix), view.matrix.T])
    over(h, GRAIN, lambda a, b: gather(triangle, triangles.planes, triangles.where, rays, h, w, a, b, guide))
    reach = np.float32(view.focal * RADIUS / STEP)
    over(h, GRAIN, lambda a, b: obscure(guide, reach, a, b, SPIRAL, raw))
    depth = np.ascontiguousarray(guide[..., 3])
    over(h, GRAIN, lambda a, b: smooth(raw, depth, 0, 1, a, b, across))
    over(h, GRAIN, lambda a, b: smooth(across, depth, 1, 0, a, b, out))
    return out, depth
