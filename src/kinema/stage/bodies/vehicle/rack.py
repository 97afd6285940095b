"""A roof rack: a basket of tube on the gutters, and what is strapped into it."""

from __future__ import annotations

import numpy as np

from kinema.buffers.scene_frame import F64, Material
from kinema.stage.bodies.vehicle.species import Species
from kinema.stage.geometry import solids
from kinema.stage.geometry.outlines import circle, rounded
from kinema.stage.geometry.solids import Part, Solid

CANVAS = Material("canvas", (0.16, 0.14, 0.075), 0.95, bump=0.0)
LEATHER = Material("luggage", (0.17, 0.075, 0.03), 0.6)
STRAP = Material("strap", (0.05, 0.035, 0.02), 0.7)


def both(solid: Solid) -> Solid:
    """The solid with its mirror image across the middle of the vehicle."""
    return solids.merge([solid, solids.scaled(solid, (-1.0, 1.0, 1.0))])


def _bar(ends: F64, radius: float, steps: int, up: tuple[float, float, float] = (0.0, 0.0, 1.0)) -> Solid:
    """A tube whose open ends are hidden in what it is welded to."""
    return solids.sweep(circle(1.0, steps), ends, radius, up, caps=False)


def rack(row: Species, stuff: Material) -> list[Part]:
    """A basket of black tube on the gutters, with a trunk, a canvas roll and a can strapped on."""
    gutter = row.cabin.gutter
    x, rear, front = gutter.width / 2 - 0.02, gutter.rear + 0.12, gutter.front - 0.22
    low, high = row.belt + row.cabin.height + row.cabin.roof + 0.055, 0.15
    corners = np.array([[x, rear], [x, front], [-x, front], [-x, rear]])
    ring = rounded(corners, 0.10, 3)
    ring = np.concatenate([ring, ring[:2]])
    bars = [
        _bar(np.column_stack([ring, np.full(len(ring), z)]), r, 5)
        for z, r in ((low, 0.014), (low + high, 0.017), (low + high / 2, 0.010))
    ]
    posts = [(s * x, y) for s in (-1, 1) for y in np.linspace(rear + 0.1, front - 0.1, 6)]
    posts += [(px, y) for px in np.linspace(-x + 0.12, x - 0.12, 4) for y in (rear, front)]
    bars += [_bar(np.array([[a, b, low], [a, b, low + high]]), 0.010, 4, up=(0, 1, 0)) for a, b in posts]
    bars += [_bar(np.array([[-x, y, low], [x, y, low]]), 0.012, 4) for y in np.linspace(rear + 0.1, front - 0.1, 9)]
    roof = row.belt + row.cabin.height
    for y in np.linspace(rear + 0.12, front - 0.12, 4):
        leg = np.array([[x, y, low], [x + 0.035, y, low - 0.04], [x + 0.035, y, roof + 0.01]])
        bars.append(both(_bar(leg, 0.014, 4, up=(0, 1, 0))))
    return [Part(solids.merge(bars), stuff), *_luggage(low + 0.012, rear, front)]


def _luggage(z: float, rear: float, front: float) -> list[Part]:
    trunk = solids.moved(solids.bevelled_box((0.62, 0.46, 0.22), 0.035), (-0.26, front - 0.55, z + 0.11))
    lid = solids.moved(solids.bevelled_box((0.635, 0.475, 0.02), 0.008), (-0.26, front - 0.55, z + 0.15))
    roll = np.column_stack([np.linspace(-0.5, 0.5, 9), np.full(9, front - 1.05), np.full(9, z + 0.115)])
    bag = solids.tube(roll, 0.115 * np.array([0.55, 0.93, 1.0, 0.97, 1.0, 0.97, 1.0, 0.93, 0.55]), 10)
    case = solids.moved(solids.bevelled_box((0.42, 0.34, 0.17), 0.03), (0.33, front - 0.5, z + 0.085))
    straps = [
        solids.bevelled_box((0.035, 0.49, 0.235), 0.004, (-0.26 + dx, front - 0.55, z + 0.112)) for dx in (-0.18, 0.18)
    ]
    turn = np.linspace(0, 2 * np.pi, 13)
    for dx in (-0.27, 0.27):
        hoop = np.stack(
            [np.full(13, dx), front - 1.05 + 0.118 * np.cos(turn), z + 0.115 + 0.118 * np.sin(turn)], axis=1
        )
        straps.append(solids.tube(hoop, 0.012, 3, up=(1, 0, 0)))
    return [
        Part(solids.merge([trunk, lid]), LEATHER),
        Part(solids.merge([bag, case]), CANVAS),
        Part(solids.merge(straps), STRAP),
    ]
