"""The sky as light: its irradiance by low-order harmonics, its reflection by blurred copies."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter1d

from kinema.buffers.scene_frame import F32, F64, Sky
from kinema.stage.raster.kernel import kernel

LOBES = (0.15, 0.4, 1.0)  # blur of the reflected copies, radians
ROWS = 48  # height the image is brought to before it is blurred
FACE = 32  # side of a blurred copy, an octahedron unfolded

# numbers of the look-ups, in single precision
_0, _TINY = np.float32(0.0), np.float32(1e-20)
_RIGHT, _STRAIGHT = np.float32(np.pi / 2.0), np.float32(np.pi)
_A0, _A1, _A2, _A3, _A4, _A5 = (  # least greatest error of a P(a a) against arctan(a) over [0, 1]
    np.float32(x) for x in (0.9999772, -0.3326228, 0.1935403, -0.1164263, 0.05264717, -0.01171906)
)


@dataclass(frozen=True, eq=False)
class SkyLight:
    """above, below (9, 3): irradiance / pi of the upper and lower half, as factors of
    1, y, z, x, xy, yz, 3zz - 1, xz, xx - yy of the normal · image (H, W + 1, 3), its first column again at the end ·
    blurred (L, FACE, FACE, 3) · mean (3,): radiance over the upper half."""

    image: F32
    above: F32
    below: F32
    blurred: F32
    mean: F32


def directions(height: int, width: int) -> F64:
    """The direction (H, W, 3) each texel's middle looks along."""
    down = (np.arange(height) + 0.5) / height * np.pi
    turn = (np.arange(width) + 0.5) / width * 2.0 * np.pi
    t, p = np.meshgrid(down, turn, indexing="ij")
    return np.stack([np.sin(t) * np.sin(p), np.sin(t) * np.cos(p), np.cos(t)], -1)


def basis(d: F64) -> F64:
    """The nine real spherical harmonics of unit vectors (..., 3) -> (..., 9)."""
    x, y, z = d[..., 0], d[..., 1], d[..., 2]
    return np.stack(
        [
            0.282095 + 0.0 * x, 0.488603 * y, 0.488603 * z, 0.488603 * x, 1.092548 * x * y, 1.092548 * y * z,
            0.315392 * (3.0 * z * z - 1.0), 1.092548 * x * z, 0.546274 * (x * x - y * y),
        ],
        -1,
    )  # fmt: skip


# the cosine lobe's share of each band, over pi (Ramamoorthi and Hanrahan, An Efficient Representation for Irradiance
# Environment Maps, 2001)
_COSINE = np.array([1.0, *[2.0 / 3.0] * 3, *[0.25] * 5])
_SIZES = np.array([0.282095, *[0.488603] * 3, 1.092548, 1.092548, 0.315392, 1.092548, 0.546274])


def sky_light(sky: Sky) -> SkyLight:
    """Everything shading needs of a sky image."""
    image = np.asarray(sky.image, np.float32)
    small = _shrunk(image)
    d = directions(*small.shape[:2])
    solid = np.sqrt(1.0 - d[..., 2] ** 2)[..., None]
    solid *= 4.0 * np.pi / solid.sum() / solid.shape[1] * solid.shape[1]
    halves = [np.where(side[..., None], small, 0.0) for side in (d[..., 2] > 0, d[..., 2] <= 0)]
    above, below = (np.einsum("hwc,hwk->kc", half * solid, basis(d)) * _COSINE[:, None] for half in halves)
    mean = (halves[0] * solid).sum((0, 1)) / (2.0 * np.pi)
    return SkyLight(
        np.concatenate([image, image[:, :1]], 1),
        (above * _SIZES[:, None]).astype(np.float32),
        (below * _SIZES[:, None]).astype(np.float32),
        np.stack([_unfolded(_blurred(small, lobe)) for lobe in LOBES]).astype(np.float32),
        mean.astype(np.float32),
    )


def _shrunk(image: F32) -> F64:
    """Area means of the image at ROWS by 2 ROWS."""
    rows = np.linspace(0, image.shape[0], ROWS + 1).astype(int)
    columns = np.linspace(0, image.shape[1], 2 * ROWS + 1).astype(int)
    if image.shape[0] < ROWS or image.shape[1] < 2 * ROWS:
        r = np.arange(ROWS) * image.shape[0] // ROWS
        c = np.arange(2 * ROWS) * image.shape[1] // (2 * ROWS)
        return np.asarray(image[r][:, c], np.float64)
    sums = np.add.reduceat(np.add.reduceat(image.astype(np.float64), rows[:-1], 0), columns[:-1], 1)
    return np.asarray(sums / (np.diff(rows)[:, None, None] * np.diff(columns)[None, :, None]))


def _blurred(small: F64, angle: float) -> F64:
    """The image blurred by about that angle: rows by latitude widen towards the poles."""
    sigma = angle / np.pi * ROWS
    tall = gaussian_filter1d(small, sigma, axis=0, mode="nearest")
    latitude = np.sin((np.arange(ROWS) + 0.5) / ROWS * np.pi)
    return np.stack(
        [
            gaussian_filter1d(row, min(sigma / max(s, 0.05), 2.0 * ROWS), axis=0, mode="wrap")
            for row, s in zip(tall, latitude, strict=True)
        ]
    )


def _unfolded(image: F64) -> F64:
    """A latitude-longitude image on the faces of an octahedron, unfolded to a square (FACE, FACE, 3)."""
    v, u = (np.mgrid[:FACE, :FACE] + 0.0) / (FACE - 1) * 2.0 - 1.0
    z = 1.0 - np.abs(u) - np.abs(v)
    x = np.where(z < 0, (1.0 - np.abs(v)) * np.where(u < 0, -1.0, 1.0), u)
    y = np.where(z < 0, (1.0 - np.abs(u)) * np.where(v < 0, -1.0, 1.0), v)
    length = np.sqrt(x * x + y * y + z * z)
    row = np.arccos(z / length) / np.pi * image.shape[0] - 0.5
    column = np.arctan2(x, y) / (2.0 * np.pi) * image.shape[1] - 0.5
    rows = np.clip(np.rint(row).astype(int), 0, image.shape[0] - 1)
    return np.asarray(image[rows, np.rint(column).astype(int) % image.shape[1]])


@kernel
def bearing(y, x):  # type: ignore[no-untyped-def]
    """Angle of (x, y) from the x axis, as arctan2, to a few millionths; in single precision."""
    across, up = abs(x), abs(y)
    a = min(across, up) / (max(across, up) + _TINY)
    s = a * a
    t = a * (_A0 + s * (_A1 + s * (_A2 + s * (_A3 + s * (_A4 + s * _A5)))))
    t = _RIGHT - t if up > across else t
    t = _STRAIGHT - t if x < _0 else t
    return -t if y < _0 else t
