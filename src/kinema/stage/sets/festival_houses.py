"""Old-town houses: columns and lattices under upswept tiled roofs, stepped gables, a memorial gate and a pagoda."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kinema.buffers.scene_frame import F64, Lamp
from kinema.stage.sets.assembly import Assembly, Frame
from kinema.stage.sets.facades import corners_of
from kinema.stage.sets.festival_kit import Fair, script
from kinema.stage.sets.lanterns import hang, skin_area
from kinema.stage.sets.signs import Print
from kinema.stage.sets.street_style import pick
from kinema.stage.sets.workshop import at_power

STEP = 0.18  # height of the stone step before every house
FLOOR = 3.3  # height of the ground storey


@dataclass(frozen=True)
class House:
    """A house to build: frame is its lower left corner seen from the street; trim and column: paints of its wood."""

    name: str
    frame: Frame
    width: float
    storeys: int
    depth: float = 7.0
    trim: str = "lacquer"
    column: str = "column"


def roof(
    fair: Fair, assembly: Assembly, frame: Frame, x: tuple[float, float], eave: tuple[float, float],
    ridge: tuple[float, float], lift: float, fine: bool = True,
) -> None:  # fmt: skip
    """One hollow slope of tiles from eave (y, z) up to ridge (y, z) between x, its corners swept up by lift.

    A strip of light runs along the eave. fine: with rafters beneath, for roofs one walks under.
    """
    m, n = (4, 9) if fine else (3, 6)
    u, t = np.linspace(-1.0, 1.0, n), np.linspace(0.0, 1.0, m)
    across = (x[0] + x[1]) / 2 + (x[1] - x[0]) / 2 * np.sign(u) * np.abs(u) ** 0.8  # closer together where it curls
    y = eave[0] + (ridge[0] - eave[0]) * t
    z = eave[1] + (ridge[1] - eave[1]) * (0.55 * t + 0.45 * t**2.2)
    corner = lift * np.abs(u)[None, :] ** 5 * (1.0 - 0.45 * t[:, None])
    points = np.stack(
        [np.broadcast_to(across, (m, n)), np.broadcast_to(y[:, None], (m, n)), z[:, None] + corner], axis=-1
    )
    assembly.sheet(frame, points, fair.paints["tiles"])
    assembly.sheet(frame, points[1::-1], fair.paints["wood"])  # its underside is seen along the eave only
    sides = 4 if fine else 3
    assembly.tube(frame, points[0] - (0, 0, 0.03), 0.06, fair.paints["ridge"], sides)
    assembly.tube(frame, points[0] - (0, 0.05, 0.1), 0.022 if fine else 0.035, fair.paints["strip"], 3)
    top = points[-1] + (0, 0, 0.1)
    assembly.tube(frame, top, 0.14, fair.paints["ridge"], sides)
    for end, way in ((top[0], -1.0), (top[-1], 1.0)):  # the ridge's ends curl upwards
        s = np.linspace(0.0, 1.0, 3)
        curl = np.stack([end[0] + way * 0.5 * s, np.full(3, end[1]), end[2] + 0.55 * s**2], axis=1)
        assembly.tube(frame, curl, 0.09, fair.paints["ridge"], 3)
    for gable in (points[:, 0], points[:, -1]):
        assembly.tube(frame, gable + np.array((0, 0, 0.05)), 0.08, fair.paints["ridge"], 3)
    if fine:
        _rafters(fair, assembly, frame, x, eave, ridge, lift)


def _rafters(
    fair: Fair, assembly: Assembly, frame: Frame, x: tuple[float, float], eave: tuple[float, float],
    ridge: tuple[float, float], lift: float,
) -> None:  # fmt: skip
    k = np.linspace(0.04, 0.96, int((x[1] - x[0]) / 0.45))
    at, up = x[0] + (x[1] - x[0]) * k - 0.035, lift * np.abs(2.0 * k - 1.0) ** 6
    run = min(1.1, 0.5 * (ridge[0] - eave[0]))
    rise = 0.55 * (ridge[1] - eave[1]) / (ridge[0] - eave[0]) * run
    y, z = np.full_like(at, eave[0] + 0.05), eave[1] - 0.1 + up
    a, b = np.stack([at, y, z], axis=1), np.stack([at, y + run, z + rise], axis=1)
    side, tall = np.array([0.07, 0, 0]), np.array([0, 0, 0.07])
    below, front = (
        np.stack([a, b, b + side, a + side], axis=1),
        np.stack([a, a + side, a + side + tall, a + tall], axis=1),
    )
    assembly.quads(frame, np.concatenate([below, front]), fair.paints["lacquer"])


def build_house(fair: Fair, assembly: Assembly, house: House, fine: bool = True) -> None:
    """A house of one or two storeys with its shop or hall, boards, couplets and lanterns."""
    rng = fair.rng(house.name, "house")
    frame, width = house.frame, house.width
    assembly.box(frame, (0, -0.75, 0), (width, 0.6, STEP), fair.paints["stone"], ("front", "top", "left", "right"))
    bays = 3 if width > 6.2 else 2
    xs = np.linspace(0.2, width - 0.2, bays + 1)
    middle = bays // 2
    for k in range(bays):
        bay = (float(xs[k]) + 0.12, float(xs[k + 1]) - 0.12)
        if k == middle and rng.random() < 0.75:
            _open_shop(fair, assembly, frame, bay, house)
        else:
            _lattice_bay(fair, assembly, house, bay, rng, k == middle)
    for x in xs:
        _column(fair, assembly, house, float(x))
    assembly.box(frame, (0, -0.14, FLOOR - 0.5), (width, 0.1, FLOOR - 0.02), fair.paints["beam"], ("front", "bottom"))
    _name(fair, assembly, frame, width, FLOOR + 0.02 if house.storeys == 1 else FLOOR - 0.62, rng)
    _eave_lanterns(fair, assembly, frame, xs, rng)
    if house.storeys == 2:
        roof(fair, assembly, frame, (-0.1, width + 0.1), (-1.35, FLOOR + 0.02), (0.5, FLOOR + 0.85), 0.18, fine)
        _upper(fair, assembly, house, rng, fine)
    else:
        roof(
            fair,
            assembly,
            frame,
            (-0.15, width + 0.15),
            (-1.25, FLOOR + 0.05),
            (house.depth / 2, FLOOR + 2.6),
            0.34,
            fine,
        )
    _sides(fair, assembly, house, rng)


def _upper(fair: Fair, assembly: Assembly, house: House, rng: np.random.Generator, fine: bool) -> None:
    """The upper storey: a row of lattices behind a balustrade, and the main roof."""
    frame, width, low = house.frame, house.width, FLOOR + 0.8
    back, top = 0.55, FLOOR + 3.3
    count = max(3, round(width / 1.15))
    xs = np.linspace(0.15, width - 0.15, count + 1)
    assembly.panel(frame, (0, low), (width, low + 0.5), back, fair.paints[house.trim])
    assembly.panel(frame, (0, top - 0.45), (width, top), back, fair.paints["beam"])
    for k in range(count):
        pane = pick(rng, fair.lattices)
        light = script().left_on if rng.random() < script().dark_windows else 1.0
        shade = (light, light, light)
        assembly.panel(frame, (xs[k], low + 0.5), (xs[k + 1], top - 0.45), back + 0.06, pane.material, pane.uv, shade)
    posts = np.stack([xs - 0.06, np.full_like(xs, back - 0.04), np.full_like(xs, low + 0.3)], axis=1)
    assembly.box(
        frame,
        posts,
        posts + np.array((0.12, 0.1, top - low - 0.3)),
        fair.paints[house.trim],
        ("front", "left", "right"),
    )
    rail = 0.15
    for z in (low + 0.25, low + 0.85):
        assembly.box(
            frame,
            (0.1, rail - 0.03, z),
            (width - 0.1, rail + 0.03, z + 0.07),
            fair.paints[house.trim],
            ("front", "top", "bottom", "back"),
        )
    x = np.arange(0.1, width - 0.05, 0.24)
    bars = np.stack([x, np.full_like(x, rail - 0.02), np.full_like(x, low + 0.3)], axis=1)
    assembly.box(frame, bars, bars + np.array((0.05, 0.04, 0.56)), fair.paints[house.trim], ("front",))
    glow = tuple(0.55 * c for c in fair.lattices[0].glow)
    fair.shine(frame, (width / 2, -0.3, top - 1.2), (glow[0], glow[1], glow[2]), width * 1.6, 1.5, (0.0, -1.0, 0.0))
    roof(fair, assembly, frame, (-0.15, width + 0.15), (-0.75, top + 0.02), (house.depth / 2, top + 2.3), 0.42, fine)
    if rng.random() < 0.7:
        _banners(fair, assembly, frame, width, low + 2.3, rng)


def _sides(fair: Fair, assembly: Assembly, house: House, rng: np.random.Generator) -> None:
    """Brick sides, and on some houses a white stepped gable that stands above the roof."""
    frame, width, depth = house.frame, house.width, house.depth
    top = FLOOR + (3.3 if house.storeys == 2 else 0.0)
    assembly.box(frame, (0, 0.02, 0), (width, depth, top + 0.4), fair.paints["brick"], ("left", "right", "back"))
    if rng.random() < 0.45:
        for step, (a, b) in enumerate(((-0.5, 1.1), (1.1, 2.6), (2.6, depth))):
            height = top + 1.0 + 0.75 * step
            assembly.box(
                frame, (-0.16, a, 0), (0.16, b, height), fair.paints["plaster"], ("left", "right", "front", "back")
            )
            cap = (-0.32, a - 0.25, height), (0.32, b + 0.05, height + 0.16)
            assembly.box(frame, *cap, fair.paints["ridge"])
            tip = np.array([(0, a - 0.2, height + 0.14), (0, a - 0.42, height + 0.22), (0, a - 0.6, height + 0.42)])
            assembly.tube(frame, tip, 0.07, fair.paints["ridge"], 5)


def _column(fair: Fair, assembly: Assembly, house: House, x: float) -> None:
    frame = house.frame
    base = [(0.2, 0.0), (0.24, 0.08), (0.15, 0.22)]
    assembly.lathe(frame.inner(x, -0.12, STEP), base, fair.paints["stone"], 7)
    assembly.lathe(frame.inner(x, -0.12, STEP + 0.2), [(0.14, 0.0), (0.13, FLOOR - 0.4)], fair.paints[house.column], 8)


def _lattice_bay(
    fair: Fair, assembly: Assembly, house: House, bay: tuple[float, float], rng: np.random.Generator, door: bool
) -> None:
    """A bay of lattice doors, or of windows over a brick sill, with paper couplets at its sides."""
    frame, (low, high) = house.frame, bay
    top, sill = FLOOR - 0.5, STEP if door or rng.random() < 0.4 else 0.95
    if sill > STEP:
        assembly.box(frame, (low - 0.12, 0.0, 0.0), (high + 0.12, 0.2, sill), fair.paints["brick"], ("front", "top"))
    leaves = max(2, round((high - low) / 0.72))
    xs = np.linspace(low, high, leaves + 1)
    for k in range(leaves):
        pane = fair.lattices[(int(rng.integers(len(fair.lattices))) // 4 * 4 + int(low * 7)) % len(fair.lattices)]
        assembly.panel(frame, (xs[k], sill), (xs[k + 1], top), 0.12, pane.material, pane.uv)
        assembly.box(
            frame,
            (xs[k] - 0.03, 0.02, sill),
            (xs[k] + 0.03, 0.12, top),
            fair.paints[house.trim],
            ("front", "left", "right"),
        )
    glow = fair.lattices[0].glow
    share = (0.5 * glow[0], 0.5 * glow[1], 0.5 * glow[2])
    fair.shine(frame, ((low + high) / 2, -0.3, 1.7), share, (high - low) * (top - sill), 0.8, (0.0, -1.0, 0.0))
    if sill == STEP:
        _couplet(fair, assembly, frame, (low, high), rng)
        _diamonds(fair, assembly, frame, (low, high), rng)


def _couplet(fair: Fair, assembly: Assembly, frame: Frame, span: tuple[float, float], rng: np.random.Generator) -> None:
    """The two lines beside a door and the lintel over it: the first line hangs on the right."""
    right, left, lintel = pick(rng, fair.couplets)
    for x, line in ((span[1] + 0.12, right), (span[0] - 0.12, left)):
        assembly.panel(frame, (x - 0.13, 0.75), (x + 0.13, 2.7), -0.27, line.material, line.uv)
    middle = sum(span) / 2
    assembly.panel(
        frame, (middle - 0.62, FLOOR - 0.86), (middle + 0.62, FLOOR - 0.54), -0.02, lintel.material, lintel.uv
    )


def _diamonds(
    fair: Fair, assembly: Assembly, frame: Frame, span: tuple[float, float], rng: np.random.Generator
) -> None:
    half, shown = 0.3, pick(rng, fair.diamonds)
    for x in (span[0] * 0.72 + span[1] * 0.28, span[0] * 0.28 + span[1] * 0.72):
        corners = [(x, 0.0, 1.75 - half), (x + half, 0.0, 1.75), (x, 0.0, 1.75 + half), (x - half, 0.0, 1.75)]
        assembly.quads(frame, corners, shown.material, corners_of(shown.uv))


def _open_shop(fair: Fair, assembly: Assembly, frame: Frame, bay: tuple[float, float], house: House) -> None:
    """A shop open to the street: a lit room with a counter, its wares on the wall."""
    rng = fair.rng(house.name, "shop")
    shown = pick(rng, fair.shops)
    (low, high), top, deep = bay, FLOOR - 0.5, 2.4
    u0, v0, u1, v1 = shown.uv
    share = min(1.0, (high - low) / 4.6)
    start = u0 + float(rng.uniform(0.0, 1.0 - share)) * (u1 - u0)
    assembly.panel(frame, (low, STEP), (high, top), deep, shown.material, (start, v0, start + share * (u1 - u0), v1))
    for x, a, b in ((low, 0.0, deep), (high, deep, 0.0)):
        corners = [(x, a, STEP), (x, b, STEP), (x, b, top), (x, a, top)]
        assembly.quads(
            frame, corners, shown.material, [(u0, v0), (u0 + 0.4 * (u1 - u0), v0), (u0 + 0.4 * (u1 - u0), v1), (u0, v1)]
        )
    assembly.floor(frame, (low, 0.0), (high, deep), STEP + 0.005, fair.paints["floor"])
    ceiling = [(low, deep, top), (high, deep, top), (high, 0.0, top), (low, 0.0, top)]
    assembly.quads(frame, ceiling, fair.paints["floor"])
    assembly.box(
        frame,
        (low + 0.1, 0.35, STEP),
        (high - 0.1, 0.8, 1.05),
        fair.paints[house.trim],
        ("front", "top", "left", "right"),
    )
    fair.shine(frame, ((low + high) / 2, -0.3, 1.6), shown.glow, (high - low) * 2.2, 0.9, (0.0, -1.0, 0.0))
    _couplet(fair, assembly, frame, bay, rng)


def _name(fair: Fair, assembly: Assembly, frame: Frame, width: float, z: float, rng: np.random.Generator) -> None:
    """The name board, leaning forward under the eave."""
    shown = pick(rng, fair.boards)
    wide, tall = min(2.5, 0.5 * width), 0.72
    x = (width - wide) / 2
    foot, head = (-0.32, z), (-0.52, z + tall)
    corners = [(x, foot[0], foot[1]), (x + wide, foot[0], foot[1]), (x + wide, head[0], head[1]), (x, head[0], head[1])]
    assembly.quads(frame, corners, shown.material, corners_of(shown.uv))
    back = [(c[0], c[1] + 0.07, c[2]) for c in corners]
    rim = [[corners[k], back[k], back[(k + 1) % 4], corners[(k + 1) % 4]] for k in range(4)]
    assembly.quads(frame, rim, fair.paints["gold"])


def _eave_lanterns(fair: Fair, assembly: Assembly, frame: Frame, xs: F64, rng: np.random.Generator) -> None:
    """A ball lantern hung before every column."""
    skin = pick(rng, fair.skins[:3])
    for x in xs:
        hang(
            assembly,
            frame.inner(float(x), -0.85, FLOOR - 0.02),
            skin,
            fair.paints["gold"],
            fair.paints["tassel"],
            0.92,
            True,
            8,
        )
    width = float(xs[-1] - xs[0])
    fair.shine(frame, (0.2 + width / 2, -1.0, FLOOR - 0.5), fair.glow, skin_area(0.92, True) * len(xs), 1.2)
    strip = at_power(script().radiance.eaves, fair.power)
    fair.shine(frame, (0.2 + width / 2, -1.3, FLOOR - 0.2), strip, 0.14 * width, 1.2)


def _banners(fair: Fair, assembly: Assembly, frame: Frame, width: float, top: float, rng: np.random.Generator) -> None:
    """Long cloth banners that hang from the upper storey."""
    for x in (0.7, width - 0.7):
        shown = pick(rng, fair.banners)
        y = -0.1
        assembly.tube(frame, [(x - 0.34, y, top), (x + 0.34, y, top)], 0.025, fair.paints["gold"], 5)
        assembly.panel(frame, (x - 0.28, top - 2.2), (x + 0.28, top), y, shown.material, shown.uv)
        assembly.tube(frame, [(x - 0.3, y, top - 2.2), (x + 0.3, y, top - 2.2)], 0.03, fair.paints["gold"], 5)


def memorial_gate(fair: Fair, assembly: Assembly, frame: Frame, half: float) -> None:
    """A paifang of three bays across the street: red columns, painted beams, three roofs, and its lit board."""
    xs = (-half, -0.55 * half, 0.55 * half, half)
    heights = (5.4, 7.6, 7.6, 5.4)
    for x, tall in zip(xs, heights, strict=True):
        assembly.lathe(frame.inner(x, 0, 0), [(0.42, 0.0), (0.42, 0.5), (0.34, 0.7)], fair.paints["stone"], 8)
        assembly.lathe(frame.inner(x, 0, 0.7), [(0.26, 0.0), (0.24, tall - 0.7)], fair.paints["column"], 10)
    for a, b, low in ((xs[0], xs[1], 4.2), (xs[1], xs[2], 5.2), (xs[2], xs[3], 4.2)):
        for z in (low, low + 1.35):
            assembly.box(
                frame, (a, -0.2, z), (b, 0.2, z + 0.5), fair.paints["beam"], ("front", "back", "top", "bottom")
            )
        for side in (frame, frame.inner(0, 0, 0, np.pi)):
            at, to = (a, b) if side is frame else (-b, -a)
            _bay_panel(fair, assembly, side, (at, to), low + 0.5, fair.arch if low > 5 else None)
    tops = (((xs[0] - 0.7, xs[1] + 0.3), 6.1), ((xs[1] - 0.8, xs[2] + 0.8), 7.3), ((xs[2] - 0.3, xs[3] + 0.7), 6.1))
    for span, z in tops:
        for side in (frame, frame.inner(0, 0, 0, np.pi)):
            over = span if side is frame else (-span[1], -span[0])
            roof(fair, assembly, side, over, (-1.25, z), (0.0, z + 1.15), 0.5, False)
    for x in np.linspace(xs[1] + 0.6, xs[2] - 0.6, 4):
        hang(
            assembly,
            frame.inner(float(x), -0.5, 5.2),
            fair.skins[1],
            fair.paints["gold"],
            fair.paints["tassel"],
            1.25,
            True,
            10,
        )
    floodlights(fair, frame, (-0.8 * half, 0.0, 0.8 * half), 1.7)
    fair.shine(frame, (0.0, -0.9, 4.7), fair.glow, 4.0 * skin_area(1.25, True), 2.0)


def floodlights(fair: Fair, frame: Frame, xs: Sequence[float], reach: float) -> None:
    """Warm lights on the ground before columns, shining up at what they carry."""
    for x in xs:
        colour = (9.0 * fair.power, 4.6 * fair.power, 1.7 * fair.power)
        for y in (-reach, reach):
            way = frame.way((0.0, -0.45 * np.sign(y), 0.9))
            fair.alone.append(Lamp(frame.place(x, y, 0.15), colour, 0.15, way, 0.55))


def _bay_panel(
    fair: Fair, assembly: Assembly, frame: Frame, span: tuple[float, float], z: float, board: Print | None
) -> None:
    low, high = span
    assembly.panel(frame, (low, z), (high, z + 0.85), -0.05, fair.paints["lacquer"])
    if board is not None:
        middle = (low + high) / 2
        assembly.panel(frame, (middle - 1.7, z - 0.02), (middle + 1.7, z + 0.87), -0.26, board.material, board.uv)
        fair.shine(frame, (middle, -0.6, z + 0.4), board.glow, 3.0, 1.2, (0.0, -1.0, 0.0))


def pagoda(fair: Fair, assembly: Assembly, frame: Frame, tiers: int = 6) -> None:
    """A square pagoda seen over the roofs, lit in every tier."""
    half, z = 5.0, 0.0
    for tier in range(tiers):
        tall = 4.2 - 0.3 * tier
        for turn in range(4):
            side = frame.inner(0.0, 0.0, 0.0, turn * np.pi / 2)
            assembly.panel(side, (-half, z), (half, z + tall), -half, fair.paints["lacquer"])
            panes = [
                (-half + 0.6 + k * (2 * half - 1.2) / 4, pick(fair.rng(f"pagoda {tier}", "pane"), fair.lattices))
                for k in range(4)
            ]
            for x, pane in panes:
                assembly.panel(
                    side,
                    (x + 0.1, z + 1.0),
                    (x + (2 * half - 1.2) / 4 - 0.1, z + tall - 0.3),
                    -half - 0.05,
                    pane.material,
                    pane.uv,
                )
            roof(
                fair,
                assembly,
                side,
                (-half - 1.5, half + 1.5),
                (-half - 1.6, z + tall),
                (-half + 0.9, z + tall + 1.5),
                0.9,
                False,
            )
        z += tall + 1.1
        half -= 0.5
    assembly.lathe(
        frame.inner(0, 0, z), [(0.8, 0.0), (0.5, 0.8), (0.2, 2.2), (0.06, 4.5), (0.001, 5.0)], fair.paints["gold"], 8
    )
