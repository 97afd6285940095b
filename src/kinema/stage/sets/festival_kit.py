"""The kit of a festival street: old-town surfaces, printed lattices, boards and couplets, lantern skins, lamps."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from PIL import Image, ImageDraw

from kinema.buffers.scene_frame import U8, Colour, Material, Texture
from kinema.schema.document import Document
from kinema.schema.tables import parsed
from kinema.stage.chance import chance
from kinema.stage.sets import interiors
from kinema.stage.sets.assembly import Paint
from kinema.stage.sets.festival_wares import KINDS, counter
from kinema.stage.sets.lanterns import paper
from kinema.stage.sets.lettering import blend, words, write
from kinema.stage.sets.signs import Print, Sheet, frame_line
from kinema.stage.sets.street_style import pick, styles
from kinema.stage.sets.textures import Rgb, boards, fractal, masonry, plaster, roof_tiles
from kinema.stage.sets.workshop import Workshop, at_power

GOLD: Rgb = (255, 196, 72)
INK: Rgb = (22, 14, 12)
SPENT = 0.42  # of the lanterns' and windows' light, what eaves, wood and cloth leave: dusk stays between them


class Radiance(Document):
    """What shines of its own, as festival.yaml says."""

    lattice: float
    rooms: float
    paper: float
    wares: float
    lantern: float
    eaves: Colour
    silk: Colour
    bulb: Colour


class Script(Document):
    """The colour script: festival.yaml, as its comments explain."""

    radiance: Radiance
    pool: Colour
    dark_windows: float
    left_on: float
    paints: dict[str, Rgb]
    schemes: tuple[tuple[str, str], ...]


@cache
def script() -> Script:
    """festival.yaml, checked."""
    return Script(**parsed(files(__package__).joinpath("festival.yaml").read_text("utf-8")))


@dataclass(eq=False)
class Fair(Workshop):
    """What the parts of a festival street are made from and add to."""

    paints: dict[str, Paint]
    lattices: list[Print]
    shops: list[Print]
    boards: list[Print]
    banners: list[Print]
    couplets: list[tuple[Print, Print, Print]]
    diamonds: list[Print]
    arch: Print
    glow: Colour
    skins: list[Material]
    wares: list[Print]


def make_fair(seed: int, power: float, wet: bool) -> Fair:
    """Print and mix everything."""
    rng = chance(seed, "festival", "kit")
    vocabulary, shown = words()["festival"], script().radiance
    lit = Sheet(f"festival_lit_{seed}", shown.lattice * power)
    paint = Sheet(f"festival_painted_{seed}", shown.paper * power)
    rooms = Sheet(f"festival_rooms_{seed}", shown.rooms * power)
    stalls = Sheet(f"festival_wares_{seed}", shown.wares * power, size=512)
    style = styles()["chinese"]
    trades = ("counter", "bottles", "counter", "books", "flowers")
    couplets = [
        (
            paint.put(_paper(line_a, (40, 300), True)),
            paint.put(_paper(line_b, (40, 300), True)),
            paint.put(_paper(lintel, (200, 52), False)),
        )
        for line_a, line_b, lintel in vocabulary["couplet"]
    ]
    skins = [
        paper(f"festival_lantern_{k}_{seed}", word, "brush_zh", colour, ink, shown.lantern * power, 11, False)
        for k, (word, colour, ink) in enumerate(
            (
                (" ", (226, 26, 10), GOLD),
                ("福", (228, 30, 10), GOLD),
                ("春", (222, 26, 10), GOLD),
                (" ", (244, 140, 26), INK),
            )
        )
    ]
    return Fair(
        seed, power, festival_paints(seed, power, wet),
        [lit.put(_lattice(rng, k)) for k in range(8)],
        [rooms.put(interiors.shop(rng, style, trade)) for trade in trades],
        [paint.put(_board(name, k)) for k, name in enumerate(vocabulary["board"][:10])],
        [paint.put(_paper(name, (72, 330), True, GOLD)) for name in vocabulary["banner"][:6]],
        couplets,
        [paint.put(_diamond(word)) for word in vocabulary["diamond"]],
        lit.put(_board(vocabulary["arch"][0], 0, (460, 120))), at_power(script().pool, power), skins,
        [stalls.put(counter(rng, kind)) for kind in range(len(KINDS))],
    )  # fmt: skip


def festival_paints(seed: int, power: float, wet: bool) -> dict[str, Paint]:
    """Brick, plaster, lacquered wood, roof tiles, stone and cloth."""
    paint, shown = script().paints, script().radiance
    return {
        "brick": masonry(seed, "grey_brick", paint["brick"], (2.0, 2.0), (24, 8), 2.5, 0.5, 0.1, 0.8),
        "plaster": plaster(seed, "white_plaster", paint["plaster"], 0.35),
        "lacquer": boards(seed, "lacquer", paint["lacquer"], 6, 0.35, 256),
        "wood": boards(seed, "dark_wood", paint["wood"], 8, 0.5, 256),
        "tiles": roof_tiles(seed, "grey_tiles", paint["tiles"]),
        "paving": masonry(seed, "slabs", paint["paving"], (4.0, 4.0), (6, 8), 3.5, 0.5, 0.13, 0.35, 0.36, wet, 1024),
        "stone": masonry(seed, "kerb_stone", paint["stone"], (2.4, 2.4), (3, 3), 2.5, 0.5, 0.07, 0.6, 0.7, False, 256),
        "beam": _painted_beam(seed),
        "walnut": boards(seed, "walnut", paint["walnut"], 6, 0.4, 256),
        "jade": boards(seed, "jade", paint["jade"], 6, 0.4, 256),
        "column": Material("column", (0.30, 0.018, 0.012), 0.3),
        "black_column": Material("black_column", (0.022, 0.014, 0.012), 0.25),
        "ridge": Material("ridge", (0.075, 0.08, 0.085), 0.55),
        "gold": Material("gold", (0.95, 0.62, 0.2), 0.28, 0.9),
        "red_cloth": Material("festival_red", (0.5, 0.02, 0.014), 0.85, sheen=0.3, subsurface=0.4),
        "gold_cloth": Material("festival_gold", (0.75, 0.42, 0.06), 0.8, sheen=0.3, subsurface=0.3),
        "indigo_cloth": Material("festival_indigo", (0.03, 0.05, 0.16), 0.85, sheen=0.3, subsurface=0.3),
        "jade_cloth": Material("festival_jade", (0.03, 0.14, 0.10), 0.85, sheen=0.3, subsurface=0.3),
        "cream_cloth": Material("festival_cream", (0.66, 0.56, 0.42), 0.85, sheen=0.3, subsurface=0.4),
        "bulb": Material("festival_bulb", (0.8, 0.7, 0.5), 0.4, emission=at_power(shown.bulb, power)),
        "tassel": Material("tassel", (0.55, 0.03, 0.015), 0.8, emission=(0.10 * power, 0.006 * power, 0.003 * power)),
        "strip": Material("strip_light", (0.8, 0.7, 0.5), 0.5, emission=at_power(shown.eaves, power)),
        "silk": Material("silk_lamp", (0.9, 0.8, 0.6), 0.6, emission=at_power(shown.silk, power)),
        "dark": Material("iron", (0.02, 0.02, 0.02), 0.6),
        "cracker": Material("firecracker", (0.5, 0.015, 0.012), 0.6),
        "scrap": Material("red_scrap", (0.42, 0.02, 0.02), 0.8),
        "fruit": Material("sugared_fruit", (0.7, 0.025, 0.015), 0.08),
        "straw": Material("straw", (0.45, 0.3, 0.12), 0.9),
        "floor": Material("shop_boards", (0.2, 0.12, 0.07), 0.5, emission=(0.08 * power, 0.045 * power, 0.02 * power)),
    }  # fmt: skip


def _painted_beam(seed: int) -> Material:
    """The painted lintel under the eaves: clouds of blue and green with gold lines, 2 m a repeat."""
    width, height = 256, 64
    page = Image.new("RGB", (width, height), script().paints["beam"])
    draw = ImageDraw.Draw(page)
    draw.rectangle((0, 0, width, 5), GOLD)
    draw.rectangle((0, height - 6, width, height), GOLD)
    for k, x in enumerate(range(0, width, 64)):
        colour = ((24, 76, 120), (22, 96, 76))[k % 2]
        draw.polygon((x + 2, 32, x + 18, 9, x + 46, 9, x + 62, 32, x + 46, 55, x + 18, 55), colour, GOLD)
        for r in (16, 10, 4):
            draw.ellipse((x + 32 - r, 32 - r, x + 32 + r, 32 + r), ((230, 180, 90), (160, 30, 22), GOLD)[r % 3], GOLD)
    wear = 0.85 + 0.3 * fractal(chance(seed, "beam", "wear"), (height, width), 40.0)
    albedo = np.clip(np.asarray(page) * wear[..., None], 0, 255).astype(np.uint8)
    return Material("painted_beam", (1.0, 1.0, 1.0), 0.45, texture=Texture(f"painted_beam_{seed}", albedo=albedo))


def _lattice(rng: np.random.Generator, kind: int) -> U8:
    """A lattice window (168, 112, 3): paper lit from behind, bars in one of four patterns, now and then a shadow."""
    width, height = 112, 168
    page = interiors.lit_from_above((width, height), pick(rng, interiors.WARM), 0.62)
    draw = ImageDraw.Draw(page)
    if kind % 3 == 1:
        interiors.shadow(draw, float(rng.uniform(34, 78)), height, 0.62 * height, (150, 84, 44))
    bar = (66, 22, 14)
    if kind % 4 == 0:
        for k in range(1, 7):
            draw.line((k * 16, 0, k * 16, height), bar, 2)
            draw.line((0, k * 24, width, k * 24), bar, 2)
    elif kind % 4 == 1:
        for k in range(-8, 14):
            draw.line((k * 16, 0, k * 16 + height, height), bar, 2)
            draw.line((k * 16, height, k * 16 + height, 0), bar, 2)
    elif kind % 4 == 2:
        for inset in range(8, 56, 11):
            draw.rectangle((inset, inset, width - inset, height - inset), None, bar, 2)
        draw.line((width / 2, 0, width / 2, height), bar, 2)
        draw.line((0, height / 2, width, height / 2), bar, 2)
    else:
        for j in range(6):
            for i in range(4):
                x, y = i * 28 + 14 * (j % 2), j * 28
                draw.ellipse((x, y, x + 28, y + 28), None, bar, 2)
    draw.rectangle((0, 0, width - 1, height - 1), None, (86, 26, 16), 6)
    draw.rectangle((0, round(0.72 * height), width, height), (96, 24, 16))
    draw.rectangle((12, round(0.76 * height), width - 12, height - 8), None, (150, 60, 34), 3)
    return np.asarray(page)


def _board(name: str, number: int, size: tuple[int, int] = (300, 92)) -> U8:
    """A lacquered name board: gold characters on black, red or dark green, in a gold frame."""
    width, height = size
    ground = ((26, 14, 10), (120, 16, 12), (16, 44, 36))[number % 3]
    page = np.full((height, width, 3), ground, np.float32)
    frame_line(page, GOLD, 3, 4)
    frame_line(page, (150, 96, 30), 10, 2)
    room = (round(0.84 * width), round(0.7 * height))
    blend(page, write(name, "brush_zh", room, False, 0.08), GOLD, (round(0.08 * width), round(0.15 * height)))
    return page.astype(np.uint8)


def _paper(text: str, size: tuple[int, int], downwards: bool, ink: Rgb = INK) -> U8:
    """Red festival paper with brush writing and a gold edge."""
    width, height = size
    page = np.full((height, width, 3), (206, 24, 16), np.float32)
    page *= (0.94 + 0.06 * np.sin(np.linspace(0, 40, height)))[:, None, None]
    frame_line(page, GOLD, 2, 2)
    room = (round(0.8 * width), round(0.9 * height))
    blend(page, write(text, "brush_zh", room, downwards, 0.06), ink, (round(0.1 * width), round(0.05 * height)))
    return page.astype(np.uint8)


def _diamond(word: str) -> U8:
    """The square of red paper that hangs on its corner: drawn turned, so that the word stands upright when hung."""
    size = 132
    page = np.full((size, size, 3), (210, 22, 14), np.float32)
    blend(page, write(word, "brush_zh", (84, 84)), GOLD, (24, 24))
    turned = Image.fromarray(page.astype(np.uint8)).rotate(-45, Image.Resampling.BICUBIC, fillcolor=(210, 22, 14))
    cut = np.asarray(turned).astype(np.float32)[8:-8, 8:-8]
    frame_line(cut, GOLD, 3, 3)
    return cut.astype(np.uint8)
