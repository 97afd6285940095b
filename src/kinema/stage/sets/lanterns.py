"""Paper lanterns: ribbed bodies with a lit, lettered skin, caps and tassels."""

from __future__ import annotations

import numpy as np

from kinema.buffers.scene_frame import Material, Texture
from kinema.stage.sets.assembly import Assembly, Frame, Paint
from kinema.stage.sets.lettering import blend, write
from kinema.stage.sets.textures import Rgb

BARREL = ((0.1, 0.0), (0.19, 0.05), (0.235, 0.19), (0.235, 0.35), (0.19, 0.49), (0.1, 0.54))
BALL = ((0.1, 0.0), (0.24, 0.045), (0.335, 0.15), (0.335, 0.29), (0.24, 0.395), (0.1, 0.44))


def paper(
    name: str, word: str, face: str, colour: Rgb, ink: Rgb, emission: float, ribs: int = 9, downwards: bool = True
) -> Material:
    """A lantern's skin: its colour glowing most at the middle, darker at the ribs, the word on opposite sides."""
    height, width = 128, 256
    y = (np.arange(height) + 0.5) / height
    heart = 0.5 + 0.55 * np.exp(-(((y - 0.42) / 0.3) ** 2))
    rib = 1.0 - 0.28 * (np.abs((y * ribs) % 1.0 - 0.5) > 0.4)
    page = np.zeros((height, width, 3), np.float32) + np.array(colour, np.float32)
    # the flame's heat shows through: towards the middle the paper turns paler
    warm = np.clip(heart - 0.8, 0, 1)[:, None, None] * np.array((255, 214, 150), np.float32)
    page = np.clip(page * (heart * rib)[:, None, None] + warm, 0, 255)
    letters = write(word, face, (52, 92), downwards)
    for x in (38, 166):
        blend(page, letters, ink, (x, 18))
    picture = page.astype(np.uint8)
    texture = Texture(name, albedo=picture, emission=picture)
    return Material(name, (0.9, 0.9, 0.9), 0.7, emission=(emission,) * 3, subsurface=0.6, texture=texture)


def hang(
    assembly: Assembly, frame: Frame, skin: Paint, cap: Paint, tassel: Paint, size: float = 1.0, ball: bool = False,
    segments: int = 8,
) -> None:  # fmt: skip
    """A lantern hanging below the frame's origin, 0.54 m tall times size; a ball has gold caps and a tassel."""
    shape = np.array(BALL if ball else BARREL) * size
    top = float(shape[-1, 1])
    body = Frame(frame.place(0.0, 0.0, -top - 0.16 * size), frame.yaw)
    assembly.lathe(body, shape, skin, segments, squash=0.06 if ball else 0.0, ribs=segments if ball else 0)
    for z in (-0.035 * size, top - 0.01 * size):
        ring = np.array([(0.115, 0.0), (0.115, 0.04)]) * size
        assembly.lathe(body, ring + (0.0, z), cap, 6)
    assembly.tube(frame, [(0, 0, 0), (0, 0, -0.16 * size)], 0.008 * size, tassel, 3)
    if ball:
        fringe = np.array([(0.05, -0.42), (0.045, -0.3), (0.03, -0.1), (0.05, -0.07), (0.02, -0.02)]) * size
        assembly.lathe(body, fringe, tassel, 6)
