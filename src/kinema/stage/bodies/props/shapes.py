"""What props are made of: each builder takes the subject's colours and a seed and gives parts standing on z = 0."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import product

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from kinema.buffers.scene_frame import F64, Colour, Material, Texture
from kinema.stage.bodies.props.handhelds import flag, phone, umbrella
from kinema.stage.chance import chance
from kinema.stage.colours import encoded
from kinema.stage.geometry import solids
from kinema.stage.geometry.outlines import rectangle, rounded
from kinema.stage.geometry.solids import Part, Solid
from kinema.stage.sets import bedding, fabrics

Colours = Mapping[str, Colour]
Builder = Callable[[Colours, int], list[Part]]
POUCH = (0.30, 0.03, 0.42)  # a violet that nothing else in a room has: it must be seen though it is small
GOLD = Material("prop_gilt", (0.90, 0.55, 0.14), 0.3, 0.9)
BISCUIT = 0.032  # metres
# layers of biscuits: columns and rows, their reach of the bag's width and depth, metres over what fills it
HEAP = ((4, 2, 0.29, 0.20, -0.001), (3, 1, 0.17, 0.0, 0.007), (2, 1, 0.09, 0.0, 0.013))


def treats(colours: Colours, seed: int) -> list[Part]:
    """An open pouch of fish biscuits: a cat's face and a fish over all of either side, biscuits over the rim."""
    body = colours.get("body", POUCH)
    foil = Material("pouch_foil", body, 0.38)
    inside = Material("bag_inside", (0.10, 0.06, 0.03), 0.9)
    label = Material("treats_label", (1.0, 1.0, 1.0), 0.38, texture=label_texture(body))
    biscuit = Material("biscuit", (0.62, 0.27, 0.06), 0.7)
    tall, wide, deep = 0.162, 0.137, 0.060
    heights = tall * np.array([0.0, 0.03, 0.32, 0.65, 0.86, 1.0])
    rings = [_bag_ring(wide, deep, float(h / tall), float(h), seed) for h in heights]
    outer = solids.loft(np.array(rings))
    lip = np.array([ring * [0.955, 0.955, 1.0] for ring in rings[:1:-1]])
    lining = solids.loft(lip)
    base = solids.moved(solids.box((wide * 0.9, deep * 0.9, 0.004)), (0, 0, 0.003))
    front = _label(wide * 0.94, 0.84 * tall, deep, tall)
    shown = solids.merge([front, solids.turned(front, "z", np.pi)])
    return [
        Part(solids.merge([outer, base]), foil),
        Part(lining, inside),
        Part(shown, label),
        Part(_biscuits(tall, wide, deep, seed), biscuit),
    ]


def _bag_ring(wide: float, deep: float, share: float, z: float, seed: int) -> F64:
    """A section of the bag: a box at the bottom, its sides folding in towards a soft, crimped mouth."""
    rng = chance(seed, "treats", "crumple")
    ring = rounded(rectangle(wide, deep), 0.010, 3)
    ring = np.concatenate(
        [np.linspace(a, b, 6, endpoint=False) for a, b in zip(ring, np.roll(ring, -1, axis=0), strict=True)]
    )
    phases = rng.uniform(0, 2 * np.pi, 3)
    turn = np.arctan2(ring[:, 1] / deep, ring[:, 0] / wide)
    swell = 1.0 + 0.05 * np.sin(np.pi * share) - 0.03 * share
    gusset = 1.0 - 0.16 * share * np.exp(-((ring[:, 1] / (0.22 * deep)) ** 2)) * (np.abs(ring[:, 0]) > 0.4 * wide)
    crumple = 1.0 + 0.02 * share * sum(np.sin((3 + 2 * k) * turn + phases[k]) for k in range(3))
    flat = ring * (swell * crumple * gusset)[:, None]
    rim = 0.006 * share**8 * np.sin(24 * turn)
    points = np.column_stack([flat, z + rim])
    return np.concatenate([points, points[:1]])


def _label(wide: float, tall: float, deep: float, height: float) -> Solid:
    """A label on the bag's front, following its swell, uv 0 to 1."""
    u, v = np.meshgrid(np.linspace(-0.5, 0.5, 9), np.linspace(0, 1, 7))
    foot = 0.06 * height
    z = foot + tall * v
    y = 0.5 * deep * (1.0 + 0.05 * np.sin(np.pi * z / height) - 0.03 * z / height) + 0.0035
    made = solids.loft(np.stack([-u * wide, y, z], axis=-1))
    at = made.positions[made.faces]
    return Solid(made.positions, made.faces, np.stack([0.5 - at[..., 0] / wide, (at[..., 2] - foot) / tall], axis=-1))


def _fish(long: float) -> Solid:
    """A biscuit shaped like a fish, lying on z = 0."""
    outline = [
        (-0.5, 0.0),
        (-0.30, -0.19),
        (0.0, -0.23),
        (0.24, -0.10),
        (0.5, -0.24),
        (0.44, 0.0),
        (0.5, 0.24),
        (0.24, 0.10),
        (0.0, 0.23),
        (-0.30, 0.19),
    ]
    return solids.extrude(rounded(np.array(outline) * long, 0.05 * long, 2), 0.22 * long, bevel=0.05 * long)


def _biscuits(tall: float, wide: float, deep: float, seed: int) -> Solid:
    """A heap of biscuits in the mouth of the bag: what fills it, two layers of them, and a few on top."""
    rng = chance(seed, "treats", "biscuits")
    rim = rounded(rectangle(0.74 * wide, 0.84 * deep), 0.010, 2)
    rim = np.concatenate([rim, rim[:1]])
    level = tall - 0.014  # below the rim's crumples, so that nothing slides out
    slopes = np.array([[1.0, -0.012], [0.8, 0.0], [0.02, 0.003]])
    filling = [np.column_stack([share * rim, np.full(len(rim), level + z)]) for share, z in slopes]
    heap = [solids.loft(np.array(filling))]
    for columns, rows, x_reach, y_reach, z in HEAP:
        for x, y in product(np.linspace(-x_reach, x_reach, columns), np.linspace(-y_reach, y_reach, rows)):
            fish = solids.turned(_fish(BISCUIT), "x", rng.uniform(-0.35, 0.35))
            fish = solids.turned(fish, "z", rng.uniform(-0.6, 0.6) + np.pi * rng.integers(2))
            dx, dy, dz = rng.uniform(-0.003, 0.003, 3)
            heap.append(solids.moved(fish, (x * wide + dx, y * deep + dy, level + z + dz)))
    return solids.merge(heap)


def label_texture(ground: Colour) -> Texture:
    """On the pouch's own colour: a big white cat's face, a yellow fish under it, and the word TREATS."""
    size = (256, 256)
    red, green, blue = (int(share) for share in encoded(np.array(ground)))
    picture = Image.new("RGB", size, (red, green, blue))
    draw = ImageDraw.Draw(picture)
    cream, ink, gold = (255, 250, 238), (36, 22, 40), (255, 196, 40)
    draw.polygon([(54, 92), (58, 8), (118, 52)], fill=cream)
    draw.polygon([(202, 92), (198, 8), (138, 52)], fill=cream)
    draw.ellipse((48, 30, 208, 148), fill=cream)
    for x in (96, 160):
        draw.ellipse((x - 12, 70, x + 12, 104), fill=ink)
    draw.polygon([(116, 108), (140, 108), (128, 124)], fill=(232, 96, 120))
    for side in (-1, 1):
        for k in (-1, 0, 1):
            draw.line((128 + side * 34, 118 + 4 * k, 128 + side * 96, 114 + 14 * k), fill=ink, width=4)
    draw.ellipse((52, 158, 178, 206), fill=gold)
    draw.polygon([(164, 182), (212, 154), (212, 210)], fill=gold)
    draw.ellipse((70, 172, 84, 186), fill=ink)
    draw.text((128, 232), "TREATS", fill=cream, font=ImageFont.load_default(42), anchor="mm", stroke_width=2)
    return Texture(f"props/treats_label/{red}/{green}/{blue}", np.asarray(picture, np.uint8))


def pillow(colours: Colours, seed: int) -> list[Part]:
    """A plump pillow in a linen case."""
    case = colours.get("body", (0.72, 0.70, 0.66))
    cloth = Material(
        "pillowcase", (1.0, 1.0, 1.0), 0.9, subsurface=0.15, sheen=0.25, texture=fabrics.weave("pillowcase", seed, case)
    )
    return [Part(solids.scale_uv(bedding.pillow(0.66, 0.44, 0.19, 0.0, seed, "pillow"), 1 / 0.12), cloth)]


def lantern(colours: Colours, seed: int) -> list[Part]:
    """A ribbed paper lantern with gilt caps and a tassel, hanging from a short stick; its paper glows."""
    del seed  # every lantern is the same
    red = colours.get("body", (0.62, 0.03, 0.02))
    paper = Material(
        "lantern_paper", red, 0.7, emission=(0.95 * red[0], 0.95 * red[1] + 0.05, 0.8 * red[2]), subsurface=0.6
    )
    tilt = np.linspace(-1.25, 1.25, 12)
    belly = np.stack([0.17 * np.cos(tilt) ** 0.8, 0.32 + 0.135 * np.sin(tilt)], axis=1)
    ribs = 24
    turn = np.linspace(0, 2 * np.pi, 4 * ribs + 1)
    pinch = 1.0 - 0.035 * np.abs(np.cos(0.5 * ribs * turn))
    rings = [
        np.stack([r * pinch * np.cos(turn), r * pinch * np.sin(turn), np.full(len(turn), z)], axis=1) for r, z in belly
    ]
    caps = [solids.moved(solids.cylinder(0.072, 0.028, 24, 0.006), (0, 0, z)) for z in (0.175, 0.437)]
    thread = np.array([[0.0, 0.0, 0.175], [0.0, 0.0, 0.12]])
    tassel = solids.lathe(
        np.array([(0.0, 0.0), (0.026, 0.0), (0.020, 0.075), (0.013, 0.10), (0.016, 0.115), (0.0, 0.125)]), 14
    )
    stick = solids.tube(np.array([[0.0, 0.0, 0.46], [0.0, 0.0, 0.66]]), 0.007, 8, up=(0, 1, 0))
    silk = Material("tassel", (0.85, 0.42, 0.05), 0.8)
    wood = Material("stick", (0.16, 0.05, 0.02), 0.5)
    return [
        Part(solids.loft(np.array(rings)), paper),
        Part(solids.merge(caps), GOLD),
        Part(solids.merge([tassel, solids.tube(thread, 0.004, 5, up=(0, 1, 0))]), silk),
        Part(stick, wood),
    ]


BUILDERS: Mapping[str, Builder] = {
    "treats": treats, "pillow": pillow, "lantern": lantern, "umbrella": umbrella, "phone": phone, "flag": flag,
}  # fmt: skip
