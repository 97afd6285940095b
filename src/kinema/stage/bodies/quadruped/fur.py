"""Fur: which way and how long the hair lies, and alpha-cut cards of it where it shows against what is behind."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
from scipy.spatial import cKDTree

from kinema.buffers.scene_frame import F64, Texture
from kinema.stage.bodies.quadruped.paint import Place, coat, crest, locate, step
from kinema.stage.bodies.quadruped.palette import Palette
from kinema.stage.bodies.quadruped.piece import F32, I32, Piece
from kinema.stage.bodies.quadruped.skeleton import Skeleton
from kinema.stage.bodies.quadruped.species import Species
from kinema.stage.chance import chance
from kinema.stage.colours import encoded
from kinema.stage.geometry.sdf import Part

HAIR = 4
COLUMNS = 4
ROWS = 2
SIZE = 256
STRANDS = 26


@cache
def hair_texture() -> Texture:
    """Four tufts side by side, roots below: solid at the root, separate tapering strands at the tip."""
    random = chance(0, "fur", "strands")
    alpha = np.zeros((SIZE, SIZE), np.float32)
    shade = np.full((SIZE, SIZE), 0.86, np.float32)
    v = (1.0 - (np.arange(SIZE) + 0.5) / SIZE)[:, None]
    width = SIZE // COLUMNS
    x = (np.arange(width) + 0.5)[None, :] / width
    for column in range(COLUMNS):
        block = np.s_[:, column * width : (column + 1) * width]
        for k in range(STRANDS):
            root = 0.16 + 0.68 * (k + random.uniform(0.1, 0.9)) / STRANDS
            reach, bend = random.uniform(0.45, 1.0), random.uniform(-0.20, 0.20) + 0.35 * (root - 0.5)
            t = np.clip(v / reach, 0.0, 1.0)
            middle = root + bend * t**1.6
            half = 0.034 * np.sqrt(np.clip(1.0 - t, 0.0, 1.0)) * (v < reach)
            strand = np.clip((half - np.abs(x - middle)) * width * 1.4 + 0.5, 0.0, 1.0) * (half > 0.004)
            tone = random.uniform(0.84, 1.0)
            alpha[block] = np.maximum(alpha[block], strand)
            shade[block] = np.where(strand > 0.5, tone * (0.88 + 0.12 * t), shade[block])
    grey = np.repeat(encoded(shade)[..., None], 3, 2)
    return Texture("quadruped-hair", albedo=grey, alpha=(alpha * 255).astype(np.uint8))


def groom(species: Species, skeleton: Skeleton, place: Place) -> F64:
    """The way the hair lies, unit and along the skin: (N, 3)."""
    flow = np.zeros((len(place.points), 3))
    back = skeleton.turn @ np.array([0.0, -1.0, 0.05])
    ways = {
        "torso": np.array([0.0, -1.0, -0.30]),
        "neck": np.array([0.0, -0.55, -0.75]),
        "leg": np.array([0.0, -0.35, -1.0]),
        "paw": np.array([0.0, 0.5, -0.8]),
        "hoof": np.array([0.0, 0.0, -1.0]),
        "head": back,
        "muzzle": back,
        "jaw": back,
    }
    for name, way in ways.items():
        flow += place.share[name][:, None] * way
    points = np.array([[0.0, *p] for p in species.tail.points])
    k = np.clip(np.round(place.along_tail * (len(points) - 1) - 0.5).astype(int), 0, len(points) - 2)
    flow += (
        place.share["tail"][:, None]
        * ((points[1:] - points[:-1]) / np.linalg.norm(points[1:] - points[:-1], axis=1)[:, None])[k]
    )
    flow[:, 0] += 0.5 * np.sign(place.points[:, 0]) * place.share["head"] * step(0.0, -0.06, place.head[:, 2])
    flow -= (flow * place.normals).sum(1, keepdims=True) * place.normals
    return np.asarray(flow / np.maximum(np.linalg.norm(flow, axis=1, keepdims=True), 1e-6))


def hair_length(species: Species, place: Place) -> F64:
    """Metres of hair at points (N,): long on ruff, cheeks, breeches, belly and tail, next to nothing on the muzzle."""
    coat, share = species.coat, place.share
    x, y, z = place.head.T
    eye = np.array(species.eye.at)
    cheek = step(eye[1] - 0.2 * eye[1], eye[1] - 1.1 * eye[1], y) * step(eye[2] + 0.02, eye[2] - 0.05, z)
    throat = step(0.1, -0.6, place.normals[:, 2] - 0.3 * place.normals[:, 1])
    breech = step(0.2, 0.8, -place.normals[:, 1]) * step(-0.75, 0.2, place.height)
    high = step(-0.75, 0.1, place.height)
    length = (
        share["torso"] * (0.85 + 0.45 * step(0.15, -0.05, place.height))
        + share["neck"] * (1.0 + (coat.ruff - 1.0) * (0.45 + 0.55 * throat) + coat.mane * crest(place))
        + share["leg"] * (0.18 + 0.10 * high + 0.5 * breech)
        + share["tail"] * coat.tail_length * (0.55 + 0.6 * step(0.0, 0.35, place.along_tail))
        + share["head"] * (0.34 + (0.35 + 0.85 * (coat.ruff - 1.0)) * cheek)
        + share["muzzle"] * 0.10
        + share["jaw"] * (0.10 + 0.38 * step(0.14, 0.07, y))
        + share["paw"] * 0.10
    )
    bare = np.linalg.norm(np.stack([np.abs(x) - eye[0], y - eye[1], z - eye[2]], 1), axis=1)
    length = length * step(species.eye.radius * 1.1, species.eye.radius * 2.6, bare)
    nose = np.array([0.0, species.head.muzzle[1][0] + species.head.muzzle[1][2], species.head.muzzle[1][1]])
    length = length * step(
        species.head.nose[0] * 1.1, species.head.nose[0] * 3.0, np.linalg.norm(place.head - nose, axis=1)
    )
    return np.asarray(length * coat.length * species.scale)


def scatter(positions: F32, faces: I32, density: F64, count: int, purpose: str) -> tuple[I32, F32]:
    """Random places on a mesh: faces (N,) and barycentrics (N, 3), by area times the vertices' density (V,)."""
    random = chance(0, "fur", purpose)
    a, b, c = (positions[faces[:, k]] for k in range(3))
    share = np.linalg.norm(np.cross(b - a, c - a), axis=1) * density[faces].mean(1)
    edges = np.cumsum(share)
    if edges[-1] <= 0.0:
        return np.zeros(0, np.int32), np.zeros((0, 3), np.float32)
    picks = np.searchsorted(edges, (np.arange(count) + random.uniform(0, 1, count)) / count * edges[-1])
    u, v = np.sqrt(random.uniform(0, 1, count)), random.uniform(0, 1, count)
    return np.minimum(picks, len(faces) - 1).astype(np.int32), np.stack([1 - u, u * (1 - v), u * v], 1).astype(
        np.float32
    )


def cards(
    species: Species, skeleton: Skeleton, colours: Palette, parts: tuple[Part, ...], root: Piece, wide: float
) -> Piece:
    """One card at each of root's N points (positions, normals, weights), wide times its length across."""
    place = locate(species, skeleton, parts, root.positions, root.normals)
    random = chance(0, "fur", "cards")
    count = len(root.positions)
    # Hair lies flat, so a card is longer than the fur is deep.
    length = 1.35 * hair_length(species, place) * random.uniform(0.75, 1.25, count)
    flow, normal = groom(species, skeleton, place), root.normals.astype(float)
    side = np.cross(normal, flow)
    twist = random.normal(0, 0.22, count)[:, None]
    flow, side = flow + twist * side, side - twist * flow
    under = place.share["neck"] * step(0.2, -0.5, place.normals[:, 2])  # what hangs from the throat stands off
    lift = (0.16 + 0.06 * random.normal(size=count)).clip(0.05, 0.30) * (1.0 - 0.5 * place.share["head"] + 0.9 * under)
    lift = lift[:, None]
    t = np.array([0.0, 1.0])
    rise = np.array([-0.03, 0.78])
    spine = root.positions[:, None] + length[:, None, None] * (
        t[:, None] * flow[:, None] + rise[:, None] * (lift * normal)[:, None]
    )
    half = (
        np.maximum(length * wide, 0.005 * species.scale)[:, None, None]
        * np.array([0.95, 0.78])[:, None]
        * side[:, None]
        * 0.5
    )
    points = np.stack([spine - half, spine + half], 2)
    # Every corner has the coat's own colour there, so that a card cannot be told from the skin it lies on.
    near = locate(
        species,
        skeleton,
        parts,
        points.reshape(-1, 3).astype(np.float32),
        np.repeat(root.normals, 2 * ROWS, axis=0),
    )
    tone = coat(species, colours, near).reshape(points.shape) * np.array([0.98, 1.08])[:, None, None]
    tone = tone * random.uniform(0.97, 1.03, count)[:, None, None, None]
    tip = (random.uniform(0, 1, count) < 0.35 * (species.coat.pattern == "wolf"))[:, None, None, None] * np.array(
        [0, 0.40]
    )[:, None, None]
    onto = (
        step(0.15, 0.6, place.height)[:, None, None, None]
        * (place.share["torso"] + place.share["neck"])[:, None, None, None]
    )
    tone = tone + (colours.mark - tone) * tip * onto
    column = random.integers(0, COLUMNS, count)[:, None, None]
    u = (column + np.array([0.02, 0.98])[None, None, :]) / COLUMNS + 0 * t[None, :, None]
    uv = np.stack([u, 0.02 + 0.96 * t[None, :, None] + 0 * u], -1)
    shading = normal[:, None, None] + 0.25 * t[:, None, None] * flow[:, None, None] + 0 * points
    shading /= np.linalg.norm(shading, axis=-1, keepdims=True)
    per = ROWS * 2
    strip = np.array([[0, 3, 1], [0, 2, 3]])
    faces = (np.arange(count)[:, None, None] * per + strip).reshape(-1, 3)
    weights = np.repeat(root.weights, per, 0)
    flat = [
        np.ascontiguousarray(a.reshape(-1, a.shape[-1]), np.float32)
        for a in (points, shading, tone.clip(0.003, 0.95), uv)
    ]
    return Piece(flat[0], flat[1], faces.astype(np.int32), flat[2], weights, flat[3], HAIR)


def lying(hair: Piece, flesh: Piece) -> Piece:
    """Hair whose tips go with the skin they lie on, so that none stands off a neck that bends."""
    weights = hair.weights.copy()
    tips = np.flatnonzero(np.arange(len(weights)) % (ROWS * 2) >= 2)
    _, skin = cKDTree(flesh.positions).query(hair.positions[tips])
    weights[tips] = flesh.weights[skin]
    return replace(hair, weights=weights)
