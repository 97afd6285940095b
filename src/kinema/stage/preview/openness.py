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
from kinema.stage.raster.shadow import Slab, cast, slab

DIRECTIONS = 20
SIZE = 256
REACH = (8.0, 40.0)  # least and greatest radius of the world that shades, metres


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
def open_to(values, width, step, w, y0, y1, eye, directions, matrices, texels, maps, out):  # type: ignore[no-untyped-def]
    """For every step-th pixel: the share of the dome's directions seen, and their sum, as (share, x, y, z)."""
    count, size = maps.shape[0], maps.shape[1]
    for row in range(y0, y1):
        for column in range(w):
            n = (row * step + step // 2) * width + column * step + step // 2
            share, sx, sy, sz = 0.0, 0.0, 0.0, 0.0
            if values[16, n] > 1e9:
                out[row, column, 0] = 1.0
                out[row, column, 1], out[row, column, 2], out[row, column, 3] = 0.0, 0.0, 0.5
                continue
            nx, ny, nz = values[3, n], values[4, n], values[5, n]
            for k in range(count):
                lift = texels[k] * 1.5
                x, y, z = (
                    values[0, n] + eye[0] + nx * lift,
                    values[1, n] + eye[1] + ny * lift,
                    values[2, n] + eye[2] + nz * lift,
                )
                m = matrices[k]
                u = m[0, 0] * x + m[0, 1] * y + m[0, 2] * z + m[0, 3] - 0.5
                v = m[1, 0] * x + m[1, 1] * y + m[1, 2] * z + m[1, 3] - 0.5
                seen = 1.0
                if u >= 1.0 and v >= 1.0 and u <= size - 3.0 and v <= size - 3.0:
                    d = m[2, 0] * x + m[2, 1] * y + m[2, 2] * z + m[2, 3] - texels[k]
                    iu, iv = int(u), int(v)
                    fu, fv = u - iu, v - iv
                    seen = 0.0
                    for b in range(-1, 3):
                        wv = 1.0 - fv if b == -1 else fv if b == 2 else 1.0
                        for a in range(-1, 3):
                            wu = 1.0 - fu if a == -1 else fu if a == 2 else 1.0
                            if maps[k, iv + b, iu + a] >= d:
                                seen += wu * wv / 9.0
                share += seen
                sx += seen * directions[k, 0]
                sy += seen * directions[k, 1]
                sz += seen * directions[k, 2]
            out[row, column, 0] = share / count
            out[row, column, 1], out[row, column, 2], out[row, column, 3] = sx / count, sy / count, sz / count


def openness(values: F32, width: int, height: int, step: int, eye: F64, dome: Dome) -> F32:
    """(h, w, 4) on the coarse grid: the share of the sky seen, and the mean of the directions it is seen in."""
    h, w = height // step, width // step
    out = np.empty((h, w, 4), np.float32)
    matrices = np.stack([s.matrix for s in dome.slabs])
    texels = np.array([s.texel for s in dome.slabs])
    over(
        h,
        8,
        lambda a, b: open_to(values, width, step, w, a, b, eye, dome.directions, matrices, texels, dome.maps, out),
    )
    return out
