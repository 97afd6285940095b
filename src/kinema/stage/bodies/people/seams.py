"""How a jacket is put together: seams that show, zipped pockets, straps on the shoulders, a band at the waist."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from kinema.buffers.scene_frame import F32, F64, Material
from kinema.stage.bodies.people.body import Body
from kinema.stage.bodies.people.cuts import Cut, gap, level_height
from kinema.stage.bodies.people.garments import torso_hull
from kinema.stage.bodies.people.piece import Piece
from kinema.stage.bodies.people.skinning import smooth_normals
from kinema.stage.bodies.people.tailoring import Cloth, grid_piece, slab

WELT = 0.0035  # metres from a seam's ridge to either side of it
RIDGE = 0.0020  # metres that it stands out
SUNK = 0.45  # of the colour's light that is left beside it
TOOTH = 0.0046  # metres from one tooth of a zip to the next
ROUND_ARM = np.linspace(-0.72, 0.72, 27) * np.pi  # about the top of an arm, all but the armpit
BAND = 0.042  # metres from the hem to the seam above it
SIDES = (-1.0, 1.0)


def seams(body: Body, cloth: Cloth, cut: Cut, material: Material) -> list[Piece]:
    """Ridges where a jacket is sewn together: round the arms, across chest and back, above hem and cuffs."""
    low, chest = level_height(body, cut.bottom) + BAND, level_height(body, 5.25)
    scale = body.height / 1.65
    across = np.linspace(-0.13, 0.13, 19) * scale
    paths = [_facing(body, cloth, across, np.full(19, chest + 0.02), -1.0), _band(body, cloth, cut, low)]
    for side in SIDES:
        paths.append(_about_arm(body, cloth, side, 0.015, ROUND_ARM, 0.35))
        around = np.linspace(-np.pi, np.pi, 21)
        paths.append(_about_arm(body, cloth, side, cut.sleeve - 0.17, around, 0.0))
        out = np.linspace(0.105, 0.145, 5) * scale
        paths.append(_facing(body, cloth, side * out, np.full(5, chest), 1.0))
    return [_ridge(cloth, path, material) for path in paths]


def pockets(body: Body, cloth: Cloth, metal: Material) -> list[Piece]:
    """Slanting zips: one on either side above the waist, a short one on the left of the chest."""
    scale, waist, chest = body.height / 1.65, level_height(body, 3.86), level_height(body, 5.0)
    ends = [((0.075, waist - 0.035), (0.118, waist + 0.055)), ((-0.075, waist - 0.035), (-0.118, waist + 0.055)),
            ((-0.098, chest - 0.006), (-0.142, chest + 0.040))]  # fmt: skip
    return [
        _teeth("pocket", cloth, _facing(body, cloth, *_between(first, last, scale), 1.0), metal) for first, last in ends
    ]


def straps(body: Body, cloth: Cloth, material: Material) -> list[Piece]:
    """A flat strap along the top of each shoulder, from the arm's seam to a point near the collar."""
    scale, result = body.height / 1.65, []
    for side in SIDES:
        shoulder = body.landmarks["upper_arm_left" if side < 0 else "upper_arm_right"]
        run = np.linspace(1.0, 0.0, 9)
        wide = 0.021 * scale * np.sqrt(1 - np.clip((0.25 - run) / 0.25, 0, 0.97) ** 2) * (0.85 + 0.15 * run)
        x = side * (0.068 * scale + (abs(shoulder[0]) - 0.010 * scale - 0.068 * scale) * run)
        y = shoulder[1] - 0.010 + wide[:, None] * np.linspace(-1, 1, 5)
        z = np.full((9, 5), level_height(body, 6.0) + 0.03)
        grid = np.stack([np.repeat(x[:, None], 5, 1), y, z], -1)
        flat, weights = _settled(cloth, grid.reshape(-1, 3), (2,))
        grid = flat.reshape(9, 5, 3) + np.array([0.0, 0.0, 0.0042])
        grid[:, :, 2] += 0.25 * (grid[:, :, 2].max(1, keepdims=True) - grid[:, :, 2])  # stiff: it bridges what is round
        outward = np.broadcast_to(np.array([0.0, 0.0, 1.0]), grid.shape)
        result.append(_upward(slab("strap", grid, outward, weights, 0.004, material)))
    return result


def _teeth(name: str, cloth: Cloth, path: F64, metal: Material) -> Piece:
    """A zip along a path (N, 3): a strip of teeth, every other one of them higher."""
    length = np.concatenate([[0.0], np.linalg.norm(np.diff(path, axis=0), axis=1).cumsum()])
    count = max(int(length[-1] / TOOTH), 4)
    at = np.linspace(0, length[-1], count)
    fine = np.stack([np.interp(at, length, path[:, k]) for k in range(3)], 1)
    return _strip(name, cloth, fine, 0.0030, np.tile([0.0026, 0.0036], count)[:count], metal, 1.0)


def _ridge(cloth: Cloth, path: F64, material: Material) -> Piece:
    return _strip("seam", cloth, path, WELT, np.full(len(path), RIDGE), material, SUNK)


def _strip(name: str, cloth: Cloth, path: F64, half: float, height: F64, material: Material, edge: float) -> Piece:
    """A narrow strip on the cloth along a path (N, 3), highest in its middle; edge: how light its sides are."""
    laid, _ = cloth.lay(path, 0.0)
    _, rows = cloth.tree.query(laid, 4)
    normal = cloth.normals[rows].mean(1)
    aside = np.cross(np.gradient(laid, axis=0), normal)
    aside *= half / np.maximum(np.linalg.norm(aside, axis=1, keepdims=True), 1e-9)
    grid = np.stack([laid - aside, laid, laid + aside], 1)
    off = np.stack([np.zeros(len(path)), height, np.zeros(len(path))], 1) + 0.0008
    flat, weights = cloth.lay(grid.reshape(-1, 3), off.ravel())
    piece = grid_piece(name, flat.reshape(grid.shape), weights, material)
    light = np.tile(np.array([edge, 1.0, edge], np.float32), len(path))
    turned = (smooth_normals(piece.points, piece.faces) * np.repeat(normal, 3, 0)).sum(1).mean() < 0
    faces = np.ascontiguousarray(piece.faces[:, ::-1]) if turned else piece.faces
    return replace(piece, faces=faces, colours=np.repeat(light[:, None], 3, 1))


def _settled(cloth: Cloth, points: F64, free: tuple[int, ...]) -> tuple[F64, F32]:
    """Points (N, 3) moved onto the cloth along some axes only, and weights for them."""
    points = points.copy()
    for _ in range(6):
        laid, weights = cloth.lay(points, 0.0)
        points[:, free] = laid[:, free]
    return points, weights


def _facing(body: Body, cloth: Cloth, x: F64, z: F64, ahead: float) -> F64:
    """A path (N, 3) across the front (ahead 1) or the back (-1) of the torso."""
    y = np.full(len(x), body.landmarks["chest"][1] + ahead * 0.13)
    return _settled(cloth, np.stack([x, y, z], 1), (1,))[0]


def _between(first: tuple[float, float], last: tuple[float, float], scale: float) -> tuple[F64, F64]:
    t = np.linspace(0, 1, 8)
    return (first[0] + (last[0] - first[0]) * t) * scale, first[1] + (last[1] - first[1]) * t


def _band(body: Body, cloth: Cloth, cut: Cut, height: float) -> F64:
    """The seam (N, 3) all round the torso at a height, open where the front is."""
    hull = torso_hull(body, height)
    middle = (hull.max(0) + hull.min(0)) / 2
    first = 0.04  # radians from the middle of the front to where it ends
    if cut.open is not None:
        half = gap(cut.open, np.array([height]), height - BAND, level_height(body, cut.top))[0] + 0.006
        first = np.arcsin(min(float(half) / 0.12, 0.9))
    angle = np.linspace(first, 2 * np.pi - first, 47)
    reach = (hull.max(0) - hull.min(0)) / 2 + 0.01
    path = np.column_stack([middle + reach * np.column_stack([np.sin(angle), np.cos(angle)]), np.full(47, height)])
    return _settled(cloth, path, (0, 1))[0]


def _about_arm(body: Body, cloth: Cloth, side: float, along: float, around: F64, upright: float) -> F64:
    """A path (N, 3) about an arm, at a share of its length from the shoulder; upright: how far it is turned from
    across the arm to upright."""
    name = "left" if side < 0 else "right"
    shoulder, wrist = body.landmarks[f"upper_arm_{name}"], body.landmarks[f"hand_{name}"]
    axis = (wrist - shoulder) / np.linalg.norm(wrist - shoulder)
    centre = shoulder + (wrist - shoulder) * along
    normal = axis * (1 - upright) + np.array([side, 0.0, 0.0]) * upright
    normal /= np.linalg.norm(normal)
    ahead = np.array([0.0, 1.0, 0.0])
    upward = np.cross(normal, ahead) * -side
    far = (0.085 if upright else 0.05) * body.height / 1.65
    path = centre + far * (np.cos(around)[:, None] * upward + np.sin(around)[:, None] * ahead)
    for _ in range(5):
        laid, _ = cloth.lay(path, 0.0)
        path = laid - normal * ((laid - centre) @ normal)[:, None]
    return np.asarray(path)


def _upward(piece: Piece) -> Piece:
    flip = smooth_normals(piece.points, piece.faces)[:, 2].mean() < 0
    return replace(piece, faces=np.ascontiguousarray(piece.faces[:, ::-1])) if flip else piece
