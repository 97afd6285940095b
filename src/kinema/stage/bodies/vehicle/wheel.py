"""A wheel about the x axis: tyre with tread blocks, and a steel or alloy rim whose outside faces +x."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from kinema.buffers.scene_frame import Colour, Material
from kinema.stage.bodies.vehicle.species import WheelSize
from kinema.stage.geometry import solids
from kinema.stage.geometry.solids import Part, Solid

RUBBER = Material("rubber", (0.040, 0.037, 0.033), 0.88)
DARK = Material("wheel_dark", (0.012, 0.012, 0.013), 0.7)
CHROME = Material("chrome", (0.78, 0.78, 0.79), 0.16, 1.0)


def wheel(size: WheelSize, paint: Colour) -> list[Part]:
    """Parts of one wheel, its centre at the origin; about 1,500 triangles for a wide tyre."""
    rim = Material("rim", paint, 0.35)
    upright = [*_tyre(size), *(_steel(size, rim) if size.style == "steel" else _alloy(size))]
    return [Part(solids.turned(part.solid, "y", np.pi / 2), part.material) for part in upright]


def _tyre(size: WheelSize) -> list[Part]:
    """The tyre about z, its outside towards +z."""
    r, w, rim = size.radius, size.width / 2, size.rim
    tread = r - 0.03 * (size.style == "steel") - 0.006
    profile = [
        (rim, -0.76 * w),
        (rim + 0.35 * (r - rim), -1.0 * w),
        (rim + 0.68 * (r - rim), -0.99 * w),
        (tread - 0.01, -0.86 * w),
        (tread, -0.74 * w),
    ]
    wall = Part(solids.lathe(np.array([*profile, *((a, -b) for a, b in reversed(profile))]), 20), RUBBER)
    return [wall, Part(_blocks(size, tread), RUBBER)]


def _blocks(size: WheelSize, tread: float) -> Solid:
    """Two rows of staggered shoulder blocks and one down the middle."""
    coarse = size.style == "steel"
    count = 18 if coarse else 24
    pitch = 2 * np.pi / count
    rows = [(-0.56, 0.44, 0.0), (0.0, 0.40, 0.5), (0.56, 0.44, 0.0)]
    pieces = []
    for middle, share, phase in rows:
        length = tread * pitch * 0.62
        tall = size.radius - tread + 0.01
        block = solids.box(
            (tall, length, size.width * share), (tread - 0.01 + tall / 2, 0.0, middle * size.width / 2 * 1.06)
        )
        block = _open_below(block, tread)
        pieces += [solids.turned(block, "z", (k + phase) * pitch) for k in range(count)]
    return solids.merge(pieces)


def _open_below(block: Solid, tread: float) -> Solid:
    """A tread block without the face that stands on the tyre."""
    under = np.all(block.positions[block.faces][..., 0] < tread, axis=1)
    return replace(block, faces=block.faces[~under], uv=block.uv[~under])


def _steel(size: WheelSize, rim: Material) -> list[Part]:
    """A pressed steel disc: rolled rim, dish with slots, hub cap and nuts."""
    r, w = size.rim, size.width / 2
    dish = [
        (r, -0.72 * w), (0.90 * r, -0.5 * w), (0.90 * r, 0.1 * w), (0.86 * r, 0.12 * w), (0.70 * r, 0.34 * w),
        (0.50 * r, 0.40 * w), (0.46 * r, 0.30 * w), (0.0, 0.30 * w),
    ]  # fmt: skip
    rolled = [
        (0.89 * r, 0.1 * w),
        (0.94 * r, 0.66 * w),
        (1.04 * r, 0.80 * w),
        (1.0 * r, 0.6 * w),
    ]
    hub = [(0.26 * r, 0.30 * w), (0.25 * r, 0.62 * w), (0.20 * r, 0.70 * w), (0.0, 0.73 * w)]
    parts = [Part(_facing_out(dish), rim), Part(_facing_out(rolled), rim), Part(_facing_out(hub, 12), CHROME)]
    slot = solids.scaled(solids.sphere(1.0, 6, 2), (0.052 * r / 0.2, 0.026 * r / 0.2, 0.012))
    nut = solids.moved(_facing_out([(0.014, 0.0), (0.0, 0.018)], 5), (0.37 * r, 0.0, 0.30 * w))
    for k in range(8):
        turn = k * np.pi / 4
        at = solids.moved(solids.turned(slot, "z", np.pi / 2), (0.78 * r, 0.0, 0.245 * w))
        parts.append(Part(solids.turned(at, "z", turn), DARK))
    parts += [Part(solids.turned(nut, "z", k * np.pi / 3), CHROME) for k in range(6)]
    return parts


def _alloy(size: WheelSize) -> list[Part]:
    """Five double spokes in a bright rim over a dark well."""
    r, w = size.rim, size.width / 2
    silver = Material("alloy", (0.55, 0.56, 0.58), 0.3, 1.0)
    rim = [(0.90 * r, -0.5 * w), (0.91 * r, 0.6 * w), (0.97 * r, 0.78 * w), (1.05 * r, 0.76 * w), (1.0 * r, 0.6 * w)]
    well = [(r, -0.72 * w), (0.91 * r, -0.4 * w), (0.91 * r, -0.1 * w), (0.0, -0.05 * w)]
    hub = [(0.24 * r, 0.1 * w), (0.22 * r, 0.56 * w), (0.0, 0.60 * w)]
    spoke = solids.moved(solids.bevelled_box((0.76 * r, 0.13 * r, 0.22 * w), 0.01), (0.56 * r, 0.0, 0.48 * w))
    turns = [k * 2 * np.pi / 5 + side * 0.16 for k in range(5) for side in (-1, 1)]
    spokes = solids.merge([solids.turned(spoke, "z", turn) for turn in turns])
    return [
        Part(solids.merge([_facing_out(rim), _facing_out(hub), spokes]), silver),
        Part(_facing_out(well), DARK),
    ]


def _facing_out(profile: list[tuple[float, float]], steps: int = 16) -> Solid:
    """A lathe seen from +z: the profile runs from the rim inwards, its other side would never be seen."""
    return solids.lathe(np.array(profile), steps)
