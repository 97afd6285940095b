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
from kinema.stage.raster.shadow import Slab, cast, slab

DIRECTIONS = 16
SIZE = 256
REACH = (4.0, 40.0)  # least and greatest radius of the world that shades, metres

# numbers of the kernel, in single precision
_0, _HALF, _1, _FARTHEST = (np.float32(x) for x in (0.0, 0.5, 1.0, 1e9))
_STEP = np.uint64(1)


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
    """Keeps the dome of depth maps while the camera stays in its cell and the still world is the same."""

    def __init__(self) -> None:
        self._key: tuple[object, ...] = ()
        self._dome: Dome | None = None

    def dome(self, geometry: Geometry, camera: Camera, casts: NDArray[np.bool_]) -> Dome:
        """The maps around this camera."""
        still = casts & (geometry.moving == 0)
        centre, radius = _region(geometry, still, camera)
        key = (tuple(centre), radius, geometry.still)
        if self._dome is None or key != self._key:
            towards = hemisphere(DIRECTIONS)
            slabs = tuple(slab(d, centre, radius, SIZE) for d in towards)

            def draw(index: int, _: int) -> F32:
                depth = np.full((SIZE, SIZE), np.inf, np.float32)
                cast(geometry, still, slabs[index], depth)
                return depth

            self._dome = Dome(towards, np.stack(over(DIRECTIONS, 1, draw)), slabs)
            self._key = key
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
def open_to(values, start, end, directions, matrices, texels, maps, out):  # type: ignore[no-untyped-def]
    """Of surfels [start, end): the share of the dome's directions seen, and their mean, into out (N, 4). matrices
    (K, 3, 4): from places relative to the eye to texels and metres along the direction."""
    count, size = maps.shape[0], maps.shape[1]
    least, most, part = np.float32(2.0), np.float32(size - 3), _1 / np.float32(count)
    for n in range(start, end):
        if values[16, n] > _FARTHEST:
            out[n, 0], out[n, 1], out[n, 2], out[n, 3] = _1, _0, _0, _HALF
            continue
        share, sx, sy, sz = _0, _0, _0, _0
        nx, ny, nz = values[3, n], values[4, n], values[5, n]
        for k in range(count):
            lift, m = texels[k], matrices[k]
            x, y, z = values[0, n] + nx * lift, values[1, n] + ny * lift, values[2, n] + nz * lift
            u = m[0, 0] * x + m[0, 1] * y + m[0, 2] * z + m[0, 3]
            v = m[1, 0] * x + m[1, 1] * y + m[1, 2] * z + m[1, 3]
            seen = _1
            if u >= least and v >= least and u <= most and v <= most:
                d = m[2, 0] * x + m[2, 1] * y + m[2, 2] * z + m[2, 3] - lift
                iu, iv = np.uint64(u), np.uint64(v)
                fu, fv = u - np.float32(iu), v - np.float32(iv)
                a, b = iu - _STEP, iv - _STEP
                # three by three texels, the outer ones sharing one weight: a tent two texels wide
                low = _HALF - _HALF * fu
                seen = _0
                for row in range(3):
                    y_at = b + np.uint64(row)
                    line = (low if maps[k, y_at, a] >= d else _0) + (_HALF if maps[k, y_at, iu] >= d else _0)
                    line += _HALF * fu if maps[k, y_at, iu + _STEP] >= d else _0
                    seen += line * (_HALF - _HALF * fv if row == 0 else _HALF if row == 1 else _HALF * fv)
            share += seen
            sx += seen * directions[k, 0]
            sy += seen * directions[k, 1]
            sz += seen * directions[k, 2]
        out[n, 0] = share * part
        out[n, 1], out[n, 2], out[n, 3] = sx * part, sy * part, sz * part


def openness(points: Surfels, eye: F64, dome: Dome) -> F32:
    """(N, 4): the share of the sky each surfel sees, and the mean of the directions it is seen in."""
    out = np.empty((len(points.surface), 4), np.float32)
    matrices = np.stack([s.matrix for s in dome.slabs])
    matrices[:, :, 3] += matrices[:, :, :3] @ eye
    texels = np.array([s.texel for s in dome.slabs], np.float32)
    table, towards = matrices.astype(np.float32), dome.directions.astype(np.float32)
    over(len(out), 2048, lambda a, b: open_to(points.values, a, b, towards, table, texels, dome.maps, out))
    return out
