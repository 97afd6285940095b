"""Procedural surfaces of a room: floor boards, weave, knit, quilting, a rug, painted pictures and a clock's face.

Every texture repeats over the metres its function names. Maps follow Texture: albedo sRGB, height and roughness, uint8.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kinema.buffers.scene_frame import F32, U8, Colour, Texture
from kinema.stage.chance import chance
from kinema.stage.colours import encoded
from kinema.stage.sets.textures import byte, fractal, noise

WASHES: tuple[tuple[Colour, Colour, Colour, Colour], ...] = (  # hills of painted pictures, from far to near
    ((0.40, 0.45, 0.48), (0.30, 0.38, 0.36), (0.22, 0.30, 0.20), (0.12, 0.19, 0.12)),  # woods
    ((0.46, 0.52, 0.62), (0.22, 0.38, 0.52), (0.08, 0.24, 0.40), (0.03, 0.12, 0.24)),  # sea
    ((0.62, 0.40, 0.34), (0.58, 0.26, 0.16), (0.38, 0.13, 0.09), (0.20, 0.06, 0.06)),  # desert
)

SPRIG = 0.45  # share of the way from a wallpaper's ground to its line's colour that sprigs and lines are printed in


def coloured(shade: F32, colour: Colour) -> U8:
    """A grey picture (H, W) around 1.0 in a linear colour, as sRGB bytes (H, W, 3)."""
    return encoded((shade[..., None] * np.array(colour)).astype(np.float32))


def floorboards(seed: int, colour: Colour, size: int = 1024, planks: int = 10) -> Texture:
    """Oak boards running along v, with end joints and grain; stands for 1.6 metres."""
    rng = chance(seed, "bedroom", "boards")
    v, u = (np.indices((size, size)) + 0.5) / size
    plank = np.floor(u * planks).astype(int)
    tone = rng.uniform(0.72, 1.12, (planks, 2))
    joint = rng.uniform(0.0, 1.0, planks)[plank]
    half = (np.mod(v + joint, 1.0) > 0.55).astype(int)
    # each board shows another stretch of the same grain
    figure, fine = noise(rng, (size, size), 90.0, 0.05), noise(rng, (size, size), 30.0, 0.06)
    shift = rng.integers(0, size, planks)[plank]
    rows = (np.indices((size, size))[0] + shift) % size
    figure = np.take_along_axis(figure, rows, axis=0)
    shade = tone[plank, half] * (0.80 + 0.30 * figure + 0.14 * fine)
    edge = np.abs((u * planks) % 1.0 - 0.5) > 0.488
    end = np.abs(np.mod(v + joint, 1.0) - 0.55) < 0.0022
    gap = edge | end
    shade = np.where(gap, 0.35, shade).astype(np.float32)
    rough = np.where(gap, 0.8, 0.34 + 0.2 * (fine - 0.5)).astype(np.float32)
    height = np.where(gap, 0.0, 0.85 + 0.15 * fine).astype(np.float32)
    return Texture(f"floorboards/{seed}/{colour}", coloured(shade, colour), None, byte(height), byte(rough))


def weave(name: str, seed: int, colour: Colour, size: int = 256, threads: int = 24) -> Texture:
    """Plain linen weave with slubs; stands for 0.12 metres."""
    rng = chance(seed, name, "weave")
    v, u = (np.indices((size, size)) + 0.5) / size * threads
    over = (np.floor(u) + np.floor(v)) % 2
    across, along = np.abs(np.sin(np.pi * v)), np.abs(np.sin(np.pi * u))
    height = np.where(over > 0, along, across) ** 0.7
    slub = 0.5 * noise(rng, (size, size), 24.0, 0.1) + 0.5 * noise(rng, (size, size), 3.0, 6.0)
    shade = 0.88 + 0.07 * height + 0.14 * (slub - 0.5)
    return Texture(f"weave/{name}/{seed}/{colour}", coloured(shade.astype(np.float32), colour), None, byte(height))


def sprigs(name: str, seed: int, ground: Colour, leaf: Colour, blossom: Colour, size: int = 512) -> Texture:
    """Linen printed with small sprigs, every other row shifted; stands for 0.48 metres."""
    stem, bud = _sprig(size)
    picture = np.where(stem[..., None], np.array(leaf), np.array(ground))
    picture = np.where(bud[..., None], np.array(blossom), picture)
    cloth = 0.94 + 0.12 * (noise(chance(seed, name, "sprigs"), (size, size), 2.0) - 0.5)
    key = f"sprigs/{name}/{seed}/{ground}/{leaf}/{blossom}"
    return Texture(key, encoded((picture * cloth[..., None]).astype(np.float32)), None, byte(cloth - 0.4))


def wallpaper(seed: int, ground: Colour, line: Colour, size: int = 512) -> Texture:
    """Paper printed with stripes a tone apart, sprigs between fine lines, faded unevenly; stands for 0.36 metres."""
    rng = chance(seed, "bedroom", "wallpaper")
    _, u = (np.indices((size, size)) + 0.5) / size
    band = (np.abs((u * 4) % 2.0 - 1.0) > 0.5)[..., None]
    picture = np.where(band, np.array(ground) * 0.88, np.array(ground))
    stem, bud = _sprig(size)
    picture = np.where((stem | bud)[..., None], picture + SPRIG * (np.array(line) - picture), picture)
    edge = np.abs((u * 4 + 0.5) % 1.0 - 0.5) < 0.022
    picture = np.where(edge[..., None], picture + SPRIG * (np.array(line) - picture), picture)
    paper = 0.95 + 0.06 * fractal(rng, (size, size), 120.0) + 0.05 * (noise(rng, (size, size), 2.0) - 0.5)
    return Texture(f"wallpaper/{seed}/{ground}/{line}", encoded((picture * paper[..., None]).astype(np.float32)))


def _sprig(size: int) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Where stems with their leaves, and buds, of four rows of four sprigs are (size, size)."""
    v, u = (np.indices((size, size)) + 0.5) / size
    row = np.floor(v * 4)
    x, y = ((u * 4 + 0.5 * (row % 2)) % 1.0) - 0.5, 0.5 - (v * 4) % 1.0
    tilt = 0.5 * np.where((np.floor(u * 4 + 0.5 * (row % 2)) + row) % 2 > 0, 1.0, -1.0)
    along, aside = y * np.cos(tilt) + x * np.sin(tilt), x * np.cos(tilt) - y * np.sin(tilt)
    stem = (np.abs(aside - 0.25 * along**2) < 0.010) & (np.abs(along) < 0.20)
    for at, side in ((-0.10, 1.0), (-0.02, -1.0), (0.06, 1.0)):
        out, up = side * aside - 0.055, along - at - 0.5 * (side * aside)
        stem |= (out / 0.052) ** 2 + (up / 0.020) ** 2 < 1.0
    return stem, np.hypot(aside - 0.012, along - 0.21) < 0.042


def knit(name: str, colour: Colour, size: int = 256, stitches: int = 10) -> Texture:
    """Stocking stitch: columns of V; stands for 0.25 metres."""
    v, u = (np.indices((size, size)) + 0.5) / size * stitches
    x = np.abs((u % 1.0) - 0.5) * 2.0
    y = (v * 1.3 + 0.65 * x) % 1.0
    height = np.sqrt(np.clip(1.0 - (2.0 * y - 1.0) ** 2, 0.0, 1.0)) * np.sqrt(
        np.clip(1.0 - (2.0 * x - 1.0) ** 2, 0.0, 1.0)
    )
    shade = 0.45 + 0.6 * height
    return Texture(f"knit/{name}/{colour}", coloured(shade.astype(np.float32), colour), None, byte(height))


def stripes(name: str, seed: int, ground: Colour, line: Colour, size: int = 512) -> Texture:
    """Woven ticking: groups of fine lines along v on a ground; stands for 0.30 metres."""
    rng = chance(seed, name, "stripes")
    _, u = (np.indices((size, size)) + 0.5) / size
    marks = np.zeros((size, size))
    for at, wide in ((0.25, 0.030), (0.18, 0.008), (0.32, 0.008), (0.75, 0.030), (0.68, 0.008), (0.82, 0.008)):
        marks = np.maximum(marks, np.abs(u - at) < wide)
    cloth = 0.93 + 0.14 * (noise(rng, (size, size), 2.0) - 0.5)
    mixed = (np.array(ground) * (1 - marks[..., None]) + np.array(line) * marks[..., None]) * cloth[..., None]
    return Texture(f"stripes/{name}/{seed}/{ground}/{line}", encoded(mixed.astype(np.float32)), None, byte(cloth - 0.4))


def rug(seed: int, field: Colour, border: Colour, accent: Colour, size: int = 512) -> Texture:
    """A woven rug seen whole, uv from 0 to 1: a border of lozenges about a field with three medallions."""
    rng = chance(seed, "bedroom", "rug")
    v, u = (np.indices((size, size)) + 0.5) / size
    x, y = np.abs(u - 0.5) * 2.0, np.abs(v - 0.5) * 2.0
    rim = np.maximum(x, 1.0 - (1.0 - y) * 1.5)
    picture = np.where((rim > 0.80)[..., None], np.array(border), np.array(field))
    diamond = np.abs((u * 9) % 1.0 - 0.5) + np.abs((v * 13) % 1.0 - 0.5)
    picture = np.where(((rim > 0.83) & (rim < 0.93) & (diamond < 0.33))[..., None], np.array(accent), picture)
    for line in (0.80, 0.955):
        picture = np.where((np.abs(rim - line) < 0.009)[..., None], np.array(accent), picture)
    for middle in (0.26, 0.5, 0.74):
        far = np.abs(u - 0.5) * 1.1 + np.abs(v - middle) * 1.5
        for low, high, colour in ((0.0, 0.06, border), (0.08, 0.11, accent), (0.13, 0.175, border)):
            picture = np.where(((far >= low) & (far < high))[..., None], np.array(colour), picture)
    knots = 0.86 + 0.28 * (noise(rng, (size, size), 2.0) - 0.5) + 0.2 * (fractal(rng, (size, size), 60.0) - 0.5)
    height = noise(rng, (size, size), 2.0)
    return Texture(f"rug/{seed}/{field}", encoded((picture * knots[..., None]).astype(np.float32)), None, byte(height))


def landscape(seed: int, name: str, size: int = 256) -> Texture:
    """A painted picture, uv from 0 to 1: hills under a warm sky with a low sun, in flat washes."""
    rng = chance(seed, name, "landscape")
    v, u = (np.indices((size, size)) + 0.5) / size
    up = 1.0 - v
    sky = np.array([0.80, 0.52, 0.32]) * (1 - up[..., None]) + np.array([0.45, 0.58, 0.66]) * up[..., None]
    sun = np.hypot(u - rng.uniform(0.3, 0.7), up - 0.62) < 0.085
    picture = np.where(sun[..., None], np.array([0.95, 0.62, 0.30]), sky)
    washes = WASHES[int(chance(seed, name, "washes").integers(len(WASHES)))]
    for k, wash in enumerate(washes):
        bumps = rng.uniform(0, 2 * np.pi, 3)
        ridge = 0.52 - 0.12 * k + sum(0.06 / (j + 1) * np.sin((2 + 2 * j + k) * u * np.pi + bumps[j]) for j in range(3))
        picture = np.where((up < ridge)[..., None], np.array(wash), picture)
    paper = 0.93 + 0.14 * (fractal(rng, (size, size), 10.0) - 0.5)
    margin = (np.abs(u - 0.5) > 0.42) | (np.abs(v - 0.5) > 0.42)
    picture = np.where(margin[..., None], np.array([0.86, 0.83, 0.77]), picture * paper[..., None])
    return Texture(f"landscape/{seed}/{name}", encoded(picture.astype(np.float32)))


def clock_face(hour: float, size: int = 256) -> Texture:
    """An analogue dial, uv from 0 to 1, showing an hour of the day."""
    v, u = (np.indices((size, size)) + 0.5) / size
    x, y = (u - 0.5) * 2.0, (0.5 - v) * 2.0
    r, turn = np.hypot(x, y), np.mod(np.arctan2(x, y), 2 * np.pi)
    ink = np.zeros((size, size), bool)
    for k in range(12):
        near = np.abs(np.mod(turn - k * np.pi / 6 + np.pi, 2 * np.pi) - np.pi) * r
        ink |= (near < (0.045 if k % 3 == 0 else 0.02)) & (r > 0.72) & (r < 0.90)
    for angle, long, wide in ((hour * np.pi / 6, 0.48, 0.05), (hour * 2 * np.pi, 0.70, 0.035)):
        along = x * np.sin(angle) + y * np.cos(angle)
        aside = np.abs(x * np.cos(angle) - y * np.sin(angle))
        ink |= (aside < wide) & (along > -0.08) & (along < long)
    ink |= r < 0.07
    picture = np.where(ink[..., None], np.array([0.02, 0.02, 0.025]), np.array([0.90, 0.88, 0.80]))
    return Texture(f"clock/{hour:.2f}", encoded(picture.astype(np.float32)))


def grain(name: str, seed: int, colour: Colour, size: int = 512) -> Texture:
    """Polished wood with its figure along v; uv in metres."""
    rng = chance(seed, name, "grain")
    figure, fine = noise(rng, (size, size), 70.0, 0.08), noise(rng, (size, size), 24.0, 0.05)
    rings = 0.5 + 0.5 * np.sin(2 * np.pi * (5.0 * figure))
    shade = 0.78 + 0.20 * rings * figure + 0.22 * (fine - 0.3)
    rough = 0.34 + 0.14 * fine
    return Texture(
        f"grain/{name}/{seed}/{colour}", coloured(shade.astype(np.float32), colour), None, byte(fine), byte(rough)
    )
