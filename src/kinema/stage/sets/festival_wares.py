"""What market stalls sell, as pictures of their counters seen from the street (sRGB, to be lit)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from kinema.buffers.scene_frame import U8
from kinema.stage.sets.interiors import scaled
from kinema.stage.sets.street_style import pick
from kinema.stage.sets.textures import Rgb

SIZE = (288, 112)  # pixels of a counter 2.1 m wide
BAMBOO: Rgb = (196, 150, 84)
CRATE: Rgb = (96, 60, 34)


def ball(draw: ImageDraw.ImageDraw, x: float, y: float, radius: float, colour: Rgb) -> None:
    """A round thing lit from above: its shade, itself, and where it shines."""
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), scaled(colour, 0.62))
    draw.ellipse((x - radius, y - radius, x + 0.8 * radius, y + 0.7 * radius), colour)
    draw.ellipse((x - 0.5 * radius, y - 0.7 * radius, x, y - 0.2 * radius), scaled(colour, 1.45))


def heaps(draw: ImageDraw.ImageDraw, rng: np.random.Generator) -> None:
    """Fruit heaped in crates: oranges, apples, persimmons, pears."""
    width, height = SIZE
    for k, x0 in enumerate(range(0, width, 72)):
        colour = ((250, 140, 30), (204, 34, 26), (240, 96, 24), (196, 190, 70))[k]
        draw.rectangle((x0 + 2, 46, x0 + 69, height), CRATE)
        for row in range(5):
            for x in np.arange(x0 + 10 + 5 * (row % 2), x0 + 66 - 5 * (row % 2), 11.5):
                ball(draw, x + rng.normal(0, 0.8), 52 - 9 * (4 - row) + 26, 6.6, scaled(colour, rng.uniform(0.85, 1.1)))
        draw.rectangle((x0 + 2, 88, x0 + 69, 93), scaled(CRATE, 1.5))
        draw.rectangle((x0 + 2, 101, x0 + 69, 106), scaled(CRATE, 1.3))


def steamers(draw: ImageDraw.ImageDraw, rng: np.random.Generator) -> None:
    """Bamboo steamers in stacks and trays of white buns with a red dot."""
    width, height = SIZE
    for k, x in enumerate(range(38, width, 70)):
        for level in range(2 + k % 2):
            top = height - 22 - 20 * level
            draw.rounded_rectangle((x - 31, top, x + 31, top + 20), 4, scaled(BAMBOO, 0.8 + 0.08 * level))
            draw.rectangle((x - 31, top + 8, x + 31, top + 10), scaled(BAMBOO, 0.5))
        top = height - 22 - 20 * (1 + k % 2)
        draw.ellipse((x - 31, top - 9, x + 31, top + 9), scaled(BAMBOO, 0.55))
        for bun in np.linspace(-20, 20, 4):
            ball(draw, x + bun, top - 5 + rng.normal(0, 1), 9, (244, 232, 214))
            draw.ellipse((x + bun - 2, top - 11, x + bun + 2, top - 7), (206, 40, 36))


def toys(draw: ImageDraw.ImageDraw, rng: np.random.Generator) -> None:
    """Paper windmills, drums and little lanterns on a rack."""
    width, height = SIZE
    draw.rectangle((0, 70, width, height), (70, 40, 30))
    inks = ((226, 40, 44), (250, 190, 40), (40, 130, 190), (60, 160, 90), (230, 90, 150))
    for x in range(16, width, 32):
        first, second = (pick(rng, inks) for _ in range(2))
        for blade in range(8):
            turn = blade * np.pi / 4 + rng.uniform(0, 0.4)
            ends = [(x + 15 * np.cos(turn + a), 30 + 15 * np.sin(turn + a)) for a in (0.0, 0.6)]
            draw.polygon([(x, 30), *ends], (first, second)[blade % 2])
        draw.line((x, 30, x, 74), (210, 180, 130), 2)
        ball(draw, x + 8, 90, 11, pick(rng, inks))
        draw.rectangle((x + 3, 78, x + 13, 80), (250, 210, 90))


def sweets(draw: ImageDraw.ImageDraw, rng: np.random.Generator) -> None:
    """Candied fruit on sticks in rows, and boxes of sweets."""
    width, height = SIZE
    for x in range(8, width, 15):
        draw.line((x, 20, x + 4, 74), (214, 186, 130), 2)
        for k in range(5):
            ball(draw, x + k * 0.7, 16 + 9 * k, 5.4, scaled((216, 26, 24), rng.uniform(0.85, 1.15)))
    for x in range(0, width, 36):
        draw.rectangle((x + 1, 72, x + 34, height), scaled(CRATE, 1.2))
        colour = pick(rng, ((250, 236, 214), (236, 130, 150), (150, 190, 90), (246, 190, 60)))
        for a in np.arange(x + 6, x + 34, 8.0):
            for b in (80, 89, 98):
                ball(draw, a, b, 4, colour)


KINDS: tuple[Callable[[ImageDraw.ImageDraw, np.random.Generator], None], ...] = (heaps, steamers, toys, sweets)


def counter(rng: np.random.Generator, kind: int) -> U8:
    """One stall's wares (SIZE[1], SIZE[0], 3), brighter in the middle under its lamp."""
    page = Image.new("RGB", SIZE, (52, 30, 22))
    KINDS[kind % len(KINDS)](ImageDraw.Draw(page), rng)
    across = np.linspace(-1.0, 1.0, SIZE[0], dtype=np.float32)
    level = 0.62 + 0.38 * np.exp(-((across / 0.6) ** 2))
    picture = np.asarray(page.filter(ImageFilter.GaussianBlur(0.5))) * level[None, :, None]
    return np.asarray(picture, np.uint8)
