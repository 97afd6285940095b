"""A small bedroom: a bed at the far wall, a window on the right that the sun comes in by, and what one needs.

The sleeper lies on the window's side of the bed with the head towards +y; the other half is free for a cat, so that
from the window, where the light comes from, one sees the sleeper in front and the cat behind.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from kinema.buffers.scene_frame import Colour, KeyLight, Lamp, Material, Mesh, Surface
from kinema.schema.storyboard import Place
from kinema.stage.cache import kept
from kinema.stage.cue import Mark, Path
from kinema.stage.geometry import solids
from kinema.stage.geometry.solids import Part, Solid
from kinema.stage.sets import bedding, fabrics, furniture
from kinema.stage.sets.bedclothes import Bedclothes
from kinema.stage.sets.bedding import Duvet, Mound
from kinema.stage.sets.bedroom_shell import BACK, FRONT, HIGH, WIDE, WINDOW, garden, shell, window
from kinema.stage.sets.directions import toward
from kinema.stage.sets.furniture import placed
from kinema.stage.sets.room_scheme import Scheme, scheme_of
from kinema.stage.sets.sky import build_sky
from kinema.stage.sets.wall_shelf import wall_shelf
from kinema.stage.sets.yielding import Yielding
from kinema.stage.setting import Box, Setting

BED_TOP = 0.54
BED = (-0.8, 0.8, 0.13, 2.13)  # mattress: x from, x to, y from, y to
HIPS = (0.22, 1.20)  # where the sleeper's hips lie
HEAD = (0.28, 1.88)
OTHER = (-0.38, 1.85)  # two pillows nobody lies on, one upon the other
OTHER_HIGH, SPARE_UP = 0.15, 0.11  # metres: a pillow, and how much higher the upper one lies
# what lies under the duvet: a sleeper on the back or on either side; beside them the cloth only billows
COVER = Duvet(
    BED[0], BED[1], BED[2], BED_TOP, hem=1.37, drop=0.34, tuck=0.16,
    mounds=(
        Mound((0.17, 1.50), (0.21, 1.15), 0.32, 0.13, 0.45),
        Mound((0.20, 1.12), (0.22, 0.72), 0.315, 0.11, 0.40),
        Mound((0.22, 0.72), (0.22, 0.28), 0.28, 0.09, 0.34),
        Mound((0.02, 0.24), (0.40, 0.24), 0.30, 0.07, 0.26),
        Mound((-0.46, 0.95), (-0.50, 0.35), 0.085, 0.02, 0.34),
    ),
)  # fmt: skip
GIVES = 0.05  # metres of the mattress under its sheet that one can sink in
SHEET = 0.012  # metres over the mattress
TRODDEN = 0.028  # metres that who stands on the duvet sinks in
PILLOW_TROD = 0.21  # metres over the mattress to which the sleeper's pillow is trodden beside the head
LAMP = (-1.17, 1.92, 1.78)  # the rim of the shade by the bedside, higher than who sits up
Place3 = tuple[float, float, float]
FOOT_END = (-0.44, -0.52)  # where who would leap onto the bed waits, in sight of the window
VISTA = np.radians(74.0)  # a camera looks in from the window's side and the foot of the bed, where faces are lit

# sun through the window by hour: elevation and azimuth in degrees, gain on its colour
SUN = {
    "dawn": (11.0, 110.0, 1.5),
    "morning": (14.5, 107.0, 2.0),
    "day": (27.0, 100.0, 1.9),
    "evening": (14.0, 84.0, 1.9),
    "night": (30.0, 108.0, 1.0),
}
WARMTH = (1.12, 0.96, 0.76)  # of sun through old panes
# light that the preview cannot gather by itself: of the sky in the window, and bounced about the room
SKYLIGHT = {"dawn": 1.1, "morning": 2.7, "day": 3.2, "evening": 1.1, "night": 0.08}
BOUNCE = {"dawn": 0.28, "morning": 1.0, "day": 1.0, "evening": 0.34, "night": 0.01}
SKY_TINT = {"night": (0.45, 0.62, 1.0), "dawn": (1.0, 0.82, 0.78), "evening": (1.0, 0.78, 0.62)}


def build_setting(place: Place, seed: int) -> Setting:
    """The room at that hour. Marks besides the usual: bed, pillow, under_pillow, on_pillow, on_bed, on_bed_chest,
    on_bed_side, by_face, by_hand, off_hand, bed_foot, bedside, near_bed, seat, window; paths: main, search, to_bed,
    from_bed, to_bedside, to_hand."""
    sky, key = build_sky(place, seed)
    glow = {"night": 2.2, "dawn": 0.5, "evening": 1.2}.get(place.hour, 0.0)
    surfaces = kept("bedroom", (seed, place.hour, glow), lambda: _surfaces(seed, place.hour, glow))
    cover, pillows = kept("bedclothes", (seed,), lambda: _soft(seed))
    return Setting(
        surfaces=surfaces,
        sky=sky,
        paths=_paths(Yielding(cover)),
        marks=_marks(Yielding(cover)),
        key_light=_sunbeam(place, key),
        lamps=tuple(_lamps(place, glow)),
        room=(Box((-WIDE, FRONT, 0.0), (WIDE, BACK, HIGH)),),
        solids=_solids(),
        eyecatchers=_eyecatchers(),
        vista=float(VISTA),
        soft=Bedclothes(
            Yielding(cover), Yielding(pillows), (BED[0], BED[2]), (BED[1], BED[3]), BED_TOP,
            (COVER.mounds[0].start[0], COVER.hem - 0.02), (HEAD[0], HEAD[1] + 0.02, 0.34, 0.23),
        ).at,
    )  # fmt: skip


def _surfaces(seed: int, hour: str, glow: float) -> tuple[Surface, ...]:
    """All that stands in the room, and the garden outside."""
    scheme = scheme_of(seed)
    return (
        _surface(f"bedroom/shell/{seed}", shell(seed, scheme)),
        _surface(f"bedroom/window/{seed}", window(seed, scheme)),
        _surface(f"bedroom/furniture/{seed}/{hour}", _furniture(seed, glow, scheme)),
        _surface(f"bedroom/bed/{seed}", _bed(seed, scheme)),
        replace(_surface(f"bedroom/garden/{seed}", garden(seed)), casts_shadow=False),
    )


def _surface(key: str, parts: list[Part]) -> Surface:
    made: Mesh = solids.mesh(key, parts, 50.0)
    return Surface(made, np.eye(4))


# --- light


def _sunbeam(place: Place, key: KeyLight | None) -> KeyLight:
    """The sun, or the moon, moved to where it shines in by the window."""
    elevation, azimuth, gain = SUN[place.hour]
    x, y, z = (float(c) for c in toward(elevation, azimuth))
    if place.hour == "night" or key is None:
        tint: Colour = (0.05, 0.075, 0.13)
        return KeyLight((x, y, z), tint, 0.012)
    veil = 0.25 if place.weather in ("rain", "snow", "fog", "cloudy") else 1.0
    red, green, blue = (gain * veil * warm * c for warm, c in zip(WARMTH, key.colour, strict=True))
    return KeyLight((x, y, z), (red, green, blue), 0.012)


def _thrown(position: Place3, strength: float, tint: Colour, radius: float, way: Place3) -> Lamp:
    """Soft light that leaves to one side."""
    red, green, blue = tint
    colour = (strength * red, strength * green, strength * blue)
    return Lamp(position, colour, radius, way, stands_for_surface=True)


def _lamps(place: Place, glow: float) -> list[Lamp]:
    y = 0.5 * (WINDOW[0] + WINDOW[1])
    z = 0.5 * (WINDOW[2] + WINDOW[3])
    sky, bounce = SKYLIGHT[place.hour], BOUNCE[place.hour]
    lamps = [_thrown((WIDE - 0.1, y, z), sky, SKY_TINT.get(place.hour, (0.90, 0.96, 1.04)), 0.8, (-1.0, 0.0, -0.15))]
    # What sunlit linen throws up, what the ceiling throws back down, and what comes off the wall the sun falls on: none
    # of them goes both ways, or the bed would light itself and nothing in the room had a side in shade.
    lamps += [
        _thrown((0.1, 0.9, 0.95), 0.75 * bounce, (1.0, 0.80, 0.58), 0.8, (0.0, 0.1, 1.0)),
        _thrown((-0.1, 0.2, HIGH - 0.15), 0.62 * bounce, (0.92, 0.90, 0.88), 1.4, (0.0, 0.0, -1.0)),
        _thrown((-2.3, 0.9, 1.0), 0.55 * bounce, (1.1, 0.94, 0.72), 1.0, (1.0, 0.0, 0.0)),
    ]
    if glow > 0:
        warm = 0.6 * glow
        lamps.append(
            Lamp((LAMP[0], LAMP[1], LAMP[2] - 0.08), (warm, warm * 0.66, warm * 0.32), 0.35, stands_for_surface=True)
        )
        lamps.append(Lamp((-0.4, -0.6, 2.2), (0.05 * glow, 0.035 * glow, 0.02 * glow), 1.2, stands_for_surface=True))
    return lamps


# --- furniture


def _furniture(seed: int, glow: float, scheme: Scheme) -> list[Part]:
    walnut = _wood("walnut", seed, scheme.furniture)
    parts = placed(furniture.nightstand(walnut), (1.16, BACK - 0.03, 0.0))
    parts += placed(furniture.nightstand(walnut), (-1.16, BACK - 0.03, 0.0))
    shade = Material("shade_cloth", scheme.shade, 0.9, texture=None)
    parts += placed(furniture.pendant_lamp(glow, shade, HIGH - LAMP[2]), (LAMP[0], LAMP[1], HIGH))
    parts += placed(furniture.alarm_clock(fabrics.clock_face(7.05)), (1.02, 1.86, 0.55), 0.35)
    parts += placed(furniture.books(seed, "bedside", 3), (1.20, 2.0, 0.55), 0.2)
    parts += [Part(solids.moved(furniture.tumbler(), (-1.00, 1.88, 0.55)), furniture.PORCELAIN)]
    parts += placed(furniture.wardrobe(walnut), (-WIDE + 0.02, -0.55, 0.0), np.pi / 2)
    parts += placed(furniture.house_plant(seed, "corner", 1.15), (2.25, 1.88, 0.0))
    gilt = Material("frame_wood", scheme.frame, 0.45)
    for x, z, w, h in ((-0.48, 1.78, 0.40, 0.52), (0.06, 1.84, 0.46, 0.40), (0.56, 1.76, 0.36, 0.48)):
        picture = fabrics.landscape(seed, f"picture_{x}")
        parts += placed(furniture.framed_picture(w, h, picture, gilt), (x, BACK - 0.002, z))
    parts += placed(wall_shelf(seed, "wall", 1.15, walnut), (-WIDE + 0.002, 1.02, 1.42), np.pi / 2)
    view = fabrics.landscape(seed, "picture_wall")
    parts += placed(furniture.framed_picture(0.62, 0.44, view, gilt), (-WIDE + 0.002, 1.02, 2.02), np.pi / 2)
    parts += placed(furniture.house_plant(seed, "by wardrobe", 1.3), (-2.32, -1.62, 0.0))
    wool = Material(
        "rug",
        (1.0, 1.0, 1.0),
        0.95,
        sheen=0.3,
        bump=0.003,
        texture=fabrics.rug(seed, scheme.rug, scheme.rug_border, scheme.rug_mark),
    )
    parts.append(
        Part(
            _flat_uv(solids.bevelled_box((1.7, 2.5, 0.016), 0.006, (1.05, -0.75, 0.008)), (1.05, -0.75), 1.7, 2.5), wool
        )
    )
    parts += _along_the_wall(seed, walnut, scheme)
    felt = Material("slipper", (0.30, 0.12, 0.10), 0.95, sheen=0.5)
    parts += placed(furniture.slippers(felt), (1.22, 0.95, 0.0), -0.3)
    return parts


def _along_the_wall(seed: int, wood: Material, scheme: Scheme) -> list[Part]:
    """A low cupboard under the shelf with what is put down on it, a runner before it, things left on the floor."""
    x, y, top = -WIDE + 0.02, 1.02, 0.80
    parts = placed(furniture.wardrobe(wood, 1.10, top), (x, y, 0.0), np.pi / 2)
    parts += placed(furniture.books(seed, "cupboard", 4), (x + 0.28, y - 0.36, top), 0.5)
    small = [Part(solids.scaled(p.solid, 0.5), p.material) for p in furniture.house_plant(seed, "cupboard", 0.8)]
    parts += placed(small, (x + 0.26, y + 0.36, top))
    linen, wool = _cloth("cushion", seed, scheme.cushion), _cloth("throw", seed, scheme.throw)
    for k, cloth in enumerate((wool, linen, wool)):  # folded
        sheet = solids.bevelled_box((0.34, 0.40 - 0.03 * k, 0.055), 0.025, (x + 0.28, y, top + 0.028 + 0.056 * k))
        parts.append(Part(solids.scale_uv(sheet, 1 / 0.12), cloth))
    parts += placed(furniture.books(seed, "floor", 5), (-1.05, -0.55, 0.0), 0.9)
    soft = solids.turned(bedding.pillow(0.5, 0.5, 0.17, 0.02, seed, "floor"), "z", 0.6)
    parts.append(Part(solids.scale_uv(solids.moved(soft, (-1.9, -1.35, 0.0)), 1 / 0.12), linen))
    woven = fabrics.rug(seed, scheme.rug_border, scheme.rug, scheme.rug_mark)
    runner = _flat_uv(solids.bevelled_box((0.85, 2.1, 0.014), 0.005, (-1.55, 0.9, 0.007)), (-1.55, 0.9), 0.85, 2.1)
    return [*parts, Part(runner, Material("runner", (1.0, 1.0, 1.0), 0.95, sheen=0.3, bump=0.003, texture=woven))]


def _flat_uv(solid: Solid, middle: tuple[float, float], width: float, depth: float) -> Solid:
    """The solid with one picture laid on it from above."""
    at = solid.positions[solid.faces][..., :2]
    return Solid(solid.positions, solid.faces, (at - np.array(middle)) / np.array([width, depth]) + 0.5)


def _wood(name: str, seed: int, colour: Colour) -> Material:
    grain = fabrics.grain(name, seed, colour)
    return Material(name, (1.0, 1.0, 1.0), 0.38, bump=0.0006, texture=grain)


def _bed(seed: int, scheme: Scheme) -> list[Part]:
    oak = _wood("bed_oak", seed, scheme.bed)
    ticking = Material(
        "ticking",
        (1.0, 1.0, 1.0),
        0.85,
        texture=fabrics.stripes("mattress", seed, (0.72, 0.68, 0.60), (0.25, 0.30, 0.40)),
    )
    sheet = _cloth("sheet", seed, scheme.sheet)
    size = (BED[1] - BED[0], BED[3] - BED[2], BED_TOP - GIVES)
    parts = placed(furniture.bedstead(*size, oak, ticking), (0.0, BACK - 0.02, 0.0))
    fitted = solids.bevelled_box(  # what lies on it sinks in: the sheet over its upper part gives way
        (BED[1] - BED[0] + 0.02, BED[3] - BED[2] + 0.01, 0.16),
        0.06,
        (0, 0.5 * (BED[2] + BED[3]), BED_TOP - 0.068 - GIVES),
    )
    parts.append(Part(solids.scale_uv(fitted, 1 / 0.12), sheet))
    return parts


def _soft(seed: int) -> tuple[Surface, Surface]:
    """What gives way: the cover with its throw, and the pillows."""
    scheme = scheme_of(seed)
    printed = fabrics.sprigs("duvet", seed, scheme.duvet, scheme.lining_line, scheme.cushion)
    cover = Material("duvet", (1.0, 1.0, 1.0), 0.9, subsurface=0.15, sheen=0.25, bump=0.0003, texture=printed)
    inside = Material(
        "duvet_inside",
        (1.0, 1.0, 1.0),
        0.9,
        sheen=0.25,
        bump=0.001,
        texture=fabrics.stripes("duvet", seed, scheme.lining, scheme.lining_line),
    )
    wool = Material("throw", (1.0, 1.0, 1.0), 0.95, sheen=0.4, bump=0.003, texture=fabrics.knit("throw", scheme.throw))
    above, turned = bedding.duvet(COVER, seed, "duvet")
    parts = [Part(solids.scale_uv(above, 1 / 0.48), cover), Part(solids.scale_uv(turned, 1 / 0.3), inside)]
    spread = bedding.throw(COVER, seed, "duvet", 0.62, 0.46)
    parts.append(Part(solids.scale_uv(spread, 1 / 0.25), wool))
    return _surface(f"bedroom/cover/{seed}", parts), _surface(f"bedroom/pillows/{seed}", _pillows(seed, scheme))


def _pillows(seed: int, scheme: Scheme) -> list[Part]:
    sheet, cushion = _cloth("sheet", seed, scheme.sheet), _cloth("cushion", seed, scheme.cushion)
    spread = bedding.sheet(BED[0] - 0.012, BED[1] + 0.012, 1.0, BED[3], BED_TOP + SHEET, seed, "sheet")
    parts = [Part(solids.scale_uv(spread, 1 / 0.12), sheet)]
    for name, (x, y), yaw, high, dent in (
        ("own", HEAD, 0.05, 0.25, 0.02),
        ("other", OTHER, -0.06, 0.15, 0.0),
        ("spare", OTHER, 0.10, OTHER_HIGH, 0.02),
    ):
        soft = bedding.pillow(0.68, 0.46, high, dent, seed, name)
        lying = solids.turned(solids.turned(soft, "x", 0.10), "z", yaw)
        z = BED_TOP + SHEET + (SPARE_UP if name == "spare" else 0.0)
        cloth = cushion if name == "spare" else sheet
        parts.append(Part(solids.scale_uv(solids.moved(lying, (x, y + 0.02, z)), 1 / 0.12), cloth))
    return parts


def _cloth(name: str, seed: int, colour: Colour) -> Material:
    return Material(
        name, (1.0, 1.0, 1.0), 0.9, subsurface=0.15, sheen=0.25, bump=0.0003, texture=fabrics.weave(name, seed, colour)
    )


# --- where to be


def _on_cover(cover: Yielding, x: float, y: float) -> Place3:
    """The place on the duvet there, trodden down a little; on the sheet beyond its hem."""
    top = cover.top(x, y)
    return x, y, BED_TOP + SHEET if top is None else top - TRODDEN


def _marks(cover: Yielding) -> dict[str, Mark]:
    west, east = np.pi / 2, -np.pi / 2
    return {
        "centre": Mark((1.1, -0.7, 0.0), 0.5),
        "left": Mark((-1.2, -1.4, 0.0), -0.4),
        "right": Mark((1.7, -1.4, 0.0), 0.5),
        "far": Mark((1.35, 1.35, 0.0), np.pi),
        "near": Mark((0.3, -2.2, 0.0), 0.0),
        "bed": Mark((*HIPS, BED_TOP), 0.0),
        "bed_2": Mark((OTHER[0], HIPS[1], BED_TOP), 0.0),
        "pillow": Mark((HEAD[0], HEAD[1], BED_TOP + 0.06), 0.0),
        "under_pillow": Mark((HEAD[0] + 0.23, HEAD[1] - 0.12, BED_TOP + 0.015), east),
        "on_pillow": Mark((*OTHER, BED_TOP + SPARE_UP + OTHER_HIGH), east),
        "on_bed": Mark(_on_cover(cover, -0.40, 0.80), east * 0.5),
        "on_bed_chest": Mark(_on_cover(cover, HIPS[0] - 0.04, 1.03), -0.15),
        "on_bed_side": Mark(_on_cover(cover, -0.40, 1.12), east * 0.8),
        "by_face": Mark((HEAD[0] - 0.33, HEAD[1] + 0.05, BED_TOP + PILLOW_TROD), east),
        "by_hand": Mark(_on_cover(cover, 0.12, 0.72), -0.1),
        "off_hand": Mark(_on_cover(cover, 0.16, 0.36), -0.1),
        "bed_foot": Mark(_on_cover(cover, -0.30, 0.42), -0.35),
        "bedside": Mark((*FOOT_END, 0.0), 0.0),
        "near_bed": Mark((1.28, 0.40, 0.0), west),
        "seat": Mark((0.66, 0.95, BED_TOP + 0.03), east),
        "window": Mark((2.1, 0.6, 0.0), east),
    }


def _paths(cover: Yielding) -> dict[str, Path]:
    def path(*points: tuple[float, float, float]) -> Path:
        return Path(np.array(points))

    marks = _marks(cover)
    around = ((-0.36, 1.52), (-0.42, 1.28), (-0.41, 1.00), (-0.34, 0.78), (-0.20, 0.66), (-0.04, 0.65))
    jump = _on_cover(cover, -0.40, 1.12)
    return {
        "main": path((0.9, -2.4, 0), (0.0, -1.9, 0), (-1.0, -1.2, 0), (-1.35, 0.0, 0), (-1.30, 0.95, 0)),
        "search": path(
            (1.28, 0.80, 0), (1.3, -0.6, 0), (0.3, -1.0, 0), (-1.0, -0.9, 0), (-1.25, 0.6, 0), (-1.2, 1.3, 0)
        ),
        "to_bed": path((*FOOT_END, 0), jump),
        "to_hand": path(
            marks["by_face"].position,
            (-0.22, 1.80, BED_TOP + SPARE_UP + OTHER_HIGH - TRODDEN),
            *(_on_cover(cover, x, y) for x, y in around),
            marks["by_hand"].position,
        ),
        "from_bed": path(jump, (-1.35, 0.6, 0)),
        "to_bedside": path((1.3, -2.5, 0), (0.5, -1.7, 0), (-0.2, -1.1, 0), (*FOOT_END, 0)),
    }


def _eyecatchers() -> tuple[Box, ...]:
    """The pale shade of the lamp, and the bedposts' knobs at the head."""
    (x, y, z), post = LAMP, 0.5 * (BED[1] - BED[0]) + 0.05
    shade = Box((x - 0.17, y - 0.17, z), (x + 0.17, y + 0.17, z + 0.19))
    knobs = (Box((side * post - 0.05, BACK - 0.11, 1.02), (side * post + 0.05, BACK - 0.01, 1.16)) for side in (-1, 1))
    return (shade, *knobs)


def _solids() -> tuple[Box, ...]:
    """What cameras and walkers keep out of; low, for a camera may hang over a bed."""
    return (
        Box((BED[0], BED[2], 0.0), (BED[1], BACK, 0.45)),
        Box((0.0, 0.3, 0.0), (0.44, 1.35, BED_TOP + 0.28)),  # the sleeper
        Box((0.0, 1.30, 0.0), (0.48, 2.0, BED_TOP + 0.30)),
        Box((-0.9, BACK - 0.08, 0.0), (0.9, BACK, 1.0)),
        Box((-WIDE, -1.2, 0.0), (-WIDE + 0.6, 0.1, 2.05)),
        Box((-WIDE, 0.44, 0.0), (-WIDE + 0.66, 1.60, 1.25)),
        Box((0.93, 1.80, 0.0), (1.40, BACK, 0.75)),
        Box((-1.40, 1.80, 0.0), (-0.93, BACK, 0.75)),
    )
