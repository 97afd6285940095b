"""A small bedroom: a bed at the far wall, a window on the right that the sun comes in by, and what one needs.

The sleeper lies on the window's side of the bed with the head towards +y; the other half is free for a cat, so that
from the window, where the light comes from, one sees the sleeper in front and the cat behind.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from kinema.buffers.scene_frame import F64, Colour, KeyLight, Lamp, Material, Mesh, Surface
from kinema.schema.storyboard import Place
from kinema.stage.chance import chance
from kinema.stage.cue import Mark, Path
from kinema.stage.geometry import solids
from kinema.stage.geometry.outlines import rectangle
from kinema.stage.geometry.solids import Part, Solid
from kinema.stage.sets import bedding, fabrics, furniture
from kinema.stage.sets.bedding import Duvet, Mound
from kinema.stage.sets.directions import toward
from kinema.stage.sets.furniture import placed
from kinema.stage.sets.sky import build_sky
from kinema.stage.setting import Box, Setting

WIDE, FRONT, BACK, HIGH = 2.75, -3.0, 2.2, 2.65  # half the width, and where walls and ceiling stand (m)
WINDOW = (-0.45, 1.55, 0.72, 2.18)  # y from, y to, z from, z to, in the right wall
BED_TOP = 0.54
BED = (-0.8, 0.8, 0.13, 2.13)  # mattress: x from, x to, y from, y to
HIPS = (0.22, 1.20)  # where the sleeper's hips lie
HEAD = (0.22, 1.83)
OTHER = (-0.42, 1.83)  # two pillows nobody lies on, one upon the other
OTHER_HIGH, SPARE_UP = 0.15, 0.11  # metres: a pillow, and how much higher the upper one lies
# what lies under the duvet: a sleeper on the back, or on either side with the knees drawn up
COVER = Duvet(
    BED[0], BED[1], BED[2], BED_TOP, hem=1.37, drop=0.30, tuck=0.14,
    mounds=(
        Mound((0.21, 1.55), (0.21, 1.06), 0.36, 0.18, 0.46),
        Mound((0.15, 1.05), (0.22, 0.70), 0.30, 0.21, 0.44),
        Mound((0.12, 0.80), (0.12, 0.30), 0.21, 0.14, 0.34),
        Mound((0.34, 0.70), (0.32, 0.30), 0.22, 0.15, 0.34),
        Mound((0.00, 0.32), (0.44, 0.32), 0.26, 0.15, 0.30),
    ),
)  # fmt: skip
VISTA = np.radians(74.0)  # a camera looks in from the window's side and the foot of the bed, where faces are lit

# sun through the window by hour: elevation and azimuth in degrees, gain on its colour
SUN = {
    "dawn": (11.0, 110.0, 1.5),
    "morning": (17.5, 107.0, 1.75),
    "day": (27.0, 100.0, 1.9),
    "evening": (14.0, 84.0, 1.9),
    "night": (30.0, 108.0, 1.0),
}
WARMTH = (1.06, 0.97, 0.84)  # of sun through old panes
# light that the preview cannot gather by itself: of the sky in the window, and bounced about the room
SKYLIGHT = {"dawn": 0.8, "morning": 1.4, "day": 1.8, "evening": 0.8, "night": 0.08}
BOUNCE = {"dawn": 0.22, "morning": 0.60, "day": 0.62, "evening": 0.28, "night": 0.01}
SKY_TINT = {"night": (0.45, 0.62, 1.0), "dawn": (1.0, 0.82, 0.78), "evening": (1.0, 0.78, 0.62)}


def build_setting(place: Place, seed: int) -> Setting:
    """The room at that hour. Marks besides the usual: bed, pillow, under_pillow, on_pillow, on_bed, on_bed_chest,
    on_bed_side, by_face, by_hand, bed_foot, bedside, near_bed, seat, window; paths: main, search, to_bed, from_bed."""
    sky, key = build_sky(place, seed)
    glow = {"night": 2.2, "dawn": 0.5, "evening": 1.2}.get(place.hour, 0.0)
    surfaces = [
        _surface(f"bedroom/shell/{seed}", _shell(seed)),
        _surface(f"bedroom/window/{seed}", _window(seed)),
        _surface(f"bedroom/furniture/{seed}/{place.hour}", _furniture(seed, glow)),
        _surface(f"bedroom/bed/{seed}", _bed(seed)),
        replace(_surface("bedroom/garden", _garden(seed)), casts_shadow=False),
    ]
    return Setting(
        surfaces=tuple(surfaces),
        sky=sky,
        paths=_paths(),
        marks=_marks(),
        key_light=_sunbeam(place, key),
        lamps=tuple(_lamps(place, glow)),
        room=(Box((-WIDE, FRONT, 0.0), (WIDE, BACK, HIGH)),),
        solids=_solids(),
        vista=float(VISTA),
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


def _lamps(place: Place, glow: float) -> list[Lamp]:
    y = 0.5 * (WINDOW[0] + WINDOW[1])
    z = 0.5 * (WINDOW[2] + WINDOW[3])
    red, green, blue = SKY_TINT.get(place.hour, (0.90, 0.96, 1.0))
    sky, bounce = SKYLIGHT[place.hour], BOUNCE[place.hour]
    lamps = [
        Lamp((WIDE - 0.1, y, z), (sky * red, sky * green, sky * blue), 0.8, (-1.0, 0.0, -0.1), stands_for_surface=True),
        # from the sunlit bed up to the ceiling and back down
        Lamp((0.1, 1.0, 1.05), (bounce * 1.0, bounce * 0.80, bounce * 0.58), 0.9, stands_for_surface=True),
        Lamp((-0.3, -1.6, 2.3), (bounce * 0.95, bounce * 0.86, bounce * 0.74), 1.2, stands_for_surface=True),
        # off the wall that the sun falls on
        Lamp(
            (-2.3, 0.9, 1.2),
            (bounce * 1.1, bounce * 0.98, bounce * 0.78),
            1.0,
            (1.0, 0.0, 0.0),
            stands_for_surface=True,
        ),
    ]
    if glow > 0:
        warm = 0.42 * glow
        lamps.append(Lamp((-1.17, 1.97, 0.98), (warm, warm * 0.66, warm * 0.32), 0.12, stands_for_surface=True))
        lamps.append(Lamp((-0.4, -0.6, 2.2), (0.05 * glow, 0.035 * glow, 0.02 * glow), 1.2, stands_for_surface=True))
    return lamps


# --- walls


def _paint(name: str, colour: Colour, roughness: float = 0.6) -> Material:
    return Material(name, colour, roughness)


WHITE_WOOD = Material("white_wood", (0.70, 0.68, 0.63), 0.4)
WALL = Material("wall", (0.50, 0.53, 0.46), 0.85)
CEILING = Material("ceiling", (0.74, 0.72, 0.68), 0.9)


def _wall_facing_left(outline: F64, holes: list[F64], x: float, thick: float) -> Solid:
    """An outline in (y, z) as a wall whose inner face is at x, thickness outwards to the right."""
    made = solids.extrude(outline, thick, holes)
    turn = np.array([[0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
    return solids.moved(solids.transformed(made, turn), (x, 0, 0))


def _shell(seed: int) -> list[Part]:
    """Floor boards, walls with the window's hole, wainscot with its rail, skirting, cornice, ceiling, a door."""
    depth, middle = BACK - FRONT, 0.5 * (BACK + FRONT)
    oak = Material(
        "floorboards", (1.0, 1.0, 1.0), 0.4, bump=0.002, texture=fabrics.floorboards(seed, (0.40, 0.205, 0.095))
    )
    floor = solids.scale_uv(solids.box((2 * WIDE + 0.3, depth + 0.3, 0.1), (0, middle, -0.05)), 1 / 1.6)
    y0, y1, z0, z1 = WINDOW
    outline = rectangle(depth + 0.3, HIGH) + np.array([middle, HIGH / 2])
    hole = rectangle(y1 - y0, z1 - z0) + np.array([0.5 * (y0 + y1), 0.5 * (z0 + z1)])
    walls = [
        _wall_facing_left(outline, [hole], WIDE, 0.16),
        solids.box((0.16, depth + 0.3, HIGH), (-WIDE - 0.08, middle, HIGH / 2)),
        solids.box((2 * WIDE, 0.16, HIGH), (0, BACK + 0.08, HIGH / 2)),
        solids.box((2 * WIDE, 0.16, HIGH), (0, FRONT - 0.08, HIGH / 2)),
    ]
    ceiling = solids.box((2 * WIDE + 0.3, depth + 0.3, 0.1), (0, middle, HIGH + 0.05))
    return [
        Part(floor, oak),
        Part(solids.merge(walls), WALL),
        Part(ceiling, CEILING),
        Part(solids.merge(_woodwork()), WHITE_WOOD),
    ]


def _woodwork() -> list[Solid]:
    """Skirting, panelled wainscot to the height of the rail, cornice; around the room, below and above the window."""
    corners = np.array([(WIDE, FRONT), (WIDE, BACK), (-WIDE, BACK), (-WIDE, FRONT)])
    pieces = []
    for k in range(4):
        a, b = corners[k], corners[(k + 1) % 4]
        long = float(np.linalg.norm(b - a))
        yaw = float(np.arctan2(b[1] - a[1], b[0] - a[0]))
        frame = solids.placement((*(0.5 * (a + b)), 0.0), yaw)
        # in the wall's frame the room is towards +y
        runs = [
            solids.bevelled_box((long, 0.03, 0.11), 0.01, (0, 0.01, 0.055)),
            solids.bevelled_box((long, 0.026, 0.045), 0.009, (0, 0.013, 0.64)),
            solids.box((long, 0.008, 0.64), (0, 0.004, 0.32)),
            solids.bevelled_box((long, 0.09, 0.07), 0.03, (0, 0.03, HIGH - 0.03)),
        ]
        count = max(int(long / 0.55), 1)
        step = long / count
        for j in range(count):
            panel = solids.extrude(rectangle(step - 0.12, 0.40), 0.014, [rectangle(step - 0.17, 0.35)], 0.005)
            standing = solids.turned(solids.turned(panel, "x", np.pi / 2), "z", np.pi)
            runs.append(solids.moved(standing, ((j + 0.5) * step - long / 2, 0.006, 0.37)))
        pieces += [solids.transformed(run, frame) for run in runs]
    return pieces


def _window(seed: int) -> list[Part]:
    """Two casements with bars, a sill with a plant on it, linen curtains on a brass rod."""
    y0, y1, z0, z1 = WINDOW
    x, wide, tall = WIDE + 0.09, y1 - y0, z1 - z0
    frame = [
        solids.bevelled_box((0.06, thick, tall), 0.008, (x, y, 0.5 * (z0 + z1)))
        for y, thick in ((y0 + 0.025, 0.055), (y1 - 0.025, 0.055), (0.5 * (y0 + y1), 0.075))
    ]
    frame += [
        solids.bevelled_box((0.06, wide, 0.055), 0.008, (x, 0.5 * (y0 + y1), z)) for z in (z0 + 0.025, z1 - 0.025)
    ]
    frame += [
        solids.bevelled_box((0.03, 0.022, tall), 0.004, (x, y0 + share * wide, 0.5 * (z0 + z1)))
        for share in (0.25, 0.75)
    ]
    frame += [
        solids.bevelled_box((0.03, wide, 0.022), 0.004, (x, 0.5 * (y0 + y1), z0 + share * tall))
        for share in (0.36, 0.68)
    ]
    casing = solids.extrude(rectangle(wide + 0.18, tall + 0.18), 0.022, [rectangle(wide, tall)], 0.006)
    turn = np.array([[0.0, 0.0, -1.0], [-1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
    frame.append(solids.moved(solids.transformed(casing, turn), (WIDE, 0.5 * (y0 + y1), 0.5 * (z0 + z1))))
    frame.append(solids.bevelled_box((0.24, wide + 0.24, 0.035), 0.01, (WIDE - 0.03, 0.5 * (y0 + y1), z0 - 0.012)))
    linen = Material(
        "curtain_linen",
        (1.0, 1.0, 1.0),
        0.85,
        subsurface=0.55,
        sheen=0.3,
        bump=0.001,
        texture=fabrics.weave("curtain", seed, (0.78, 0.62, 0.42)),
    )
    cloths = []
    for k, (start, way) in enumerate(((y0 - 0.34, 1.0), (y1 + 0.34, -1.0))):
        cloth = solids.scale_uv(furniture.curtain(0.62, 2.22, seed, f"curtain_{k}", 0.58), 1 / 0.12)
        hung = (
            solids.turned(cloth, "z", np.pi / 2)
            if way > 0
            else solids.turned(solids.scaled(cloth, (-1, 1, 1)), "z", np.pi / 2)
        )
        cloths.append(solids.moved(hung, (WIDE - 0.11, start, 2.33)))
    rod = solids.tube(np.array([[WIDE - 0.11, y0 - 0.45, 2.35], [WIDE - 0.11, y1 + 0.45, 2.35]]), 0.014, 10)
    ends = [solids.moved(solids.sphere(0.032, 14, 10), (WIDE - 0.11, y, 2.35)) for y in (y0 - 0.46, y1 + 0.46)]
    pot = placed(furniture.house_plant(seed, "sill", 0.34), (WIDE - 0.03, y0 + 0.30, z0))
    return [
        Part(solids.merge(frame), WHITE_WOOD),
        Part(solids.merge(cloths), linen),
        Part(solids.merge([rod, *ends]), furniture.BRASS),
        *[
            Part(
                solids.moved(
                    solids.scaled(solids.moved(p.solid, (-WIDE + 0.03, -y0 - 0.30, -z0)), 0.55),
                    (WIDE - 0.02, y0 + 0.32, z0),
                ),
                p.material,
            )
            for p in pot
        ],
    ]


def _garden(seed: int) -> list[Part]:
    """What the window looks out on: lawn, a hedge and round trees."""
    rng = chance(seed, "bedroom", "garden")
    green = Material("garden", (0.10, 0.16, 0.05), 0.95, subsurface=0.3)
    lawn = Material("lawn", (0.16, 0.20, 0.07), 0.95)
    crowns = []
    for k in range(26):
        size = rng.uniform(0.9, 2.6)
        at = (rng.uniform(11.0, 30.0), -24.0 + 2.2 * k + rng.normal(0, 0.8), rng.uniform(-1.2, 0.6))
        ball = solids.sphere((size, size, size * rng.uniform(0.8, 1.3)), 14, 9)
        rough = 1.0 + 0.12 * rng.standard_normal((len(ball.positions), 1))
        crowns.append(solids.moved(replace(ball, positions=ball.positions * rough), at))
    return [Part(solids.merge(crowns), green), Part(solids.box((60, 120, 0.1), (33.5, 0, -2.6)), lawn)]


# --- furniture


def _furniture(seed: int, glow: float) -> list[Part]:
    walnut = _wood("walnut", seed, (0.23, 0.115, 0.055))
    parts = placed(furniture.nightstand(walnut), (1.16, BACK - 0.03, 0.0))
    parts += placed(furniture.nightstand(walnut), (-1.16, BACK - 0.03, 0.0))
    shade = Material("shade_cloth", (0.80, 0.70, 0.52), 0.9, texture=None)
    parts += placed(furniture.table_lamp(glow, shade), (-1.17, 1.97, 0.55))
    parts += placed(furniture.alarm_clock(fabrics.clock_face(7.05)), (1.02, 1.86, 0.55), 0.35)
    parts += placed(furniture.books(seed, "bedside", 3), (1.20, 2.0, 0.55), 0.2)
    parts += [Part(solids.moved(furniture.tumbler(), (-1.00, 1.88, 0.55)), furniture.PORCELAIN)]
    parts += placed(furniture.wardrobe(walnut), (-WIDE + 0.02, -0.55, 0.0), np.pi / 2)
    parts += placed(furniture.house_plant(seed, "corner", 1.15), (2.25, 1.88, 0.0))
    gilt = Material("frame_wood", (0.34, 0.20, 0.09), 0.45)
    for x, z, w, h in ((-0.48, 1.78, 0.40, 0.52), (0.06, 1.84, 0.46, 0.40), (0.56, 1.76, 0.36, 0.48)):
        picture = fabrics.landscape(seed, f"picture_{x}")
        parts += placed(furniture.framed_picture(w, h, picture, gilt), (x, BACK - 0.002, z))
    wool = Material(
        "rug",
        (1.0, 1.0, 1.0),
        0.95,
        sheen=0.3,
        bump=0.003,
        texture=fabrics.rug(seed, (0.34, 0.10, 0.07), (0.07, 0.09, 0.16), (0.66, 0.50, 0.30)),
    )
    parts.append(
        Part(
            _flat_uv(solids.bevelled_box((1.7, 2.5, 0.016), 0.006, (1.05, -0.75, 0.008)), (1.05, -0.75), 1.7, 2.5), wool
        )
    )
    felt = Material("slipper", (0.30, 0.12, 0.10), 0.95, sheen=0.5)
    parts += placed(furniture.slippers(felt), (1.22, 0.95, 0.0), -0.3)
    return parts


def _flat_uv(solid: Solid, middle: tuple[float, float], width: float, depth: float) -> Solid:
    """The solid with one picture laid on it from above."""
    at = solid.positions[solid.faces][..., :2]
    return Solid(solid.positions, solid.faces, (at - np.array(middle)) / np.array([width, depth]) + 0.5)


def _wood(name: str, seed: int, colour: Colour) -> Material:
    grain = fabrics.grain(name, seed, colour)
    return Material(name, (1.0, 1.0, 1.0), 0.38, bump=0.0006, texture=grain)


def _bed(seed: int) -> list[Part]:
    oak = _wood("bed_oak", seed, (0.36, 0.19, 0.085))
    ticking = Material(
        "ticking",
        (1.0, 1.0, 1.0),
        0.85,
        texture=fabrics.stripes("mattress", seed, (0.72, 0.68, 0.60), (0.25, 0.30, 0.40)),
    )
    sheet = _cloth("sheet", seed, (0.60, 0.585, 0.56))
    cover = _cloth("duvet", seed, (0.58, 0.54, 0.47))
    inside = Material(
        "duvet_inside",
        (1.0, 1.0, 1.0),
        0.9,
        sheen=0.25,
        bump=0.001,
        texture=fabrics.stripes("duvet", seed, (0.60, 0.57, 0.50), (0.13, 0.22, 0.36)),
    )
    wool = Material(
        "throw", (1.0, 1.0, 1.0), 0.95, sheen=0.4, bump=0.003, texture=fabrics.knit("throw", (0.50, 0.16, 0.07))
    )
    parts = placed(furniture.bedstead(BED[1] - BED[0], BED[3] - BED[2], BED_TOP, oak, ticking), (0.0, BACK - 0.02, 0.0))
    fitted = solids.bevelled_box(
        (BED[1] - BED[0] + 0.02, BED[3] - BED[2] + 0.01, 0.16), 0.06, (0, 0.5 * (BED[2] + BED[3]), BED_TOP - 0.068)
    )
    parts.append(Part(solids.scale_uv(fitted, 1 / 0.12), sheet))
    for name, (x, y), yaw, high, dent in (
        ("own", HEAD, 0.05, 0.19, 0.055),
        ("other", OTHER, -0.06, 0.15, 0.0),
        ("spare", OTHER, 0.10, OTHER_HIGH, 0.02),
    ):
        soft = bedding.pillow(0.68, 0.46, high, dent, seed, name)
        lying = solids.turned(solids.turned(soft, "x", 0.10), "z", yaw)
        z = BED_TOP + 0.012 + (SPARE_UP if name == "spare" else 0.0)
        parts.append(Part(solids.scale_uv(solids.moved(lying, (x, y + 0.02, z)), 1 / 0.12), sheet))
    above, turned = bedding.duvet(COVER, seed, "duvet")
    parts += [Part(solids.scale_uv(above, 1 / 0.12), cover), Part(solids.scale_uv(turned, 1 / 0.3), inside)]
    spread = bedding.throw(COVER, seed, "duvet", 0.62, 0.46)
    parts.append(Part(solids.scale_uv(spread, 1 / 0.25), wool))
    return parts


def _cloth(name: str, seed: int, colour: Colour) -> Material:
    return Material(
        name, (1.0, 1.0, 1.0), 0.9, subsurface=0.15, sheen=0.25, bump=0.0003, texture=fabrics.weave(name, seed, colour)
    )


# --- where to be


def _on_cover(x: float, y: float) -> float:
    """Height (m) of the duvet's top there."""
    return BED_TOP + float(COVER.lifted(np.array(x), np.array(y)))


def _marks() -> dict[str, Mark]:
    west, east = np.pi / 2, -np.pi / 2
    chest = (HIPS[0] - 0.08, 1.10)
    return {
        "centre": Mark((1.1, -0.7, 0.0), 0.5),
        "left": Mark((-1.2, -1.4, 0.0), -0.4),
        "right": Mark((1.7, -1.4, 0.0), 0.5),
        "far": Mark((1.35, 1.35, 0.0), np.pi),
        "near": Mark((0.3, -2.2, 0.0), 0.0),
        "bed": Mark((*HIPS, BED_TOP), 0.0),
        "bed_2": Mark((OTHER[0], HIPS[1], BED_TOP), 0.0),
        "pillow": Mark((HEAD[0], HEAD[1], BED_TOP + 0.06), 0.0),
        "under_pillow": Mark((HEAD[0] + 0.26, HEAD[1] - 0.16, BED_TOP + 0.04), east),
        "on_pillow": Mark((*OTHER, BED_TOP + SPARE_UP + OTHER_HIGH), east),
        "on_bed": Mark((-0.40, 0.80, _on_cover(-0.40, 0.80)), east * 0.5),
        "on_bed_chest": Mark((*chest, _on_cover(*chest)), -0.15),
        "on_bed_side": Mark((-0.40, 1.12, _on_cover(-0.40, 1.12)), east * 0.8),
        "by_face": Mark((HEAD[0] - 0.40, HEAD[1] + 0.14, BED_TOP + SPARE_UP + OTHER_HIGH - 0.01), east),
        "by_hand": Mark((0.12, 0.72, _on_cover(0.12, 0.72)), -0.1),
        "bed_foot": Mark((-0.30, 0.42, _on_cover(-0.30, 0.42)), -0.35),
        "bedside": Mark((-1.30, 0.95, 0.0), east),
        "near_bed": Mark((1.28, 0.40, 0.0), west),
        "seat": Mark((0.66, 0.95, BED_TOP + 0.03), east),
        "window": Mark((2.1, 0.6, 0.0), east),
    }


def _paths() -> dict[str, Path]:
    def path(*points: tuple[float, float, float]) -> Path:
        return Path(np.array(points))

    jump = _on_cover(-0.40, 1.12)
    return {
        "main": path((0.9, -2.4, 0), (0.0, -1.9, 0), (-1.0, -1.2, 0), (-1.35, 0.0, 0), (-1.30, 0.95, 0)),
        "search": path(
            (1.28, 0.80, 0), (1.3, -0.6, 0), (0.3, -1.0, 0), (-1.0, -0.9, 0), (-1.25, 0.6, 0), (-1.2, 1.3, 0)
        ),
        "to_bed": path((-1.30, 0.95, 0), (-0.40, 1.12, jump)),
        "from_bed": path((-0.40, 1.12, jump), (-1.35, 0.6, 0)),
    }


def _solids() -> tuple[Box, ...]:
    """What cameras and walkers keep out of; low, for a camera may hang over a bed."""
    return (
        Box((BED[0], BED[2], 0.0), (BED[1], BACK, 0.45)),
        Box((0.0, 0.3, 0.0), (0.44, 1.35, BED_TOP + 0.28)),  # the sleeper
        Box((0.0, 1.30, 0.0), (0.48, 2.0, BED_TOP + 0.30)),
        Box((-0.9, BACK - 0.08, 0.0), (0.9, BACK, 1.0)),
        Box((-WIDE, -1.2, 0.0), (-WIDE + 0.6, 0.1, 2.05)),
        Box((0.93, 1.80, 0.0), (1.40, BACK, 0.75)),
        Box((-1.40, 1.80, 0.0), (-0.93, BACK, 1.15)),
    )
