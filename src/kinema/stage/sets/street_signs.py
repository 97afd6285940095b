"""Signs on buildings: upright boxes jutting out over the pavement, ladders of plates, tubes, posters and LED walls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from kinema.buffers.scene_frame import F64, Lamp, Material
from kinema.stage.sets.assembly import Assembly, Frame, Span
from kinema.stage.sets.facades import Building, corners_of
from kinema.stage.sets.lettering import outlines
from kinema.stage.sets.neon import SHAPES, TUBE, Kind, Rhythm, tube_glass
from kinema.stage.sets.screens import screen
from kinema.stage.sets.street_kit import SIGN_LIGHT, Face, Kit, Lively
from kinema.stage.sets.street_style import pick
from kinema.stage.sets.workshop import lamp

THICK = 0.28  # metres of a lit box
ALIVE = 0.12  # share of the boxes that jut out whose light is not steady
BULB, PITCH = 0.045, 0.34  # of a billboard's chasing bulbs: radius, and metres from one to the next
RHYTHMS: tuple[Kind, ...] = ("steady", "steady", "steady", "steady", "pulse", "flicker")


def dress(kit: Kit, assembly: Assembly, building: Building, plan: str) -> None:
    """Hang a building's signs by lot: columns of them jut out at its edges, some lie flat, one may crown the roof."""
    rng = kit.rng(building.name, "signs")
    edges = [0.35, building.width - 0.35]
    if building.width > 8.5:
        edges.insert(1, building.width * float(rng.uniform(0.4, 0.6)))
    density = kit.style.density
    for number, x in enumerate(edges):
        z = building.ground + float(rng.uniform(-0.4, 0.4))
        if number == 2 and rng.random() < 0.7 * density:
            z = ladder(kit, assembly, building, x, z)
        level = 0
        while z < building.height - 2.4 and level < 3 and rng.random() < density * (1.0, 0.85, 0.65)[level]:
            z = jutting(kit, assembly, building, x, z, f"{number} {level}") + float(rng.uniform(0.25, 0.9))
            level += 1
    if rng.random() < density:
        _small_board(kit, assembly, building, float(rng.uniform(0.3, 0.7)) * building.width)
    if rng.random() < 0.8 * density:
        tubes(kit, assembly, building)
    if rng.random() < density * (1.0 if plan == "blind" else 0.45):
        poster(kit, assembly, building)
    if rng.random() < 0.4 * density:
        crown(kit, assembly, building)


def _small_board(kit: Kit, assembly: Assembly, building: Building, x: float) -> None:
    """A small lit box jutting out just over people's heads."""
    two_sided(kit, assembly, building.frame.inner(x, -0.34, 2.45), kit.deal("board"))


def jutting(kit: Kit, assembly: Assembly, building: Building, x: float, z: float, number: str) -> float:
    """An upright lit box standing out from the wall, both broad faces lettered, to be read along the street.

    Its foot is at x and z on the front; returns the height of its top.
    """
    rng = kit.rng(building.name, f"jutting {number}")
    room = max(building.height + 0.8 - z, 2.6)
    sort = "tall" if room > 7.4 and rng.random() < 0.22 * kit.style.density else "upright"
    face = kit.deal(sort, room)
    spot = building.frame.inner(x, -0.22, z)
    if kit.neon and rng.random() < ALIVE:
        living(kit, assembly, spot, face, rng)
    else:
        two_sided(kit, assembly, spot, face)
    _brackets(kit, assembly, building.frame, x, z, face.metres[1])
    return z + face.metres[1]


def two_sided(kit: Kit, assembly: Assembly, frame: Frame, face: Face, scale: float = 1.0) -> None:
    """A box hung on the wall by its narrow side, growing out and up from the frame's origin, with its lamp."""
    wide, tall = face.metres[0] * scale, face.metres[1] * scale
    _case(kit, assembly, frame, wide, tall)
    _faces(assembly, frame, wide, tall, face.shown.uv, face.shown.material)
    kit.shine(frame, (0.0, -wide * 0.6, tall * 0.4), face.shown.glow, 2.0 * wide * tall, 0.5 * tall)


def living(kit: Kit, assembly: Assembly, frame: Frame, face: Face, rng: np.random.Generator) -> None:
    """Such a box whose light is alive: it breathes, goes on and off, or its starter fails."""
    wide, tall = face.metres
    _case(kit, assembly, frame, wide, tall)
    own = replace(face.shown.material, name=f"living_{len(kit.rhythms)}")
    _faces(kit.lively, frame, wide, tall, face.shown.uv, own)
    light = lamp(frame, (0.0, -wide * 0.6, tall * 0.4), face.shown.glow, 2.0 * wide * tall, 0.5 * tall)
    rhythm = Rhythm(pick(rng, ("pulse", "flicker", "blink")), float(rng.random()), float(rng.uniform(0.25, 0.5)))
    kit.rhythms.append(Lively(own, rhythm, (light,)))


def _case(kit: Kit, assembly: Assembly, frame: Frame, wide: float, tall: float) -> None:
    """What of a box is not lit."""
    sides = ("top", "bottom", "back")
    assembly.box(frame, (-THICK / 2, -wide, 0), (THICK / 2, 0, tall), kit.plain["dark"], sides)


def _faces(assembly: Assembly, frame: Frame, wide: float, tall: float, uv: Span, material: Material) -> None:
    """Both printed faces of a box, and its narrow front."""
    a, b = -THICK / 2, THICK / 2
    near = [(a, 0, 0), (a, -wide, 0), (a, -wide, tall), (a, 0, tall)]
    far = [(b, -wide, 0), (b, 0, 0), (b, 0, tall), (b, -wide, tall)]
    assembly.quads(frame, [near, far], material, [corners_of(uv)] * 2)
    u0, v0, u1, v1 = uv
    strip = (u0 + 0.02 * (u1 - u0), v0, u0 + 0.05 * (u1 - u0), v1)  # the ground colour wraps round the edge
    assembly.panel(frame, (a, 0), (b, tall), -wide, material, strip)


def _brackets(kit: Kit, assembly: Assembly, frame: Frame, x: float, z: float, tall: float) -> None:
    low = np.array([(x - 0.03, -0.25, z + 0.22), (x - 0.03, -0.25, z + tall - 0.28)])
    assembly.box(frame, low, low + np.array([0.06, 0.25, 0.06]), kit.plain["dark"], ("left", "right"))


def ladder(kit: Kit, assembly: Assembly, building: Building, x: float, z: float) -> float:
    """A jutting ladder of plates, one a floor; returns the height of its top and a little more."""
    face = kit.deal("ladder")
    two_sided(kit, assembly, building.frame.inner(x, -0.2, z), face)
    _brackets(kit, assembly, building.frame, x, z, face.metres[1])
    return z + face.metres[1] + 0.4


def tubes(kit: Kit, assembly: Assembly, building: Building) -> None:
    """Bent tubes on a dark panel: a shape, a word, or both; jutting out, so that they are read along the street."""
    rng = kit.rng(building.name, "tubes")
    storey = building.ground + building.storey * int(rng.integers(0, max(1, min(3, building.storeys - 2))))
    x = building.width * float(rng.uniform(0.25, 0.8))
    size = float(rng.uniform(1.1, 1.8))
    ink, second = pick(rng, kit.style.tubes), pick(rng, kit.style.tubes)
    glass = tube_glass(f"tube_{building.name}", ink, 6.0 * kit.neon)
    border = tube_glass(f"border_{building.name}", second, 5.0 * kit.neon)
    # the plate stands square to the street: its own x runs outwards from the wall
    plate = building.frame.inner(x, -0.2, storey + 0.6 + size / 2, np.pi / 2)
    rng = kit.rng(building.name, "tube face")
    lines = _bent(kit, rng, size)
    lights = tuple(
        _tube_face(kit, face, middle, size, lines, glass, border)
        for face, middle in ((plate, -size / 2 - 0.1), (plate.inner(0.0, 0.0, 0.0, np.pi), size / 2 + 0.1))
    )
    rhythm = Rhythm(pick(rng, RHYTHMS), float(rng.random()), float(rng.uniform(0.3, 0.8)))
    kit.rhythms.append(Lively(glass, rhythm, lights))
    low, high = (-0.1 - size, -0.03, -size * 0.56), (-0.05, 0.03, size * 0.56)
    assembly.box(plate, low, high, kit.plain["dark"])


def _bent(kit: Kit, rng: np.random.Generator, size: float) -> list[F64]:
    """Closed lines (N, 2) of a word or a shape that fit a square plate of that size (m)."""
    if rng.random() >= 0.5:
        return [line * size * 0.92 for line in SHAPES[pick(rng, sorted(SHAPES))]()]
    word = outlines(kit.style.word(rng, "neon"), kit.style.face(rng, "heavy"), size * 0.8, False, 1.6)
    broad = max(float(np.abs(line[:, 0]).max()) for line in word)
    return [line * min(1.0, 0.45 * size / broad) for line in word]


def _tube_face(
    kit: Kit, frame: Frame, middle: float, size: float, lines: Sequence[F64], glass: Material, border: Material
) -> Lamp:
    """Tubes along the lines and round a plate's edge, on one of its sides; returns their lamp."""
    for line in lines:
        curve = np.stack([line[:, 0] + middle, np.full(len(line), -0.07), line[:, 1]], axis=1)
        _glow_line(kit.lively, frame, curve, TUBE, glass)
    half, tall = size * 0.5, size * 0.53
    corners = [(-half, -tall), (half, -tall), (half, tall), (-half, tall)]
    _glow_line(kit.lively, frame, np.array([(middle + a, -0.06, b) for a, b in corners]), TUBE * 0.8, border)
    length = sum(float(np.linalg.norm(np.diff(line, axis=0), axis=1).sum()) for line in lines)
    area, way = 2.0 * TUBE * length, (0.0, -1.0, 0.0)
    return lamp(frame, (middle, -0.3, 0.0), glass.emission, area, 0.5 * size, way)


def _glow_line(assembly: Assembly, frame: Frame, line: F64, radius: float, glass: Material) -> None:
    """A lit tube along a closed line (N, 3) in the plane of x and z: what glows alike all round needs no roundness."""
    ahead = np.roll(line, -1, axis=0)
    along = (ahead - line) / np.maximum(np.linalg.norm(ahead - line, axis=1, keepdims=True), 1e-9) * radius
    side = np.stack([-along[:, 2], np.zeros(len(line)), along[:, 0]], axis=1)
    a, b = line - 0.6 * along, ahead + 0.6 * along
    assembly.quads(frame, np.stack([a - side, b - side, b + side, a + side], axis=1), glass)


def poster(kit: Kit, assembly: Assembly, building: Building) -> None:
    """A lit billboard flat on the front."""
    rng = kit.rng(building.name, "poster")
    face = kit.deal("poster")
    scale = min((building.width - 2.6) / face.metres[0], 1.35)
    wide, tall = face.metres[0] * scale, face.metres[1] * scale
    if scale < 0.5 or tall > building.height - building.ground:
        return
    x = (building.width - wide) / 2
    z = building.ground + building.storey * int(rng.integers(0, max(1, building.storeys - 3))) + 0.4
    case = ("left", "right", "top", "bottom")
    assembly.box(building.frame, (x, -0.2, z), (x + wide, 0.0, z + tall), kit.plain["dark"], case)
    assembly.panel(building.frame, (x, z), (x + wide, z + tall), -0.2, face.shown.material, face.shown.uv)
    kit.shine(building.frame, (x + wide / 2, -0.5, z + tall / 2), face.shown.glow, wide * tall, 1.5, (0.0, -1.0, 0.0))
    if kit.neon and rng.random() < 0.6:
        _bulbs(kit, building.frame, (x, z), (x + wide, z + tall))


def _bulbs(kit: Kit, frame: Frame, low: tuple[float, float], high: tuple[float, float]) -> None:
    """Bulbs round a billboard, every third one alight: the light runs round."""
    (x0, z0), (x1, z1) = low, high
    xs, zs = (np.linspace(a, b, round((b - a) / PITCH) + 1) for a, b in ((x0, x1), (z0, z1)))
    sides = [
        (xs, z1 + 0 * xs),
        (x1 + 0 * zs[1:], zs[1:][::-1]),
        (xs[::-1][1:], z0 + 0 * xs[1:]),
        (x0 + 0 * zs[1:-1], zs[1:-1]),
    ]
    x, z = (np.concatenate(parts) for parts in zip(*sides, strict=True))
    reach = np.array([(0.0, -BULB), (BULB, 0.0), (0.0, BULB), (-BULB, 0.0)])
    spots = np.stack([x, np.full_like(x, -0.24), z], axis=1)[:, None] + np.insert(reach, 1, 0.0, axis=1)
    for k, bulb in enumerate(kit.bulbs):
        kit.lively.quads(frame, spots[k :: len(kit.bulbs)], bulb)


def crown(kit: Kit, assembly: Assembly, building: Building) -> None:
    """A lit sign on a frame on the roof, turned to be read along the street."""
    face = kit.deal("poster")
    wide = face.metres[0]
    frame = building.frame.inner(building.width / 2, wide + 0.4, building.height + 1.1)
    two_sided(kit, assembly, frame, face)
    for y in (-0.9 * wide, -0.1 * wide):
        assembly.tube(frame, [(0, y, -1.1), (0, y, 0.0)], 0.06, kit.plain["dark"], 4)


def gate(kit: Kit, assembly: Assembly, frame: Frame, half: float) -> None:
    """An arch of light over the street that names it, on two columns, legible from both ends."""
    rng = kit.rng(f"gate {frame.origin[1]:.0f}", "gate")
    scheme = kit.style.scheme(rng)
    for x in (-half, half):
        assembly.lathe(
            frame.inner(x, 0.0, 0.0), [(0.2, 0.0), (0.16, 0.4), (0.13, 0.6), (0.11, 6.2)], kit.plain["steel"], 8
        )
    wide, tall, foot = 1.5 * half, 1.05, 5.6
    face = kit.arch
    for side in (frame, frame.inner(0.0, 0.0, 0.0, np.pi)):
        assembly.panel(side, (-wide / 2, foot), (wide / 2, foot + tall), -0.16, face.material, face.uv)
        kit.shine(side, (0.0, -0.6, foot + tall / 2), face.glow, wide * tall, 1.6, (0.0, -1.0, 0.0))
    assembly.box(frame, (-wide / 2, -0.15, foot - 0.06), (wide / 2, 0.15, foot + tall + 0.06), kit.plain["dark"])
    t = np.linspace(-1.0, 1.0, 25)
    for k, (lift, colour) in enumerate(
        ((0.0, scheme.accent), (0.28, pick(rng, kit.style.tubes)), (0.56, pick(rng, kit.style.tubes)))
    ):
        glass = tube_glass(f"gate_{frame.origin[1]:.0f}_{k}", colour, 5.0 * kit.neon)
        bow = np.stack([t * (half - 0.08), np.zeros(25), 5.5 + lift + 1.9 * np.cos(t * np.pi / 2) ** 0.8], axis=1)
        kit.lively.tube(frame, bow, 0.045, glass, 3)
        light = lamp(frame, (0.0, 0.0, 6.6), glass.emission, 0.09 * 2.4 * half, 2.0)
        kit.rhythms.append(Lively(glass, Rhythm("chase", -k / 3.0, 0.6), (light,)))
    assembly.tube(
        frame,
        np.stack([t * half, np.full(25, 0.06), 5.45 + 2.5 * np.cos(t * np.pi / 2) ** 0.8], axis=1),
        0.06,
        kit.plain["steel"],
        5,
    )


def led_wall(kit: Kit, assembly: Assembly, frames: Sequence[Frame], metres: tuple[float, float], name: str) -> None:
    """LED walls of one size that show the same programme, their lower left corners at the frames' origins."""
    wide, tall = metres
    for frame in frames:
        assembly.box(frame, (-0.12, 0.01, -0.12), (wide + 0.12, 0.3, tall + 0.12), kit.plain["dark"])
    walls = [frame.inner(0.0, -0.005, 0.0) for frame in frames]
    kit.screens.append(screen(kit.seed, name, kit.style, walls, metres, 0.95 * SIGN_LIGHT * kit.power))
