"""A shelf on a wall with what people keep on it: upright books, a vase, a trailing plant."""

from __future__ import annotations

import numpy as np

from kinema.buffers.scene_frame import Colour, Material
from kinema.stage.chance import chance
from kinema.stage.geometry import solids
from kinema.stage.geometry.solids import Part, Solid
from kinema.stage.sets.furniture import BRASS, LEAF, PAPER, PORCELAIN, placed

CLOTHS: tuple[Colour, ...] = (
    (0.42, 0.07, 0.05), (0.05, 0.13, 0.22), (0.55, 0.36, 0.09),
    (0.07, 0.20, 0.13), (0.55, 0.50, 0.40), (0.20, 0.09, 0.16),
)  # fmt: skip
DEEP, THICK = 0.22, 0.028  # metres


def wall_shelf(seed: int, name: str, width: float, wood: Material) -> list[Part]:
    """A board hanging on y = 0 with its top at z = 0, laden, facing -y."""
    board = solids.bevelled_box((width, DEEP, THICK), 0.006, (0, -DEEP / 2, -THICK / 2))
    brackets = [
        solids.tube(
            np.array([[x, -0.004, -0.20], [x, -0.05, -0.16], [x, -DEEP + 0.04, -THICK]]), 0.009, 6, up=(1, 0, 0)
        )
        for x in (-0.36 * width, 0.36 * width)
    ]
    parts = [Part(board, wood), Part(solids.merge(brackets), BRASS)]
    parts += _books(seed, name, -0.46 * width, 0.10 * width)
    vase = solids.lathe(
        np.array([(0, 0), (0.045, 0), (0.065, 0.06), (0.05, 0.13), (0.022, 0.17), (0.03, 0.20), (0.0, 0.19)]), 20
    )
    parts.append(Part(solids.moved(vase, (0.20 * width, -0.11, 0)), PORCELAIN))
    pot = solids.lathe(np.array([(0, 0), (0.05, 0), (0.068, 0.10), (0.06, 0.10), (0, 0.09)]), 18)
    clay = Material("clay", (0.42, 0.17, 0.09), 0.8)
    parts.append(Part(solids.moved(pot, (0.37 * width, -0.11, 0)), clay))
    return parts + placed([Part(_trailing(seed, name), LEAF)], (0.37 * width, -0.11, 0.10))


def _books(seed: int, name: str, start: float, end: float) -> list[Part]:
    """Books side by side from start to end (m along x), the last one leaning."""
    rng, x = chance(seed, name, "books"), start
    parts: list[Part] = []
    while x < end:
        wide, tall, deep = rng.uniform(0.018, 0.042), rng.uniform(0.17, 0.26), rng.uniform(0.12, 0.17)
        cloth = Material(f"spine_{len(parts)}", CLOTHS[int(rng.integers(len(CLOTHS)))], 0.7)
        cover = solids.bevelled_box((wide, deep, tall), 0.003, (0, -deep / 2 - 0.02, tall / 2))
        leaves = solids.box((wide - 0.008, deep - 0.006, 0.004), (0, -deep / 2 - 0.02, tall))
        lean = 0.22 if x + wide >= end else 0.0
        tilted = [solids.turned(one, "y", -lean) for one in (cover, leaves)]
        at = (x + wide / 2 + 0.2 * tall * bool(lean), 0, 0)
        parts += placed([Part(tilted[0], cloth), Part(tilted[1], PAPER)], at)
        x += wide + 0.002
    return parts


def _trailing(seed: int, name: str) -> Solid:
    """Tendrils with heart-shaped leaves that climb out of a pot and hang down over its rim."""
    rng, grown = chance(seed, name, "tendrils"), []
    for k in range(9):
        turn, long = 2 * np.pi * k / 9 + rng.normal(0, 0.2), rng.uniform(0.25, 0.55)
        out = np.array([np.cos(turn), -abs(np.sin(turn)) * 0.6, 0.0])
        s = np.linspace(0, 1, 7)[:, None]
        line = out * 0.13 * np.sqrt(s) + np.array([0, 0, 1.0]) * (
            0.10 * np.sin(np.pi * np.minimum(s * 1.6, 1)) - long * s**2
        )
        grown.append(solids.tube(line, 0.003, 3, up=(0.3, 0.5, 0.1)))
        for point in line[1:]:
            away = np.array([rng.normal(0, 1), -abs(rng.normal(0, 1)), rng.normal(-0.4, 0.4)])
            away *= rng.uniform(0.05, 0.075) / np.linalg.norm(away)
            side = np.cross(away, [0.1, 0.2, 1.0]) * 0.55
            rows = np.stack([point + 0 * side, point + 0.4 * away + side, point + away, point + 0.4 * away - side])
            grown.append(Solid(rows, np.array([[0, 1, 2], [0, 2, 3]], np.int32), np.zeros((2, 3, 2))))
    return solids.merge(grown)
