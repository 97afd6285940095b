"""Hard things: boxes, lathes, extrusions and lofts, moved, joined and turned into meshes with creased normals.

A Solid is a piece of surface before it is shaded; uv are metres on the surface unless a shape says otherwise, so a
texture that stands for k metres is laid on with `scale_uv(solid, 1 / k)`. Parts pair a solid with its material.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from kinema.buffers.scene_frame import F32, F64, I32, Material, Mesh
from kinema.stage.geometry.outlines import area, circle, inset, triangulate

Vector = Sequence[float] | F64


@dataclass(frozen=True, eq=False)
class Solid:
    """positions (V, 3) m · faces (F, 3) counter-clockwise from outside · uv (F, 3, 2) at each face's corners."""

    positions: F64
    faces: I32
    uv: F64


@dataclass(frozen=True, eq=False)
class Part:
    """A solid and what it is made of."""

    solid: Solid
    material: Material


def box(size: Vector, centre: Vector = (0.0, 0.0, 0.0)) -> Solid:
    """A sharp box: 12 triangles."""
    corners = np.array([[x, y, z] for z in (-0.5, 0.5) for y in (-0.5, 0.5) for x in (-0.5, 0.5)])
    quads = np.array([[0, 2, 3, 1], [4, 5, 7, 6], [0, 1, 5, 4], [2, 6, 7, 3], [0, 4, 6, 2], [1, 3, 7, 5]])
    return projected_uv(corners * np.asarray(size, float) + np.asarray(centre, float), _split(quads))


def bevelled_box(size: Vector, bevel: float, centre: Vector = (0.0, 0.0, 0.0)) -> Solid:
    """A box with its edges cut at 45 degrees: 44 triangles, and round to the eye, for normals are weighted by area."""
    half = np.asarray(size, float) / 2
    bevel = min(bevel, 0.49 * float(half.min()) * 2)
    signs = np.array([[x, y, z] for z in (-1, 1) for y in (-1, 1) for x in (-1, 1)], float)
    # vertex 3 * corner + axis lies on the face across `axis`, drawn back by the bevel in the other two directions
    points = (signs[:, None, :] * (half - bevel * (1 - np.eye(3))[None])).reshape(-1, 3)
    quads = [[3 * c + axis for c in ring] for axis, ring in _box_rings(signs)]
    for a in range(8):
        for axis in range(3):
            b = a ^ (1 << axis)
            if a < b:
                m, n = (axis + 1) % 3, (axis + 2) % 3
                quads.append([3 * a + m, 3 * b + m, 3 * b + n, 3 * a + n])
    faces = np.concatenate([_split(np.array(quads)), np.arange(24).reshape(8, 3)])
    return projected_uv(points + np.asarray(centre, float), _turned_outwards(points, faces))


def _box_rings(signs: F64) -> list[tuple[int, list[int]]]:
    rings = []
    for axis in range(3):
        for side in (-1, 1):
            m, n = (axis + 1) % 3, (axis + 2) % 3
            corners = [c for c in range(8) if signs[c, axis] == side]
            rings.append((axis, sorted(corners, key=lambda c: np.arctan2(signs[c, n], signs[c, m]))))
    return rings


def lathe(profile: F64, steps: int = 32, start: float = 0.0, turn: float = 2 * np.pi) -> Solid:
    """The profile (N, 2) of (radius, z) turned about z; it faces out where z rises. uv (around, along)."""
    profile = np.asarray(profile, float)
    angles = start + np.linspace(0.0, turn, steps + 1)
    ring = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    sections = np.concatenate(
        [profile[:, None, :1] * ring[None], np.broadcast_to(profile[:, None, 1:], (len(profile), steps + 1, 1))], axis=2
    )
    return loft(sections)


def cylinder(radius: float, height: float, steps: int = 24, bevel: float = 0.0) -> Solid:
    """An upright can about z from z = 0, its rims cut by the bevel."""
    inner = radius - bevel
    profile = [[0, 0], [inner, 0], [radius, bevel], [radius, height - bevel], [inner, height], [0, height]]
    return lathe(np.array(profile), steps)


def sphere(radius: float | Vector = 1.0, steps: int = 24, rings: int = 12) -> Solid:
    """A ball, or an ellipsoid of three radii, about the origin."""
    tilt = np.linspace(-np.pi / 2, np.pi / 2, rings + 1)
    ball = lathe(np.stack([np.cos(tilt), np.sin(tilt)], axis=1), steps)
    radii = np.broadcast_to(np.asarray(radius, float), 3)
    return scale_uv(scaled(ball, radii), float(radii.mean()))


def extrude(outline: F64, depth: float, holes: Sequence[F64] = (), bevel: float = 0.0) -> Solid:
    """The outline (N, 2) in xy given thickness from z = 0 up to depth, with holes right through, its rims bevelled."""
    outline = outline if area(outline) > 0 else outline[::-1]
    holes = [hole if area(hole) < 0 else hole[::-1] for hole in holes]
    loops = [np.asarray(loop, float) for loop in (outline, *holes)]
    inner = [inset(loop, bevel) if bevel else loop for loop in loops]
    flat, faces = triangulate(inner[0], inner[1:])
    top = np.column_stack([flat, np.full(len(flat), depth)])
    bottom = np.column_stack([flat, np.zeros(len(flat))])
    pieces = [projected_uv(top, faces), projected_uv(bottom, faces[:, ::-1])]
    for loop, drawn in zip(loops, inner, strict=True):
        levels = (
            [(drawn, 0.0), (loop, bevel), (loop, depth - bevel), (drawn, depth)]
            if bevel
            else [(loop, 0.0), (loop, depth)]
        )
        sections = [np.column_stack([ring, np.full(len(ring), z)]) for ring, z in levels]
        pieces.append(loft(np.array([np.concatenate([s, s[:1]]) for s in sections])))
    return merge(pieces)


def loft(sections: F64, caps: bool = False) -> Solid:
    """A skin over sections (M, N, 3); a ring repeats its first point as its last.

    Outside is where the sections are seen turning counter-clockwise by someone the sections run towards. uv are
    (along a section, across sections) in metres. caps closes the ends with fans, so they must be star-shaped.
    """
    sections = np.asarray(sections, float)
    m, n = sections.shape[:2]
    index = np.arange(m * n).reshape(m, n)
    quads = np.stack([index[:-1, :-1], index[:-1, 1:], index[1:, 1:], index[1:, :-1]], axis=-1).reshape(-1, 4)
    faces = _split(quads)
    along = _travelled(sections, 1).mean(axis=0)
    across = _travelled(sections, 0).mean(axis=1)
    uv = np.stack(np.broadcast_arrays(along[None, :], across[:, None]), axis=-1).reshape(-1, 2)
    skin = Solid(sections.reshape(-1, 3), faces, uv[faces])
    if caps:
        skin = merge([skin, _fan(sections[0][::-1]), _fan(sections[-1])])
    return _without_slivers(skin)


def sweep(outline: F64, curve: F64, scale: F64 | float = 1.0, up: Vector = (0.0, 0.0, 1.0), caps: bool = True) -> Solid:
    """The outline (N, 2), counter-clockwise, carried along the curve (M, 3) and scaled by scale (M,) or one number.

    The outline's second axis stays near up; where the curve runs along up itself, pass another.
    """
    ring = np.concatenate([outline, outline[:1]])
    right, above, _ = frames_along(curve, up)
    size = np.broadcast_to(np.asarray(scale, float), len(curve))[:, None, None]
    offsets = ring[None, :, :1] * right[:, None] + ring[None, :, 1:] * above[:, None]
    # right x above points backwards along the curve, so the ring is turned about to face outwards
    return loft((np.asarray(curve, float)[:, None] + size * offsets)[:, ::-1], caps)


def tube(curve: Vector | F64, radius: float | F64, steps: int = 8, up: Vector = (0.0, 0.0, 1.0)) -> Solid:
    """A round bar along the curve (M, 3), its radius one number or (M,)."""
    return sweep(circle(1.0, steps), np.asarray(curve, float), np.asarray(radius, float), up)


def frames_along(curve: F64, up: Vector = (0.0, 0.0, 1.0)) -> tuple[F64, F64, F64]:
    """Right, above and forward (M, 3) at every point of a curve, above leaning as little from up as it can."""
    forward = np.gradient(np.asarray(curve, float), axis=0)
    forward /= np.maximum(np.linalg.norm(forward, axis=1, keepdims=True), 1e-12)
    right = np.cross(forward, np.asarray(up, float))
    right /= np.maximum(np.linalg.norm(right, axis=1, keepdims=True), 1e-9)
    return right, np.cross(right, forward), forward


def moved(solid: Solid, offset: Vector) -> Solid:
    """The solid carried by an offset (3,)."""
    return replace(solid, positions=solid.positions + np.asarray(offset, float))


def turned(solid: Solid, axis: str, angle: float) -> Solid:
    """The solid turned about the x, y or z axis by an angle in radians."""
    return transformed(solid, rotation(axis, angle))


def scaled(solid: Solid, factors: float | Vector) -> Solid:
    """The solid stretched along the axes; a negative factor mirrors it and keeps its outside outside."""
    return transformed(solid, np.diag(np.broadcast_to(np.asarray(factors, float), 3)))


def transformed(solid: Solid, matrix: F64) -> Solid:
    """The solid under a (3, 3) or (4, 4) matrix; mirroring keeps its outside outside."""
    linear = matrix[:3, :3]
    positions = solid.positions @ linear.T + (matrix[:3, 3] if matrix.shape == (4, 4) else 0.0)
    if np.linalg.det(linear) < 0:
        return Solid(positions, solid.faces[:, ::-1], solid.uv[:, ::-1])
    return replace(solid, positions=positions)


def merge(solids: Iterable[Solid]) -> Solid:
    """Several solids as one; corners that coincide are shaded as one surface where the crease angle allows."""
    pieces = list(solids)
    starts = np.cumsum([0, *(len(piece.positions) for piece in pieces)])
    return Solid(
        np.concatenate([piece.positions for piece in pieces]),
        np.concatenate([piece.faces + start for piece, start in zip(pieces, starts, strict=False)]).astype(np.int32),
        np.concatenate([piece.uv for piece in pieces]),
    )


def rotation(axis: str, angle: float) -> F64:
    """The (3, 3) matrix of a turn about the x, y or z axis by an angle in radians."""
    k = "xyz".index(axis)
    m, n = (k + 1) % 3, (k + 2) % 3
    matrix = np.eye(3)
    matrix[m, m] = matrix[n, n] = np.cos(angle)
    matrix[n, m], matrix[m, n] = np.sin(angle), -np.sin(angle)
    return matrix


def placement(position: Vector = (0.0, 0.0, 0.0), yaw: float = 0.0) -> F64:
    """The (4, 4) transform of something standing at a position and turned by a yaw about z."""
    matrix = np.eye(4)
    matrix[:3, :3] = rotation("z", yaw)
    matrix[:3, 3] = position
    return matrix


def scale_uv(solid: Solid, factors: float | Vector) -> Solid:
    """The solid with its uv stretched by one or two factors."""
    return replace(solid, uv=solid.uv * np.asarray(factors, float))


def projected_uv(positions: F64, faces: I32) -> Solid:
    """A solid whose uv are metres across the axis each face most faces: walls keep v upright."""
    points = positions[faces]
    axis = np.abs(np.cross(points[:, 1] - points[:, 0], points[:, 2] - points[:, 0])).argmax(axis=1)
    across = np.array([1, 0, 0])[axis]
    upward = np.array([2, 2, 1])[axis]
    u = np.take_along_axis(points, across[:, None, None].repeat(3, axis=1), axis=2)
    v = np.take_along_axis(points, upward[:, None, None].repeat(3, axis=1), axis=2)
    return Solid(positions, np.asarray(faces, np.int32), np.concatenate([u, v], axis=2))


def mesh(key: str, parts: Sequence[Part], crease: float = 50.0) -> Mesh:
    """Parts as one mesh. Within a solid, faces that meet at less than crease degrees are shaded as one surface."""
    materials = list({id(part.material): part.material for part in parts}.values())
    number = {id(material): k for k, material in enumerate(materials)}
    faces, positions, normals, uv, index = [], [], [], [], []
    start = 0
    for part in parts:
        f, p, n, t = _shaded(part.solid, crease)
        faces.append(f + start)
        start += len(p)
        positions.append(p)
        normals.append(n)
        uv.append(t)
        index.append(np.full(len(f), number[id(part.material)], np.int32))
    return Mesh(
        key,
        np.concatenate(faces).astype(np.int32),
        np.concatenate(positions).astype(np.float32),
        np.concatenate(normals).astype(np.float32),
        tuple(materials),
        np.concatenate(index),
        np.concatenate(uv).astype(np.float32),
    )


def _shaded(solid: Solid, crease: float) -> tuple[I32, F32, F32, F32]:
    """Faces, positions, normals and uv with vertices split wherever normal or uv differ between faces."""
    corners = solid.positions[solid.faces]  # (F, 3, 3)
    normals = corner_normals(solid.positions, solid.faces, crease)
    rows = np.concatenate([corners, normals, solid.uv], axis=2).reshape(-1, 8).astype(np.float32)
    keys = np.ascontiguousarray(np.round(rows * np.float32(20000)).astype(np.int64))
    _, first, inverse = np.unique(keys.view([("", np.int64)] * 8).ravel(), return_index=True, return_inverse=True)
    kept = rows[first]
    return inverse.reshape(-1, 3).astype(np.int32), kept[:, :3], kept[:, 3:6], kept[:, 6:]


def corner_normals(positions: F64, faces: I32, crease: float) -> F64:
    """Unit normals (F, 3, 3) of every corner: the area-weighted mean over faces at that place within the crease."""
    _, place = np.unique(np.round(positions * 1e5).astype(np.int64), axis=0, return_inverse=True)
    place = place.reshape(-1)[faces].reshape(-1)  # (3F,) which place each corner is at
    points = positions[faces]
    weighted = np.cross(points[:, 1] - points[:, 0], points[:, 2] - points[:, 0])
    unit = weighted / np.maximum(np.linalg.norm(weighted, axis=1, keepdims=True), 1e-15)
    order = np.argsort(place, kind="stable")
    counts = np.bincount(place)
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
    # every pair (a, b) of corners at one place, b running over the place's whole list for each a
    many = counts[place[order]]
    a = np.repeat(order, many)
    within = np.arange(len(a)) - np.repeat(np.cumsum(many) - many, many)
    b = order[np.repeat(starts[place[order]], many) + within]
    near = np.sum(unit[a // 3] * unit[b // 3], axis=1) > np.cos(np.radians(crease))
    total = np.zeros((len(place), 3))
    for k in range(3):
        total[:, k] = np.bincount(a[near], weighted[b[near] // 3, k], len(place))
    total /= np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-15)
    return total.reshape(-1, 3, 3)


def _split(quads: I32) -> I32:
    return np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]]).astype(np.int32)


def _turned_outwards(points: F64, faces: I32) -> I32:
    """Faces of a convex shape about the origin, each wound to face away from it."""
    p = points[faces]
    inward = np.sum(np.cross(p[:, 1] - p[:, 0], p[:, 2] - p[:, 0]) * p.mean(axis=1), axis=1) < 0
    return np.asarray(np.where(inward[:, None], faces[:, ::-1], faces), np.int32)


def _travelled(sections: F64, axis: int) -> F64:
    steps = np.linalg.norm(np.diff(sections, axis=axis), axis=2)
    return np.asarray(np.insert(np.cumsum(steps, axis=axis), 0, 0.0, axis=axis))


def _fan(ring: F64) -> Solid:
    """A lid over a ring (N + 1, 3) whose last point is its first, facing where it is seen counter-clockwise."""
    count = len(ring) - 1
    points = np.concatenate([ring[:-1], ring[:-1].mean(axis=0, keepdims=True)])
    k = np.arange(count)
    return projected_uv(points, np.stack([k, (k + 1) % count, np.full(count, count)], axis=1))


def _without_slivers(solid: Solid) -> Solid:
    p = solid.positions[solid.faces]
    size = np.linalg.norm(np.cross(p[:, 1] - p[:, 0], p[:, 2] - p[:, 0]), axis=1)
    keep = size > 1e-12
    return Solid(solid.positions, solid.faces[keep], solid.uv[keep])
