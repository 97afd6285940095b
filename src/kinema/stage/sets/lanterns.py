"""Paper lanterns: ribbed bodies with a lit, lettered skin, caps and tassels."""

from __future__ import annotations

import numpy as np

from kinema.buffers.scene_frame import Material, Texture
from kinema.stage.sets.assembly import Assembly, Frame, Paint
from kinema.stage.sets.lettering import blend, write
from kinema.stage.sets.textures import Rgb

BARREL = ((0.1, 0.0), (0.2, 0.06), (0.24, 0.27), (0.2, 0.48), (0.1, 0.54))
BALL = ((0.1, 0.0), (0.25, 0.05), (0.345, 0.22), (0.25, 0.39), (0.1, 0.44))


def paper(
    name: str, word: str, face: str, colour: Rgb, ink: Rgb, emission: float, ribs: int = 9, downwards: bool = True
) -> Material:
    """A lantern's skin: its colour glowing most at the middle, darker at the ribs, the word on opposite sides."""
    height, width = 128, 256
    y = (np.arange(height) + 0.5) / height
    heart = np.exp(-(((y - 0.42) / 0.24) ** 2))[:, None, None]
    rib = (1.0 - 0.3 * (np.abs((y * ribs) % 1.0 - 0.5) > 0.4))[:, None, None]
    # the light within shows most at the middle, where it shifts the paper's colour towards its own
    hot = np.minimum(np.array(colour) + np.array((50.0, 84.0, 12.0)), 255.0)
    glow = np.array(colour) * (1.0 - 0.8 * heart) + hot * 0.8 * heart
    page = np.ones((height, width, 1)) * glow * (0.56 + 0.44 * heart) * rib
    letters = write(word, face, (52, 92), downwards)
    for x in (38, 166):
        blend(page, letters, ink, (x, 18))
    picture = page.astype(np.uint8)
    texture = Texture(name, albedo=picture, emission=picture)
    return Material(name, (0.9, 0.9, 0.9), 0.7, emission=(emission,) * 3, subsurface=0.6, texture=texture)


def skin_area(size: float, ball: bool) -> float:
    """Square metres of a lantern's lit skin that an onlooker's side of the street gets light from."""
    return (0.9 if ball else 0.62) * size * size


def hang(
    assembly: Assembly, frame: Frame, skin: Paint, cap: Paint, tassel: Paint, size: float = 1.0, ball: bool = False,
    segments: int = 8,
) -> None:  # fmt: skip
    """A lantern hanging below the frame's origin, 0.54 m tall times size; a ball has gold caps and a tassel."""
    shape = np.array(BALL if ball else BARREL) * size
    top = float(shape[-1, 1])
    body = Frame(frame.place(0.0, 0.0, -top - 0.16 * size), frame.yaw)
    assembly.lathe(body, shape, skin, segments)
    for z in (-0.035 * size, top - 0.01 * size):
        ring = np.array([(0.115, 0.0), (0.115, 0.04)]) * size
        assembly.lathe(body, ring + np.array((0.0, z)), cap, 5)
    if ball:
        assembly.tube(frame, [(0, 0, 0), (0, 0, -0.16 * size)], 0.008 * size, tassel, 3)
        fringe = np.array([(0.055, -0.44), (0.03, -0.1), (0.02, -0.02)]) * size
        assembly.lathe(body, fringe, tassel, 4)
