"""What is bolted to the sheet metal: bumpers, lamps, seams, handles, mirrors, roof rack, spare wheel, mud flaps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from kinema.buffers.scene_frame import F64, Material, Texture
from kinema.stage.bodies.vehicle import shell, wheel
from kinema.stage.bodies.vehicle.rack import both, rack
from kinema.stage.bodies.vehicle.shell import Opening, Skin
from kinema.stage.bodies.vehicle.species import Species
from kinema.stage.geometry import solids
from kinema.stage.geometry.outlines import inset, rectangle
from kinema.stage.geometry.solids import Part, Solid

DARK = Material("underbody", (0.018, 0.018, 0.019), 0.8)
SEAL = Material("seal", (0.014, 0.014, 0.015), 0.55)
SEAM = Material("seam", (0.03, 0.03, 0.032), 0.7)
CABIN = Material("cabin", (0.045, 0.04, 0.036), 0.8)
SEAT = Material("seat", (0.05, 0.03, 0.02), 0.6)
CHROME = wheel.CHROME
STEEL = Material("bumper_steel", (0.66, 0.66, 0.67), 0.2, 1.0)
GLASS = Material("glass", (0.02, 0.025, 0.028), 0.05, opacity=0.5)
RED = Material("tail_lamp", (0.45, 0.012, 0.01), 0.18, emission=(0.85, 0.02, 0.01))
AMBER = Material("indicator", (0.75, 0.24, 0.02), 0.2)
WHITE_LENS = Material("lens", (0.8, 0.8, 0.76), 0.1, emission=(0.25, 0.24, 0.2))


@dataclass(frozen=True, eq=False)
class Shape:
    """What trim is fitted to: the row, its skins and windows, and the materials that were chosen."""

    row: Species
    body: Skin
    cabin: Skin
    windows: list[Opening]
    paint: Material
    rack: Material
    plate: Texture

    def height(self, z: float, y: float) -> float:
        """The body skin's v at a height in metres."""
        return (z - self.row.sill) / float(shell.top_of(self.row, np.array(y)) - self.row.sill)

    def place(self, side: str, coordinate: float, z: float) -> F64:
        """The point (3,) of the body's outside at a place along a side and a height (m)."""
        y = coordinate if side in ("right", "left") else (self.row.plan.rear if side == "rear" else self.row.plan.front)
        point = self.body.at(np.array(self.body.station(side, coordinate)), np.array(self.height(z, y)))
        return np.asarray(point)


def fitted(shape: Shape) -> list[Part]:
    """Every bolted part of the chassis, wheels but the spare apart."""
    row = shape.row
    parts = [*_under(shape), *_seals(shape), *_seams(shape), *_bumpers(shape), *_tail(shape), *_nose(shape)]
    parts += [*_handles(shape), *_mirrors(shape), *_seats(shape)]
    if row.flaps:
        parts += _flaps(shape)
    if row.spare:
        parts += _spare(shape)
    if row.rack:
        parts += rack(row, shape.rack)
    return parts


def _under(shape: Shape) -> list[Part]:
    """Floor, frame, axles, wheel wells, exhaust and arch lips."""
    row = shape.row
    r, w = row.wheel.radius, row.plan.width
    length = row.plan.front - row.plan.rear
    middle = (row.plan.front + row.plan.rear) / 2
    tall = row.belt - max(row.nose.drop, row.tail.drop) - row.sill - 0.12
    tub = solids.box((w - 0.5, length - 0.3, tall), (0, middle, row.sill + tall / 2))
    floor = solids.box(
        (w - 0.22, row.wheel.front - row.wheel.rear - 2.1 * row.arch.radius, 0.06), (0, 0, row.sill + 0.05)
    )
    rails = both(solids.box((0.09, length - 0.1, 0.13), (0.36, middle, row.sill - 0.02)))
    rear_floor = row.wheel.rear - row.arch.radius - row.plan.rear - 0.1
    tail_floor = solids.box((w - 0.22, rear_floor, 0.05), (0, row.plan.rear + 0.08 + rear_floor / 2, row.sill + 0.05))
    parts = [Part(solids.merge([tub, floor, rails, tail_floor]), DARK)]
    for axle in (row.wheel.front, row.wheel.rear):
        beam = solids.tube(np.array([[-row.wheel.track / 2, axle, r], [row.wheel.track / 2, axle, r]]), 0.045)
        nut = solids.moved(solids.sphere((0.14, 0.13, 0.13), 8, 5), (0.1, axle, r))
        parts.append(Part(solids.merge([beam, nut]), DARK))
        parts.append(Part(_well(shape, axle), DARK))
        parts.append(Part(_lips(shape, axle), shape.paint))
    pipe = np.array(
        [
            [-0.45, row.plan.rear + 0.5, r + 0.02],
            [-0.45, row.plan.rear + 0.02, r - 0.01],
            [-0.46, row.plan.rear - 0.05, r - 0.05],
        ]
    )
    parts.append(Part(solids.tube(pipe, 0.028, 7), STEEL))
    return parts


def _arch(shape: Shape, axle: float, radius: float) -> F64:
    turn = np.linspace(-0.02, np.pi + 0.02, 13)
    return np.stack([axle + radius * np.cos(turn), shape.row.wheel.radius + radius * np.sin(turn)], axis=1)


def _well(shape: Shape, axle: float) -> Solid:
    """The inside of an arch, facing the wheel."""
    arc = _arch(shape, axle, shape.row.arch.radius + 0.004)
    x = shape.row.plan.width / 2
    low = np.maximum(arc[:, 1], shape.row.sill - 0.02)
    rings = [np.column_stack([np.full(len(arc), d), arc[:, 0], low]) for d in (x - 0.02, x - 0.42)]
    return both(solids.loft(np.array(rings)))


def _lips(shape: Shape, axle: float) -> Solid:
    """The rolled edge standing out around an arch."""
    flare = shape.row.arch.flare
    arc = _arch(shape, axle, shape.row.arch.radius + 0.3 * flare)
    arc = arc[arc[:, 1] > shape.row.sill + 0.005]
    x = np.array([shape.place("right", y, z)[0] for y, z in arc])
    curve = np.column_stack([x + 0.15 * flare, arc])
    return both(solids.sweep(rectangle(flare * 1.5, flare * 1.1), curve, up=(1, 0, 0)))


def _seals(shape: Shape) -> list[Part]:
    """Black rubber about every window, and the wiper."""
    loops = []
    for window in shape.windows:
        loop = window.loop(shape.cabin, shape.row.cabin.height, 0.002)
        closed = np.concatenate([loop, loop[:2]])
        loops.append(_ribbon(closed, 0.013, np.broadcast_to(_outward(shape, window), closed.shape)))
    return [Part(solids.merge(loops), SEAL)]


def _outward(shape: Shape, window: Opening) -> F64:
    return np.asarray(shape.cabin.outward(np.array((window.start + window.end) / 2)))


def _ribbon(curve: F64, half: float, outward: F64) -> Solid:
    """A flat band along a curve (M, 3), half its width either way, a hair's breadth above the skin it faces out of."""
    along = np.gradient(curve, axis=0)
    across = np.cross(along, outward)
    across *= half / np.maximum(np.linalg.norm(across, axis=1, keepdims=True), 1e-9)
    raised = curve + 0.004 * outward
    return solids.loft(np.stack([raised - across, raised + across], axis=1))


def _seam(skin: Skin, s: F64, v: F64) -> Solid:
    curve = skin.at(s, v)
    return _ribbon(curve, 0.006, np.broadcast_to(skin.outward(np.array(s.mean())), curve.shape))


def _seams(shape: Shape) -> list[Part]:
    """The gaps around doors, tailgate and bonnet, as thin dark lines let into the skin."""
    row = shape.row
    lines = []
    for a, b in row.doors:
        for side in ("right", "left"):
            for y in (a, b):
                s = np.full(9, shape.body.station(side, y))
                low = max(shape.height(row.sill + 0.05, y), 0.0)
                clear = float(shell.arch_height(row, shape.body, side, row.wheel.rear, s[:1])[0])
                lines.append(_seam(shape.body, s, np.linspace(max(low, clear), 0.995, 9)))
            across = np.linspace(shape.body.station(side, a), shape.body.station(side, b), 4)
            lines.append(_seam(shape.body, across, np.full(4, shape.height(row.sill + 0.05, a))))
    gate = row.tailgate
    x = np.linspace(-gate.width / 2, gate.width / 2, 6)
    s = np.array([shape.body.station("rear", c) for c in x])
    low = max(gate.low, 0.03)
    lines += [_seam(shape.body, s, np.full(len(s), v)) for v in (low, gate.high)]
    lines += [_seam(shape.body, np.full(7, end), np.linspace(low, gate.high, 7)) for end in (s[0], s[-1])]
    if row.spare:
        top = [shape.cabin.station("rear", c) for c in (-gate.width / 2, gate.width / 2)]
        lines += [_seam(shape.cabin, np.full(4, end), np.linspace(0.0, 0.93, 4)) for end in top]
        lines.append(_seam(shape.cabin, np.linspace(top[0], top[1], 5), np.full(5, 0.93)))
    return [Part(solids.merge(lines), SEAM)]


def _bumpers(shape: Shape) -> list[Part]:
    row = shape.row
    made = STEEL if row.bumper.material == "steel" else shape.paint
    plan = shell.outline(row.plan)
    parts = []
    for end, keep in (("rear", plan[:, 1] < row.plan.rear + 0.3), ("front", plan[:, 1] > row.plan.front - 0.3)):
        sign = -1.0 if end == "rear" else 1.0
        line = plan[:-1][keep[:-1]]
        line = line[np.argsort(-sign * np.arctan2(sign * (line[:, 1] - 0.5 * sign), line[:, 0]))][::7]
        scale = 1.0 + 0.02 / row.plan.width
        curve = np.column_stack(
            [line[:, 0] * scale, line[:, 1] + sign * (0.5 * row.bumper.depth), np.full(len(line), row.bumper.height)]
        )
        section = rectangle(row.bumper.depth * 0.6, row.bumper.size, 0.025, 1)
        parts.append(Part(solids.sweep(section, curve), made))
        guards = solids.bevelled_box(
            (0.07, 0.05, row.bumper.size * 1.3),
            0.015,
            (0.42, curve[:, 1].min() if sign < 0 else curve[:, 1].max(), row.bumper.height),
        )
        guards = solids.moved(guards, (0, sign * 0.035 * row.bumper.depth / 0.1, 0))
        parts.append(Part(both(guards), SEAL))
    return parts


def _lens(width: float, height: float, deep: float) -> Solid:
    """A rounded lens facing -y, its back at y = 0."""
    plate = solids.extrude(rectangle(width, height, min(width, height) * 0.3, 2), deep, bevel=0.35 * deep)
    return solids.turned(plate, "x", np.pi / 2)


def _tail(shape: Shape) -> list[Part]:
    """Tail lamps in bezels, number plate and its lamp, reflectors, tow hook."""
    row = shape.row
    wide, tall = row.lamps.tail
    at = shape.place("rear", row.lamps.tail_x - 0.03, row.lamps.tail_z)
    at = np.array([row.lamps.tail_x, at[1] + 0.004, at[2]])
    bezel = solids.moved(_lens(wide + 0.03, tall + 0.03, 0.024), at)
    parts = [Part(both(bezel), CHROME)]
    upright = tall > wide
    along = np.array([0.0, 0.0, 1.0]) if upright else np.array([1.0, 0.0, 0.0])
    share = max(wide, tall)
    for part, middle, material in ((0.60, -0.2, RED), (0.36, 0.31, AMBER)):
        size = (wide, part * share) if upright else (part * share, tall)
        lens = solids.moved(_lens(*size, 0.042), at + along * middle * share * (1 if upright else -1))
        parts.append(Part(both(lens), material))
    x = 0.42 if row.spare else 0.0
    plate = shape.place("rear", x, row.bumper.height + 0.23) + np.array([0, -0.012, 0])
    board = solids.moved(solids.bevelled_box((0.46, 0.02, 0.125), 0.004), plate)
    parts.append(Part(_lettered(board, plate), Material("plate", (0.8, 0.8, 0.8), 0.4, texture=shape.plate)))
    hood = solids.moved(solids.bevelled_box((0.10, 0.05, 0.03), 0.008), plate + np.array([0, -0.02, 0.085]))
    parts.append(Part(hood, CHROME))
    hitch = solids.bevelled_box((0.09, 0.16, 0.07), 0.01, (0, row.plan.rear - 0.02, row.bumper.height - 0.13))
    ball = solids.moved(solids.sphere(0.03, 8, 4), (0, row.plan.rear - 0.08, row.bumper.height - 0.06))
    if row.spare:
        parts.append(Part(solids.merge([hitch, ball]), DARK))
    return parts


def _lettered(board: Solid, middle: F64) -> Solid:
    """The plate with its picture filling the face: u along x, v along z."""
    flat = (board.positions[board.faces] - middle)[:, :, [0, 2]] / np.array([0.46, 0.125]) + 0.5
    return Solid(board.positions, board.faces, flat)


def _nose(shape: Shape) -> list[Part]:
    """Head lamps, grille with bars, indicators, front plate, wipers."""
    row = shape.row
    front = row.plan.front
    grille = row.grille
    middle = (grille.low + grille.high) / 2
    y = float(shape.place("front", 0.0, middle)[1])
    tall = grille.high - grille.low
    parts = [Part(_mask(row, y, middle), CHROME)]
    wide = 2 * (row.lamps.head_x + 1.35 * row.lamps.head_radius)
    parts.append(Part(solids.bevelled_box((wide, 0.02, tall), 0.005, (0, y + 0.004, middle)), DARK))
    bars = [
        solids.box((0.018, 0.02, tall), (x, y + 0.017, middle))
        for x in np.linspace(-0.46, 0.46, grille.bars) * grille.width
    ]
    parts.append(Part(solids.merge(bars), CHROME))
    r = row.lamps.head_radius
    ring = solids.lathe(np.array([(r * 1.22, 0.0), (r * 1.24, 0.03), (r * 1.1, 0.05), (r, 0.03)]), 14)
    lens = solids.lathe(np.array([(r, 0.028), (0.8 * r, 0.045), (0.4 * r, 0.058), (0.0, 0.062)]), 14)
    stretch = (1.9, 1.0, 1.0) if row.lamps.head == "wide" else (1.0, 1.0, 1.0)
    at = np.array([row.lamps.head_x, y + 0.006, row.lamps.head_z])
    for solid, material in ((ring, CHROME), (lens, WHITE_LENS)):
        lamp = solids.turned(solids.scaled(solid, stretch), "x", -np.pi / 2)
        parts.append(Part(both(solids.moved(lamp, at)), material))
    amber = solids.turned(solids.moved(_lens(0.09, 0.05, 0.03), (0, 0, 0)), "z", np.pi)
    place = shape.place("front", row.lamps.head_x, row.grille.low - 0.09)
    parts.append(Part(both(solids.moved(amber, place)), AMBER))
    plate = np.array([0.0, front + row.bumper.depth * 0.85, row.bumper.height])
    board = solids.turned(_lettered(solids.bevelled_box((0.46, 0.02, 0.125), 0.004), np.zeros(3)), "z", np.pi)
    parts.append(Part(solids.moved(board, plate), Material("plate", (0.8, 0.8, 0.8), 0.4, texture=shape.plate)))
    return parts


def _mask(row: Species, y: float, middle: float) -> Solid:
    """The bright frame around grille and head lamps, facing forward."""
    wide, tall = 2 * (row.lamps.head_x + 1.35 * row.lamps.head_radius), row.grille.high - row.grille.low
    hole = rectangle(wide, tall, 0.45 * tall)
    frame = solids.extrude(rectangle(wide + 0.06, tall + 0.06, 0.45 * tall + 0.03), 0.03, [hole], 0.008)
    return solids.moved(solids.turned(solids.turned(frame, "x", np.pi / 2), "z", np.pi), (0, y, middle))


def _handles(shape: Shape) -> list[Part]:
    """Door and tailgate handles, hinges, fuel cap."""
    row = shape.row
    grips = []
    for a, _ in row.doors:
        at = shape.place("right", a + 0.10, row.belt - 0.12) + np.array([0.018, 0, 0])
        grips.append(both(solids.moved(solids.bevelled_box((0.022, 0.15, 0.028), 0.008), at)))
    if row.spare:
        at = shape.place("rear", 0.50, row.belt - 0.12)
        grips.append(solids.moved(solids.bevelled_box((0.14, 0.025, 0.03), 0.008), at + np.array([0, -0.02, 0])))
        for z in (row.sill + 0.16, row.belt - 0.10):
            at = shape.place("rear", -row.tailgate.width / 2, z)
            grips.append(solids.moved(solids.bevelled_box((0.22, 0.028, 0.045), 0.01), at + np.array([0.06, -0.01, 0])))
    cap = solids.turned(solids.cylinder(0.055, 0.03, 12, 0.006), "y", np.pi / 2)
    at = shape.place("right", row.wheel.rear - 0.1, row.wheel.radius + row.arch.radius + 0.12)
    return [Part(solids.merge(grips), CHROME), Part(solids.moved(cap, at - np.array([0.01, 0, 0])), CHROME)]


def _mirrors(shape: Shape) -> list[Part]:
    front = max(b for _, b in shape.row.doors) - 0.08
    at = shape.place("right", front, shape.row.belt - 0.03)
    arm = solids.tube(np.array([at, at + np.array([0.10, 0.01, 0.10]), at + np.array([0.14, 0.0, 0.14])]), 0.009, 4)
    shell_ = solids.moved(solids.sphere((0.085, 0.04, 0.065), 10, 6), at + np.array([0.16, 0.0, 0.18]))
    face = solids.moved(
        solids.scaled(solids.sphere(1.0, 10, 3), (0.07, 0.006, 0.05)), at + np.array([0.16, -0.04, 0.18])
    )
    return [Part(both(solids.merge([arm, shell_])), SEAL), Part(both(face), CHROME)]


def _seats(shape: Shape) -> list[Part]:
    """Two rows of seats, a dashboard and a steering wheel, seen dark through the glass. Who looks in from behind sees
    over the second row."""
    row, belt = shape.row, shape.row.cabin.belt
    z, tall = row.belt, row.cabin.height
    seats = []
    for x, y, high in ((0.36, driving_seat(row), 0.8), (-0.36, driving_seat(row), 0.8), (0.0, belt.rear + 0.62, 0.45)):
        back = solids.turned(solids.bevelled_box((0.48 if x else 1.15, 0.14, high * tall), 0.06), "x", 0.18)
        seats.append(solids.moved(back, (x, y, z - 0.05)))
        rest = solids.box((0.25, 0.09, 0.22 * tall))
        seats += [solids.moved(rest, (h, y - 0.08, z + (high - 0.3) * tall)) for h in ((x,) if x else (-0.35, 0.35))]
    dash = solids.bevelled_box((belt.width - 0.2, 0.25, 0.12), 0.03, (0, belt.front - 0.30, z + 0.03))
    turn = np.linspace(0, 2 * np.pi, 15)
    hoop = np.stack([0.19 * np.cos(turn), 0.06 * np.sin(turn), 0.18 * np.sin(turn)], axis=1)
    wheel_ = solids.tube(hoop + np.array([-0.36, belt.front - 0.5, z + 0.06]), 0.014, 4, up=(0, 1, 0))
    floor = inset(shell.outline(belt)[:-1:4], 0.05)
    shelf = solids.moved(solids.extrude(floor, 0.02), (0, 0, z + 0.035))
    return [Part(solids.merge(seats), SEAT), Part(solids.merge([dash, wheel_]), CABIN), Part(shelf, CABIN)]


def driving_seat(row: Species) -> float:
    """y of the front seats' backs."""
    return row.cabin.belt.front - 0.82


def _flaps(shape: Shape) -> list[Part]:
    row = shape.row
    y = row.wheel.rear - row.wheel.radius - 0.12
    low = row.wheel.radius + 0.06  # tyres show below them
    flap = solids.bevelled_box(
        (0.27, 0.012, row.sill + 0.06 - low), 0.005, (row.wheel.track / 2, y, (row.sill + 0.06 + low) / 2)
    )
    strip = solids.bevelled_box((0.27, 0.02, 0.03), 0.005, (row.wheel.track / 2, y - 0.006, low + 0.02))
    return [Part(both(flap), SEAL), Part(both(strip), STEEL)]


def _spare(shape: Shape) -> list[Part]:
    """The spare wheel on its carrier, hung on the tailgate."""
    row = shape.row
    assert row.spare is not None
    at = np.array([row.spare.x, shape.place("rear", row.spare.x, row.spare.z - 0.15)[1] - 0.13, row.spare.z])
    facing = [
        Part(solids.turned(p.solid, "z", -np.pi / 2), p.material) for p in wheel.wheel(row.wheel, shape.paint.albedo)
    ]
    carrier = solids.bevelled_box((0.3, 0.06, 0.3), 0.02, at + np.array([0, 0.10, 0]))
    return [*(Part(solids.moved(p.solid, at), p.material) for p in facing), Part(carrier, DARK)]
