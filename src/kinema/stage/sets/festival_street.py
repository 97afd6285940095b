"""A festival street: an old Chinese town at new year, with lanterns overhead and a gate at either end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from kinema.buffers.scene_frame import F64, Fog, Mesh, Surface
from kinema.schema.storyboard import Place
from kinema.stage.cache import kept
from kinema.stage.cue import Mark, Path
from kinema.stage.sets.assembly import Assembly, Frame
from kinema.stage.sets.festival_air import Air
from kinema.stage.sets.festival_decor import (
    fan,
    firecrackers,
    flags,
    lantern_string,
    palace_lamp,
    scraps,
    welcome_banner,
)
from kinema.stage.sets.festival_houses import FLOOR, House, build_house, memorial_gate, pagoda
from kinema.stage.sets.festival_kit import SPENT, Fair, make_fair, script
from kinema.stage.sets.festival_stall import stall
from kinema.stage.sets.sky import build_sky, fog_for
from kinema.stage.sets.street import is_wet
from kinema.stage.sets.street_kit import gathered
from kinema.stage.sets.street_style import pick
from kinema.stage.sets.workshop import Standing, dimmer, still
from kinema.stage.setting import Box, Moving, Setting

LENGTH = 36.0  # half of the street's length (m)
FRONT = 5.9  # distance of the house fronts from the middle
CAMERA_WAY = 3.6  # half width that stalls, canopies and eaves leave to a camera
SMOKE = (0.10, 0.12, 0.21)  # what firecrackers leave in the air scatters so much of the light
CABLE = 5.5  # height of the lantern strings
PASSERS = {"night": 26, "evening": 30, "dawn": 6, "morning": 24, "day": 30}
POWER = {"night": 1.0, "evening": 1.0, "dawn": 0.8, "morning": 0.4, "day": 0.32}


def build_setting(place: Place, seed: int) -> Setting:
    """The festival street of a place, lit by the hour; the dragon's way is the path `main`, 5 m of it free."""
    wet, power = is_wet(place), POWER[place.hour]
    built = kept("festival street", (seed, power, wet), lambda: _built(seed, power, wet))
    sky, light = build_sky(place, seed)
    return Setting(
        surfaces=built.standing.surfaces,
        sky=sky,
        paths=_paths(),
        marks=_marks(),
        key_light=light,
        lamps=built.standing.lamps,
        fog=_haze(place),
        mirror_height=0.0 if wet else None,
        moving=_Life(built.strings, built.lines, Air(place, seed, FRONT, LENGTH, power)).at,
        room=(Box((-CAMERA_WAY, -LENGTH - 1.0, 0.25), (CAMERA_WAY, LENGTH + 1.0, 9.0)),),
        solids=built.standing.solids,
        passers=PASSERS[place.hour],
    )


@dataclass(frozen=True, eq=False)
class Strung:
    """Lanterns on one cable: their mesh about its ends, and where along the street and how high (m) they are."""

    mesh: Mesh
    along: float
    height: float


@dataclass(frozen=True, eq=False)
class Festival:
    """A built festival street: what stands, the lanterns that sway over it, and the lines of cards and pennants."""

    standing: Standing
    strings: tuple[Strung, ...]
    lines: tuple[Surface, ...]


def _built(seed: int, power: float, wet: bool) -> Festival:
    fair = make_fair(seed, power, wet)
    key = f"festival_{seed}_{power}_{wet}"
    sections = [Assembly(f"{key}_{k}") for k in range(6)]
    solids = [box for side in (0, 1) for box in _row(fair, sections, side)]
    _dress(fair, sections)
    ends = [_end(fair, Assembly(f"{key}_end_{sign:.0f}"), sign) for sign in (1.0, -1.0)]
    strings = [
        Strung(lantern_string(fair, k, float(y), FRONT + 0.1, CABLE + 0.5 * (k % 3)), float(y), CABLE + 0.5 * (k % 3))
        for k, y in enumerate(np.linspace(-LENGTH + 3.0, LENGTH - 4.0, 17))
    ]
    surfaces = still([*sections, *ends], [_ground(fair, key)])
    lamps = (*gathered([dimmer(one, SPENT) for one in fair.lamps], 4.5, 4.6), *fair.alone)
    return Festival(Standing(surfaces, lamps, tuple(solids)), tuple(strings), _lines(fair, key))


def _row(fair: Fair, sections: Sequence[Assembly], side: int) -> list[Box]:
    """Houses along one side (0 left, 1 right); returns the space they fill."""
    rng = fair.rng(f"row {side}", "plots")
    edges = [-LENGTH - 4.0]
    while edges[-1] < LENGTH - 2.0:
        edges.append(edges[-1] + float(rng.uniform(5.2, 8.2)))
    boxes, sign = [], -1.0 if side == 0 else 1.0
    for number, (low, high) in enumerate(pairwise(edges)):
        x = sign * (FRONT + float(rng.uniform(0.0, 0.3)))
        frame = Frame((x, low, 0.0), np.pi / 2) if side == 0 else Frame((x, high, 0.0), -np.pi / 2)
        storeys = 2 if rng.random() < 0.66 else 1
        trim, column = pick(rng, script().schemes)
        house = House(f"house {side} {number}", frame, high - low, storeys, trim=trim, column=column)
        build_house(fair, sections[side * 3 + _section((low + high) / 2)], house)
        near, far = sorted((x, x + sign * house.depth))
        boxes.append(Box((near, low, 0.0), (far, high, FLOOR + 3.4 * (storeys - 1) + 2.0)))
    return boxes


def _section(y: float) -> int:
    return int(np.clip((y + LENGTH) // (2.0 * LENGTH / 3.0), 0, 2))


def _dress(fair: Fair, sections: Sequence[Assembly]) -> None:
    """Stalls, lamps, firecrackers and rosettes."""
    for side, sign in ((0, -1.0), (1, 1.0)):
        look = -sign * np.pi / 2  # the yaw of somebody in the street who looks at this side
        for number, y in enumerate(np.arange(-29.0 + 4.0 * side, 30.0, 9.5)):
            assembly = sections[side * 3 + _section(float(y))]
            stall(fair, assembly, Frame((sign * (FRONT - 1.15), float(y), 0.0), look), 10 * side + number)
        for y in np.arange(-33.5 + 6.0 * side, 34.0, 12.0):
            palace_lamp(fair, sections[side * 3 + _section(float(y))], Frame((sign * (FRONT - 1.3), float(y), 0.0)))
        for number, y in enumerate(np.arange(-32.0 + 5.0 * side, 33.0, 11.0)):
            assembly = sections[side * 3 + _section(float(y))]
            firecrackers(fair, assembly, Frame((sign * (FRONT - 1.05), float(y), FLOOR + 0.05)))
            fan(fair, assembly, Frame((sign * (FRONT - 0.12), float(y) + 2.0, FLOOR - 0.25), look), 0.42, number)


def _lines(fair: Fair, key: str) -> tuple[Surface, ...]:
    """Lines of cards and of pennants across the street, each by itself, so that it can be taken down for a camera."""
    rng, lines = fair.rng("street", "lines"), []
    for k, y in enumerate(np.arange(-30.0, 31.0, 10.0)):
        piece, height = Assembly(f"{key}_line_{k}"), 5.0 + float(rng.uniform(-0.3, 0.4))
        (welcome_banner if k % 2 else flags)(fair, piece, float(y) + 1.3, FRONT, height + 0.9)
        lines.append(piece.surface())
    return tuple(lines)


def _end(fair: Fair, assembly: Assembly, sign: float) -> Assembly:
    """A memorial gate, and beyond it a pagoda or a gate tower over dark roofs."""
    here = Frame((0.0, sign * (LENGTH + 2.0), 0.0), 0.0 if sign > 0 else np.pi)
    memorial_gate(fair, assembly, here, FRONT - 0.3)
    rng = fair.rng(f"end {sign:.0f}", "houses")
    x = -21.0
    for k in range(6):
        width = 7.0
        house = House(
            f"end {sign:.0f} {k}", here.inner(x, 20.0 + float(rng.uniform(0, 2.0)), 0.0), width, 1 + (k not in (2, 3))
        )
        build_house(fair, assembly, house, fine=False)
        x += width
    pagoda(fair, assembly, here.inner(4.0 * sign, 40.0, 3.0), 6 if sign > 0 else 4)
    return assembly


def _ground(fair: Fair, key: str) -> Assembly:
    """Worn slabs, a stone gutter on either side, and the scraps of firecrackers."""
    piece, here, length = Assembly(f"{key}_ground"), Frame(), LENGTH + 30.0
    for y in np.arange(-length, length, 22.0):
        piece.floor(here, (-FRONT - 1.0, y), (FRONT + 1.0, y + 22.0), 0.0, fair.paints["paving"])
    for side in (-1.0, 1.0):
        a, b = sorted((side * (FRONT + 1.0), side * 30.0))
        piece.floor(here, (a, LENGTH + 1.0), (b, length), 0.0, fair.paints["paving"])
        piece.floor(here, (a, -length), (b, -LENGTH - 1.0), 0.0, fair.paints["paving"])
    scraps(fair, piece, FRONT - 0.9, LENGTH)
    return piece


def _haze(place: Place) -> Fog | None:
    """Smoke of the evening's firecrackers: blue as the dusk far off."""
    fog = fog_for(place)
    if fog is None or place.hour in ("day", "morning"):
        return fog
    share = 1.0 if place.hour == "night" else 0.72
    red, green, blue = (share * s + (1.0 - share) * c for s, c in zip(SMOKE, fog.colour, strict=True))
    return Fog(max(fog.density, 0.0075 * share), 22.0, (red, green, blue))


def _line(x: float, start: float, end: float) -> Path:
    y = np.linspace(start, end, 24)
    return Path(np.stack([np.full(24, x), y, np.zeros(24)], axis=1))


def _paths() -> dict[str, Path]:
    """The dragon's way, its way back, and lines of spectators along both sides."""
    return {
        "main": _line(0.0, -27.0, 27.0),
        "back": _line(0.0, 27.0, -27.0),
        "crowd_left": _line(-3.5, -26.0, 26.0),
        "crowd_right": _line(3.5, 26.0, -26.0),
    }


def _marks() -> dict[str, Mark]:
    """Named places; left_0 ... left_11 and right_0 ... right_11 face the middle from the spectators' lines."""
    marks = {
        "centre": Mark((0.0, 0.0, 0.0)),
        "left": Mark((-1.6, 0.0, 0.0)),
        "right": Mark((1.6, 0.0, 0.0)),
        "far": Mark((0.0, 27.0, 0.0), np.pi),
        "near": Mark((0.0, -27.0, 0.0)),
    }
    for k, y in enumerate(np.linspace(-24.0, 24.0, 12)):
        marks[f"left_{k}"] = Mark((-3.5, float(y), 0.0), -np.pi / 2)
        marks[f"right_{k}"] = Mark((3.5, float(y), 0.0), np.pi / 2)
    return marks


@dataclass(frozen=True, eq=False)
class _Life:
    """Lantern strings swaying about their cables, other lines, confetti and embers."""

    strings: tuple[Strung, ...]
    lines: tuple[Surface, ...]
    air: Air

    def at(self, time: float, eye: F64) -> Moving:
        """Everything that moves, at a time."""
        swaying = tuple(_swaying(k, one, time) for k, one in enumerate(self.strings))
        paper = (self.air.confetti(time, eye),)
        return Moving(paper, self.air.particles(time, eye), hung=(*swaying, *self.lines))


def _swaying(number: int, one: Strung, time: float) -> Surface:
    angle = 0.05 * np.sin(1.1 * time + 1.7 * number) + 0.025 * np.sin(2.3 * time + 0.9 * number)
    c, s = np.cos(angle), np.sin(angle)
    turn = np.array([[1.0, 0, 0, 0], [0, c, -s, one.along], [0, s, c, one.height], [0, 0, 0, 1.0]])
    return Surface(one.mesh, turn)
