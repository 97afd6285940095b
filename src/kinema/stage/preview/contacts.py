"""Contact shade: whatever moves darkens the ground right under where it stands, in any light.

Lamps throw no shadows here, and the occlusion of a depth buffer sees little of the narrow gap under a foot; without a
dark place under it everything seems to float. Each moving surface's lowest points are gathered to a few discs, and what
lies just below a disc is shaded in the half-size occlusion.
"""

from __future__ import annotations

import numpy as np

from kinema.buffers.scene_frame import F32
from kinema.stage.raster.assembly import Geometry
from kinema.stage.raster.kernel import kernel, over
from kinema.stage.raster.triangles import View

STEP = 2  # pixels to a texel of the occlusion
GRAIN = 24  # rows
MOST = 12  # discs to a surface

# numbers of the kernels, in single precision
_LOW = np.float32(0.10)  # metres above its lowest point up to which a surface is gathered
_ONE_DISC = np.float32(0.15**2)  # square metres: points this near each other belong to one disc
_SPARE = np.float32(0.05)  # metres that a disc is wider than what it was gathered from
_NARROWEST, _WIDEST = np.float32(0.05), np.float32(0.16)  # metres: radius of a disc without that
_GAP, _ABOVE = np.float32(0.13), np.float32(0.012)  # metres below a disc where its shade ends; above it, what is in it
_0, _HALF, _1, _NEAREST, _REACH = (np.float32(x) for x in (0.0, 0.5, 1.0, 0.05, 2.2))
_BELOW = np.float32(0.95)  # beyond wholly occluded: so much of the lamps' light is lost as well


@kernel
def lowest(positions, ranges, moving, low):  # type: ignore[no-untyped-def]
    """The height (S,) of the lowest point of each moving surface. ranges (S, 2): first vertex and end."""
    for surface in range(ranges.shape[0]):
        low[surface] = np.float32(np.inf)
        if moving[surface] != 0:
            for k in range(ranges[surface, 0], ranges[surface, 1]):
                low[surface] = min(low[surface], positions[k, 2])


@kernel
def gather(positions, ranges, moving, lows, discs):  # type: ignore[no-untyped-def]
    """Discs (N, 4) of all moving surfaces: place and radius; returns how many. lows (S,): the lowest point of all that
    belongs to the same one, so that a hem or a hand that hangs in the air has none."""
    count = 0
    for surface in range(ranges.shape[0]):
        if moving[surface] == 0:
            continue
        a, b = ranges[surface, 0], ranges[surface, 1]
        low = lows[surface]
        first = count
        for k in range(a, b):
            x, y, z = positions[k, 0], positions[k, 1], positions[k, 2]
            if z > low + _LOW:
                continue
            found = -1
            for d in range(first, count):
                dx, dy = x - discs[d, 0], y - discs[d, 1]
                if dx * dx + dy * dy < _ONE_DISC:
                    found = d
                    break
            if found < 0 and count - first < MOST and count < discs.shape[0]:
                found = count
                discs[count, 0], discs[count, 1], discs[count, 2], discs[count, 3] = x, y, z, _0
                count += 1
            elif found >= 0:
                dx, dy = x - discs[found, 0], y - discs[found, 1]
                discs[found, 2] = min(discs[found, 2], z)
                discs[found, 3] = max(discs[found, 3], dx * dx + dy * dy)
    for d in range(count):
        discs[d, 3] = min(max(np.sqrt(discs[d, 3]), _NARROWEST), _WIDEST) + _SPARE
    return count


@kernel
def press(depths, lens, axes, eye, discs, y0, y1, out):  # type: ignore[no-untyped-def]
    """Darken rows [y0, y1) of the occlusion (h, w) under the discs (N, 4), to less than 0 in their middle.

    lens (4,): focal length in texels, slope of a texel, slopes of the first column and row · axes (3, 3): the
    camera's, right, down and ahead · eye (3,)
    """
    w = depths.shape[1]
    focal, slope, left, top = lens[0], lens[1], lens[2], lens[3]
    for d in range(discs.shape[0]):
        cx, cy, cz = discs[d, 0] - eye[0], discs[d, 1] - eye[1], discs[d, 2] - eye[2]
        ahead = axes[2, 0] * cx + axes[2, 1] * cy + axes[2, 2] * cz
        if ahead < _NEAREST:
            continue
        across = axes[0, 0] * cx + axes[0, 1] * cy + axes[0, 2] * cz
        down = axes[1, 0] * cx + axes[1, 1] * cy + axes[1, 2] * cz
        reach = _REACH * discs[d, 3] * focal / ahead
        u, v = (across / ahead - left) / slope, (down / ahead - top) / slope
        if reach < _1 or u + reach < _0 or u - reach > np.float32(w) or v + reach < y0 or v - reach > y1:
            continue
        r2 = _1 / (discs[d, 3] * discs[d, 3])
        for row in range(max(y0, int(v - reach)), min(y1, int(v + reach) + 1)):
            sy = top + slope * np.float32(row)
            for column in range(max(0, int(u - reach)), min(w, int(u + reach) + 1)):
                depth, sx = depths[row, column], left + slope * np.float32(column)
                dz = (axes[0, 2] * sx + axes[1, 2] * sy + axes[2, 2]) * depth - cz
                if dz > _ABOVE or dz < -_GAP:
                    continue
                dx = (axes[0, 0] * sx + axes[1, 0] * sy + axes[2, 0]) * depth - cx
                dy = (axes[0, 1] * sx + axes[1, 1] * sy + axes[2, 1]) * depth - cy
                near = max(_0, _1 - (dx * dx + dy * dy) * r2 * np.float32(0.25))
                close = _1 + min(dz, _0) / _GAP
                share = near * near * near * near * close * close
                out[row, column] -= share * (out[row, column] + _BELOW)


def grounded(shade: F32, depth: F32, geometry: Geometry, view: View) -> F32:
    """The occlusion (h, w) at half size, of such depths, with the contact shade of all that moves in it: 1 open, 0
    closed to the sky, less where lamps do not reach either."""
    table = np.empty((MOST * max(int(geometry.moving.sum()), 1), 4), np.float32)
    own = np.empty(len(geometry.moving), np.float32)
    lowest(geometry.positions, geometry.vertex_range, geometry.moving, own)
    _, whose = np.unique(geometry.ids[:, 0], return_inverse=True)
    low = np.full(whose.max(initial=-1) + 1, np.inf, np.float32)
    np.minimum.at(low, whose, own)
    count = gather(geometry.positions, geometry.vertex_range, geometry.moving, low[whose], table)
    discs, f = table[:count], view.focal
    lens = np.array([f / STEP, STEP / f, *((0.5 - c) / f for c in view.centre)], np.float32)
    axes, eye = np.asarray(view.rotation, np.float32), np.asarray(view.position, np.float32)
    out = shade.copy()
    over(len(out), GRAIN, lambda a, b: press(depth, lens, axes, eye, discs, a, b, out))
    return out
