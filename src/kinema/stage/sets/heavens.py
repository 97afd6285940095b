"""The night sky: a deep gradient, stars that do not shimmer, the Milky Way's haze, and a moon fit for a picture."""

from __future__ import annotations

import functools

import numpy as np
from numpy.typing import NDArray

from kinema.buffers.scene_frame import F32, U8, Colour, Material, Mesh, Surface, Texture
from kinema.stage.cache import kept
from kinema.stage.chance import chance
from kinema.stage.colours import encoded
from kinema.stage.sets.directions import F64, angles, rays, toward
from kinema.stage.sets.noise import Noise, smooth

MOON_RADIUS = np.radians(3.9)  # fifteen times the real one: what a viewer remembers, not what a lens records
MOON_WHITE: Colour = (2.45, 2.36, 2.16)
GLOW: Colour = (0.62, 0.78, 1.0)
CORONA: Colour = (1.0, 0.93, 0.80)  # of the air next to the disc: fine drops send it straight on, as it is
DISC_AWAY = 6000.0  # metres from the eye to the disc that stands before the sky's own
THROUGH_AIR = 1.5  # by how much it is brighter, as the place's own air dims what stands so low
FINE = 1024  # pixels across its picture; the sky has a tenth of them

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
# Young craters with rays: disc coordinates, how far the rays reach, how bright they are.
RAYS = (
    (-0.14, -0.70, 0.55, 1.0),  # Tycho
    (-0.33, 0.16, 0.22, 0.55),  # Copernicus
    (-0.60, 0.14, 0.15, 0.4),  # Kepler
    (-0.66, 0.40, 0.10, 0.7),  # Aristarchus
    (0.69, 0.27, 0.12, 0.4),  # Proclus
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
    low, high = ((0.020, 0.042, 0.082), (0.0035, 0.008, 0.027))
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
    """Light (H, W, 3) that air sends on: a corona about the disc, an aureole that fades over a hand's breadth, and
    haze over the horizon below it."""
    middle = np.arccos(np.clip(x * moon[0] + y * moon[1] + z * moon[2], -1, 1))
    away = np.maximum(middle - MOON_RADIUS, 0.0)
    corona = 0.42 * np.exp(-away / 0.016) + 0.13 * np.exp(-away / 0.05)
    aureole = 0.095 * np.exp(-away / 0.10) + 0.030 * np.exp(-away / 0.30)
    low = np.exp(-np.maximum(z, 0) / 0.10) * (0.13 * np.exp(-middle / 0.45) + 0.012)
    near = corona[..., None] * np.asarray(CORONA, np.float32)
    return np.asarray(near + (aureole + low)[..., None] * np.asarray(GLOW, np.float32), np.float32)


def _sow_stars(image: F32, seed: int, count: int = 5200) -> None:
    """Gaussian discs no smaller than a pixel and a half across, so that a moving camera does not make them flicker."""
    height, width = image.shape[:2]
    draw = chance(seed, "sky", "stars")
    elevation = np.arcsin(draw.uniform(0.03, 0.995, count))
    azimuth = draw.uniform(0, 2 * np.pi, count)
    bright = 0.060 * draw.pareto(1.35, count).clip(0.15, 22.0)
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


def moon_disc(seed: int, moon: F64, eye: NDArray[np.float64]) -> Surface:
    """The full moon as a disc before the sky, as seen from an eye (3,): as fine as a long lens asks for."""
    right = np.array([moon[1], -moon[0], 0]) / np.hypot(moon[0], moon[1])
    transform = np.eye(4)
    transform[:3, :3] = np.stack([right, moon, np.cross(right, moon)], 1)
    transform[:3, 3] = np.asarray(eye) + DISC_AWAY * moon
    return Surface(_disc(seed), transform, casts_shadow=False, shades_sky=False)


@functools.cache
def _disc(seed: int, corners: int = 128) -> Mesh:
    """A disc about the origin in the plane of x and z, seen from -Y, that shines."""
    turn = np.arange(corners) * 2 * np.pi / corners
    rim = np.stack([np.cos(turn), 0 * turn, np.sin(turn)], -1)
    places = np.concatenate([np.zeros((1, 3)), rim])
    k = np.arange(corners)
    faces = np.stack([0 * k, 1 + k, 1 + (k + 1) % corners], -1)
    red, green, blue = (1.5 * THROUGH_AIR * part for part in MOON_WHITE)
    picture = Texture(f"moon/{seed}", emission=kept("moon", seed, lambda: _face_picture(seed)))
    material = Material("moon", (0.0, 0.0, 0.0), roughness=1.0, emission=(red, green, blue), texture=picture)
    return Mesh(
        f"moon/{seed}",
        faces.astype(np.int32),
        (places * DISC_AWAY * np.tan(MOON_RADIUS)).astype(np.float32),
        np.broadcast_to(np.array([0, -1, 0], np.float32), places.shape).copy(),
        (material,),
        None,
        (0.5 + 0.5 * 0.998 * places[:, [0, 2]]).astype(np.float32),
    )


def _face_picture(seed: int) -> U8:
    """The face (FINE, FINE, 3), sRGB-encoded, as a share of the brightest there is."""
    at = ((np.arange(FINE) + 0.5) / FINE * 2 - 1).astype(np.float32)
    u, v = (a.reshape(-1) for a in np.meshgrid(at, -at))
    face = moon_face(seed, u, v) / np.asarray(MOON_WHITE, np.float32) / 1.5
    return encoded(face.clip(0, 1)).reshape(FINE, FINE, 3)


def moon_face(seed: int, u: F32, v: F32) -> F32:
    """Radiance (N, 3) of a full moon at disc coordinates (N,): plains, craters and their rays, a darker limb."""
    noise = Noise.of(seed, "moon", "face")
    wu, wv = u + 0.11 * noise.sum(u * 4, v * 4, 6, 0.62), v + 0.11 * noise.sum(u * 4 + 9, v * 4 + 5, 6, 0.62)
    plain = np.zeros_like(u)
    for cx, cy, ax, ay, dark in MARIA:
        plain = np.maximum(plain, dark * smooth(1.30, 0.72, np.hypot((wu - cx) / ax, (wv - cy) / ay)))
    rough = noise.sum(u * 14, v * 14, 5, 0.65)
    plain = plain * np.clip(0.9 + 0.28 * noise.sum(u * 5 + 3, v * 5, 3) + 0.12 * rough, 0, 1.1)
    light = 1.0 - 0.66 * plain + 0.13 * rough * (1 - 0.6 * plain)
    for cx, cy, reach, strength in RAYS:
        away, turn = np.hypot(u - cx, v - cy), np.arctan2(v - cy, u - cx)
        streak = smooth(0.05, 0.55, noise.at(turn * 6 + 20 + 9 * reach, away * 1.5 + 3)) * np.exp(-away / reach)
        light += strength * (0.30 * streak + 0.35 * smooth(0.14 * reach, 0.05 * reach, away))
    light += _craters(seed, u, v)
    limb = 0.84 + 0.16 * np.sqrt(np.clip(1 - u**2 - v**2, 0, 1))
    return np.asarray((light * limb).clip(0.12, 1.5)[:, None] * np.asarray(MOON_WHITE, np.float32), np.float32)


def _craters(seed: int, u: F32, v: F32, count: int = 70) -> F32:
    """What small craters add (N,): a floor in shade, a wall that shines."""
    draw, light = chance(seed, "moon", "craters"), np.zeros_like(u)
    for cx, cy, size in np.stack([*draw.uniform(-0.9, 0.9, (2, count)), 0.010 * (1 + draw.pareto(2.2, count))], 1):
        size = min(size, 0.055)
        near = np.flatnonzero((np.abs(u - cx) < 1.6 * size) & (np.abs(v - cy) < 1.6 * size))
        share = np.hypot(u[near] - cx, v[near] - cy) / size
        light[near] += 0.07 * np.exp(-(((share - 1.0) / 0.25) ** 2)) - 0.06 * smooth(1.0, 0.5, share)
    return light
