"""Shadows of the key light: three nested depth maps, crisp near the subject, wide for the world."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kinema.buffers.scene_frame import F32, F64, Camera, KeyLight
from kinema.stage.raster.assembly import Geometry
from kinema.stage.raster.kernel import kernel, over
from kinema.stage.raster.resolve import Surfels
from kinema.stage.raster.shadow import Slab, cast, slab

SIZE = 1024
REACHES = (1.8, 7.0, 30.0)  # of the focus distance


@dataclass(frozen=True, eq=False)
class Cascades:
    """maps (3, SIZE, SIZE) metres along the light · slabs of each."""

    maps: F32
    slabs: tuple[Slab, ...]


class KeyShadow:
    """Draws the cascades; keeps the still part of each while its frame of reference holds."""

    def __init__(self) -> None:
        self._kept: dict[int, tuple[bytes, F32]] = {}

    def cascades(
        self, geometry: Geometry, light: KeyLight | None, camera: Camera, casts: NDArray[np.bool_]
    ) -> Cascades | None:
        """The maps of this frame; casts (S,) names the surfaces that throw shadows."""
        if light is None:
            return None
        direction = np.asarray(light.direction, np.float64)
        still = casts & (geometry.moving == 0)
        slabs = tuple(slab(direction, *_sphere(camera, reach), SIZE) for reach in REACHES)
        stamp = geometry.still.to_bytes(8, "little", signed=True)

        def draw(index: int, _: int) -> F32:
            key = slabs[index].matrix.tobytes() + stamp
            if index not in self._kept or self._kept[index][0] != key:
                depth = np.full((SIZE, SIZE), np.inf, np.float32)
                cast(geometry, still, slabs[index], depth)
                self._kept[index] = key, depth
            depth = self._kept[index][1].copy()
            cast(geometry, casts & (geometry.moving != 0), slabs[index], depth)
            return depth

        return Cascades(np.stack(over(len(slabs), 1, draw)), slabs)


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
def lit(values, surface, start, end, eye, matrices, texels, maps, light, out):  # type: ignore[no-untyped-def]
    """Share of the key light that reaches each surfel, by percentage-closer filtering over 4 by 4 texels."""
    levels, size = maps.shape[0], maps.shape[1]
    for n in range(start, end):
        out[n] = 1.0
        if surface[n] < 0:
            continue
        nx, ny, nz = values[3, n], values[4, n], values[5, n]
        cosine = nx * light[0] + ny * light[1] + nz * light[2]
        if cosine < -0.5 * values[14, n] or (cosine <= 0.0 and values[14, n] <= 0.0):
            out[n] = 0.0
            continue
        slope = np.sqrt(max(0.0, 1.0 - cosine * cosine))
        for level in range(levels):
            lift = texels[level] * (0.5 + 2.0 * slope)
            x = values[0, n] + eye[0] + nx * lift
            y = values[1, n] + eye[1] + ny * lift
            z = values[2, n] + eye[2] + nz * lift
            u = (
                matrices[level, 0, 0] * x
                + matrices[level, 0, 1] * y
                + matrices[level, 0, 2] * z
                + matrices[level, 0, 3]
                - 0.5
            )
            v = (
                matrices[level, 1, 0] * x
                + matrices[level, 1, 1] * y
                + matrices[level, 1, 2] * z
                + matrices[level, 1, 3]
                - 0.5
            )
            if u < 3.0 or v < 3.0 or u > size - 4.0 or v > size - 4.0:
                continue
            d = (
                matrices[level, 2, 0] * x
                + matrices[level, 2, 1] * y
                + matrices[level, 2, 2] * z
                + matrices[level, 2, 3]
                - texels[level]
            )
            iu, iv = int(u), int(v)
            fu, fv = u - iu, v - iv
            # where the four corners of the filter and its middle agree, so will the rest
            hit = 0
            hit += 1 if maps[level, iv - 1, iu - 1] >= d else 0
            hit += 1 if maps[level, iv - 1, iu + 2] >= d else 0
            hit += 1 if maps[level, iv + 2, iu - 1] >= d else 0
            hit += 1 if maps[level, iv + 2, iu + 2] >= d else 0
            hit += 1 if maps[level, iv, iu] >= d else 0
            if hit == 0 or hit == 5:
                out[n] = hit / 5.0
                break
            total = 0.0
            for b in range(-1, 3):
                wv = 1.0 - fv if b == -1 else fv if b == 2 else 1.0
                for a in range(-1, 3):
                    wu = 1.0 - fu if a == -1 else fu if a == 2 else 1.0
                    if maps[level, iv + b, iu + a] >= d:
                        total += wu * wv
            out[n] = total / 9.0
            break


def visibility(points: Surfels, cascades: Cascades, eye: F64, light: KeyLight) -> F32:
    """Share (N,) of the key light that reaches each surfel."""
    out = np.empty(len(points.surface), np.float32)
    matrices = np.stack([s.matrix for s in cascades.slabs])
    texels = np.array([s.texel for s in cascades.slabs])
    towards = np.asarray(light.direction, np.float64)
    lit(points.values, points.surface, 0, len(out), eye, matrices, texels, cascades.maps, towards, out)
    return out
