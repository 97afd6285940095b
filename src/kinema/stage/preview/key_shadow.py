"""Shadows of the key light: three nested depth maps, crisp near the subject, wide for the world."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from kinema.buffers.scene_frame import F32, F64, Camera, KeyLight
from kinema.stage.raster.assembly import Geometry
from kinema.stage.raster.kernel import kernel, over
from kinema.stage.raster.resolve import Surfels
from kinema.stage.raster.shadow import Slab, cast, enclosed, extent, slab, touching
from kinema.stage.raster.standing import StillMap, still_map

SIZE = 1024
REACHES = (1.8, 7.0, 30.0)  # of the focus distance
RIM = 10.0  # texels inside a map's rim from which the next one may be asked: the filter's, and a place's lift

# numbers of the kernel, in single precision
_0, _HALF, _1, _2, _NINTH = (np.float32(x) for x in (0.0, 0.5, 1.0, 2.0, 1.0 / 9.0))


@dataclass(frozen=True, eq=False)
class Cascades:
    """maps (3, SIZE, SIZE) metres along the light · matrices (3, 3, 4), texels (3,) metres: of each map's slab."""

    maps: F32
    matrices: F64
    texels: F32


class KeyShadow:
    """Draws the cascades; keeps the still part of each, and carries it along as the view moves."""

    def __init__(self) -> None:
        self._kept: dict[int, tuple[bytes, StillMap]] = {}
        self._keeping = threading.Lock()

    def cascades(
        self, geometry: Geometry, light: KeyLight | None, camera: Camera, casts: NDArray[np.bool_]
    ) -> Cascades | None:
        """The maps of this frame, until this thread asks again; casts (S,) names the surfaces that throw shadows."""
        if light is None:
            return None
        direction = np.asarray(light.direction, np.float64)
        slabs = tuple(slab(direction, *_sphere(camera, reach), SIZE) for reach in REACHES)
        stamp = geometry.standing.to_bytes(8, "little", signed=True)
        worked = _own_maps()

        def draw(index: int, _: int) -> None:
            still = self._still(index, slabs[index], stamp, geometry, casts & (geometry.moving == 0))
            moving = casts & (geometry.moving != 0) & touching(slabs[index], geometry.bounds)
            if index > 0:  # what a finer map tells of is never asked of a coarser one
                margin = RIM + RIM * slabs[index].texel / slabs[index - 1].texel
                moving &= ~enclosed(slabs[index - 1], geometry.bounds, margin)
            worked.restore(index, still, extent(slabs[index], geometry.bounds[moving]))
            cast(geometry, moving, slabs[index], worked.maps[index])

        over(len(slabs), 1, draw)
        texels = np.array([s.texel for s in slabs], np.float32)
        return Cascades(worked.maps, np.stack([s.matrix for s in slabs]), texels)

    def _still(self, index: int, slab_: Slab, stamp: bytes, geometry: Geometry, casts: NDArray[np.bool_]) -> F32:
        """The map of what stands still."""
        key = slab_.matrix.tobytes() + stamp
        with self._keeping:
            held, before = self._kept.get(index, (b"", None))
            if before is None or held != key:
                before = still_map(before, slab_, geometry, casts)
                self._kept[index] = key, before
        return before.depth


class _Worked:
    """The maps one thread draws its frames into; only what moved is taken back for the next."""

    def __init__(self) -> None:
        self.maps = np.empty((len(REACHES), SIZE, SIZE), np.float32)
        self._from: dict[int, F32] = {}
        self._drawn: dict[int, tuple[slice, slice]] = {}

    def restore(self, index: int, still: F32, soon: tuple[slice, slice]) -> None:
        """Make a map show what stands still; soon: rows and columns about to be drawn over."""
        if self._from.get(index) is still:
            self.maps[index][self._drawn[index]] = still[self._drawn[index]]
        else:
            self.maps[index] = still
        self._from[index], self._drawn[index] = still, soon


_own = threading.local()


def _own_maps() -> _Worked:
    """This thread's, whichever world it draws: what stands still in one is no other's, and is put in anew."""
    if not hasattr(_own, "maps"):
        _own.maps = _Worked()
    maps: _Worked = _own.maps
    return maps


def _sphere(camera: Camera, reach: float) -> tuple[F64, float]:
    """Centre and radius that hold the view out to reach times its focus; both move in coarse steps."""
    near = 2.0 ** (np.round(2.0 * np.log2(np.clip(camera.focus, 2.0, 24.0))) / 2.0)
    far = min(near * reach, 260.0)
    slope = np.hypot(camera.width, camera.height) / (2.0 * camera.focal)
    middle = min(far / 2.0 * (1.0 + slope * slope), far)  # equally far from the eye and the far corners
    radius = max(np.hypot(far - middle, far * slope), middle if slope > 1.0 else 0.0, far * 0.5) * 1.15
    centre = np.asarray(camera.position, np.float64) + middle * np.asarray(camera.rotation, np.float64)[2]
    step = radius / 4.0
    radius = 2.0 ** (np.ceil(4.0 * np.log2(radius + step)) / 4.0)
    return np.round(centre / step) * step, float(radius)


@kernel
def lit(values, surface, matrices, texels, maps, light, out):  # type: ignore[no-untyped-def]
    """Share of the key light that reaches the place of each surfel, whichever way it faces, by percentage-closer
    filtering over 4 by 4 texels.

    matrices (3, 3, 4): from places relative to the eye to texels and metres along the light.
    """
    levels, size = maps.shape[0], maps.shape[1]
    least, most = np.float32(3.0), np.float32(size - 4)
    lx, ly, lz = light[0], light[1], light[2]
    for n in range(out.shape[0]):
        out[n] = _1
        if surface[n] < 0:
            continue
        nx, ny, nz = values[3, n], values[4, n], values[5, n]
        cosine = nx * lx + ny * ly + nz * lz
        if cosine < -_HALF - _HALF * values[14, n]:
            out[n] = _0  # no bump beside it will face the light either
            continue
        slope = _HALF + _2 * np.sqrt(max(_0, _1 - cosine * cosine))
        px, py, pz = values[0, n], values[1, n], values[2, n]
        for level in range(levels):
            lift = texels[level] * slope
            x, y, z = px + nx * lift, py + ny * lift, pz + nz * lift
            m = matrices[level]
            u = m[0, 0] * x + m[0, 1] * y + m[0, 2] * z + m[0, 3] - _HALF
            v = m[1, 0] * x + m[1, 1] * y + m[1, 2] * z + m[1, 3] - _HALF
            if u < least or v < least or u > most or v > most:
                continue
            d = m[2, 0] * x + m[2, 1] * y + m[2, 2] * z + m[2, 3] - texels[level]
            iu, iv = int(u), int(v)
            fu, fv = u - np.float32(iu), v - np.float32(iv)
            a, b = np.uint64(iu - 1), np.uint64(iv - 1)
            c, e = np.uint64(iu + 2), np.uint64(iv + 2)
            # where the four corners of the filter and its middle agree, so will the rest
            hit = (maps[level, b, a] >= d) + (maps[level, b, c] >= d) + (maps[level, e, a] >= d)
            hit += (maps[level, e, c] >= d) + (maps[level, np.uint64(iv), np.uint64(iu)] >= d)
            if hit == 0 or hit == 5:
                out[n] = _1 if hit == 5 else _0
                break
            total = _0
            for row in range(4):
                wv = _1 - fv if row == 0 else fv if row == 3 else _1
                for column in range(4):
                    wu = _1 - fu if column == 0 else fu if column == 3 else _1
                    there = maps[level, b + np.uint64(row), a + np.uint64(column)] >= d
                    total += wu * wv if there else _0
            out[n] = total * _NINTH
            break


def visibility(points: Surfels, cascades: Cascades, eye: F64, light: KeyLight) -> F32:
    """Share (N,) of the key light that reaches the place of each surfel."""
    out = np.empty(len(points.surface), np.float32)
    matrices, towards = from_eye(cascades, light, tuple(eye.tolist()))
    lit(points.values, points.surface, matrices, cascades.texels, cascades.maps, towards, out)
    return out


@lru_cache(4)
def from_eye(cascades: Cascades, light: KeyLight, eye: tuple[float, float, float]) -> tuple[F32, F32]:
    """The cascades' matrices (3, 3, 4) from places relative to an eye, and the way to the light (3,)."""
    matrices = cascades.matrices.copy()
    matrices[:, :, 3] += matrices[:, :, :3] @ np.array(eye)
    return matrices.astype(np.float32), np.asarray(light.direction, np.float32)
