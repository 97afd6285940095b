"""The shell of a small bedroom: floor, panelled walls, a window with curtains, and the garden it looks out on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from kinema.buffers.scene_frame import F64, Material
from kinema.stage.chance import chance
from kinema.stage.geometry import solids
from kinema.stage.geometry.outlines import rectangle
from kinema.stage.geometry.solids import Part, Solid
from kinema.stage.sets import fabrics, furniture
from kinema.stage.sets.furniture import placed
from kinema.stage.sets.room_scheme import Scheme

WIDE, FRONT, BACK, HIGH = 2.75, -3.0, 2.2, 2.65  # half the width, and where walls and ceiling stand (m)
WINDOW = (-0.45, 1.55, 0.72, 2.18)  # y from, y to, z from, z to, in the right wall
CEILING = Material("ceiling", (0.74, 0.72, 0.68), 0.9)


def _wall_facing_left(outline: F64, holes: list[F64], x: float, thick: float) -> Solid:
    """An outline in (y, z) as a wall whose inner face is at x, thickness outwards to the right."""
    made = solids.extrude(outline, thick, holes)
    turn = np.array([[0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
    return solids.moved(solids.transformed(made, turn), (x, 0, 0))


def white_wood(scheme: Scheme) -> Material:
    """The paint of skirting, wainscot and window."""
    return Material("white_wood", scheme.trim, 0.4)


def shell(seed: int, scheme: Scheme) -> list[Part]:
    """Floor boards, walls with the window's hole, wainscot with its rail, skirting, cornice, ceiling, a door."""
    depth, middle = BACK - FRONT, 0.5 * (BACK + FRONT)
    oak = Material("floorboards", (1.0, 1.0, 1.0), 0.4, bump=0.002, texture=fabrics.floorboards(seed, scheme.floor))
    wallpaper = Material("wallpaper", (1.0, 1.0, 1.0), 0.85, texture=fabrics.wallpaper(seed, scheme.wall, scheme.line))
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
        Part(solids.scale_uv(solids.merge(walls), 1 / 0.36), wallpaper),
        Part(ceiling, CEILING),
        Part(solids.merge(_woodwork()), white_wood(scheme)),
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


def window(seed: int, scheme: Scheme) -> list[Part]:
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
    frame.append(solids.bevelled_box((0.03, wide, 0.03), 0.004, (x, 0.5 * (y0 + y1), z0 + 0.77 * tall)))
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
        texture=fabrics.weave("curtain", seed, scheme.curtain),
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
        Part(solids.merge(frame), white_wood(scheme)),
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


def garden(seed: int) -> list[Part]:
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
