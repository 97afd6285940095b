"""What stands in a street: lamp posts, poles and their cables, vending machines, bicycles, bollards, road paint."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from PIL import Image, ImageDraw

from kinema.buffers.scene_frame import F64
from kinema.stage.sets.assembly import Assembly, Frame
from kinema.stage.sets.interiors import goods
from kinema.stage.sets.signs import Print, Sheet
from kinema.stage.sets.street_kit import SHOP_LIGHT, Kit
from kinema.stage.sets.street_style import pick
from kinema.stage.sets.workshop import at_power, lamp

POST_AREA = 1.1  # square metres of lit glass that a lamp post's two lanterns stand for


def sagging(a: Sequence[float] | F64, b: Sequence[float] | F64, sag: float, parts: int = 8) -> F64:
    """A cable's line (parts + 1, 3) from a to b, hanging by sag metres in the middle."""
    t = np.linspace(0.0, 1.0, parts + 1)[:, None]
    line = np.asarray(a) * (1 - t) + np.asarray(b) * t
    line[:, 2] -= sag * 4.0 * (t * (1 - t))[:, 0]
    return line


def lamp_post(kit: Kit, assembly: Assembly, frame: Frame) -> None:
    """A street lamp 5 m tall, its two lanterns on arms over road and pavement."""
    paint = kit.plain["dark"]
    assembly.lathe(frame, [(0.16, 0.0), (0.15, 0.25), (0.07, 0.5), (0.04, 4.9)], paint, 6)
    for side in (-1.0, 1.0):
        assembly.tube(frame, [(0, 0, 4.35), (0, side * 0.3, 4.62), (0, side * 0.62, 4.66)], 0.03, paint, 3)
        spot = frame.inner(0.0, side * 0.62, 4.16)
        assembly.lathe(spot, [(0.07, 0.0), (0.16, 0.2), (0.1, 0.42)], kit.plain["lamp_glass"], 7)
        assembly.lathe(spot, [(0.19, 0.4), (0.02, 0.56)], paint, 7)
    kit.alone.append(lamp(frame, (0.0, 0.0, 4.0), at_power(kit.style.lamp, kit.neon), POST_AREA, 0.3))


def utility_pole(kit: Kit, assembly: Assembly, frame: Frame, rng: np.random.Generator) -> list[F64]:
    """A concrete pole 9 m tall with arms, a transformer and a lamp; returns where cables are tied (world)."""
    assembly.lathe(frame, [(0.17, 0.0), (0.11, 9.2)], kit.plain["pole"], 7)
    if rng.random() < 0.4:
        assembly.lathe(frame, [(0.178, 0.3), (0.172, 1.6)], kit.plain["yellow_marking"], 7)
    ties = []
    for z, half in ((8.8, 0.9), (8.0, 0.7), (7.0, 0.45)):
        sides = ("front", "back", "top", "bottom")
        assembly.box(frame, (-half, -0.2, z), (half, -0.1, z + 0.09), kit.plain["steel"], sides)
        for x in (-half + 0.05, half - 0.05):
            knob = (x - 0.045, -0.195, z + 0.09), (x + 0.045, -0.105, z + 0.23)
            assembly.box(frame, *knob, kit.plain["white"], ("front", "back", "left", "right"))
            ties.append(frame.points((x, -0.15, z + 0.2)))
    if rng.random() < 0.6:
        can = [(0.28, 0.02), (0.3, 0.8), (0.001, 0.95)]
        assembly.lathe(frame.inner(0.0, -0.42, 6.0), can, kit.plain["pole"], 8)
    return ties


def cables(kit: Kit, assembly: Assembly, poles: Sequence[Sequence[F64]], rng: np.random.Generator) -> None:
    """Cables from pole to pole, each with a sag of its own."""
    here = Frame()
    for first, second in pairwise(poles):
        for a, b in zip(first, second, strict=True):
            assembly.tube(here, sagging(a, b, float(rng.uniform(0.3, 0.9))), 0.016, kit.plain["cable"], 3)


def vending_print(kit: Kit) -> Print:
    """The lit front of a vending machine, 1.0 m by 1.85 m."""
    rng = kit.rng("vending", "front")
    page = Image.new("RGB", (160, 296), (236, 240, 246))
    draw = ImageDraw.Draw(page)
    draw.rectangle((0, 0, 159, 295), None, (170, 176, 184), 5)
    draw.rectangle((12, 14, 147, 176), (255, 255, 255))
    goods(draw, rng, (16, 18, 144, 172), 4)
    draw.rectangle((12, 182, 147, 206), (220, 40, 32))
    for x in range(20, 140, 18):
        draw.rectangle((x, 188, x + 12, 198), (255, 226, 120))
    draw.rectangle((12, 216, 147, 288), (150, 156, 166))
    draw.rectangle((24, 240, 110, 272), (26, 28, 32))
    draw.rectangle((122, 222, 138, 262), (40, 44, 50))
    return Sheet(f"vending_{kit.style.name}_{kit.seed}", 1.6 * SHOP_LIGHT * kit.power, size=304).put(np.asarray(page))


def vending_machines(
    kit: Kit, assembly: Assembly, frame: Frame, front: Print, count: int, rng: np.random.Generator
) -> None:
    """A row of vending machines with their backs to the wall."""
    for k in range(count):
        x = 1.08 * k
        case = kit.plain[pick(rng, ("red", "white", "white", "dark"))]
        assembly.box(frame, (x, -0.78, 0.02), (x + 1.0, -0.05, 1.9), case, ("left", "right", "top"))
        assembly.panel(frame, (x, 0.02), (x + 1.0, 1.9), -0.78, front.material, front.uv)
    kit.shine(frame, (0.54 * count, -0.9, 1.2), front.glow, 1.9 * count, 0.7, (0.0, -1.0, 0.0))


def bicycle(kit: Kit, assembly: Assembly, frame: Frame, rng: np.random.Generator) -> None:
    """A parked city bicycle along x, 1.7 m long, leaning a little."""
    paint = kit.plain[pick(rng, ("red", "dark", "white", "steel", "cloth_navy"))]
    turn = np.linspace(0, 2 * np.pi, 14, endpoint=False)
    for x in (0.34, 1.4):
        rim = np.stack([x + 0.32 * np.cos(turn), np.zeros(14), 0.34 + 0.32 * np.sin(turn)], axis=1)
        assembly.tube(frame, rim, 0.022, kit.plain["rubber"], 3, closed=True)
        along = np.stack([np.cos(turn[:8:2]), np.zeros(4), np.sin(turn[:8:2])], axis=1)
        broad = 0.005 * np.stack([-along[:, 2], np.zeros(4), along[:, 0]], axis=1)
        hub, reach = np.array([x, 0.0, 0.34]), 0.3 * along
        lines = np.stack([hub - reach - broad, hub + reach - broad, hub + reach + broad, hub - reach + broad], axis=1)
        assembly.quads(frame, lines, kit.plain["steel"])
        assembly.quads(frame, lines[:, ::-1], kit.plain["steel"])
    low, seat, head = (0.82, 0, 0.32), (0.66, 0, 0.8), (1.22, 0, 0.85)
    for a, b in (
        ((0.34, 0, 0.34), low), (low, seat), (low, head), (seat, (1.2, 0, 0.78)), ((0.34, 0, 0.34), seat),
        (head, (1.4, 0, 0.34)), (seat, (0.63, 0, 0.92)), (head, (1.17, 0, 1.04)),
        ((1.13, -0.27, 1.06), (1.13, 0.27, 1.06)),
    ):  # fmt: skip
        assembly.tube(frame, [a, b], 0.018, paint, 3)
    assembly.box(frame, (0.5, -0.09, 0.91), (0.78, 0.09, 0.97), kit.plain["rubber"])
    assembly.box(
        frame, (1.3, -0.17, 0.72), (1.62, 0.17, 0.96), kit.plain["dark"], ("front", "back", "left", "right", "bottom")
    )
    assembly.box(frame, (0.08, -0.08, 0.7), (0.5, 0.08, 0.72), kit.plain["steel"])


def bollard(kit: Kit, assembly: Assembly, frame: Frame) -> None:
    """A bollard 0.8 m tall."""
    assembly.lathe(frame, [(0.07, 0.0), (0.06, 0.76), (0.001, 0.82)], kit.plain["steel"], 6)


def crosswalk(kit: Kit, assembly: Assembly, half: float, y0: float, y1: float, z: float) -> None:
    """Zebra bars across a road of that half width, between y0 and y1."""
    xs = np.arange(-half + 0.35, half - 0.6, 0.95)
    bars = [[(x, y0, z), (x + 0.48, y0, z), (x + 0.48, y1, z), (x, y1, z)] for x in xs]
    assembly.quads(Frame(), bars, kit.plain["marking"])


def stripe(kit: Kit, assembly: Assembly, low: tuple[float, float], high: tuple[float, float], z: float) -> None:
    """A painted rectangle on the road."""
    assembly.floor(Frame(), low, high, z, kit.plain["marking"])


def manhole(kit: Kit, assembly: Assembly, x: float, y: float, z: float) -> None:
    """A cast iron cover 0.62 m across."""
    rim = [(0.31, 0.0), (0.29, 0.004), (0.001, 0.003)]
    assembly.lathe(Frame((x, y, z)), rim, kit.plain["iron"], 14)
