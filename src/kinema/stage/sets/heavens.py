"""The night sky: a deep gradient, stars that do not shimmer, the Milky Way's haze, and a moon fit for a picture."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kinema.buffers.scene_frame import F32, Colour
from kinema.stage.chance import chance
from kinema.stage.sets.directions import F64, angles, rays, toward
from kinema.stage.sets.noise import Noise, smooth

MOON_RADIUS = np.radians(3.9)  # fifteen times the real one: what a viewer remembers, not what a lens records
MOON_WHITE: Colour = (1.65, 1.60, 1.46)
GLOW: Colour = (0.62, 0.78, 1.0)

# The near side's plains: disc coordinates (x right, y up, radius 1), half axes, darkness.
MARIA = np.array(
    [
        (-0.28, 0.48, 0.34, 0.27, 0.85),  # Imbrium
        (0.26, 0.42, 0.22, 0.19, 0.95),  # Serenitatis
        (0.46, 0.14, 0.27, 0.21, 1.0),  # Tranquillitatis
        (0.76, 0.29, 0.10, 0.12, 0.95),  # Crisium
        (0.70, -0.08, 0.14, 0.22, 0.85),  # Fecunditatis
        (0.50, -0.24, 0.11, 0.13, 0.75),  # Nectaris
        (-0.62, 0.20, 0.26, 0.42, 0.85),  # Procellarum
        (-0.28, -0.02, 0.20, 0.14, 0.6),  # Insularum
        (-0.24, -0.32, 0.22, 0.18, 0.75),  # Nubium
        (-0.58, -0.38, 0.13, 0.13, 0.85),  # Humorum
        (-0.05, 0.80, 0.45, 0.07, 0.6),  # Frigoris
        (0.10, 0.18, 0.12, 0.08, 0.6),  # Vaporum
    ],
    np.float32,
)


def night(width: int, seed: int, moon: F64 | None, city: bool, stars: bool) -> F32:
    """Radiance (width / 2, width, 3) of a night sky; moon (3,) points at its disc."""
    small = 1024
    base = _gradient(small, seed, moon, city)
    image = _enlarged(base, width // small)
    if stars:
        _sow_stars(image, seed)
    if moon is not None:
        hang_moon(image, seed, moon)
    return np.ascontiguousarray(image, np.float32)


def _enlarged(image: F32, times: int) -> F32:
    """An image (H, W, 3) with that many pixels for each, linear between them; edges are held."""
    for axis in (0, 1):
        count = image.shape[axis]
        at = np.clip((np.arange(count * times) + 0.5) / times - 0.5, 0, count - 1)
        low = np.minimum(at.astype(np.int64), count - 2)
        share = (at - low).astype(np.float32).reshape(-1, *[1] * (2 - axis))
        first = np.take(image, low, axis)
        image = first + (np.take(image, low + 1, axis) - first) * share
    return image


def _gradient(width: int, seed: int, moon: F64 | None, city: bool) -> F32:
    elevation, azimuth = angles(width)
    x, y, z = rays(elevation, azimuth)
    low, high = ((0.030, 0.060, 0.105), (0.006, 0.013, 0.040))
    if city:
        low, high = ((0.062, 0.058, 0.118), (0.011, 0.020, 0.066))  # the blue that an eye keeps over lamps
    depth = np.exp(-np.maximum(z, 0) * (3.2 if city else 3.6))[..., None]
    image = np.asarray(low, np.float32) * depth + np.asarray(high, np.float32) * (1 - depth)
    if not city:
        image = image + _milky_way(seed, x, y, z)[..., None] * np.asarray((0.030, 0.034, 0.046), np.float32)
    if moon is not None:
        image = image + _moonlit_air(x, y, z, moon)
    return np.asarray(image, np.float32)


def _milky_way(seed: int, x: F32, y: F32, z: F32) -> F32:
    """Haze (H, W) along a great circle that stands askew on the horizon, with dark lanes."""
    pole, along = toward(24.0, 118.0), toward(66.0, 298.0)
    across = x * pole[0] + y * pole[1] + z * pole[2]
    run = x * along[0] + y * along[1] + z * along[2]
    noise = Noise.of(seed, "sky", "milky way")
    clumps = noise.sum(run * 5, across * 9, 5, 0.6)
    lanes = smooth(0.05, 0.5, noise.sum(run * 7 + 3, across * 16, 4, 0.6) + 0.35 - 7 * np.abs(across + 0.02))
    band = np.exp(-((across / 0.16) ** 2)) * (0.75 + 0.8 * clumps) * (1 - 0.6 * lanes)
    return np.asarray(np.clip(band, 0, None) * smooth(0.02, 0.35, z), np.float32)


def _moonlit_air(x: F32, y: F32, z: F32, moon: F64) -> F32:
    away = np.arccos(np.clip(x * moon[0] + y * moon[1] + z * moon[2], -1, 1))
    halo = 0.20 * np.exp(-away / 0.055) + 0.085 * np.exp(-away / 0.22) + 0.03 * np.exp(-away / 0.8)
    low = np.exp(-np.maximum(z, 0) / 0.11) * (0.20 * np.exp(-away / 0.8) + 0.03)
    return np.asarray((halo + low)[..., None] * np.asarray(GLOW, np.float32), np.float32)


def _sow_stars(image: F32, seed: int, count: int = 3400) -> None:
    """Gaussian discs no smaller than a pixel and a half across, so that a moving camera does not make them flicker."""
    height, width = image.shape[:2]
    draw = chance(seed, "sky", "stars")
    elevation = np.arcsin(draw.uniform(0.03, 0.995, count))
    azimuth = draw.uniform(0, 2 * np.pi, count)
    bright = 0.045 * draw.pareto(1.35, count).clip(0.15, 22.0)
    warm = draw.normal(0, 1, count)
    tint = np.stack([1 + 0.12 * warm, np.ones(count), 1 - 0.14 * warm], -1).clip(0.6, 1.4)
    bright *= np.clip(elevation / 0.35, 0.15, 1)  # air dims them towards the horizon
    for e, a, b, t in zip(elevation, azimuth, bright, tint, strict=True):
        _splat(image, (np.pi / 2 - e) / np.pi * height - 0.5, a / (2 * np.pi) * width - 0.5, b * t, float(np.cos(e)))


def _splat(image: F32, row: float, column: float, light: NDArray[np.float64], flat: float) -> None:
    height, width = image.shape[:2]
    sigma = 0.72 + 0.25 * min(float(light.max()), 1.0)
    reach_x = min(int(np.ceil(3 * sigma / flat)), 60)
    rows = np.arange(max(int(row) - 3, 0), min(int(row) + 5, height))
    columns = np.arange(int(column) - reach_x, int(column) + reach_x + 2)
    falloff = np.exp(-0.5 * (((rows - row) / sigma) ** 2)[:, None] - 0.5 * ((columns - column) * flat / sigma) ** 2)
    image[rows[:, None], columns % width] += (falloff[..., None] * light).astype(np.float32)


def hang_moon(image: F32, seed: int, moon: F64) -> None:
    """Paint the disc over an image (H, W, 3) where `moon` (3,) points, hiding the stars behind it."""
    width = image.shape[1]
    middle = int((np.pi / 2 - np.arcsin(moon[2])) / np.pi * width / 2)
    reach = int(MOON_RADIUS / np.pi * width / 2 * 1.3) + 2
    rows = slice(max(middle - reach, 0), middle + reach)
    elevation, azimuth = angles(width, rows)
    x, y, z = rays(elevation, azimuth)
    right = np.array([moon[1], -moon[0], 0]) / np.hypot(moon[0], moon[1])
    up = np.cross(right, moon)
    u, v, ahead = (x * d[0] + y * d[1] + z * d[2] for d in (right, up, moon))
    near = (ahead > 0.9) & (u**2 + v**2 < (1.3 * MOON_RADIUS) ** 2)
    disc_u, disc_v = u[near] / MOON_RADIUS, v[near] / MOON_RADIUS
    cover = smooth(1.0 + 2.5 / reach, 1.0 - 1.0 / reach, np.hypot(disc_u, disc_v))[:, None]
    band = image[rows]
    band[near] = band[near] * (1 - cover) + moon_face(seed, disc_u, disc_v) * cover


def moon_face(seed: int, u: F32, v: F32) -> F32:
    """Radiance (N, 3) of a full moon at disc coordinates (N,): plains, rays of Tycho, a slightly darker limb."""
    noise = Noise.of(seed, "moon", "face")
    wu, wv = u + 0.13 * noise.sum(u * 4, v * 4, 5, 0.6), v + 0.13 * noise.sum(u * 4 + 9, v * 4 + 5, 5, 0.6)
    plain = np.zeros_like(u)
    for cx, cy, ax, ay, dark in MARIA:
        plain = np.maximum(plain, dark * smooth(1.5, 0.3, np.hypot((wu - cx) / ax, (wv - cy) / ay)))
    rough = noise.sum(u * 14, v * 14, 4, 0.6)
    tycho = np.hypot(u + 0.14, v + 0.70)
    turn = np.arctan2(v + 0.70, u + 0.14)
    streak = smooth(0.15, 0.6, noise.at(turn * 6 + 20, tycho * 1.5 + 3)) * np.exp(-tycho / 0.55)
    light = 1.0 - 0.55 * plain * (1 + 0.25 * rough) + 0.10 * rough * (1 - plain) + 0.22 * streak
    light += 0.25 * smooth(0.10, 0.03, tycho)
    limb = 0.72 + 0.28 * np.sqrt(np.clip(1 - u**2 - v**2, 0, 1)) ** 0.5
    return np.asarray((light * limb)[:, None] * np.asarray(MOON_WHITE, np.float32), np.float32)
