"""How much of the sky each place sees: soft light from many parallel depth maps over the upper half.

The still world is drawn once along each of a few directions; a coarse grid over the picture then asks which of them
reach it. Rooms darken away from their windows, streets towards their kerbs, woods under their crowns.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kinema.buffers.scene_frame import F32, F64, Camera
from kinema.stage.raster.assembly import Geometry
from kinema.stage.raster.kernel import kernel, over
from kinema.stage.raster.resolve import Surfels
from kinema.stage.raster.shadow import Slab, slab
from kinema.stage.raster.standing import StillMap, still_map

DIRECTIONS = 16
SIZE = 256
REACH = (4.0, 40.0)  # least and greatest radius of the world that shades, metres

# numbers of the kernel, in single precision
_0, _HALF, _1, _FARTHEST = (np.float32(x) for x in (0.0, 0.5, 1.0, 1e9))


@dataclass(frozen=True, eq=False)
class Dome:
    """directions (K, 3) up the hemisphere, of equal solid angle · maps (K, SIZE, SIZE) · slabs of each."""

    directions: F64
    maps: F32
    slabs: tuple[Slab, ...]


def hemisphere(count: int) -> F64:
    """Directions (K, 3) spread evenly over the upper half, by the golden angle."""
    k = np.arange(count)
    z = (k + 0.5) / count
    turn = k * np.pi * (3.0 - np.sqrt(5.0))
    r = np.sqrt(1.0 - z * z)
    return np.stack([r * np.cos(turn), r * np.sin(turn), z], -1)


class Openness:
    """Keeps the dome of depth maps, and carries it along as the camera changes its cell or the still world changes."""

    def __init__(self) -> None:
        self._key: tuple[object, ...] = ()
        self._maps: tuple[StillMap | None, ...] = (None,) * DIRECTIONS
        self._dome: Dome | None = None

    def dome(self, geometry: Geometry, camera: Camera, casts: NDArray[np.bool_]) -> Dome:
        """The maps around this camera; casts (S,) names the surfaces that throw shadows."""
        still = casts & geometry.shades & (geometry.moving == 0)
        centre, radius = _region(geometry, still, camera)
        key = (tuple(centre), radius, geometry.standing)
        if self._dome is None or key != self._key:
            towards = hemisphere(DIRECTIONS)
            slabs = tuple(slab(d, centre, radius, SIZE) for d in towards)
            before = self._maps
            maps = over(DIRECTIONS, 1, lambda k, _: still_map(before[k], slabs[k], geometry, still))
            self._dome = Dome(towards, np.stack([one.depth for one in maps]), slabs)
            self._key, self._maps = key, tuple(maps)
        return self._dome


def _region(geometry: Geometry, still: NDArray[np.bool_], camera: Camera) -> tuple[F64, float]:
    """Where shade is asked for: the whole of a small world, the surroundings of the view in a large one."""
    bounds = geometry.bounds[still]
    if len(bounds):
        low, high = (bounds[:, :3] - bounds[:, 3:]).min(0), (bounds[:, :3] + bounds[:, 3:]).max(0)
        radius = float(np.linalg.norm(high - low)) / 2.0
        if radius <= REACH[1]:
            return np.asarray((low + high) / 2.0, np.float64), max(radius, REACH[0])
    ahead = np.asarray(camera.position) + 0.5 * REACH[1] * np.asarray(camera.rotation)[2]
    step = REACH[1] / 2.0
    return np.round(ahead / step) * step, REACH[1]


@kernel
def tent(maps, level, column, row, fu, fv, d):  # type: ignore[no-untyped-def]
    """Share of a depth map's texels around (row, column) that lie at d or beyond: three by three, the outer ones
    sharing one weight, a tent two texels wide. Where its corners and its middle agree, so will the rest."""
    a, b, c = np.uint64(column - 1), np.uint64(column), np.uint64(column + 1)
    e, f, g = np.uint64(row - 1), np.uint64(row), np.uint64(row + 1)
    level = np.uint64(level)
    ea, ec, fb = maps[level, e, a] >= d, maps[level, e, c] >= d, maps[level, f, b] >= d
    ga, gc = maps[level, g, a] >= d, maps[level, g, c] >= d
    if ea == fb and ec == fb and ga == fb and gc == fb:
        return _1 if fb else _0
    low, high = _HALF - _HALF * fu, _HALF * fu
    upper = (low if ea else _0) + (_HALF if maps[level, e, b] >= d else _0) + (high if ec else _0)
    middle = (low if maps[level, f, a] >= d else _0) + (_HALF if fb else _0)
    middle += high if maps[level, f, c] >= d else _0
    lower = (low if ga else _0) + (_HALF if maps[level, g, b] >= d else _0) + (high if gc else _0)
    return upper * (_HALF - _HALF * fv) + middle * _HALF + lower * (_HALF * fv)


@kernel
def open_to(values, start, end, directions, matrices, texels, maps, out):  # type: ignore[no-untyped-def]
    """Of surfels [start, end): the share of the dome's directions seen, and their mean, into out (4, N). matrices
    (K, 3, 4): from places relative to the eye to texels and metres along the direction.

    A direction's map is asked by all surfels before the next: it stays in the cache. By blocks as in `obscure`;
    s: place, normal, depth, texel, depth in the map, what is left of the texel, answer.
    """
    count, size = maps.shape[0], maps.shape[1]
    least, most, part = np.float32(2.0), np.float32(size - 3), _1 / np.float32(count)
    out[:, start:end] = _0
    s = np.ones(13 * 64, np.float32)
    columns, rows = np.zeros(64, np.int32), np.zeros(64, np.int32)
    for k in range(count):
        m, lift = matrices[k], texels[k]
        m00, m01, m02, m03 = m[0, 0], m[0, 1], m[0, 2], m[0, 3]
        m10, m11, m12, m13 = m[1, 0], m[1, 1], m[1, 2], m[1, 3]
        m20, m21, m22, m23 = m[2, 0], m[2, 1], m[2, 2], m[2, 3] - lift
        dx, dy, dz = directions[k, 0] * part, directions[k, 1] * part, directions[k, 2] * part
        for first in range(start, end, 64):
            wide = min(64, end - first)
            for field in range(6):
                for i in range(wide):
                    s[field * 64 + i] = values[field, first + i]
            for i in range(wide):
                s[384 + i] = values[16, first + i]
            for i in range(64):
                x, y, z = s[i] + s[192 + i] * lift, s[64 + i] + s[256 + i] * lift, s[128 + i] + s[320 + i] * lift
                u, v = m00 * x + m01 * y + m02 * z + m03, m10 * x + m11 * y + m12 * z + m13
                s[512 + i] = m20 * x + m21 * y + m22 * z + m23
                inside = u >= least and v >= least and u <= most and v <= most and s[384 + i] < _FARTHEST
                s[704 + i] = _1
                u, v = u if inside else _0, v if inside else _0
                column, row = np.floor(u), np.floor(v)
                columns[i], rows[i] = np.int32(column), np.int32(row)
                s[576 + i], s[640 + i] = u - column, v - row
            for i in range(wide):
                if columns[i] > 0:
                    s[704 + i] = tent(maps, k, columns[i], rows[i], s[576 + i], s[640 + i], s[512 + i])
            for i in range(wide):
                n, seen = first + i, s[704 + i]
                out[0, n] += seen * part
                out[1, n] += seen * dx
                out[2, n] += seen * dy
                out[3, n] += seen * dz


def openness(points: Surfels, eye: F64, dome: Dome) -> F32:
    """(4, N): the share of the sky each surfel sees, and the mean of the directions it is seen in."""
    out = np.empty((4, len(points.surface)), np.float32)
    matrices = np.stack([s.matrix for s in dome.slabs])
    matrices[:, :, 3] += matrices[:, :, :3] @ eye
    texels = np.array([s.texel for s in dome.slabs], np.float32)
    table, towards = matrices.astype(np.float32), dome.directions.astype(np.float32)
    over(out.shape[1], 4096, lambda a, b: open_to(points.values, a, b, towards, table, texels, dome.maps, out))
    return out
