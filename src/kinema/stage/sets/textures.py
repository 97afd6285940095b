"""Procedural tileable surfaces: asphalt with puddles, paving, brick, tile, plaster, concrete, wood, roof tiles.

Noise is white noise filtered in the Fourier domain, so every picture repeats without a seam. Maps follow Texture:
albedo sRGB (H, W, 3), height and roughness (H, W), all uint8. Each builder states how many metres one repeat covers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import fft
from scipy.special import erf

from kinema.buffers.scene_frame import F32, U8, Material, Texture
from kinema.stage.chance import chance

Rgb = tuple[int, int, int]


@dataclass(frozen=True, eq=False)
class Facing:
    """A material and the metres (across, up) that one repeat of its texture covers."""

    material: Material
    span: tuple[float, float]


def waves(rng: np.random.Generator, shape: tuple[int, int], grain: float, stretch: float = 1.0) -> F32:
    """Tileable normal noise (H, W) of unit deviation, with features of about grain pixels (times stretch across)."""
    rows = min(shape[0] // 2, int(2.2 * shape[0] / grain) + 2)  # beyond, the filter leaves nothing
    columns = min(shape[1] // 2, int(2.2 * shape[1] / (grain * stretch)) + 2)
    wave = np.concatenate([np.arange(rows), np.arange(-rows, 0)])
    weight = np.exp(-4.0 * (wave / shape[0] * grain) ** 2)[:, None]
    weight = weight * np.exp(-4.0 * (np.arange(columns) / shape[1] * grain * stretch) ** 2)
    weight[0, 0] = 0.0
    parts = rng.standard_normal((2, 2 * rows, columns), np.float32) * weight.astype(np.float32)
    spectrum = np.zeros((shape[0], shape[1] // 2 + 1), np.complex64)
    spectrum[wave, :columns] = parts[0] + 1j * parts[1]
    field = fft.irfft2(spectrum, s=shape)
    field /= field.std()
    return np.asarray(field, np.float32)


def levelled(field: F32) -> F32:
    """Normal noise of unit deviation made uniform in 0..1."""
    return np.asarray(0.5 + 0.5 * erf(field * np.float32(np.sqrt(0.5))), np.float32)


def noise(rng: np.random.Generator, shape: tuple[int, int], grain: float, stretch: float = 1.0) -> F32:
    """Tileable noise (H, W), uniform in 0..1, with features of about grain pixels (times stretch across)."""
    return levelled(waves(rng, shape, grain, stretch))


def fractal(rng: np.random.Generator, shape: tuple[int, int], grain: float, octaves: int = 4) -> F32:
    """Tileable fractal noise (H, W), uniform in 0..1, halving grain and weight each octave."""
    total = np.sum([waves(rng, shape, grain / 2**k) * np.float32(0.5**k) for k in range(octaves)], axis=0)
    return levelled(total / np.float32(np.sqrt(sum(0.25**k for k in range(octaves)))))


def step(low: float, high: float, x: NDArray[Any]) -> F32:
    """Smooth rise from 0 at low to 1 at high."""
    t = np.clip((x - low) / (high - low), 0.0, 1.0)
    return np.asarray(t * t * (3.0 - 2.0 * t), np.float32)


def byte(x: NDArray[Any]) -> U8:
    """0..1 to 0..255."""
    return np.asarray(np.clip(x, 0.0, 1.0) * 255.0 + 0.5, np.uint8)


def tint(shade: NDArray[Any], colour: Rgb) -> U8:
    """A grey picture (H, W) around 1.0 coloured: (H, W, 3) sRGB."""
    return byte(shade[..., None] * (np.array(colour, np.float32) / 255.0))


def asphalt(seed: int, name: str, wet: bool, size: int = 1024) -> Facing:
    """A road, 10 m by 20 m a repeat: aggregate, patches and cracks; wet, it is dark and damp with mirroring puddles."""
    rng = chance(seed, name, "asphalt")
    shape = (size, size)
    grit = noise(rng, shape, 2.0)
    patch = fractal(rng, shape, 160.0)
    cracks = 1.0 - step(0.0, 0.012, np.abs(fractal(rng, shape, 240.0) - 0.5))
    worn = noise(rng, shape, 420.0)
    shade = 0.72 + 0.34 * grit + 0.2 * (patch - 0.5) + 0.12 * (worn - 0.5) - 0.3 * cracks
    roughness = 0.82 + 0.1 * grit
    if wet:
        # the stretch undoes the 1:2 span, so that puddles come out round
        level = (
            0.56 * noise(rng, shape, 130.0, 2.0)
            + 0.36 * noise(rng, shape, 48.0, 2.0)
            + 0.08 * noise(rng, shape, 16.0, 2.0)
        )
        puddle = step(0.55, 0.64, level)
        film = 0.29 + 0.12 * grit + 0.12 * (patch - 0.5)
        roughness = film * (1.0 - puddle) + 0.1 * puddle
        shade = shade * (0.74 - 0.26 * puddle)
    relief = 0.6 * grit + 0.4 * patch - 0.5 * cracks
    if wet:
        relief = relief * (1.0 - 0.93 * puddle)  # still water is flat
    texture = Texture(
        f"{name}_{seed}_{wet}", tint(shade, (84, 84, 88)), height=byte(0.2 + 0.6 * relief), roughness=byte(roughness)
    )
    return Facing(Material(name, (1.0, 1.0, 1.0), bump=0.0015 if wet else 0.004, texture=texture), (10.0, 20.0))


def courses(
    size: tuple[int, int], rows: int, columns: int, joint: float, shift: float
) -> tuple[F32, NDArray[np.int64]]:
    """Bricks, tiles or slabs: (face (H, W) 1 inside and 0 in joints, number (H, W) of the piece)."""
    y = np.arange(size[0]) / size[0] * rows
    row = y.astype(np.int64)
    x = np.arange(size[1])[None, :] / size[1] * columns + (row % 2 * shift)[:, None]
    column = np.floor(x).astype(np.int64) % columns
    along = np.minimum(x % 1.0, 1.0 - x % 1.0) * size[1] / columns
    across = (np.minimum(y % 1.0, 1.0 - y % 1.0) * size[0] / rows)[:, None]
    edge = np.minimum(along, across)
    return step(joint * 0.5, joint * 0.5 + 1.5, edge), row[:, None] * columns + column


def masonry(
    seed: int,
    name: str,
    colour: Rgb,
    span: tuple[float, float],
    grid: tuple[int, int],
    joint: float = 3.0,
    shift: float = 0.5,
    spread: float = 0.14,
    mortar: float = 0.6,
    roughness: float = 0.75,
    wet: bool = False,
    size: int = 512,
) -> Facing:
    """Brickwork, tiling or paving: grid (rows, columns) of pieces over span metres; joint in pixels.

    Pieces differ by spread; mortar is the joints' shade. wet darkens it and lays a film of water with some puddles.
    """
    rng = chance(seed, name, "masonry")
    shape = (size, size)
    face, number = courses(shape, *grid, joint, shift)
    each = rng.normal(1.0, spread, grid[0] * grid[1]).astype(np.float32)
    grain, stain = noise(rng, shape, 3.0), fractal(rng, shape, size / 4)
    shade = face * each[number] * (0.88 + 0.16 * grain) + (1.0 - face) * mortar
    shade *= 0.89 + 0.2 * stain
    rough: F32 = roughness + 0.1 * (grain - 0.5) + 0.15 * (1.0 - face)
    if wet:
        puddle = step(0.55, 0.68, 0.7 * noise(rng, shape, size / 2.5) + 0.3 * noise(rng, shape, size / 9))
        rough = (0.3 + 0.14 * grain + 0.25 * (1.0 - face)) * (1.0 - puddle) + 0.05 * puddle
        shade = shade * (0.7 - 0.2 * puddle)
    texture = Texture(
        f"{name}_{seed}_{wet}",
        tint(shade, colour),
        height=byte(0.15 + 0.7 * face + 0.1 * grain),
        roughness=byte(rough),
    )
    return Facing(Material(name, (1.0, 1.0, 1.0), bump=0.006, texture=texture), span)


def plaster(seed: int, name: str, colour: Rgb, streaks: float = 0.25, panel: float = 0.0, size: int = 512) -> Facing:
    """Plaster, render or concrete, 6 m a repeat: stains, rain streaks and, with panel, joints every so many metres."""
    rng = chance(seed, name, "plaster")
    shape = (size, size)
    runs = noise(rng, shape, 90.0, 0.06)
    shade = 0.9 + 0.14 * (fractal(rng, shape, 130.0) - 0.5) + 0.1 * (noise(rng, shape, 2.5) - 0.5)
    shade = shade * (1.0 - streaks * step(0.55, 1.0, runs))
    face = np.ones(shape, np.float32)
    if panel:
        face, _ = courses(shape, round(6.0 / panel), round(6.0 / panel), 3.0, 0.0)
        shade = shade * (0.65 + 0.35 * face)
    rough = 0.72 + 0.18 * noise(rng, shape, 30.0)
    texture = Texture(
        f"{name}_{seed}",
        tint(shade, colour),
        height=byte(0.3 * noise(rng, shape, 4.0) + 0.6 * face),
        roughness=byte(rough),
    )
    return Facing(Material(name, (1.0, 1.0, 1.0), bump=0.003, texture=texture), (6.0, 6.0))


def boards(seed: int, name: str, colour: Rgb, planks: int = 8, roughness: float = 0.55, size: int = 512) -> Facing:
    """Wooden planks standing upright, 1.6 m a repeat, with grain along them."""
    rng = chance(seed, name, "boards")
    shape = (size, size)
    x = np.arange(size) / size * planks
    gap = step(0.02, 0.06, np.minimum(x % 1.0, 1.0 - x % 1.0))[None, :]
    each = rng.normal(1.0, 0.13, planks).astype(np.float32)[x.astype(int)][None, :]
    figure = noise(rng, shape, 60.0, 0.05)
    shade = each * (0.78 + 0.3 * figure + 0.1 * noise(rng, shape, 2.0)) * (0.35 + 0.65 * gap)
    texture = Texture(
        f"{name}_{seed}",
        tint(shade, colour),
        height=byte(0.7 * np.broadcast_to(gap, shape) + 0.25 * figure),
        roughness=byte(roughness + 0.2 * (figure - 0.5)),
    )
    return Facing(Material(name, (1.0, 1.0, 1.0), bump=0.004, texture=texture), (1.6, 1.6))


def roof_tiles(seed: int, name: str, colour: Rgb, size: int = 512) -> Facing:
    """Round clay tiles in runs down the slope, 2 m a repeat: 8 runs, 10 courses."""
    rng = chance(seed, name, "roof")
    y, x = np.arange(size)[:, None] / size, np.arange(size)[None, :] / size
    ridge = np.abs(np.sin(np.pi * 8.0 * x))
    lap = (y * 10.0) % 1.0
    row, run = (y * 10.0).astype(int), (x * 8.0).astype(int)
    each = rng.normal(1.0, 0.12, (10, 8)).astype(np.float32)[row, run]
    shade = each * (0.3 + 0.75 * ridge) * (0.65 + 0.35 * step(0.0, 0.25, lap))
    shade = shade * (0.88 + 0.22 * fractal(rng, (size, size), 120.0))
    texture = Texture(f"{name}_{seed}", tint(shade, colour), height=byte(0.8 * ridge + 0.2 * lap))
    return Facing(Material(name, (1.0, 1.0, 1.0), roughness=0.5, bump=0.05, texture=texture), (2.0, 2.0))


def shutter(seed: int, name: str, colour: Rgb, size: int = 256) -> Facing:
    """A rolled steel shutter, 1.5 m a repeat, 18 slats."""
    rng = chance(seed, name, "shutter")
    y = np.arange(size)[:, None] / size * 18.0 % 1.0
    slat = 0.55 + 0.45 * np.sin(np.pi * y) + np.zeros((1, size))
    shade = slat * (0.8 + 0.3 * fractal(rng, (size, size), 90.0))
    texture = Texture(f"{name}_{seed}", tint(shade, colour), height=byte(slat))
    return Facing(Material(name, (1.0, 1.0, 1.0), roughness=0.42, metallic=0.5, bump=0.01, texture=texture), (1.5, 1.5))
