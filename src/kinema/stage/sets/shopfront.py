"""Shop fronts: a lit room one can look into, its frame and door, name board, awning, curtain, lanterns and wares."""

from __future__ import annotations

import numpy as np

from kinema.buffers.scene_frame import Material
from kinema.stage.sets.assembly import Assembly, Frame
from kinema.stage.sets.facades import corners_of
from kinema.stage.sets.lanterns import hang, paper
from kinema.stage.sets.neon import Rhythm
from kinema.stage.sets.signs import Print
from kinema.stage.sets.street_kit import Kit, Lively
from kinema.stage.sets.street_style import linear, pick
from kinema.stage.sets.textures import Facing
from kinema.stage.sets.workshop import lamp

ROOM = 2.2  # metres one sees into a shop
HEAD = 2.7  # height of the opening
BOARD = 0.85  # height of the name board


def build_shop(kit: Kit, assembly: Assembly, frame: Frame, width: float, height: float, wall: Facing, name: str) -> str:
    """A shop in a front of that width and storey height, the pavement at z = 0. Returns its trade."""
    rng = kit.rng(name, "shop")
    trade = kit.trade()
    low, high = 0.22, width - 0.22
    shown = kit.room(trade)
    _room(kit, assembly, frame, low, high, shown)
    assembly.panel(frame, (0, 0), (low, height), 0.0, wall)
    assembly.panel(frame, (high, 0), (width, height), 0.0, wall)
    assembly.panel(frame, (low, HEAD), (high, height), 0.0, wall)
    door = _frames(kit, assembly, frame, low, high, rng)
    _board(kit, assembly, frame, low - 0.1, high + 0.1, height)
    kit.shine(frame, ((low + high) / 2, -0.25, 1.5), shown.glow, (high - low) * 2.0, 1.1, (0.0, -1.0, 0.0))
    if kit.style.paper and trade in ("counter", "bottles"):
        _curtain(kit, assembly, frame, door, rng)
        _lantern_row(kit, assembly, frame, low, high, name)
    elif rng.random() < 0.55:
        _awning(kit, assembly, frame, low, high, rng)
    _wares(kit, assembly, frame, low, high, door, trade, rng)
    return trade


def _room(kit: Kit, assembly: Assembly, frame: Frame, low: float, high: float, shown: Print) -> None:
    u0, v0, u1, v1 = shown.uv
    share = min(1.0, (high - low) / 4.8)
    uv = (u0, v0, u0 + share * (u1 - u0), v1)
    assembly.panel(frame, (low, 0.0), (high, HEAD), ROOM, shown.material, uv)
    side, floor = kit.plain["shop_wall"], kit.plain["shop_floor"]
    edge = 0.25 * (u1 - u0)
    for x, a, b in ((low, 0.0, ROOM), (high, ROOM, 0.0)):
        corners = [(x, a, 0), (x, b, 0), (x, b, HEAD), (x, a, HEAD)]
        assembly.quads(frame, corners, shown.material, [(u1 - edge, v0), (u1, v0), (u1, v1), (u1 - edge, v1)])
    assembly.floor(frame, (low, 0.0), (high, ROOM), 0.01, floor)
    assembly.quads(frame, [(low, ROOM, HEAD), (high, ROOM, HEAD), (high, 0, HEAD), (low, 0, HEAD)], side)
    lights = [
        [(x, 1.6, HEAD - 0.02), (x + 0.18, 1.6, HEAD - 0.02), (x + 0.18, 0.4, HEAD - 0.02), (x, 0.4, HEAD - 0.02)]
        for x in np.arange(low + 0.4, high - 0.3, 1.1)
    ]
    assembly.quads(frame, lights, kit.plain["ceiling_light"])
    for x in np.arange(low + 0.5, high - 1.3, 1.7):  # tables of wares halfway in
        top = 0.85
        cloth = kit.plain["wood"]
        assembly.box(frame, (x, 0.7, 0), (x + 1.1, 1.2, top), cloth, ("front", "left", "right", "top"))
        piece = (u0 + 0.1 * (u1 - u0), v0 + 0.18 * (v1 - v0), u0 + 0.38 * (u1 - u0), v0 + 0.36 * (v1 - v0))
        assembly.panel(frame, (x, top), (x + 1.1, top + 0.34), 0.95, shown.material, piece)


def _frames(
    kit: Kit, assembly: Assembly, frame: Frame, low: float, high: float, rng: np.random.Generator
) -> tuple[float, float]:
    """Posts, sills and transom; returns the door's span."""
    paint = pick(rng, (kit.plain["dark"], kit.plain["steel"], kit.plain["wood"]))
    parts = max(2, round((high - low) / 1.25))
    xs = np.linspace(low, high, parts + 1)
    door = int(rng.integers(parts))
    foot = np.stack([xs - 0.035, np.full_like(xs, -0.03), np.zeros_like(xs)], axis=1)
    assembly.box(frame, foot, foot + np.array((0.07, 0.08, HEAD)), paint, ("front", "left", "right"))
    assembly.box(frame, (low, -0.03, 2.12), (high, 0.05, 2.19), paint, ("front", "bottom"))
    assembly.box(frame, (low, -0.04, HEAD - 0.08), (high, 0.05, HEAD), paint, ("front", "bottom"))
    for k in range(parts):
        if k != door:
            assembly.box(frame, (xs[k], -0.03, 0), (xs[k + 1], 0.05, 0.38), paint, ("front", "top"))
    return float(xs[door]), float(xs[door + 1])


def _board(kit: Kit, assembly: Assembly, frame: Frame, low: float, high: float, height: float) -> None:
    """The lit name board over the opening, and its lamp."""
    face = kit.deal("fascia").shown
    z = HEAD + 0.06
    tall = min(BOARD, height - z - 0.08)
    assembly.box(
        frame, (low, -0.3, z), (high, 0.0, z + tall), kit.plain["dark"], ("left", "right", "top", "bottom")
    )  # fmt: skip
    assembly.panel(frame, (low, z), (high, z + tall), -0.301, face.material, face.uv)
    kit.shine(frame, ((low + high) / 2, -0.45, z + tall / 2), face.glow, (high - low) * tall, 1.0, (0.0, -1.0, 0.0))


def _awning(kit: Kit, assembly: Assembly, frame: Frame, low: float, high: float, rng: np.random.Generator) -> None:
    colours = pick(rng, (("cloth_red", "cloth_cream"), ("cloth_navy", "cloth_cream"), ("cloth_red", "cloth_red")))
    xs = np.linspace(low, high, max(4, round((high - low) / 0.38)) + 1)
    out, top, drop = -float(rng.uniform(0.8, 1.15)), HEAD + 0.02, HEAD - 0.42
    for k in range(2):
        a, b = xs[k:-1:2], xs[k + 1 :: 2]
        n = min(len(a), len(b))
        a, b, one = a[:n], b[:n], np.ones(n)
        slope = [
            (a, out * one, drop * one),
            (b, out * one, drop * one),
            (b, -0.3 * one, top * one),
            (a, -0.3 * one, top * one),
        ]
        hem = [
            (a, out * one, (drop - 0.22) * one),
            (b, out * one, (drop - 0.22) * one),
            (b, out * one, drop * one),
            (a, out * one, drop * one),
        ]
        for corners in (slope, hem):
            sheet = np.stack([np.stack(corner, axis=1) for corner in corners], axis=1)
            assembly.quads(frame, sheet, kit.plain[colours[k]])
            assembly.quads(frame, sheet[:, ::-1], kit.plain[colours[k]], colour=(0.8, 0.8, 0.8))


def _curtain(kit: Kit, assembly: Assembly, frame: Frame, door: tuple[float, float], rng: np.random.Generator) -> None:
    """The short split curtain in an eating house's door."""
    cloth = kit.plain[pick(rng, ("cloth_navy", "cloth_red", "cloth_cream"))]
    x0, x1 = door[0] - 0.1, door[1] + 0.1
    assembly.tube(frame, [(x0 - 0.08, -0.12, 2.14), (x1 + 0.08, -0.12, 2.14)], 0.02, kit.plain["wood"], 5)
    edges = np.linspace(x0, x1, 5)
    for k in range(4):
        swing = -0.12 - float(rng.uniform(0.0, 0.06))
        corners = [
            (edges[k] + 0.012, swing, 1.42),
            (edges[k + 1] - 0.012, swing, 1.42),
            (edges[k + 1] - 0.012, -0.12, 2.13),
            (edges[k] + 0.012, -0.12, 2.13),
        ]
        assembly.quads(frame, corners, cloth)


def _lantern_row(kit: Kit, assembly: Assembly, frame: Frame, low: float, high: float, name: str) -> None:
    """Red paper lanterns under the board; one of them may run in a rhythm."""
    rng = kit.rng(name, "lanterns")
    skin = paper(
        f"lantern_{name}_{kit.seed}", kit.style.word(rng, "lantern"), kit.style.face(rng, "brush"), kit.style.lantern,
        (24, 10, 8), 2.1 * kit.power,
    )  # fmt: skip
    count = max(2, round((high - low) / float(rng.uniform(0.75, 1.3))))
    xs = np.linspace(low + 0.3, high - 0.3, count)
    for x in xs:
        spot = frame.inner(float(x), -0.62, HEAD + 0.18, float(rng.uniform(-0.4, 0.4)))
        hang(assembly, spot, skin, kit.plain["dark"], kit.plain["dark"], segments=7)
    arm = np.stack([xs - 0.012, np.full(count, -0.63), np.full(count, HEAD + 0.02)], axis=1)
    assembly.box(
        frame, arm, arm + np.array([0.024, 0.35, 0.024]), kit.plain["dark"], ("left", "right", "top", "bottom")
    )
    glow = linear(kit.style.lantern, 1.3 * kit.power)
    kit.shine(frame, ((low + high) / 2, -0.9, HEAD - 0.25), glow, 0.3 * count, 0.8)


def _wares(
    kit: Kit, assembly: Assembly, frame: Frame, low: float, high: float, door: tuple[float, float], trade: str,
    rng: np.random.Generator,
) -> None:  # fmt: skip
    """What stands before the windows: crates of fruit or flowers, a rail, a small lit board, a plant."""
    shown = kit.shops["flowers" if trade == "flowers" else "store"][0]
    u0, v0, u1, v1 = shown.uv
    for x in np.arange(low + 0.1, high - 0.9, 0.95):
        if door[0] - 0.9 < x < door[1] + 0.1 or rng.random() < 0.45:
            continue
        if trade in ("flowers", "store"):
            assembly.box(frame, (x, -0.62, 0.0), (x + 0.8, -0.12, 0.45), kit.plain["wood"], ("front", "left", "right"))
            top = [(x, -0.62, 0.45), (x + 0.8, -0.62, 0.45), (x + 0.8, -0.12, 0.72), (x, -0.12, 0.72)]
            cut = u0 + float(rng.uniform(0.0, 0.7)) * (u1 - u0)
            tile = [(cut, v0 + 0.1 * (v1 - v0)), (cut + 0.2 * (u1 - u0), v0 + 0.1 * (v1 - v0))]
            tile += [(tile[1][0], v0 + 0.45 * (v1 - v0)), (tile[0][0], v0 + 0.45 * (v1 - v0))]
            assembly.quads(frame, top, shown.material, tile)
        elif rng.random() < 0.7:
            plant(kit, assembly, frame.inner(float(x) + 0.3, -0.35, 0.0), rng)
    if rng.random() < 0.6:
        standing_board(kit, assembly, frame.inner(door[1] + 0.15, -0.75, 0.0, float(rng.uniform(-0.5, 0.5))), rng)


def plant(kit: Kit, assembly: Assembly, frame: Frame, rng: np.random.Generator) -> None:
    """A pot with a bush of leaves."""
    assembly.lathe(frame, [(0.13, 0.0), (0.18, 0.3), (0.001, 0.27)], kit.plain["terracotta"], 7)
    count = 12
    turn, tilt = rng.uniform(0, 2 * np.pi, count), rng.uniform(0.2, 1.35, count)
    reach = rng.uniform(0.3, 0.55, count)
    way = np.stack([np.cos(turn) * np.cos(tilt), np.sin(turn) * np.cos(tilt), np.sin(tilt)], axis=1)
    side = np.stack([-np.sin(turn), np.cos(turn), np.zeros(count)], axis=1) * 0.07
    root = np.array([0.0, 0.0, 0.3]) + 0.15 * way
    tip = root + reach[:, None] * way - np.array([0, 0, 0.08])
    middle = (root + tip) / 2 + (0, 0, 0.05)
    leaves = np.stack([root, middle + side, tip, middle - side], axis=1)
    shades = (0.7 + 0.6 * rng.random(3)).tolist()
    assembly.quads(frame, leaves, kit.plain["green"], colour=(shades[0], shades[1], shades[2]))
    assembly.quads(frame, leaves[:, ::-1], kit.plain["green"])


def standing_board(kit: Kit, assembly: Assembly, frame: Frame, rng: np.random.Generator) -> None:
    """A knee-high lit board on the pavement, its light alive in one of three."""
    face = kit.deal("board").shown
    assembly.box(frame, (0, 0, 0.1), (0.62, 0.2, 1.14), kit.plain["dark"], ("left", "right", "top", "bottom"))
    for y, x0, x1 in ((-0.001, 0.0, 0.62), (0.201, 0.62, 0.0)):
        corners = [(x0, y, 0.12), (x1, y, 0.12), (x1, y, 1.12), (x0, y, 1.12)]
        assembly.quads(frame, corners, face.material, corners_of(face.uv))
    if rng.random() < 0.34:
        light = lamp(frame, (0.3, -0.3, 0.7), face.glow, 0.6, 0.4)
        bulb = Material(
            f"bulb_{len(kit.rhythms)}", (0.5,) * 3, emission=linear(pick(rng, kit.style.tubes), 6.0 * kit.neon)
        )
        x, r = 0.04 + 0.077 * np.arange(8), 0.03
        spots = [[(a, -0.02, 1.17 - r), (a + r, -0.02, 1.17), (a, -0.02, 1.17 + r), (a - r, -0.02, 1.17)] for a in x]
        kit.lively.quads(frame, spots, bulb)
        kit.rhythms.append(Lively(bulb, Rhythm("blink", float(rng.random()), 0.9), (light,)))
