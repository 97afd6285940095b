"""Building fronts: pierced walls with printed windows, slabs, balconies, machines and pipes, and a roof line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kinema.buffers.scene_frame import F64
from kinema.stage.sets.assembly import UNIT, Assembly, Frame, Paint, span_of
from kinema.stage.sets.signs import Print
from kinema.stage.sets.street_kit import Kit
from kinema.stage.sets.street_style import pick
from kinema.stage.sets.textures import Facing

NEAR_STOREYS = 2  # above the shops whose windows are set back in the wall
AWAKE = 0.6  # share of the windows lit by day, to give a street's depth, that still are at night
FLAT = 0.02  # metres a pane lies before a wall it is not set in


@dataclass(frozen=True, eq=False)
class Building:
    """A front to build. frame: its lower left corner seen from the street; ground: height of the shop storey (m)."""

    name: str
    frame: Frame
    width: float
    depth: float
    ground: float
    storey: float
    storeys: int
    wall: Facing
    above: Facing

    @property
    def height(self) -> float:
        """Metres to the roof."""
        return self.ground + self.storey * (self.storeys - 1)


def pierced(
    assembly: Assembly, frame: Frame, cells: F64, holes: F64, recess: float, wall: Paint, panes: Sequence[Print]
) -> None:
    """A wall of cells (N, 4) x0 z0 x1 z1, each with a hole (N, 4) and a pane set back in it; without recess, flat.

    Where holes are not set back the wall is one sheet and the panes lie on it.
    """
    if recess > 0.0:
        (a0, b0, a1, b1), (c0, d0, c1, d1) = cells.T, holes.T
        strips = [(a0, b0, a1, d0), (a0, d1, a1, b1), (a0, d0, c0, d1), (c1, d0, a1, d1)]
        rects = np.concatenate([np.stack(strip, axis=1) for strip in strips])  # (4N, 4)
        assembly.quads(frame, reveals(holes, recess), wall, np.array(UNIT) * (0.3, 1.0))
    else:
        rects = np.concatenate([cells.min(axis=0)[:2], cells.max(axis=0)[2:]])[None, :]
    flat = upright(rects, 0.0)
    assembly.quads(frame, flat, wall, flat[..., [0, 2]] / span_of(wall))
    glass = upright(holes, recess or -FLAT)
    uv = np.array([corners_of(pane.uv) for pane in panes])
    for material in {id(pane.material): pane.material for pane in panes}.values():
        mine = np.array([pane.material is material for pane in panes])
        assembly.quads(frame, glass[mine], material, uv[mine])


def upright(rects: F64, y: float) -> F64:
    """Rectangles (N, 4) x0 z0 x1 z1 at depth y as corners (N, 4, 3)."""
    x0, z0, x1, z1 = rects.T
    level = np.full_like(x0, y)
    corners = [(x0, level, z0), (x1, level, z0), (x1, level, z1), (x0, level, z1)]
    return np.stack([np.stack(corner, axis=1) for corner in corners], axis=1)


def reveals(holes: F64, recess: float) -> F64:
    """The inner sides of holes (N, 4) in a wall that are seen from the street: left, right and head, (3N, 4, 3)."""
    x0, z0, x1, z1 = holes.T
    f, b = np.zeros_like(x0), np.full_like(x0, recess)
    sides = [
        [(x0, f, z0), (x0, b, z0), (x0, b, z1), (x0, f, z1)],
        [(x1, b, z0), (x1, f, z0), (x1, f, z1), (x1, b, z1)],
        [(x0, b, z1), (x1, b, z1), (x1, f, z1), (x0, f, z1)],
    ]
    return np.concatenate([np.stack([np.stack(c, axis=1) for c in side], axis=1) for side in sides])


def corners_of(uv: tuple[float, float, float, float]) -> list[tuple[float, float]]:
    """A rectangle of texture as its four corners."""
    u0, v0, u1, v1 = uv
    return [(u0, v0), (u1, v0), (u1, v1), (u0, v1)]


def build_front(kit: Kit, assembly: Assembly, building: Building, fine: bool = True) -> str:
    """Everything above the shop storey, fine if one walks along it; returns the plan it drew by lot.

    Plans: grid, ribbon, balcony, curtain or blind.
    """
    rng = kit.rng(building.name, "front")
    plans = (
        ("grid", "grid", "ribbon", "balcony", "curtain", "blind") if kit.style.columns else ("grid", "grid", "balcony")
    )
    plan = pick(rng, plans)
    storeys = building.storeys - 1
    bay = {"grid": 2.1, "ribbon": 3.2, "balcony": 2.9, "curtain": 1.8, "blind": 3.4}[plan] * rng.uniform(0.9, 1.15)
    bays = max(2, round(building.width / bay))
    xs = np.linspace(0.0, building.width, bays + 1)
    zs = building.ground + building.storey * np.arange(storeys + 1)
    left, low = (g.ravel() for g in np.meshgrid(xs[:-1], zs[:-1]))
    cells = np.stack([left, low, left + xs[1], low + building.storey], axis=1)
    margin, sill, head = {
        "grid": (0.22, 0.28, 0.16),
        "ribbon": (0.02, 0.3, 0.2),
        "balcony": (0.14, 0.04, 0.22),
        "curtain": (0.03, 0.03, 0.05),
        "blind": (0.33, 0.36, 0.28),
    }[plan]
    inset = np.array([margin * xs[1], sill * building.storey, -margin * xs[1], -head * building.storey])
    lit_share = {"grid": 0.72, "ribbon": 0.8, "balcony": 0.72, "curtain": 0.84, "blind": 0.55}[plan] * (
        AWAKE if kit.neon else 1.0
    )
    panes = [pick(rng, kit.lit if rng.random() < lit_share else kit.dark) for _ in cells]
    deep = NEAR_STOREYS if fine else 0  # higher up and farther off nobody sees how deep a window lies
    for rows, recess in ((slice(0, deep * bays), 0.3 if plan == "grid" else 0.16), (slice(deep * bays, None), 0.0)):
        if len(cells[rows]):
            wall = building.wall if recess else building.above
            pierced(assembly, building.frame, cells[rows], cells[rows] + inset, recess, wall, panes[rows])
    if plan == "balcony":
        _balconies(kit, assembly, building, xs, zs[:-1])
    elif plan in ("ribbon", "grid"):
        _slabs(kit, assembly, building, zs)
    if fine:
        _machines(kit, assembly, building, cells)
    _roof(kit, assembly, building)
    return plan


def _slabs(kit: Kit, assembly: Assembly, building: Building, zs: NDArray[Any]) -> None:
    count, w = len(zs), building.width
    low = np.stack([np.zeros(count), np.full(count, -0.1), zs - 0.12], axis=1)
    high = np.stack([np.full(count, w), np.full(count, 0.02), zs + 0.1], axis=1)
    assembly.box(building.frame, low, high, building.wall, ("front", "top", "bottom"), (0.85, 0.85, 0.85))


def _balconies(kit: Kit, assembly: Assembly, building: Building, xs: NDArray[Any], zs: NDArray[Any]) -> None:
    rng = kit.rng(building.name, "balcony")
    solid = rng.random() < 0.5
    frame, out = building.frame, -0.95
    sides = ("front", "top", "bottom", "left", "right")
    for z in zs:
        low, high = (xs[0] + 0.1, out, z - 0.08), (xs[-1] - 0.1, 0.0, z + 0.06)
        assembly.box(frame, low, high, building.wall, sides, (0.9, 0.9, 0.9))
        if solid:
            front = (low[0], out, z), (high[0], out + 0.1, z + 1.0)
            assembly.box(frame, *front, building.wall, ("front", "back", "top", "left", "right"))
        else:
            rail = [(low[0], out + 0.04, z + 1.02), (high[0], out + 0.04, z + 1.02)]
            assembly.tube(frame, rail, 0.03, kit.plain["dark"], 3)
            assembly.tube(frame, np.array(rail) - (0, 0, 0.85), 0.02, kit.plain["dark"], 3)
            x = np.arange(low[0], high[0], 0.42)
            one = np.ones_like(x)
            foot = np.stack([x, (out + 0.03) * one, (z + 0.15) * one], axis=1)
            assembly.box(
                frame, foot, foot + np.array((0.025, 0.02, 0.85)), kit.plain["dark"], ("front", "left", "right")
            )
        x = xs[1:-1]
        foot = np.stack([x - 0.04, np.full_like(x, out + 0.1), np.full_like(x, z)], axis=1)
        assembly.box(
            frame, foot, foot + np.array((0.08, -out - 0.1, 1.9)), kit.plain["white"], ("left", "right", "front")
        )
        if rng.random() < 0.35:
            _washing(kit, assembly, building, float(rng.uniform(0.6, building.width - 2.2)), z + 1.75)


def _washing(kit: Kit, assembly: Assembly, building: Building, x: float, z: float) -> None:
    rng = kit.rng(building.name, f"washing {z:.1f}")
    assembly.tube(building.frame, [(x, -0.7, z), (x + 1.7, -0.7, z)], 0.015, kit.plain["steel"], 4)
    for k in range(4):
        cloth = kit.plain[pick(rng, ("cloth_cream", "cloth_navy", "cloth_red", "white"))]
        low = (x + 0.1 + 0.4 * k, z - float(rng.uniform(0.4, 0.8)))
        assembly.panel(building.frame, low, (low[0] + 0.3, z), -0.7, cloth)


def _machines(kit: Kit, assembly: Assembly, building: Building, cells: F64) -> None:
    """Outdoor units under windows, and rain pipes at the edges."""
    rng = kit.rng(building.name, "machines")
    for x0, z0, x1, _ in cells[rng.random(len(cells)) < 0.22 * kit.style.density]:
        x = float(rng.uniform(x0 + 0.1, max(x0 + 0.11, x1 - 0.95)))
        outdoor_unit(kit, assembly, building.frame.inner(x, 0.0, z0 + 0.12))
    for x in (0.12, building.width - 0.12):
        if rng.random() < 0.7:
            line = [(x, -0.09, building.ground * 0.2), (x, -0.09, building.height)]
            assembly.tube(building.frame, line, 0.05, kit.plain["pole"], 3)


def outdoor_unit(kit: Kit, assembly: Assembly, frame: Frame) -> None:
    """An air conditioner's outdoor unit on brackets, 0.8 m wide, the dark mouth of its fan to the street."""
    assembly.box(frame, (0, -0.36, 0), (0.8, -0.04, 0.58), kit.plain["white"], ("front", "left", "right", "bottom"))
    mouth = [(0.1, -0.365, 0.29), (0.3, -0.365, 0.09), (0.5, -0.365, 0.29), (0.3, -0.365, 0.49)]
    assembly.quads(frame, mouth, kit.plain["dark"])


def _roof(kit: Kit, assembly: Assembly, building: Building) -> None:
    """Side walls, roof, parapet, and what stands up there."""
    rng = kit.rng(building.name, "roof")
    frame, w, d, h = building.frame, building.width, building.depth, building.height
    assembly.box(frame, (0, 0, 0), (w, d, h), building.above, ("left", "right", "top"), (0.8, 0.8, 0.8))
    sides = ("front", "left", "right", "bottom")
    assembly.box(frame, (-0.03, -0.06, h - 0.1), (w + 0.03, 0.22, h + 0.9), building.above, sides)
    if rng.random() < 0.5:
        x = float(rng.uniform(1.0, w - 2.6))
        tank = [(0.75, 0.0), (0.75, 1.6), (0.001, 1.9)]
        assembly.lathe(frame.inner(x + 0.8, 2.5, h + 0.9), tank, kit.plain["steel"], 8)
    for _ in range(int(rng.integers(1, 4))):
        x, y = float(rng.uniform(0.3, w - 1.4)), float(rng.uniform(0.6, 3.0))
        tall = float(rng.uniform(1.2, 2.6))
        assembly.box(
            frame, (x, y, h), (x + 1.1, y + 1.0, h + tall), kit.plain["pole"], ("front", "left", "right", "top")
        )
    x, top = float(rng.uniform(0.5, w - 0.5)), h + float(rng.uniform(3.0, 5.5))
    mast = (x - 0.03, 0.8, h), (x + 0.03, 0.83, top)
    bars = np.array([(x - 0.5, 0.8, top - 0.35 * k) for k in range(3)])
    assembly.box(frame, *mast, kit.plain["steel"], ("front",))
    assembly.box(frame, bars, bars + np.array((1.0, 0.03, 0.03)), kit.plain["steel"], ("front",))
