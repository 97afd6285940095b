"""Garments that follow the body: shells cut (see cuts.py) from its smooth helper surface, with folds and thick hems."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

import fast_simplification
import numpy as np
from scipy.sparse import coo_matrix, csr_matrix, diags
from scipy.spatial import cKDTree

from kinema.buffers.scene_frame import F32, F64, I32, Material
from kinema.stage.bodies.people.body import Body, archive
from kinema.stage.bodies.people.cuts import ARMS, Cover, along_arm, level_height
from kinema.stage.bodies.people.fabric import TILE
from kinema.stage.bodies.people.piece import Piece, boundary_loops, clip, dense_weights, share, subdivide
from kinema.stage.bodies.people.skinning import SKIN_JOINTS, smooth_normals, triangles
from kinema.stage.bodies.people.trousers import hung_from_shins, straightened
from kinema.stage.chance import chance

UNDER = 0.035  # metres that a garment goes on beneath the edge of the one over it
PRESSED = 0.6  # share of the way to the skin that it is pressed there, so that its own edge never comes through
TUCKED = 0.006  # metres beneath the cloth at which its turned-in edge ends: thinned, cloth sinks, and it came through
COARSE = 1300  # triangles of the whole smooth surface for the middle distance
LEGS = ("upper_leg", "lower_leg", "foot", "toes")


@dataclass(frozen=True, eq=False)
class _Base:
    """The smooth helper surface: points of the archive it uses (N,), and its quads and weights, subdivided."""

    owners: I32
    quads: I32


@cache
def _base() -> _Base:
    baked = archive()
    owners, compact = np.unique(baked.corners[baked.group("tights")], return_inverse=True)
    return _Base(owners.astype(np.int32), compact.reshape(-1, 4).astype(np.int32))


@cache
def _coarse_base() -> tuple[I32, I32]:
    """The smooth helper surface for the middle distance: points of the archive it uses (N,), and triangles (F, 3).

    One half is thinned and mirrored, so that edges run down the middle, where jackets open.
    """
    base = _base()
    points = archive().points[base.owners]
    faces = triangles(base.quads)
    half = faces[(points[faces][:, :, 0] > -1e-4).all(1)]
    used, compact = np.unique(half, return_inverse=True)
    share_ = 1.0 - COARSE / len(faces)
    thin, rows = fast_simplification.simplify(points[used], compact.reshape(-1, 3).astype(np.int32), share_, agg=5)
    middle = np.flatnonzero(np.abs(points[:, 0]) < 1e-4)
    nearest = cKDTree(points).query(thin)[1]
    central = np.abs(thin[:, 0]) < 0.006
    nearest[central] = middle[cKDTree(points[middle]).query(thin[central])[1]]
    other = cKDTree(points).query(points * np.array([-1, 1, 1], np.float32))[1]
    rows = nearest[np.asarray(rows)]
    rows = np.concatenate([rows, other[rows][:, ::-1]])
    whole = (rows[:, 0] != rows[:, 1]) & (rows[:, 1] != rows[:, 2]) & (rows[:, 0] != rows[:, 2])
    used, compact = np.unique(rows[whole], return_inverse=True)
    return base.owners[used], compact.reshape(-1, 3).astype(np.int32)


@dataclass(frozen=True)
class Fit:
    """How a shell sits: metres off the skin, rounds of smoothing, flare at the hem (m), depth of folds (m), thickness
    (m); straight: least radius (m) of a trouser leg below the knee; waist: share of the ease left at the waist."""

    ease: float = 0.006
    smoothing: int = 3
    flare: float = 0.0
    fold: float = 0.002
    thickness: float = 0.003
    straight: float = 0.0
    waist: float = 1.0


def shell(
    body: Body, inside: Cover, fit: Fit, material: Material, name: str, fine: bool = True, under: Sequence[Cover] = (),
    round_: bool = True,
) -> Piece:  # fmt: skip
    """A garment off the skin wherever `inside` is positive and no garment over it (`under`) hides it.

    fine: with folds, thick hems and uv · round_: subdivided once, for what is looked at closely
    """
    if fine:
        base = _base()
        points, quads, weights = body.points[base.owners], base.quads, dense_weights()[base.owners]
        if round_:
            points, quads, (weights,) = subdivide(points, quads, [weights])
        faces = triangles(quads)
    else:
        owners, faces = _coarse_base()
        points, weights = body.points[owners], dense_weights()[owners]
    skin = points
    points = _eased(points, faces, weights, fit if fine else replace(fit, smoothing=1), body)
    if fit.straight:
        weights = hung_from_shins(weights)
    level = inside(points, weights)
    for outer in under:
        hidden = outer(points, weights)
        level = np.minimum(level, UNDER - hidden)
        pressed = PRESSED * np.clip(hidden / (0.5 * UNDER), 0, 1)[:, None]
        points = np.asarray(points + (skin - points) * pressed, np.float32)
    if fine:
        points = points + _folds(body, points, faces, weights, fit.fold, name)
    points, faces, (weights,) = clip(points, faces, [weights], level)
    piece = Piece(name, points, faces, weights, material)
    return unwrapped(hemmed(piece, fit.thickness), body) if fine else piece


def _eased(points: F32, faces: I32, weights: F32, fit: Fit, body: Body) -> F32:
    """Lifted off the skin, then relaxed so that cloth bridges hollows, never nearer than it was lifted."""
    normals = smooth_normals(points, faces)
    skin = points
    waist, crotch = level_height(body, 4.0), level_height(body, 2.85)
    ease = fit.ease * (1 - (1 - fit.waist) * np.clip((points[:, 2] - crotch) / (waist - crotch), 0, 1))
    points = points + normals * ease[:, None].astype(np.float32)
    average = neighbour_average(faces, len(points))
    for _ in range(fit.smoothing):
        relaxed = average @ points
        lost = np.maximum(ease * 0.85 - ((relaxed - skin) * normals).sum(1), 0)
        points = (relaxed + normals * lost[:, None]).astype(np.float32)
    if fit.flare:
        waist, hip = level_height(body, 4.0), level_height(body, 3.0)
        low = np.clip((waist - points[:, 2]) / (waist - hip), 0, 1.6) * (1 - share(weights, *ARMS))
        outward = normals * (1.0, 1.0, 0.0)
        points = points + (outward * (low * fit.flare)[:, None]).astype(np.float32)
    if fit.straight:
        points = straightened(body, points, share(weights, *LEGS) > 0.5, fit.straight * body.height / 1.65)
    return np.asarray(points, np.float32)


def neighbour_average(faces: I32, count: int) -> csr_matrix:
    """(V, V) matrix that averages each point's neighbours and itself."""
    pairs = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
    rows, columns = np.concatenate([pairs, pairs[:, ::-1]]).T
    links = coo_matrix((np.ones(len(rows), np.float32), (rows, columns)), (count, count)).tocsr()
    links.data[:] = 1.0
    links = links + diags(np.ones(count, np.float32))
    return diags(1.0 / np.asarray(links.sum(1)).ravel()) @ links


def _folds(body: Body, points: F32, faces: I32, weights: F32, depth: float, name: str) -> F32:
    """Wrinkles (V, 3): rings about bent elbows and knees, drag lines at armpit and waist, a little everywhere."""
    if depth <= 0:
        return np.zeros_like(points)
    generator = chance(0, "garment", name)
    along, around, part = limb_coordinates(body, points, weights)
    where = np.full(len(points), 0.35, np.float32)
    arm_length = along_arm(body, points)[1]
    elbow = _bell((along - 0.50 * arm_length) / 0.075) + 0.8 * _bell((along - 0.93 * arm_length) / 0.05)
    knee_at = body.landmarks["upper_leg_left"][2] - body.landmarks["lower_leg_left"][2]
    knee = _bell((along - knee_at) / 0.09) + 0.7 * _bell((along - 1.93 * knee_at) / 0.07)
    waist = _bell((points[:, 2] - level_height(body, 4.0)) / 0.06) * 0.6
    where += np.select([part == 1, part == 2], [elbow, knee], waist)
    total = np.zeros(len(points), np.float32)
    for wavelength, strength in ((0.050, 1.0), (0.034, 0.7), (0.082, 0.8)):
        tilt, phase, wander = generator.uniform(-1.2, 1.2), generator.uniform(0, 6.3), generator.uniform(0, 6.3, 2)
        bend = tilt * np.sin(around + wander[0]) + 0.8 * np.sin(2 * around + wander[1])
        wave = np.sin(along * 2 * np.pi / wavelength + bend * 2.0 + phase)
        gate = 0.5 + 0.5 * np.sin(around + phase * 2 + along * 9.0)
        total += strength * np.maximum(wave, -0.3) * gate
    return np.asarray(smooth_normals(points, faces) * (total * where * depth)[:, None], np.float32)


def _bell(x: F32) -> F32:
    return np.exp(-np.square(x))


def limb_coordinates(body: Body, points: F32, weights: F32) -> tuple[F32, F32, I32]:
    """Metres down the limb, radians around it, and which kind it is: 0 torso, 1 arm, 2 leg. All (V,)."""
    part = np.select([share(weights, *ARMS) > 0.5, share(weights, *LEGS) > 0.5], [1, 2], 0).astype(np.int32)
    side = np.where(points[:, 0] < 0, 0, 1)
    shoulders = np.stack([body.landmarks[f"upper_arm_{s}"] for s in ("left", "right")])[side]
    wrists = np.stack([body.landmarks[f"hand_{s}"] for s in ("left", "right")])[side]
    axis = (wrists - shoulders) / np.linalg.norm(wrists - shoulders, axis=1, keepdims=True)
    from_shoulder = points - shoulders
    along_arm = (from_shoulder * axis).sum(1)
    ahead = points[:, 1] - shoulders[:, 1]
    upward = np.cross(axis, (0.0, 1.0, 0.0))
    around_arm = np.arctan2(ahead, (from_shoulder * upward).sum(1))
    hips = np.stack([body.landmarks[f"upper_leg_{s}"] for s in ("left", "right")])[side]
    from_hip = points - hips
    around_leg = np.arctan2(from_hip[:, 0], from_hip[:, 1])
    around_torso = np.arctan2(points[:, 0], points[:, 1] - body.landmarks["spine"][1])
    along = np.select([part == 1, part == 2], [along_arm, -from_hip[:, 2]], body.landmarks["neck"][2] - points[:, 2])
    around = np.select([part == 1, part == 2], [around_arm, around_leg], around_torso)
    return along.astype(np.float32), around.astype(np.float32), part


GIRTH = (0.14, 0.055, 0.08)  # metres of radius by which torso, arm and leg are unrolled into cloth


def unwrapped(piece: Piece, body: Body) -> Piece:
    """The piece with uv in tiles of cloth, split where a limb's sheet closes or limbs meet."""
    along, around, part = limb_coordinates(body, piece.points, piece.weights)
    kinds = np.sort(part[piece.faces], 1)[:, 1]  # the middle one: what most corners say
    angles = around[piece.faces]
    if (kinds[:, None] != part[piece.faces]).any():
        angles, along_corner = _as_part(piece, body, kinds)
    else:
        along_corner = along[piece.faces]
    middle = np.arctan2(np.sin(angles).sum(1), np.cos(angles).sum(1))[:, None]
    turns = np.round((angles - middle) / (2 * np.pi)).astype(np.int64)
    unrolled = angles - turns * 2 * np.pi
    girth = np.array(GIRTH, np.float32)[kinds][:, None]
    uv = np.stack([unrolled * girth / TILE, -along_corner / TILE], -1).reshape(-1, 2)
    key = np.stack([piece.faces.ravel(), np.repeat(kinds, 3), (turns - turns.min()).ravel()], 1)
    # a vertex may face two sheets of one kind, each with its own whole turns
    key = np.concatenate([key, np.round(uv[:, :1] * 64).astype(np.int64)], 1)
    _, first, inverse = np.unique(key, axis=0, return_index=True, return_inverse=True)
    owners = piece.faces.ravel()[first]
    return replace(
        piece,
        points=piece.points[owners],
        faces=inverse.reshape(-1, 3).astype(np.int32),
        weights=piece.weights[owners],
        uv=uv[first].astype(np.float32),
        same=owners.astype(np.int32) if piece.same is None else piece.same[owners],
    )


def _as_part(piece: Piece, body: Body, kinds: I32) -> tuple[F32, F32]:
    """Each face's corners in its own limb's coordinates: radians around and metres along (F, 3)."""
    around, along = np.empty(piece.faces.shape, np.float32), np.empty(piece.faces.shape, np.float32)
    for kind, joint in ((0, "chest"), (1, "upper_arm_left"), (2, "upper_leg_left")):
        forced = np.zeros_like(piece.weights)
        forced[:, SKIN_JOINTS.index(joint)] = 1.0
        down, turn, _ = limb_coordinates(body, piece.points, forced)
        rows = kinds == kind
        around[rows], along[rows] = turn[piece.faces[rows]], down[piece.faces[rows]]
    return around, along


def hemmed(piece: Piece, thickness: float, depth: float = 0.022) -> Piece:
    """Every edge turned in: cloth has a thickness, and its inside shows for a little way."""
    normals, average = smooth_normals(piece.points, piece.faces), neighbour_average(piece.faces, len(piece.points))
    inward = average @ (average @ (average @ piece.points)) - piece.points
    points, faces, weights = [piece.points], [piece.faces], [piece.weights]
    count, tree = len(piece.points), cKDTree(piece.points)
    for loop in boundary_loops(piece.faces):
        number = len(loop)
        ring = np.stack([np.roll(inward[loop], k, 0) for k in range(-2, 3)]).mean(0)
        ring -= normals[loop] * (ring * normals[loop]).sum(1, keepdims=True)
        ring /= np.maximum(np.linalg.norm(ring, axis=1, keepdims=True), 1e-9)
        sunk = piece.points[loop] - normals[loop] * thickness
        end = sunk + ring * depth
        nearest = tree.query(end)[1]  # where cloth is hollow, straight in from its edge is out of it
        height = ((end - piece.points[nearest]) * normals[nearest]).sum(1) + TUCKED
        points += [sunk, end - normals[nearest] * np.maximum(height, 0)[:, None]]
        weights += [piece.weights[loop], piece.weights[nearest]]  # it moves with the cloth it lies under
        first, second = count + np.arange(number), count + number + np.arange(number)
        for upper, lower in ((loop, first), (first, second)):
            a, b = np.roll(upper, -1), np.roll(lower, -1)
            faces += [np.stack([upper, lower, a], 1), np.stack([a, lower, b], 1)]
        count += 2 * number
    return replace(
        piece,
        points=np.concatenate(points).astype(np.float32),
        faces=np.concatenate(faces).astype(np.int32),
        weights=np.concatenate(weights),
    )


def torso_hull(body: Body, height: float, slack: float = 0.015) -> F64:
    """Places (N, 2) where the helper surface crosses a height and those `slack` above and below: right and ahead.

    Arms are left out. Crossings, not points near the height: the surface is coarse, and may have none in front.
    """
    ends = _torso_edges(body)  # (E, 2, 3)
    ends = ends[(ends[:, :, 2].max(1) > height - slack) & (ends[:, :, 2].min(1) <= height + slack)]
    sections = []
    for level in (height - slack, height, height + slack):
        above = ends[:, :, 2] > level
        low, high = np.moveaxis(ends[above[:, 0] != above[:, 1]], 1, 0)
        share_ = (level - low[:, 2:]) / (high[:, 2:] - low[:, 2:])
        sections.append(low[:, :2] + (high - low)[:, :2] * share_)
    return np.concatenate(sections)


def _torso_edges(body: Body) -> F64:
    """Both ends (E, 2, 3) of the helper surface's edges, arms left out."""
    return np.asarray(body.points[_torso_ends()], np.float64)


@cache
def _torso_ends() -> I32:
    """Points of the archive (E, 2) that those edges join."""
    base = _base()
    edges = np.stack([base.quads, np.roll(base.quads, -1, 1)], -1).reshape(-1, 2)
    torso = share(dense_weights()[base.owners], *ARMS) < 0.3
    return base.owners[edges[torso[edges].all(1)]]
