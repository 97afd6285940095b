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
from kinema.stage.raster.kernel import disjoint, inlined, over
from kinema.stage.raster.resolve import Surfels
from kinema.stage.raster.shadow import Slab, slab
from kinema.stage.raster.standing import StillMap, still_map

DIRECTIONS = 16
SIZE = 256
REACH = (4.0, 40.0)  # least and greatest radius of the world that shades, metres

# numbers of the kernel, in single precision
_0, _HALF, _1, _FIVE, _FARTHEST = (np.float32(x) for x in (0.0, 0.5, 1.0, 5.0, 1e9))
ONE, TWO = np.uint64(1), np.uint64(2)


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


@inlined
def tent(there, flat, spot, size, fu, fv, d):  # type: ignore[no-untyped-def]
    """Share of a depth map's texels that lie at d or beyond, three by three from number `spot` of a flat map on: the
    outer ones share one weight, a tent two texels wide. Where its corners and its middle agree, so does all of it.
    Asked without branches, so that a block's surfels are asked side by side."""
    upper, middle, lower = spot, spot + size, spot + size + size
    a, b, c = _1 if flat[upper] >= d else _0, _HALF if flat[upper + ONE] >= d else _0, flat[upper + TWO] >= d
    e, f, g = flat[middle] >= d, _1 if flat[middle + ONE] >= d else _0, flat[middle + TWO] >= d
    h, i, j = _1 if flat[lower] >= d else _0, _HALF if flat[lower + ONE] >= d else _0, flat[lower + TWO] >= d
    c, e, g, j = _1 if c else _0, _1 if e else _0, _1 if g else _0, _1 if j else _0
    low, high = _HALF - _HALF * fu, _HALF * fu
    above, below = low * a + b + high * c, low * h + i + high * j
    share = above * (_HALF - _HALF * fv) + (low * e + _HALF * f + high * g) * _HALF + below * (_HALF * fv)
    agreeing = a + c + f + h + j
    return _1 if agreeing == _FIVE or there <= _0 else _0 if agreeing == _0 else share


@inlined
def placed(s, spots, m, lift, size):  # type: ignore[no-untyped-def]
    """Where a block lies in a depth map of so many texels a side, m (3, 4) being the way there: the number of the first
    texel to ask, what is left of a texel, depth; and whether it lies there at all."""
    least, most = np.float32(2.0), np.float32(size - 3)
    m00, m01, m02, m03 = m[0, 0], m[0, 1], m[0, 2], m[0, 3]
    m10, m11, m12, m13 = m[1, 0], m[1, 1], m[1, 2], m[1, 3]
    m20, m21, m22, m23 = m[2, 0], m[2, 1], m[2, 2], m[2, 3] - lift
    for i in range(64):
        x, y, z = s[i] + s[192 + i] * lift, s[64 + i] + s[256 + i] * lift, s[128 + i] + s[320 + i] * lift
        u, v = m00 * x + m01 * y + m02 * z + m03, m10 * x + m11 * y + m12 * z + m13
        s[512 + i] = m20 * x + m21 * y + m22 * z + m23
        inside = u >= least and v >= least and u <= most and v <= most and s[384 + i] < _FARTHEST
        s[704 + i] = _1 if inside else _0
        u, v = u if inside else least, v if inside else least
        column, row = np.floor(u), np.floor(v)
        s[576 + i], s[640 + i] = u - column, v - row
        spots[i] = np.int32((row - _1) * np.float32(size) + (column - _1))


@disjoint
def open_to(values, start, end, directions, matrices, texels, maps, out):  # type: ignore[no-untyped-def]
    """Of surfels [start, end): the share of the dome's directions seen, and their mean, into out (4, N). matrices
    (K, 3, 4): from places relative to the eye to texels and metres along the direction.

    By blocks as in `obscure`; s: place, normal, depth, depth in the map, what is left of the texel, whether it is in
    the map, the four sums.
    """
    count, size = maps.shape[0], maps.shape[1]
    part, wide = _1 / np.float32(count), np.uint64(size)
    s, spots = np.ones(15 * 64, np.float32), np.zeros(64, np.int32)
    for first in range(start, end, 64):
        m = min(64, end - first)
        for field in range(6):
            for i in range(m):
                s[field * 64 + i] = values[field, first + i]
        for i in range(m):
            s[384 + i] = values[16, first + i]
        s[448:512] = _0
        s[768:] = _0
        for k in range(count):
            placed(s, spots, matrices[k], texels[k], size)
            flat = maps[k].reshape(-1)
            dx, dy, dz = directions[k, 0] * part, directions[k, 1] * part, directions[k, 2] * part
            for i in range(64):
                seen = tent(s[704 + i], flat, np.uint64(spots[i]), wide, s[576 + i], s[640 + i], s[512 + i])
                s[448 + i] += seen * part
                s[768 + i] += seen * dx
                s[832 + i] += seen * dy
                s[896 + i] += seen * dz
        for i in range(m):
            out[0, first + i], out[1, first + i] = s[448 + i], s[768 + i]
            out[2, first + i], out[3, first + i] = s[832 + i], s[896 + i]


def openness(points: Surfels, eye: F64, dome: Dome) -> F32:
    """(4, N): the share of the sky each surfel sees, and the mean of the directions it is seen in."""
    out = np.empty((4, len(points.surface)), np.float32)
    matrices = np.stack([s.matrix for s in dome.slabs])
    matrices[:, :, 3] += matrices[:, :, :3] @ eye
    texels = np.array([s.texel for s in dome.slabs], np.float32)
    table, towards = matrices.astype(np.float32), dome.directions.astype(np.float32)
    over(out.shape[1], 4096, lambda a, b: open_to(points.values, a, b, towards, table, texels, dome.maps, out))
    return out
