"""Screens: short animated programmes for LED walls, as a loop of prebuilt pictures."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from kinema.buffers.scene_frame import F32, U8, Material, Texture
from kinema.stage.chance import chance
from kinema.stage.sets.lettering import blend, write
from kinema.stage.sets.street_style import Scheme, Style
from kinema.stage.sets.textures import step

FRAMES = 24
RATE = 8.0  # pictures a second: a loop of three seconds
LONG = 216  # pixels of the longer side

Programme = Callable[[F32, F32, float, Scheme], F32]


def rings(x: F32, y: F32, turn: float, scheme: Scheme) -> F32:
    """Rings opening from the middle, three a loop."""
    wave = (np.hypot(x, y) * 2.4 - 3.0 * turn) % 1.0
    edge = step(0.0, 0.08, wave) * (1.0 - step(0.45, 0.55, wave))
    return mixed(edge, scheme)


def waves(x: F32, y: F32, turn: float, scheme: Scheme) -> F32:
    """Silk: folded sines drifting across."""
    phase = 2.0 * np.pi * turn
    fold = np.sin(3.0 * x + phase + 1.6 * np.sin(2.2 * y + phase)) + np.sin(4.1 * y - phase + 1.3 * np.sin(2.7 * x))
    return mixed(np.asarray(0.5 + 0.25 * fold, np.float32) ** 1.4, scheme)


def bars(x: F32, y: F32, turn: float, scheme: Scheme) -> F32:
    """An equaliser of fourteen columns."""
    column = np.floor((x + 1.5) * 7.0)
    top = 0.15 + 0.55 * np.abs(np.sin(column * 1.7 + 2.0 * np.pi * turn) * np.sin(column * 0.6 + 4.0 * np.pi * turn))
    lit = (y + 0.9 < 1.7 * top) & ((x + 1.5) * 7.0 % 1.0 > 0.18) & ((y + 2.0) * 12.0 % 1.0 > 0.2)
    return mixed(lit.astype(np.float32), scheme, 0.12)


def burst(x: F32, y: F32, turn: float, scheme: Scheme) -> F32:
    """Rays turning about the middle, one twelfth of a turn a loop."""
    ray = np.sin(12.0 * (np.arctan2(y, x) + 2.0 * np.pi * turn / 12.0))
    return mixed(step(-0.15, 0.15, ray) * step(0.1, 0.5, np.hypot(x, y)), scheme)


def shoal(x: F32, y: F32, turn: float, scheme: Scheme) -> F32:
    """Discs of light rising like bubbles."""
    light = np.zeros_like(x)
    for k in range(16):
        cx = -1.2 + 2.4 * ((k * 0.618) % 1.0) + 0.06 * np.sin(2.0 * np.pi * (turn + k * 0.37))
        cy = -1.3 + 2.6 * ((k * 0.377 + turn) % 1.0)
        size = 0.06 + 0.11 * ((k * 0.271) % 1.0)
        light = np.maximum(light, 1.0 - step(size * 0.7, size, np.hypot(x - cx, y - cy)))
    return mixed(light, scheme, 0.25)


PROGRAMMES: tuple[Programme, ...] = (rings, waves, bars, burst, shoal)


def mixed(share: NDArray[np.floating], scheme: Scheme, floor: float = 0.35) -> F32:
    """Ground where share (H, W) is 0, accent where it is 1; the ground dimmed to floor."""
    s = np.asarray(share, np.float32)[..., None]
    return np.asarray(np.array(scheme.ground) * floor * (1.0 - s) + np.array(scheme.accent) * s, np.float32)


def programme(seed: int, name: str, style: Style, metres: tuple[float, float], emission: float) -> list[Material]:
    """The loop's materials for a screen of that size; each holds one picture."""
    rng = chance(seed, name, "screen")
    scheme, draw = style.scheme(rng), PROGRAMMES[int(rng.integers(len(PROGRAMMES)))]
    width, height = (round(LONG * side / max(metres)) for side in metres)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    x, y = (2.0 * x - width) / max(width, height), (height - 2.0 * y) / max(width, height)
    downwards = style.columns and height > 1.3 * width
    face = style.face(rng, "heavy")
    word = write(style.word(rng, "screen"), face, (round(0.8 * width), round(0.62 * height)), downwards)
    first = bool(rng.random() < 0.5)
    pictures = []
    for k in range(FRAMES):
        page = draw(x, y, k / FRAMES, scheme)
        show = np.asarray(word * _shown(k / FRAMES, first), np.uint8)
        glow = np.asarray(np.minimum(show * 2.0, 255), np.uint8)
        blend(page, np.roll(glow, 2, axis=0) // 2, (8, 4, 8), (round(0.1 * width), round(0.19 * height)))
        blend(page, show, scheme.ink, (round(0.1 * width), round(0.19 * height)))
        pictures.append(dotted(page))
    level = (emission,) * 3
    return [
        Material(name, (0.05,) * 3, 0.3, emission=level, texture=Texture(f"{name}_{seed}_{k}", emission=picture))
        for k, picture in enumerate(pictures)
    ]


def _shown(turn: float, early: bool) -> float:
    """A word's strength over a loop: it comes, stays and goes."""
    t = (turn + (0.0 if early else 0.5)) % 1.0
    return float(step(0.05, 0.2, np.array(t)) * (1.0 - step(0.75, 0.9, np.array(t))))


def dotted(page: F32) -> U8:
    """The fine grid between modules of an LED wall laid over a picture (H, W, 3)."""
    grid = np.ones(page.shape[:2], np.float32)
    grid[::18] *= 0.72
    grid[:, ::18] *= 0.72
    return np.clip(page * grid[..., None], 0, 255).astype(np.uint8)
