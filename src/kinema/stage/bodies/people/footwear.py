"""Boots and shoes: an upper shaped on the foot, on a sole that lifts the wearer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.spatial import ConvexHull

from kinema.buffers.scene_frame import F32, F64, Material
from kinema.stage.bodies.people.body import Body
from kinema.stage.bodies.people.cuts import Cover, level_height
from kinema.stage.bodies.people.drape import hull_support
from kinema.stage.bodies.people.garments import Fit, shell
from kinema.stage.bodies.people.piece import Piece, weights_near
from kinema.stage.bodies.people.skinning import smooth_normals

SIDES = (-1.0, 1.0)


@dataclass(frozen=True)
class ShoeCut:
    """top: level the shaft reaches (1 is the ankle) · sole: metres under the foot · toe: metres it is drawn out ·
    throat: metres the opening drops over the instep, for low shoes · arch: share of the sole's height that is cut out
    between heel and ball, so that much of it leaves a heel."""

    top: float = 1.5
    sole: float = 0.022
    toe: float = 0.018
    throat: float = 0.0
    arch: float = 0.5


def shoe_cover(body: Body, cut: ShoeCut) -> Cover:
    """Everything below the shaft's rim."""
    top, ankle = level_height(body, cut.top), body.landmarks["foot_left"]

    def inside(points: F32, weights: F32) -> F32:
        forward = np.clip((points[:, 1] - ankle[1]) / 0.08, 0, 1)
        return np.asarray(top - cut.throat * forward - points[:, 2], np.float32)

    return inside


def shoes(body: Body, cut: ShoeCut, upper: Material, sole: Material, name: str, fine: bool) -> list[Piece]:
    """Both shoes: uppers and soles. The body must already stand `cut.sole` above the ground."""
    leather = shell(
        body, shoe_cover(body, cut), Fit(0.006, 4, fold=0.0012, thickness=0.0035), upper, name, fine, round_=False
    )
    points = _lasted(body, leather.points, cut)
    shaped = Piece(name, points, leather.faces, leather.weights, upper, uv=leather.uv, same=leather.same)
    return [shaped, *(_sole(body, points, side, cut, sole, f"{name}_sole", 40 if fine else 14) for side in SIDES)]


def _lasted(body: Body, points: F32, cut: ShoeCut) -> F32:
    """A foot's shape made a shoe's: flat below, the toe drawn out and its point rounded."""
    points = points.copy()
    toes, ankle = body.landmarks["toes_left"], body.landmarks["foot_left"]
    low = points[:, 2] < ankle[2] + 0.03
    length = float(toes[1] - ankle[1])
    forward = np.clip((points[:, 1] - ankle[1]) / length - 0.75, 0, 1)
    points[:, 1] += np.where(low, cut.toe * np.clip(forward * 2.2, 0, 1) ** 1.5, 0)
    middle = np.sign(points[:, 0]) * abs(toes[0])
    squeeze = 1 - 0.30 * np.clip(forward * 1.6, 0, 1) ** 1.3
    points[:, 0] = np.where(low, middle + (points[:, 0] - middle) * squeeze, points[:, 0])
    points[:, 2] = np.maximum(points[:, 2], cut.sole * 0.75)
    return points


def _sole(body: Body, points: F32, side: float, cut: ShoeCut, material: Material, name: str, columns: int) -> Piece:
    """A slab under one shoe: the hull of the upper's tread, a welt wider, waisted under the arch."""
    height = cut.sole
    own = points[(points[:, 0] * side > 0) & (points[:, 2] < height + 0.022)]
    outline = _outline(own[:, :2].astype(np.float64), 0.0035, columns)
    heel, ball = outline[:, 1].min(), outline[:, 1].max()
    t = (outline[:, 1] - heel) / (ball - heel)
    arch = np.exp(-(((t - 0.42) / 0.13) ** 2)) * cut.arch * height
    middle = outline.mean(0)
    rings = [
        np.column_stack([middle + (outline - middle) * 0.9, arch]),
        np.column_stack([outline, arch + 0.002]),
        np.column_stack([outline, np.full(len(outline), height)]),
        np.column_stack([middle + (outline - middle) * 0.94, np.full(len(outline), height + 0.003)]),
    ]
    rows = np.concatenate([*rings, [[*middle, 0.4 * height]]]).astype(np.float32)
    count = len(outline)
    index = np.arange(4 * count).reshape(4, count)
    after = np.roll(index, -1, 1)
    sides = [np.stack([index[k], after[k], after[k + 1], index[k + 1]], -1) for k in range(3)]
    quads = np.concatenate(sides)
    base = np.stack([after[0], index[0], np.full(count, 4 * count)], -1)
    faces = np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]], base]).astype(np.int32)
    feet = np.flatnonzero((body.points[:, 2] < height + 0.05) & (body.points[:, 0] * side > 0)).astype(np.int32)
    weights = weights_near(body, rows, feet)
    return Piece(name, rows, faces, weights, material, normals=smooth_normals(rows, faces))


def _outline(points: F64, welt: float, columns: int) -> F64:
    """The hull (S, 2) of points seen from above, counter-clockwise, a welt wider."""
    corners = points[ConvexHull(points).vertices]
    middle = corners.mean(0)
    facing = np.arange(columns) * 2 * np.pi / columns
    support = hull_support(corners - middle, facing) + welt
    # where rays at even angles leave the hull: the nearest of its supporting lines
    rays = np.cos(facing[:, None] - facing[None, :])
    distance = np.where(rays > 0.05, support[None] / np.maximum(rays, 0.05), np.inf).min(1)
    return np.asarray(middle + distance[:, None] * np.stack([np.cos(facing), np.sin(facing)], 1))
