"""A city street: two rows of buildings, their signs and shops, a road that may be wet, and a vista at either end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from kinema.buffers.scene_frame import F64, Colour, Fog, Lamp, Mesh, Surface
from kinema.schema.storyboard import Place
from kinema.stage.cache import kept
from kinema.stage.cue import Mark, Path
from kinema.stage.sets.assembly import Assembly, Frame
from kinema.stage.sets.facades import Building, build_front
from kinema.stage.sets.neon import dimmed
from kinema.stage.sets.screens import Screen
from kinema.stage.sets.shopfront import build_shop
from kinema.stage.sets.sky import build_sky, fog_for
from kinema.stage.sets.street_furniture import (
    bicycle,
    bollard,
    cables,
    crosswalk,
    lamp_post,
    manhole,
    stripe,
    utility_pole,
    vending_machines,
    vending_print,
)
from kinema.stage.sets.street_kit import DAYLIGHT, Kit, Lively, gathered, make_kit
from kinema.stage.sets.street_signs import dress, gate, led_wall
from kinema.stage.sets.street_style import Style, pick, styles
from kinema.stage.sets.street_vista import close_end
from kinema.stage.sets.textures import asphalt, masonry
from kinema.stage.sets.weather import weather_particles
from kinema.stage.sets.workshop import Standing, dimmer, lamp, still
from kinema.stage.setting import Box, Moving, Setting

HALF_LENGTH = 84.0
KERB = 4.6  # half width of the road (m)
FRONT = 7.6  # distance of the fronts from the middle
PAVEMENT = 0.026  # height of the pavements: nearly flush, as on shopping streets, so that they mirror with the road
LANES = (1.95, 3.15, 4.3, 5.8)  # of the crowd, metres from the middle; every other one goes the other way
STAND = 6.62  # metres from the middle where people stand about before the shops
PASSERS = {"night": 20, "evening": 22, "dawn": 6, "morning": 18, "day": 22}
SIDE_STREET = 58.0  # metres the crossing streets run to either side
SECTION = 42.0  # metres of street in one mesh, so that what is out of sight can be left out
DAY_SIGNS = 0.62  # share of the signs that jut out by day
# Of the signs' and shops' light: what the small sources that are none of these add to it, low in the street, where
# people walk; the signs themselves would only burn out.
SHED = 1.55
POWER = {"night": 1.0, "evening": 0.9, "dawn": 0.7, "morning": 0.2, "day": 0.12}


def build_setting(place: Place, seed: int) -> Setting:
    """The street of a place: style by feature (tokyo, chinese or european), wet by feature or rain, lit by the hour."""
    name = next((name for name in styles() if name in place.features), "tokyo")
    wet, power = is_wet(place), POWER[place.hour]
    style = styles()[name]
    if power < DAYLIGHT:  # what hangs out only for the night is taken in: the sky shows between the houses
        style = replace(style, density=DAY_SIGNS * style.density)
    street = kept("street", (name, seed, power, wet), lambda: _built(style, seed, power, wet))
    sky, key = build_sky(place, seed)
    return Setting(
        surfaces=street.standing.surfaces,
        sky=sky,
        paths=_paths(),
        marks=_marks(),
        key_light=key,
        lamps=street.standing.lamps,
        fog=_haze(place, styles()[name].glow),
        mirror_height=0.0 if wet else None,
        ground=_height,
        moving=_Life(street, place, seed).at,
        room=(Box((0.8 - FRONT, -HALF_LENGTH - 6.0, 0.25), (FRONT - 0.8, HALF_LENGTH + 6.0, 14.0)),),
        solids=street.standing.solids,
        passers=PASSERS[place.hour],
    )


@dataclass(frozen=True, eq=False)
class Street:
    """A built street: what stands, and what lives in it: tubes and bulbs in one mesh, their rhythms, LED walls."""

    standing: Standing
    lively: Mesh | None
    rhythms: tuple[Lively, ...]
    screens: tuple[Screen, ...]


def _built(style: Style, seed: int, power: float, wet: bool) -> Street:
    kit = make_kit(style, seed, power, wet)
    sections = [Assembly(f"street_{style.name}_{seed}_{wet}_{power}_{k}") for k in range(8)]
    solids = _rows(kit, sections)
    _furnish(kit, sections)
    for y in (-33.0, 37.0) if style.columns else ():
        gate(kit, sections[_section(y)], Frame((0.0, y, 0.0)), KERB + 0.6)
    ends = [close_end(kit, sign, HALF_LENGTH, FRONT) for sign in (1.0, -1.0)]
    surfaces = still([*sections, *ends], _ground(kit, seed, wet))
    lively = None if kit.lively.empty else kit.lively.mesh()
    lamps = gathered([dimmer(one, SHED) for one in kit.lamps])
    standing = Standing(surfaces, (*lamps, *kit.alone), tuple(solids))
    return Street(standing, lively, tuple(kit.rhythms), tuple(kit.screens))


def is_wet(place: Place) -> bool:
    """Whether rain is falling or has fallen there."""
    return "wet" in place.features or place.weather == "rain"


def _rows(kit: Kit, sections: Sequence[Assembly]) -> list[Box]:
    """Buildings shoulder to shoulder along both sides; returns the space they fill.

    They are built from one end of the street to the other, now left, now right, so that what is dealt out in turn
    does not come again across the road.
    """
    plots = [(low, high, side) for side in (0, 1) for low, high in pairwise(_edges(kit, side))]
    return [_plot(kit, sections, *plot) for plot in sorted(plots)]


def _edges(kit: Kit, side: int) -> list[float]:
    """Where buildings of one side (0 left, 1 right) meet, along the street."""
    rng = kit.rng(f"row {side}", "plots")
    edges = [-HALF_LENGTH]
    while edges[-1] < HALF_LENGTH - kit.style.width[0]:
        edges.append(min(edges[-1] + float(rng.uniform(*kit.style.width)), HALF_LENGTH))
    edges[-1] = HALF_LENGTH
    return edges


def _plot(kit: Kit, sections: Sequence[Assembly], low: float, high: float, side: int) -> Box:
    """One building between low and high along the street."""
    name = f"building {side} {low:.2f}"
    rng = kit.rng(name, "plot")
    x = FRONT + float(rng.uniform(0.0, 0.35))
    frame = Frame((-x, low, PAVEMENT), np.pi / 2) if side == 0 else Frame((x, high, PAVEMENT), -np.pi / 2)
    ground, storey = float(rng.uniform(3.75, 4.3)), float(rng.uniform(3.05, 3.5))
    storeys = int(rng.integers(kit.style.storeys[0], kit.style.storeys[1] + 1))
    walls = pick(rng, kit.walls)
    building = Building(name, frame, high - low, 11.0, ground, storey, storeys, walls.low, walls.high)
    assembly = sections[side * 4 + _section((low + high) / 2)]
    plan = build_front(kit, assembly, building)
    _street_level(kit, assembly, building)
    dress(kit, assembly, building, plan)
    sign = -1.0 if side == 0 else 1.0
    near, far = sorted((sign * (x - 0.4), sign * (x + building.depth)))
    return Box((near, low, 0.0), (far, high, building.height + 1.0))


def _section(y: float) -> int:
    return int(np.clip((y + HALF_LENGTH) // SECTION, 0, 3))


def _street_level(kit: Kit, assembly: Assembly, building: Building) -> None:
    """One shop or two, or a shop beside a stair or a closed shutter."""
    rng = kit.rng(building.name, "street level")
    name, frame, width = building.name, building.frame, building.width
    if width < 8.2:
        build_shop(kit, assembly, frame, width, building.ground, building.wall, f"{name} a")
        return
    cut = width * float(rng.uniform(0.42, 0.58))
    build_shop(kit, assembly, frame, cut, building.ground, building.wall, f"{name} a")
    beside = frame.inner(cut, 0.0, 0.0)
    if rng.random() < 0.84:
        build_shop(kit, assembly, beside, width - cut, building.ground, building.wall, f"{name} b")
    else:
        _closed(kit, assembly, beside, width - cut, building)


def _closed(kit: Kit, assembly: Assembly, frame: Frame, width: float, building: Building) -> None:
    """A shutter that is down, with vending machines before it."""
    rng = kit.rng(building.name, "shutter")
    assembly.panel(frame, (0.3, 0.0), (width - 0.3, 2.7), 0.08, kit.plain["shutter"])
    for low, high in (((0.0, 0.0), (0.3, building.ground)), ((width - 0.3, 0.0), (width, building.ground))):
        assembly.panel(frame, low, high, 0.0, building.wall)
    assembly.panel(frame, (0.3, 2.7), (width - 0.3, building.ground), 0.0, building.wall)
    assembly.box(frame, (0.3, -0.12, 2.7), (width - 0.3, 0.05, 3.05), kit.plain["steel"], ("front", "top", "bottom"))
    count = int(rng.integers(2, 4))
    if width > 1.08 * count + 0.6:
        vending_machines(kit, assembly, frame.inner(0.35, 0.0, 0.0), vending_print(kit), count, rng)


def _furnish(kit: Kit, sections: Sequence[Assembly]) -> None:
    """Lamp posts, poles and cables, bicycles, bollards and LED walls along both kerbs."""
    rng = kit.rng("street", "furniture")
    for side, sign in ((0, -1.0), (1, 1.0)):
        poles = []
        for k, y in enumerate(np.arange(-78.0 + 6.0 * side, 80.0, 26.0)):
            assembly = sections[side * 4 + _section(y)]
            post = Frame((sign * (KERB + 0.35), y, PAVEMENT), -sign * np.pi / 2)
            if kit.style.columns:
                poles.append(utility_pole(kit, assembly, post, rng))
            lamp_post(kit, sections[side * 4 + _section(y + 13)], Frame((post.origin[0], y + 13.0, PAVEMENT), 0.0))
            bike = Frame(
                (sign * (KERB + 0.55), y + float(rng.uniform(3.0, 9.0)), PAVEMENT), np.pi / 2 * (1 if k % 2 else -1)
            )
            if rng.random() < 0.8:
                for step in range(int(rng.integers(1, 4))):
                    bicycle(
                        kit,
                        assembly,
                        bike.inner(0.0, 0.0, 0.0, float(rng.uniform(-0.1, 0.1))).inner(1.9 * step, 0, 0),
                        rng,
                    )
            for dy in np.arange(14.5, 24.0, 2.4):
                bollard(kit, assembly, Frame((sign * (KERB + 0.25), y + dy, PAVEMENT)))
        if poles:
            cables(kit, sections[side * 4 + 1], poles, rng)
    _screens(kit, sections)


def _screens(kit: Kit, sections: Sequence[Assembly]) -> None:
    """LED walls in pairs, leaning on each other like an open book, to be seen along the street from either end."""
    if kit.style.density < 0.5:
        return
    for k, (y, sign) in enumerate(((-47.0, 1.0), (-15.0, -1.0), (21.0, 1.0), (51.0, -1.0))):
        wide, tall = ((3.0, 4.2), (3.8, 2.7))[k % 2]
        out, half = 0.92 * wide, 0.39 * wide
        wall, edge = sign * (FRONT - 0.1), sign * (FRONT - 0.1 - out)
        far, near = (wall, y + half), (wall, y - half)
        corners = [((edge, y), near), (far, (edge, y))] if sign > 0 else [(near, (edge, y)), ((edge, y), far)]
        frames = [Frame((a[0], a[1], 7.6), float(np.arctan2(b[1] - a[1], b[0] - a[0]))) for a, b in corners]
        led_wall(kit, sections[(sign > 0) * 4 + _section(y)], frames, (wide, tall), f"screen_{k}")


def _ground(kit: Kit, seed: int, wet: bool) -> list[Assembly]:
    """Road, kerbs and pavements in sections, with paint, covers and drains."""
    road = asphalt(seed, "asphalt", wet)
    slabs = masonry(seed, "paving", (150, 146, 140), (3.6, 3.6), (6, 6), 2.0, 0.0, 0.06, 0.55, 0.7, wet, 1024)
    kerb = masonry(seed, "kerb", (158, 156, 150), (2.0, 2.0), (1, 2), 3.0, 0.0, 0.05, 0.5, 0.6, wet, 128)
    here, length = Frame(), HALF_LENGTH + 16.0
    pieces = []
    for k, y0 in enumerate(np.arange(-length, length - 1.0, length / 2)):
        y1, piece = y0 + length / 2, Assembly(f"ground_{kit.style.name}_{seed}_{wet}_{k}")
        piece.floor(here, (-KERB, y0), (KERB, y1), 0.0, road)
        for side in (-1.0, 1.0):
            a, b = sorted((side * (KERB + 0.18), side * (FRONT + 0.4)))
            piece.floor(here, (a, y0), (b, y1), PAVEMENT, slabs)
            a, b = sorted((side * KERB, side * (KERB + 0.18)))
            piece.box(here, (a, y0, 0.0), (b, y1, PAVEMENT + 0.003), kerb, ("left", "right", "top"))
            stripe(kit, piece, (side * (KERB - 0.42) - 0.06, y0), (side * (KERB - 0.42) + 0.06, y1), 0.006)
            if kit.style.columns:  # the yellow line that guides blind walkers
                x = side * (KERB + 0.95)
                piece.floor(here, (x - 0.15, y0), (x + 0.15, y1), PAVEMENT + 0.003, kit.plain["yellow_marking"])
        pieces.append(piece)
    for sign, piece in ((-1.0, pieces[0]), (1.0, pieces[-1])):  # the street that crosses at the end
        y0, y1 = sorted((sign * HALF_LENGTH, sign * length))
        for a, b in ((-SIDE_STREET, -FRONT - 0.4), (FRONT + 0.4, SIDE_STREET)):
            piece.floor(here, (a, y0), (b, y1), PAVEMENT, road)
    for y in np.arange(-HALF_LENGTH + 8.0, HALF_LENGTH - 8.0, 8.0):
        stripe(kit, pieces[_section(y)], (-0.07, y), (0.07, y + 3.5), 0.006)
    for y in (-78.0, -21.0, 33.0, 76.0):
        crosswalk(kit, pieces[_section(y)], KERB, y, y + 3.2, 0.008)
    rng = kit.rng("street", "covers")
    for y in np.arange(-74.0, 76.0, 17.0):
        manhole(kit, pieces[_section(y)], float(rng.uniform(-2.5, 2.5)), float(y), 0.009)
    return pieces


def _haze(place: Place, glow: Colour) -> Fog | None:
    """The town's own haze at night, thicker than clean air, in the colour of its lights."""
    fog = fog_for(place)
    if place.hour not in ("night", "evening", "dawn") or fog is None:
        return fog
    share = 1.0 if place.hour == "night" else 0.25
    colour = tuple(share * g + (1.0 - share) * c for g, c in zip(glow, fog.colour, strict=True))
    return Fog(max(fog.density, 0.009 * share), 26.0, (colour[0], colour[1], colour[2]))


def _height(points: F64) -> F64:
    """Ground at (N, 2): the road at zero, the pavements a low kerb above it."""
    x = np.abs(np.asarray(points)[:, 0])
    return np.where((x > KERB) & (np.abs(np.asarray(points)[:, 1]) < HALF_LENGTH + 16.0), PAVEMENT, 0.0)


def _line(x: float, start: float, end: float) -> Path:
    """Straight along the street at x."""
    y = np.linspace(start, end, 36)
    return Path(np.stack([np.full(36, x), y, _height(np.stack([np.full(36, x), y], axis=1))], axis=1))


def _lane(x: float, up: bool) -> Path:
    """A lane of the crowd, meandering a little, that comes out of the crossing street at one end and into the other."""
    y = np.linspace(6.0 - HALF_LENGTH, HALF_LENGTH - 6.0, 40)
    turn = HALF_LENGTH + 4.0 + 0.8 * abs(x)  # the outer lanes take the wider bend
    aside = np.copysign(HALF_LENGTH + 20.0, x)  # out of sight, and long enough for a minute's walk
    line = np.stack([x + 0.12 * np.sin(y / 9.0), y], axis=1)
    line = np.concatenate([[(aside, -turn), (x, -turn)], line, [(x, turn), (aside, turn)]])
    points = np.column_stack([line, _height(line)])
    return Path(points if up else points[::-1])


def _paths() -> dict[str, Path]:
    lanes = {"main": _line(0.0, -42.0, 70.0), "back": _line(0.0, 42.0, -70.0)}
    for name, sign in (("left", -1.0), ("right", 1.0)):
        for k, x in enumerate(LANES):
            lanes[f"crowd_{name}_{k}"] = _lane(sign * x, (k % 2 == 1) == (sign < 0))
        lanes[f"stay_{name}"] = _line(sign * STAND, 8.0 - HALF_LENGTH, HALF_LENGTH - 8.0)
    return lanes


def _marks() -> dict[str, Mark]:
    return {
        "centre": Mark((0.0, 0.0, 0.0)),
        "left": Mark((-2.6, 0.0, 0.0)),
        "right": Mark((2.6, 0.0, 0.0)),
        "far": Mark((0.0, 55.0, 0.0)),
        "near": Mark((0.0, -55.0, 0.0)),
        "doorway": Mark((FRONT - 0.6, 2.0, PAVEMENT), np.pi / 2),
        "kerb": Mark((-KERB + 0.4, -4.0, 0.0), -np.pi / 2),
    }


@dataclass(frozen=True, eq=False)
class _Life:
    """What changes with the clock: tubes in their rhythms and the pictures on LED walls."""

    street: Street
    place: Place
    seed: int

    def at(self, time: float, eye: F64) -> Moving:
        """The lively mesh and the screens as they are at a time, their lamps, and what falls around the eye."""
        falling = weather_particles(self.place, time, eye, self.seed)
        return Moving((*self._tubes(time), *self._screens(time)), falling, tuple(self._lamps(time)))

    def _tubes(self, time: float) -> list[Surface]:
        if self.street.lively is None:
            return []
        level = {id(item.material): item.rhythm.level(time) for item in self.street.rhythms}
        own = self.street.lively.materials
        lit = tuple(dimmed(m, level[id(m)]) if level.get(id(m), 1.0) < 1.0 else m for m in own)
        return [Surface(self.street.lively, np.eye(4), materials=lit, casts_shadow=False)]

    def _screens(self, time: float) -> list[Surface]:
        return [Surface(s.meshes[s.picture(time)], np.eye(4), casts_shadow=False) for s in self.street.screens]

    def _lamps(self, time: float) -> list[Lamp]:
        found = []
        for item in self.street.rhythms:
            share = item.rhythm.level(time)
            found += [dimmer(light, share) for light in item.lamps]
        for s in self.street.screens:
            wide, tall = s.metres
            glow = s.glows[s.picture(time)]
            found += [
                lamp(f, (wide / 2, -0.2, tall / 2), glow, wide * tall, 0.4 * wide, (0.0, -1.0, 0.0)) for f in s.frames
            ]
        return found
