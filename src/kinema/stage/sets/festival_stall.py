"""A market stall of a festival street: draped counter, striped canopy, wares under its bulbs."""

from __future__ import annotations

import numpy as np

from kinema.stage.sets.assembly import Assembly, Frame, Paint
from kinema.stage.sets.facades import corners_of
from kinema.stage.sets.festival_kit import Fair
from kinema.stage.sets.lanterns import hang, skin_area
from kinema.stage.sets.street_furniture import sagging
from kinema.stage.sets.street_style import pick

HALF = 1.1  # metres from a counter's middle to its ends
TOP = 0.9
DRAPES = (("red_cloth", "gold_cloth"), ("indigo_cloth", "gold_cloth"), ("jade_cloth", "cream_cloth"))
CANOPIES = (("red_cloth", "cream_cloth"), ("gold_cloth", "red_cloth"), ("indigo_cloth", "cream_cloth"))
STRIPES = 9


def stall(fair: Fair, assembly: Assembly, frame: Frame, number: int) -> None:
    """A stall 2.2 m wide: its counter, canopy on poles, wares, candied fruit on a post, a lantern and a few bulbs."""
    rng = fair.rng(f"stall {number}", "stall")
    cloth, hem = (fair.paints[name] for name in DRAPES[number % len(DRAPES)])
    _counter(fair, assembly, frame, cloth, hem)
    _wares(fair, assembly, frame, number)
    for x in (-HALF + 0.02, HALF - 0.02):
        for y, tall in ((0.37, 2.5), (-0.37, 2.25)):
            low = (x - 0.03, y - 0.03, 0.0)
            assembly.box(frame, low, (x + 0.03, y + 0.03, tall), fair.paints["wood"], ("front", "left", "right"))
    _canopy(assembly, frame, *(fair.paints[name] for name in pick(rng, CANOPIES)))
    _bulbs(fair, assembly, frame)
    _candied(fair, assembly, frame.inner(1.45, -0.1, 0.0))
    paints = fair.skins[2], fair.paints["gold"], fair.paints["tassel"]
    hang(assembly, frame.inner(-0.7, -0.55, 2.3), *paints, 0.7, True, 6)
    fair.shine(frame, (-0.6, -0.6, 1.9), fair.glow, skin_area(0.7, True), 0.5)


def _counter(fair: Fair, assembly: Assembly, frame: Frame, cloth: Paint, hem: Paint) -> None:
    """A table whose cloth hangs in folds to the ground, with a border, and a card of good luck."""
    x = np.linspace(-HALF, HALF, 15)
    fold = np.where(np.arange(15) % 2, 0.0, 0.06)
    rows = [np.stack([x, -0.4 - share * fold, np.full(15, z)], axis=1) for z, share in ((0.02, 1.0), (TOP, 0.2))]
    assembly.sheet(frame, np.array(rows), cloth)
    edge = [np.stack([x, -0.42 - share * fold, np.full(15, z)], axis=1) for z, share in ((0.7, 0.5), (TOP + 0.01, 0.2))]
    assembly.sheet(frame, np.array(edge), hem)
    assembly.box(frame, (-HALF, -0.4, 0.0), (HALF, 0.4, TOP - 0.04), cloth, ("left", "right", "back"))
    assembly.box(frame, (-HALF - 0.04, -0.46, TOP - 0.03), (HALF + 0.04, 0.44, TOP + 0.02), fair.paints["wood"])
    shown = pick(fair.rng(f"card {frame.origin[1]:.1f}", "stall"), fair.diamonds)
    card = [(0.0, -0.475, 0.08), (0.28, -0.475, 0.36), (0.0, -0.475, 0.64), (-0.28, -0.475, 0.36)]
    assembly.quads(frame, card, shown.material, corners_of(shown.uv))


def _wares(fair: Fair, assembly: Assembly, frame: Frame, number: int) -> None:
    """A tilted bank of wares, and before it a few that stand up."""
    shown = fair.wares[number % len(fair.wares)]
    bank = [(-1.05, -0.3, TOP + 0.02), (1.05, -0.3, TOP + 0.02), (1.05, 0.34, TOP + 0.6), (-1.05, 0.34, TOP + 0.6)]
    assembly.quads(frame, bank, shown.material, corners_of(shown.uv))
    assembly.panel(frame.inner(0.0, 0.0, 0.0, np.pi), (-1.05, TOP), (1.05, TOP + 0.6), -0.35, fair.paints["wood"])
    profile = [(0.15, 0.0), (0.15, 0.09), (0.13, 0.1), (0.15, 0.11), (0.15, 0.2), (0.001, 0.25)]
    for x in (-0.86, 0.84) if number % 2 else (0.86,):
        assembly.lathe(frame.inner(x, -0.33, TOP + 0.02), profile, fair.paints["straw"], 9)


def _canopy(assembly: Assembly, frame: Frame, first: Paint, second: Paint) -> None:
    """Striped cloth that slopes to the street and ends in points."""
    x = np.linspace(-1.34, 1.34, STRIPES + 1)
    for k in range(STRIPES):
        a, b, cloth = x[k], x[k + 1], (first, second)[k % 2]
        slope = [(a, -0.78, 2.2), (b, -0.78, 2.2), (b, 0.6, 2.6), (a, 0.6, 2.6)]
        point = [((a + b) / 2, -0.78, 1.98), ((a + b) / 2 + 0.1, -0.78, 2.02), (b, -0.78, 2.2), (a, -0.78, 2.2)]
        for corners in (slope, point):
            assembly.quads(frame, [corners, corners[::-1]], cloth)


def _bulbs(fair: Fair, assembly: Assembly, frame: Frame) -> None:
    """Bare bulbs on a wire under the canopy's edge, which light what is sold."""
    line = sagging((-1.2, -0.66, 2.2), (1.2, -0.66, 2.2), 0.1, 7)[1:-1]
    assembly.tube(frame, line, 0.006, fair.paints["dark"], 3)
    side, up = np.array([0.035, 0.0, 0.0]), np.array([0.0, 0.0, 0.035])
    bulbs = np.stack([line - 2.6 * up, line - up + side, line, line - up - side], axis=1)
    assembly.quads(frame, np.concatenate([bulbs, bulbs[:, ::-1]]), fair.paints["bulb"])
    fair.shine(frame, (0.0, -0.5, 2.0), (1.0 * fair.power, 0.62 * fair.power, 0.28 * fair.power), 1.0, 0.8)


def _candied(fair: Fair, assembly: Assembly, post: Frame) -> None:
    """Candied fruit on sticks that bristle from a sheaf of straw on a post."""
    sheaf = [(0.04, 0.0), (0.04, 1.2), (0.13, 1.25), (0.14, 1.75), (0.001, 1.8)]
    assembly.lathe(post, sheaf, fair.paints["straw"], 7)
    for k in range(6):
        turn, z = k * 2.4, 1.3 + 0.075 * k
        stick = np.array([np.cos(turn), np.sin(turn), 0.55])
        for step in range(3):
            x, y, up = np.array([0, 0, z]) + stick * (0.17 + 0.075 * step)
            berry = [(0.001, -0.045), (0.045, 0.0), (0.001, 0.045)]
            assembly.lathe(post.inner(float(x), float(y), float(up)), berry, fair.paints["fruit"], 3)
