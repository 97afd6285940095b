"""What a festival dragon is made of: paints, gilding, fur and silk, from the colours its subject names."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kinema.buffers.scene_frame import F64, U8, Colour, Material, Texture
from kinema.schema.storyboard import Subject
from kinema.stage.colours import colour, encoded


@dataclass(frozen=True)
class Dress:
    """Materials by part. skin: lacquer of the head · gilt: horns, brows, trims · scales: the body's cloth."""

    skin: Material
    gilt: Material
    scales: Material
    belly: Material
    fin: Material
    fringe: Material
    mane: Material
    beard: Material
    leaf: Material
    white: Material
    black: Material
    iris: Material
    tongue: Material
    mouth: Material
    mirror: Material
    pole: Material
    grip: Material
    pearl: Material
    flame: Material


# Of a dragon whose colours nobody names: gold, which stands out among red lanterns, and jade, which stands out on gold.
GOLD, BRIGHT, JADE, SEA = (0.95, 0.55, 0.12), (1.0, 0.64, 0.07), (0.03, 0.40, 0.27), (0.02, 0.33, 0.36)


def dress(subject: Subject) -> Dress:
    """The dragon's materials; colours may name body, head, mane, fin."""
    named = {part: colour(name) for part, name in subject.colours.items()}
    gold, body = GOLD, named.get("body", BRIGHT)
    head = named.get("head", named.get("body", colour("red")))
    mane, fin = named.get("mane", JADE), named.get("fin", SEA)
    rim = GOLD if "body" in named else SEA
    return Dress(
        skin=Material("lacquer", head, 0.28),
        gilt=Material("gilt", gold, 0.26, 0.85),
        scales=Material("scales", (1.0, 1.0, 1.0), 0.32, 0.35, sheen=0.3, bump=0.02, texture=scale_texture(body, rim)),
        belly=Material("belly", (0.95, 0.72, 0.25), 0.5, 0.1, sheen=0.3),
        fin=Material("fin", fin, 0.5, subsurface=0.5),
        fringe=Material("fringe", (0.98, 0.66, 0.10), 0.8, subsurface=0.5, sheen=0.4),
        mane=Material("mane", mane, 0.8, subsurface=0.4, sheen=0.5),
        beard=Material("beard", (0.9, 0.88, 0.82), 0.85, subsurface=0.4, sheen=0.5),
        leaf=Material("leaf", (0.02, 0.30, 0.12), 0.4, 0.2),
        white=Material("white_lacquer", (0.86, 0.85, 0.80), 0.18),
        black=Material("black_lacquer", (0.01, 0.01, 0.012), 0.1),
        iris=Material("iris", (0.9, 0.42, 0.02), 0.15, emission=(0.35, 0.13, 0.01)),
        tongue=Material("tongue", (0.75, 0.06, 0.08), 0.45),
        mouth=Material("mouth", (0.16, 0.008, 0.012), 0.6),
        mirror=Material("mirror", (0.9, 0.9, 0.92), 0.06, 1.0),
        pole=Material("pole", (0.42, 0.03, 0.02), 0.4),
        grip=Material("grip", gold, 0.35, 0.7),
        pearl=Material("pearl", (1.0, 0.75, 0.30), 0.12, emission=(2.2, 1.5, 0.62)),
        flame=Material("flame", (0.95, 0.16, 0.03), 0.5, emission=(0.5, 0.07, 0.01)),
    )


def scale_texture(body: Colour, edge: Colour, size: int = 256) -> Texture:
    """Two by two overlapping scales, tips towards low v, each gilt in the middle, edged and dark at its rim."""
    v, u = (np.indices((size, size)) + 0.5) / size
    v = 1.0 - v
    best = np.full((size, size), -1.0)
    shade = np.zeros((size, size))
    for row in range(-1, 4):
        for column in range(-1, 4):
            x = (u * 2 - column - 0.5 * (row % 2)) * 1.02
            y = v * 2 - row
            # a scale hangs from y = 1.5 to its round tip at y = 0; higher rows lie beneath lower ones
            reach = np.sqrt((x / 0.56) ** 2 + (np.minimum(y - 0.62, 0.0) / 0.62) ** 2)
            inside = (reach < 1.0) & (y > 0.0) & (y < 1.5)
            height = np.where(inside, 1.6 - 0.75 * y + 0.35 * (1 - reach**3), -1.0)
            take = height > best
            best = np.where(take, height, best)
            shade = np.where(take, reach, shade)
    depth = (best - best.min()) / np.ptp(best)
    rim = np.clip((shade - 0.80) / 0.06, 0, 1)
    dark = np.clip((shade - 0.93) / 0.05, 0, 1)
    gold, red = np.array([1.0, 0.50, 0.05]), np.array(body)
    heart = np.clip(1.0 - shade * 1.75, 0, 1)[..., None]
    linear = heart * gold + (1 - heart) * red
    linear = linear * (1 - rim[..., None]) + rim[..., None] * np.array(edge) * 0.85
    linear = linear * (1 - 0.8 * dark[..., None])
    rough = 0.22 + 0.5 * dark
    return Texture(
        f"dragon/scales/{body}/{edge}",
        albedo=encoded(linear),
        height=_byte(depth),
        roughness=_byte(rough),
    )


def _byte(values: F64) -> U8:
    return np.asarray(np.clip(values * 255 + 0.5, 0, 255), np.uint8)
