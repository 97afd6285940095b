"""Furniture as parts in its own frame: back against y = 0 facing -y, on the floor, unless a piece says otherwise."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from kinema.buffers.scene_frame import F64, Material, Texture
from kinema.stage.chance import chance
from kinema.stage.geometry import solids
from kinema.stage.geometry.outlines import rectangle, rounded
from kinema.stage.geometry.solids import Part, Solid

BRASS = Material("brass", (0.80, 0.55, 0.22), 0.3, 1.0)
STEEL = Material("steel", (0.6, 0.6, 0.62), 0.3, 1.0)
PORCELAIN = Material("porcelain", (0.75, 0.73, 0.68), 0.2)
SOIL = Material("soil", (0.05, 0.03, 0.02), 0.95)
LEAF = Material("leaf", (0.05, 0.16, 0.035), 0.45, subsurface=0.5)
PAPER = Material("paper", (0.80, 0.77, 0.68), 0.9)


def placed(parts: Sequence[Part], position: Sequence[float], yaw: float = 0.0) -> list[Part]:
    """Parts turned by a yaw and put at a place."""
    frame = solids.placement(position, yaw)
    return [Part(solids.transformed(part.solid, frame), part.material) for part in parts]


def faced(solid: Solid, middle: Sequence[float], width: float, height: float) -> Solid:
    """The solid with a picture's uv, 0 to 1 over width along x and height along z about the middle."""
    at = solid.positions[solid.faces]
    u = (at[..., 0] - middle[0]) / width + 0.5
    v = (at[..., 2] - middle[2]) / height + 0.5
    return Solid(solid.positions, solid.faces, np.stack([u, v], axis=-1))


def bedstead(width: float, length: float, top: float, wood: Material, cloth: Material) -> list[Part]:
    """A bed without bedding, headboard at y = 0: panelled headboard, low footboard, rails, legs, mattress up to top."""
    half, head, foot = width / 2 + 0.05, 1.12, 0.40
    arch = [
        (-half + 0.03, 0.25),
        (half - 0.03, 0.25),
        (half - 0.03, head - 0.16),
        (0.0, head - 0.02),
        (-half + 0.03, head - 0.16),
    ]
    board = rounded(np.array(arch), [0.02, 0.02, 0.08, 1.4, 0.08], 8)
    back = solids.moved(solids.turned(solids.extrude(board, 0.035, bevel=0.008), "x", np.pi / 2), (0, -0.02, 0))
    rim_curve = np.array([[x, -0.037, z] for x, z in board[board[:, 1] > 0.5]])
    rim = solids.sweep(rectangle(0.06, 0.05, 0.015, 2), rim_curve, up=(0, 1, 0))
    panels = [
        solids.moved(solids.bevelled_box((0.40 * width, 0.02, 0.38), 0.012), (side * 0.245 * width, -0.058, 0.74))
        for side in (-1, 1)
    ]
    posts = [
        solids.bevelled_box((0.085, 0.085, h), 0.014, (s * half, y, h / 2))
        for s in (-1, 1)
        for y, h in ((-0.04, head - 0.06), (-length - 0.06, foot + 0.10))
    ]
    knobs = [solids.moved(solids.sphere(0.048, 16, 10), (s * half, -length - 0.06, foot + 0.14)) for s in (-1, 1)]
    knobs += [solids.moved(solids.sphere(0.048, 16, 10), (s * half, -0.04, head - 0.02)) for s in (-1, 1)]
    rails = [solids.bevelled_box((0.035, length, 0.17), 0.008, (s * half, -length / 2 - 0.05, 0.28)) for s in (-1, 1)]
    end = solids.bevelled_box((2 * half, 0.04, 0.26), 0.01, (0, -length - 0.06, 0.30))
    mattress = solids.bevelled_box((width, length, top - 0.26), 0.06, (0, -length / 2 - 0.05, (top + 0.26) / 2))
    timber = solids.merge([back, rim, *panels, *posts, *knobs, *rails, end])
    return [Part(timber, wood), Part(solids.scale_uv(mattress, 1 / 0.3), cloth)]


def nightstand(wood: Material) -> list[Part]:
    """A table 0.46 m wide and 0.55 m high with two drawers."""
    w, d, h = 0.46, 0.40, 0.55
    top = solids.bevelled_box((w + 0.04, d + 0.03, 0.028), 0.008, (0, -d / 2, h - 0.014))
    sides = [
        solids.bevelled_box((0.02, d, h - 0.15), 0.004, (s * (w / 2 - 0.01), -d / 2, h / 2 + 0.06)) for s in (-1, 1)
    ]
    back = solids.box((w, 0.012, h - 0.15), (0, -0.01, h / 2 + 0.06))
    base = solids.box((w - 0.02, d - 0.02, 0.02), (0, -d / 2, 0.15))
    fronts = [solids.bevelled_box((w - 0.05, 0.022, 0.165), 0.008, (0, -d - 0.002, z)) for z in (0.245, 0.425)]
    leg = solids.tube(np.array([[0, 0, 0.15], [0.012, 0, 0.0]]), np.array([0.024, 0.014]), 10, up=(0, 1, 0))
    legs = [
        solids.scaled(solids.moved(leg, (w / 2 - 0.05, y, 0)), (s, 1, 1)) for s in (-1, 1) for y in (-0.05, -d + 0.05)
    ]
    knobs = [solids.moved(solids.sphere((0.014, 0.016, 0.014), 12, 8), (0, -d - 0.026, z)) for z in (0.245, 0.425)]
    return [Part(solids.merge([top, *sides, back, base, *fronts, *legs]), wood), Part(solids.merge(knobs), BRASS)]


def pendant_lamp(glow: float, shade: Material, drop: float) -> list[Part]:
    """A lamp hanging drop metres down from z = 0 about the z axis: brass rose, cord, cloth shade that glows by that
    radiance."""
    cloth = [(0.165, 0.0), (0.167, 0.002), (0.088, 0.19), (0.085, 0.19)]
    inner = [(0.083, 0.188), (0.162, 0.002)]
    warm = (glow, 0.72 * glow, 0.42 * glow)
    lit = Material("lampshade", shade.albedo, 0.9, emission=warm, subsurface=0.6, texture=shade.texture)
    band = np.array([(0.0, 0.0), (0.004, 0.004), (0.004, 0.012), (0.0, 0.016)])
    bands = [
        solids.moved(solids.lathe(band + np.array([r, 0.0]), 32), (0, 0, z))
        for r, z in ((0.164, -0.002), (0.085, 0.178))
    ]
    rose = solids.moved(solids.cylinder(0.05, 0.025, 16), (0, 0, drop - 0.03))
    cord = solids.tube(np.array([[0.0, 0.0, 0.12], [0.0, 0.0, drop]]), 0.004, 6, up=(0, 1, 0))
    bulb = solids.moved(solids.sphere(0.032, 12, 8), (0, 0, 0.09))
    parts = [
        Part(solids.scale_uv(solids.lathe(np.array(cloth), 32), 1 / 0.12), lit),
        Part(solids.lathe(np.array(inner), 32), lit),
        Part(solids.merge([rose, *bands]), BRASS),
        Part(cord, Material("lamp_cord", (0.10, 0.07, 0.05), 0.8)),
        Part(bulb, PORCELAIN),
    ]
    return placed(parts, (0.0, 0.0, -drop))


def alarm_clock(face: Texture) -> list[Part]:
    """A twin-bell clock standing on z = 0, its face towards -y."""
    red = Material("clock_enamel", (0.42, 0.035, 0.03), 0.3)
    dial = Material("clock_face", (1.0, 1.0, 1.0), 0.4, texture=face)
    r, z = 0.055, 0.075
    drum = solids.turned(
        solids.lathe(
            np.array([(0, -0.025), (r, -0.025), (r + 0.004, -0.02), (r + 0.004, 0.02), (r, 0.028), (r - 0.008, 0.022)]),
            32,
        ),
        "x",
        np.pi / 2,
    )
    plate = solids.turned(solids.lathe(np.array([(r - 0.008, 0.02), (0.0, 0.0201)]), 32), "x", np.pi / 2)
    bells = [
        solids.moved(
            solids.turned(
                solids.lathe(np.array([(0.026, 0.0), (0.027, 0.004), (0.02, 0.02), (0.0, 0.026)]), 20), "y", s * 0.5
            ),
            (s * 0.033, 0, z + 0.052),
        )
        for s in (-1, 1)
    ]
    legs = [
        solids.tube(np.array([[s * 0.03, 0, z - 0.045], [s * 0.045, 0, 0.0]]), 0.005, 8, up=(0, 1, 0)) for s in (-1, 1)
    ]
    turn = np.linspace(0.25 * np.pi, 0.75 * np.pi, 9)
    handle = solids.tube(
        np.stack([0.045 * np.cos(turn), 0 * turn, z + 0.05 + 0.05 * np.sin(turn)], axis=1), 0.004, 6, up=(0, 1, 0)
    )
    shown = faced(solids.moved(plate, (0, 0, z)), (0, 0, z), 2 * (r - 0.008), 2 * (r - 0.008))
    return [
        Part(solids.moved(drum, (0, 0, z)), red),
        Part(shown, dial),
        Part(solids.merge([*bells, *legs, handle]), STEEL),
    ]


def books(seed: int, name: str, count: int) -> list[Part]:
    """A stack of books lying on z = 0 about the z axis, a little askew."""
    rng = chance(seed, name, "books")
    cloths = ((0.30, 0.05, 0.04), (0.04, 0.10, 0.16), (0.42, 0.30, 0.08), (0.05, 0.14, 0.09), (0.35, 0.32, 0.27))
    parts, z = [], 0.0
    for k in range(count):
        w, d, h = rng.uniform(0.13, 0.16), rng.uniform(0.19, 0.22), rng.uniform(0.022, 0.038)
        cloth = Material(f"book_{k}", cloths[int(rng.integers(len(cloths)))], 0.7)
        covers = [solids.bevelled_box((w, d, 0.003), 0.001, (0, 0, c)) for c in (0.0015, h - 0.0015)]
        spine = solids.bevelled_box((0.003, d, h), 0.001, (-w / 2, 0, h / 2))
        leaves = solids.box((w - 0.006, d - 0.008, h - 0.006), (-0.001, 0, h / 2))
        turned = placed(
            [Part(solids.merge([*covers, spine]), cloth), Part(leaves, PAPER)], (0, 0, z), float(rng.normal(0.2, 0.25))
        )
        parts += turned
        z += h
    return parts


def wardrobe(wood: Material, width: float = 1.25, height: float = 2.05) -> list[Part]:
    """Two panelled doors over a drawer, with a cornice."""
    d = 0.58
    body = solids.bevelled_box((width, d, height - 0.14), 0.01, (0, -d / 2, (height - 0.14) / 2 + 0.06))
    plinth = solids.bevelled_box((width - 0.04, d - 0.03, 0.08), 0.006, (0, -d / 2, 0.04))
    section = np.array([(0.0, 0.0), (0.055, 0.055), (0.06, 0.08), (0.0, 0.08)])
    run = np.array([[-width / 2, -0.0, 0], [-width / 2, -d, 0], [width / 2, -d, 0], [width / 2, 0.0, 0]])
    cornice = [_moulding(section, run[k], run[k + 1], height - 0.10) for k in range(3)]
    cap = solids.box((width + 0.1, d + 0.05, 0.02), (0, -d / 2, height - 0.02))
    pieces = [body, plinth, cap, *cornice]
    for side in (-1, 1):
        x, wide = side * width / 4, width / 2 - 0.012
        pieces.append(solids.bevelled_box((wide, 0.022, height - 0.56), 0.006, (x, -d - 0.008, height / 2 + 0.14)))
        for z, tall in (
            (height / 2 + 0.14 + 0.24 * (height - 0.56), 0.40),
            (height / 2 + 0.14 - 0.22 * (height - 0.56), 0.52),
        ):
            frame = solids.extrude(
                rectangle(wide - 0.16, tall * (height - 0.56)),
                0.016,
                [rectangle(wide - 0.21, tall * (height - 0.56) - 0.05)],
                0.005,
            )
            pieces.append(solids.moved(solids.turned(frame, "x", np.pi / 2), (x, -d - 0.016, z)))
    pieces.append(solids.bevelled_box((width - 0.03, 0.022, 0.24), 0.008, (0, -d - 0.008, 0.25)))
    knobs = [
        solids.moved(solids.sphere((0.016, 0.02, 0.016), 12, 8), (s * 0.05, -d - 0.035, height / 2 + 0.1))
        for s in (-1, 1)
    ]
    knobs += [solids.moved(solids.sphere((0.016, 0.02, 0.016), 12, 8), (s * 0.3, -d - 0.035, 0.25)) for s in (-1, 1)]
    return [Part(solids.merge(pieces), wood), Part(solids.merge(knobs), BRASS)]


def _moulding(section: F64, start: F64, end: F64, z: float) -> Solid:
    """A straight moulding from start to end (xy) at a height, its section (out, up) to the right of the way it runs."""
    way = (end - start)[:2] / np.linalg.norm(end - start)
    out = np.array([way[1], -way[0]])
    # mitred at 45 degrees at both ends
    ring = np.concatenate([section, section[:1]])
    rows = [
        np.column_stack([np.outer(ring[:, 0], out) + at[:2] + sign * ring[:, :1] * way, z + ring[:, 1]])
        for at, sign in ((start, -1.0), (end, 1.0))
    ]
    return solids.loft(np.array(rows)[:, ::-1])


def framed_picture(width: float, height: float, picture: Texture, wood: Material) -> list[Part]:
    """A picture in a frame hanging on y = 0, its middle at the origin, facing -y."""
    frame = solids.extrude(
        rectangle(width + 0.07, height + 0.07), 0.028, [rectangle(width - 0.005, height - 0.005)], 0.008
    )
    sheet = solids.box((width, 0.006, height), (0, -0.008, 0))
    shown = Material(f"picture_{picture.key}", (1.0, 1.0, 1.0), 0.5, texture=picture)
    return [Part(solids.turned(frame, "x", np.pi / 2), wood), Part(faced(sheet, (0, 0, 0), width, height), shown)]


def house_plant(seed: int, name: str, tall: float) -> list[Part]:
    """A broad-leaved plant in a pot, standing about the z axis."""
    rng = chance(seed, name, "plant")
    clay = Material("terracotta", (0.45, 0.16, 0.08), 0.8)
    pot = [
        (0.0, 0.0),
        (0.12, 0.0),
        (0.165, 0.25),
        (0.185, 0.255),
        (0.19, 0.30),
        (0.17, 0.30),
        (0.16, 0.27),
        (0.0, 0.268),
    ]
    leaves, stems = [], []
    for k in range(15):
        turn, lean = k * 2.4 + rng.normal(0, 0.2), rng.uniform(0.15, 0.9)
        high = tall * (1.05 - 0.75 * lean) * rng.uniform(0.8, 1.05)
        out = np.array([np.cos(turn), np.sin(turn), 0.0])
        root = np.array([0.0, 0.0, 0.27]) + 0.04 * out
        tip = root + out * (0.12 + 0.42 * lean) * tall * 0.6 + np.array([0, 0, high - 0.27])
        along = np.linspace(0, 1, 6)[:, None]
        stem = root + (tip - root) * along + 0.10 * np.sin(np.pi * along) * np.array([0, 0, 1.0])
        stems.append(solids.tube(stem, 0.007, 5, up=(0.3, 0.5, 0.1)))
        leaves.append(_leaf(tip, out, rng.uniform(0.20, 0.32), float(rng.uniform(0.3, 0.9))))
    return [
        Part(solids.lathe(np.array(pot), 28), clay),
        Part(solids.moved(solids.cylinder(0.155, 0.004, 20), (0, 0, 0.272)), SOIL),
        Part(solids.merge([*stems, *leaves]), LEAF),
    ]


def _leaf(root: F64, out: F64, long: float, droop: float) -> Solid:
    """An oval leaf from its stem outwards, folded along its midrib and drooping."""
    along = np.linspace(0, 1, 8)
    wide = 0.36 * long * np.sin(np.pi * along**0.75) ** 0.8
    side = np.cross([0.0, 0.0, 1.0], out)
    spine = root + long * (along[:, None] * out + (0.35 * along - droop * along**2)[:, None] * np.array([0, 0, 1.0]))
    across = np.array([-1.0, -0.5, 0.0, 0.5, 1.0])
    points = spine[:, None] + wide[:, None, None] * across[None, :, None] * side
    points[..., 2] += wide[:, None] * 0.35 * np.abs(across)
    return solids.loft(points)


def curtain(width: float, height: float, seed: int, name: str, gathered: float) -> Solid:
    """A curtain hanging down from z = 0, from x = 0 to width, in folds; tied together at a share of its height."""
    rng = chance(seed, name, "curtain")
    u, v = np.meshgrid(np.linspace(0, 1, 61), np.linspace(0, 1, 22), indexing="ij")
    count = round(width / 0.085)
    phase = rng.uniform(0, 2 * np.pi)
    deep = 0.030 + 0.018 * v
    waist = 1.0 - 0.45 * np.exp(-(((v - gathered) / 0.16) ** 2)) if gathered > 0 else np.ones_like(v)
    x = width * u * waist
    sway = 0.35 * np.sin(2 * np.pi * u * 3 + phase + 2.0 * v)
    y = deep * np.sin(2 * np.pi * count * u + sway + phase) * (0.7 + 0.3 * waist)
    return solids.loft(np.stack([x, y, -height * v], axis=-1))


def slippers(cloth: Material) -> list[Part]:
    """A pair of slippers on z = 0, toes towards -y."""
    sole = rounded(np.array([(-0.045, -0.13), (0.045, -0.13), (0.038, 0.13), (-0.038, 0.13)]), 0.04, 5)
    base = solids.extrude(sole, 0.018, bevel=0.005)
    turn = np.linspace(0, np.pi, 11)
    arcs = [
        np.stack([w * np.cos(turn), np.full(11, y), 0.012 + h * np.sin(turn)], axis=1)
        for y, w, h in (
            (-0.128, 0.012, 0.012),
            (-0.11, 0.036, 0.035),
            (-0.07, 0.046, 0.052),
            (-0.02, 0.046, 0.062),
            (0.02, 0.045, 0.064),
        )
    ]
    upper = solids.loft(np.array(arcs)[:, ::-1])
    pair = [solids.turned(solids.merge([base, upper]), "z", turned) for turned in (0.12, -0.05)]
    return [Part(solids.merge([solids.moved(pair[0], (-0.07, 0, 0)), solids.moved(pair[1], (0.07, 0.02, 0))]), cloth)]


def tumbler() -> Solid:
    """A glass of water's outside, standing on z = 0."""
    return solids.lathe(
        np.array([(0.0, 0.0), (0.028, 0.0), (0.036, 0.10), (0.034, 0.10), (0.027, 0.008), (0.0, 0.008)]), 24
    )
