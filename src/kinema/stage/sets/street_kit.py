"""The kit a street is built from: surfaces, printed windows, shops and signs, lamps and what moves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from kinema.buffers.scene_frame import U8, Colour, Lamp, Material
from kinema.stage.chance import chance
from kinema.stage.sets import interiors
from kinema.stage.sets.assembly import Assembly, Paint
from kinema.stage.sets.neon import Rhythm
from kinema.stage.sets.screens import Screen
from kinema.stage.sets.signs import Deck, Print, Sheet, arch_face, fascia_face, poster_face, tenant_face, upright_face
from kinema.stage.sets.street_style import Style, Wall, linear, pick
from kinema.stage.sets.textures import Facing, boards, masonry, plaster, shutter
from kinema.stage.sets.workshop import Workshop, at_power

SIGN_LIGHT = 2.4  # radiance of a white lit face at night, white diffuse under key light being 1
ROOMS = 2  # different rooms of every trade
WINDOW_LIGHT = 1.3
DIMMEST = 0.3  # of a lit window's light, in the dimmest room
SIGN_LEVELS = (1.0, 1.0, 0.78, 0.55, 0.4)  # shares of the brightest sign's light: an eye wants a few to look at first
DAYLIGHT = 0.3  # share of the night's light below which tubes, bulbs and lamps are off, and signs only printed
FADE = 0.38  # how far sun has bleached a print
SHOP_LIGHT = 1.6
CHASING = 7.0  # radiance of the bulbs that run round billboards


@dataclass(frozen=True, eq=False)
class Lively:
    """A material of the lively mesh that runs in a rhythm, and the lamps that go with it."""

    material: Material
    rhythm: Rhythm
    lamps: tuple[Lamp, ...] = ()


@dataclass(frozen=True, eq=False)
class Face:
    """A printed sign face and the size it was drawn for (m)."""

    shown: Print
    metres: tuple[float, float]


TRADES = ("counter", "store", "clothes", "counter", "books", "bottles", "store", "flowers", "machines")

# how many different faces of each sort a street has, and their sizes in metres; the same face may hang twice
FACES: dict[str, tuple[tuple[float, float], ...]] = {
    "upright": ((0.8, 2.6), (0.85, 3.2), (0.95, 3.8), (1.0, 4.6)) * 8,
    "tall": ((1.3, 6.0), (1.4, 7.2)) * 4,
    "fascia": ((4.4, 0.85),) * 24,
    "ladder": ((1.05, 3.3),) * 10,
    "poster": ((3.6, 2.8),) * 7,
    "board": ((0.62, 1.0),) * 10,
}


@dataclass(frozen=True, eq=False)
class Front:
    """What a building is faced with: near the street's lights, and above them."""

    low: Facing
    high: Facing


@dataclass(eq=False)
class Kit(Workshop):
    """Everything parts need and add to while a street is built."""

    style: Style
    walls: tuple[Front, ...]
    plain: dict[str, Paint]
    lit: list[Print]
    dark: list[Print]
    shops: dict[str, list[Print]]
    faces: dict[str, list[Face]]
    arch: Print
    lively: Assembly
    bulbs: tuple[Material, ...]
    dealt: dict[str, int] = field(default_factory=dict)
    rhythms: list[Lively] = field(default_factory=list)
    screens: list[Screen] = field(default_factory=list)

    @property
    def neon(self) -> float:
        """The share of the night's light that tubes and bulbs give: none by day."""
        return self.power if self.power > DAYLIGHT else 0.0

    def trade(self) -> str:
        """The next shop's trade; each comes as often as TRADES has it, and not twice running."""
        number = self.dealt.get("trade", 0)
        self.dealt["trade"] = number + 1
        order = self.rng(f"trades {number // len(TRADES)}", "order").permutation(len(TRADES))
        return TRADES[int(order[number % len(TRADES)])]

    def room(self, trade: str) -> Print:
        """The next room of a trade."""
        rooms, number = self.shops[trade], self.dealt.get(trade, 0)
        self.dealt[trade] = number + 1
        return rooms[number % len(rooms)]

    def deal(self, sort: str, room: float = np.inf) -> Face:
        """The next face of a sort no taller than room metres (else the lowest); none returns before the rest."""
        faces = self.faces[sort]
        start = self.dealt.get(sort, 0)
        for step in range(len(faces)):
            face = faces[(start + step) % len(faces)]
            if face.metres[1] <= room:
                self.dealt[sort] = start + step + 1
                return face
        return min(faces, key=lambda face: face.metres[1])


def gathered(lamps: Sequence[Lamp], cell: float = 6.0, split: float = 4.4) -> tuple[Lamp, ...]:
    """Neighbouring lamps as one: those of a side, of a stretch of cell metres, and above or below split.

    A renderer that takes only the strongest few then still has nearly all of a street's light. The sum keeps the total;
    a gathered lamp leaves to one side only where all its members do so to about the same side.
    """
    groups: dict[tuple[bool, int, bool], list[Lamp]] = {}
    for one in lamps:
        x, y, z = one.position
        groups.setdefault((x > 0, int(np.floor(y / cell)), z > split), []).append(one)
    return tuple(_joined(group) for _, group in sorted(groups.items()))


def _joined(group: Sequence[Lamp]) -> Lamp:
    places, colours = np.array([one.position for one in group]), np.array([one.colour for one in group])
    weight = colours.sum(axis=1) + 1e-9
    middle = np.average(places, axis=0, weights=weight)
    spread = float(np.sqrt(np.average(((places - middle) ** 2).sum(axis=1), weights=weight)))
    ways = np.array([one.normal or (0.0, 0.0, 0.0) for one in group])
    mean = np.average(ways, axis=0, weights=weight)
    length = float(np.linalg.norm(mean))
    normal = (mean[0] / length, mean[1] / length, mean[2] / length) if length > 0.9 else None
    red, green, blue = colours.sum(axis=0)
    radius = max(spread, max(one.radius for one in group))
    return Lamp((middle[0], middle[1], middle[2]), (red, green, blue), radius, normal, None, stands_for_surface=True)


def front(seed: int, number: int, style: Style, power: float) -> Front:
    """A row of a style's walls, at night in the glow of the street."""
    wall = style.walls[number]
    facing, lamps = _faced(seed, f"wall_{number}_{wall.kind}", wall), power if power > DAYLIGHT else 0.0
    return Front(*(_aglow(facing, glow, lamps) for glow in (style.fronts[number % len(style.fronts)], style.above)))


def _aglow(facing: Facing, glow: Colour, power: float) -> Facing:
    """A facing that gives a little light of its own colour: what reaches a front from signs that are no lamps."""
    texture = facing.material.texture
    if texture is None or not power:
        return facing
    lit = replace(texture, key=f"{texture.key}_aglow", emission=texture.albedo)
    return replace(facing, material=replace(facing.material, emission=at_power(glow, power), texture=lit))


def _faced(seed: int, name: str, wall: Wall) -> Facing:
    """A wall by its kind."""
    if wall.kind == "tile":
        return masonry(seed, name, wall.colour, (2.4, 2.4), (24, 12), 2.0, 0.5, 0.05, 0.72, 0.4, size=256)
    if wall.kind == "brick":
        return masonry(seed, name, wall.colour, (2.0, 2.0), (27, 9), 2.5, 0.5, 0.13, 0.7)
    if wall.kind == "metal":
        return masonry(seed, name, wall.colour, (3.0, 3.0), (2, 3), 3.0, 0.0, 0.04, 0.4, 0.38, size=256)
    if wall.kind == "concrete":
        return plaster(seed, name, wall.colour, 0.3, 1.5, size=256)
    return plaster(seed, name, wall.colour, 0.2, size=256)


def print_faces(style: Style, seed: int, sheet: Sheet) -> dict[str, list[Face]]:
    """Every sort of FACES drawn and put on shared sheets, the tallest first, then shuffled for dealing."""
    rng = chance(seed, "street", "sign faces")
    deck = Deck(style, rng)
    draw: dict[str, Callable[[tuple[float, float]], U8]] = {
        "tall": lambda metres: upright_face(rng, style, deck, metres),
        "upright": lambda metres: upright_face(rng, style, deck, metres),
        "ladder": lambda metres: tenant_face(rng, style, deck, metres),
        "poster": lambda metres: poster_face(rng, style, deck, metres),
        "board": lambda metres: upright_face(rng, style, deck, metres),
        "fascia": lambda metres: fascia_face(rng, style, deck, metres),
    }
    levels = (1.0,) * len(SIGN_LEVELS) if sheet.faded else SIGN_LEVELS  # by day only the print is seen
    printed = {
        sort: [
            Face(sheet.put(darker(face(metres), pick(rng, levels))), metres)
            for metres in sorted(FACES[sort], key=lambda m: -m[1])
        ]
        for sort, face in draw.items()
    }
    return {sort: [faces[k] for k in rng.permutation(len(faces))] for sort, faces in printed.items()}


def darker(picture: U8, level: float) -> U8:
    """A picture (H, W, 3), sRGB, of a share of its light."""
    return np.asarray(picture * level ** (1.0 / 2.2), np.uint8)


def make_kit(style: Style, seed: int, power: float, wet: bool) -> Kit:
    """Print the windows, shops and signs of a style and mix its surfaces."""
    rng = chance(seed, "street", "interiors")
    rooms = Sheet(f"rooms_{style.name}_{seed}", SHOP_LIGHT * power)
    windows = Sheet(f"windows_{style.name}_{seed}", WINDOW_LIGHT * power, roughness=0.15)
    shops = {trade: [rooms.put(interiors.shop(rng, style, trade)) for _ in range(ROOMS)] for trade in interiors.ROOMS}
    lit = [windows.put(darker(interiors.window(rng, True), float(rng.uniform(DIMMEST, 1.0)))) for _ in range(44)]
    dark = [windows.put(interiors.window(rng, False)) for _ in range(10)]
    walls = tuple(front(seed, k, style, power) for k in range(len(style.walls)))
    sheet = Sheet(f"signs_{style.name}_{seed}", SIGN_LIGHT * power, faded=0.0 if power > DAYLIGHT else FADE)
    faces = print_faces(style, seed, sheet)
    arch = sheet.put(arch_face(rng, style, style.scheme(rng), (7.2, 1.0)))
    bulbs = tuple(
        Material(f"bulb_{k}", (0.5,) * 3, emission=linear((255, 206, 130), CHASING * power)) for k in range(3)
    )
    return Kit(
        seed, power, style, walls, plain_paints(style, seed, power, wet), lit, dark, shops, faces, arch,
        Assembly(f"street_lively_{style.name}_{seed}"), bulbs,
        rhythms=[Lively(bulb, Rhythm("chase", -k / 3.0, 1.1)) for k, bulb in enumerate(bulbs)],
    )  # fmt: skip


def plain_paints(style: Style, seed: int, power: float, wet: bool) -> dict[str, Paint]:
    """Surfaces every street has: metal, plastic, rubber, wood, cloth, paint on the road."""
    gloss = 0.22 if wet else 0.6
    lamps = power if power > DAYLIGHT else 0.0
    return {
        "dark": Material("dark_metal", (0.025, 0.025, 0.028), 0.45),
        "steel": Material("steel", (0.36, 0.37, 0.39), 0.4, 0.6),
        "pole": Material("pole", (0.3, 0.29, 0.28), 0.8),
        "cable": Material("cable", (0.012, 0.012, 0.012), 0.6),
        "white": Material("white_plastic", (0.62, 0.62, 0.6), 0.45),
        "rubber": Material("rubber", (0.015, 0.015, 0.015), 0.7),
        "red": Material("red_paint", (0.42, 0.02, 0.015), 0.35),
        "green": Material("leaf", (0.05, 0.13, 0.035), 0.6, subsurface=0.4),
        "terracotta": Material("terracotta", (0.32, 0.13, 0.07), 0.8),
        "marking": Material("road_paint", (0.5, 0.5, 0.47) if wet else (0.7, 0.7, 0.67), gloss),
        "yellow_marking": Material("tactile_paving", (0.48, 0.3, 0.02) if wet else (0.62, 0.4, 0.03), gloss),
        "iron": Material("cast_iron", (0.07, 0.07, 0.072), 0.25 if wet else 0.5, 0.5),
        "cloth_red": Material("red_cloth", (0.44, 0.03, 0.02), 0.9, sheen=0.3, subsurface=0.3),
        "cloth_navy": Material("navy_cloth", (0.03, 0.045, 0.13), 0.9, sheen=0.3, subsurface=0.3),
        "cloth_cream": Material("cream_cloth", (0.68, 0.58, 0.42), 0.9, sheen=0.3, subsurface=0.3),
        "ceiling_light": Material(
            "ceiling_light", (0.8, 0.8, 0.8), 0.5, emission=(3.4 * power, 3.0 * power, 2.4 * power)
        ),
        "lamp_glass": Material("lamp_glass", (0.8, 0.8, 0.8), 0.4, emission=at_power(style.lamp, lamps)),
        "wood": boards(seed, "wood", (112, 74, 48), size=256),
        "shutter": shutter(seed, "shutter", (138, 142, 146)),
        "shop_floor": Material(
            "shop_floor", (0.4, 0.35, 0.3), 0.35, emission=(0.16 * power, 0.12 * power, 0.08 * power)
        ),
        "shop_wall": Material("shop_wall", (0.6, 0.52, 0.42), 0.7, emission=(0.24 * power, 0.17 * power, 0.1 * power)),
    }
