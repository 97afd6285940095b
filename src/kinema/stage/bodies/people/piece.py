"""A piece of a person at rest: skin, an eye, a sleeve, a lock of hair; cutting, thickening and joining pieces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

import numpy as np
from scipy.spatial import cKDTree

from kinema.buffers.scene_frame import F32, I32, Material
from kinema.stage.bodies.people.body import Body, archive
from kinema.stage.bodies.people.skinning import SKIN_JOINTS, smooth_normals


@dataclass(frozen=True, eq=False)
class Piece:
    """A surface of one material, bound to the skeleton.

    points (V, 3) · faces (F, 3) · weights (V, S) over SKIN_JOINTS, rows sum to 1 · uv (V, 2) · colours (V, 3) linear ·
    normals (V, 3) or None for smooth ones · same (V,): owner among vertices that a uv seam splits ·
    units: face unit -> (V, 3) metres · along (V, 3): unit way that hair runs, None where it is not hair
    """

    name: str
    points: F32
    faces: I32
    weights: F32
    material: Material
    uv: F32 | None = None
    colours: F32 | None = None
    normals: F32 | None = None
    same: I32 | None = None
    units: Mapping[str, F32] = field(default_factory=dict)
    along: F32 | None = None

    def with_normals(self) -> Piece:
        """This piece with its smooth normals written down."""
        if self.normals is not None:
            return self
        return replace(self, normals=smooth_normals(self.points, self.faces, self.same))


@cache
def dense_weights() -> F32:
    """The archive's skin weights (K, S), one column per joint of SKIN_JOINTS; not to be written to."""
    baked = archive()
    dense = np.zeros((len(baked.skin_indices), len(SKIN_JOINTS)), np.float32)
    np.put_along_axis(dense, baked.skin_indices.astype(np.int64), baked.skin_weights, 1)
    dense.flags.writeable = False
    return dense


def weights_near(body: Body, points: F32, source: I32, neighbours: int = 6) -> F32:
    """Skin weights (V, S) for points, from the nearest of some of the body's points, by inverse square distance."""
    distances, rows = cKDTree(body.points[source]).query(points, neighbours)
    near = 1.0 / (distances**2 + 1e-6)
    near /= near.sum(1, keepdims=True)
    return np.asarray(np.einsum("vk,vks->vs", near, dense_weights()[source][rows]), np.float32)


def rigid(joint: str, count: int) -> F32:
    """Weights (V, S) that follow one joint."""
    weights = np.zeros((count, len(SKIN_JOINTS)), np.float32)
    weights[:, SKIN_JOINTS.index(joint)] = 1.0
    return weights


def share(weights: F32, *prefixes: str) -> F32:
    """How much (V,) of each point follows the joints whose names start so."""
    columns = [k for k, name in enumerate(SKIN_JOINTS) if name.startswith(prefixes)]
    return np.asarray(weights[:, columns].sum(1), np.float32)


def subdivide(points: F32, quads: I32, values: Sequence[F32]) -> tuple[F32, I32, list[F32]]:
    """One Catmull-Clark step (Catmull and Clark 1978): points (V, 3), quads (Q, 4), and values (V, C) carried linearly.

    Boundary points stay on the boundary curve.
    """
    count = len(points)
    edges = np.sort(np.stack([quads, np.roll(quads, -1, 1)], 2).reshape(-1, 2), 1)
    unique, inverse, uses = np.unique(edges, axis=0, return_inverse=True, return_counts=True)
    inverse = inverse.reshape(-1)
    centres = points[quads].mean(1)
    face_of_edge = np.repeat(np.arange(len(quads)), 4)
    middles = points[unique].mean(1)
    towards = np.zeros_like(middles)
    np.add.at(towards, inverse, centres[face_of_edge])
    inner = uses == 2
    edge_points = np.where(inner[:, None], (middles * 2 + towards) / 4, middles)
    moved = _moved_corners(points, quads, unique, inner, centres, middles)
    new_points = np.concatenate([moved, edge_points, centres]).astype(np.float32)
    middle_of = inverse.reshape(-1, 4) + count
    centre = np.arange(len(quads)) + count + len(unique)
    new_quads = np.stack(
        [np.stack([quads[:, k], middle_of[:, k], centre, middle_of[:, k - 1]], 1) for k in range(4)], 1
    ).reshape(-1, 4)
    carried = [np.concatenate([v, v[unique].mean(1), v[quads].mean(1)]).astype(np.float32) for v in values]
    return new_points, new_quads.astype(np.int32), carried


def _moved_corners(points: F32, quads: I32, edges: I32, inner: I32, centres: F32, middles: F32) -> F32:
    count = len(points)
    faces_at = np.bincount(quads.ravel(), minlength=count)[:, None]
    faces_sum, edges_sum = np.zeros((count, 3)), np.zeros((count, 3))
    np.add.at(faces_sum, quads.ravel(), np.repeat(centres, 4, 0))
    np.add.at(edges_sum, edges.ravel(), np.repeat(middles, 2, 0))
    edges_at = np.bincount(edges.ravel(), minlength=count)[:, None]
    n = np.maximum(faces_at, 1)
    smooth = (faces_sum / n + 2 * edges_sum / np.maximum(edges_at, 1) + (n - 3) * points) / n
    border_sum, border = np.zeros((count, 3)), edges[~inner]
    np.add.at(border_sum, border.ravel(), np.repeat(middles[~inner], 2, 0))
    on_border = np.bincount(border.ravel(), minlength=count)[:, None] > 0
    return np.asarray(np.where(on_border, border_sum / 4 + points / 2, smooth), np.float32)


def clip(points: F32, faces: I32, values: Sequence[F32], level: F32) -> tuple[F32, I32, list[F32]]:
    """Keeps where level (V,) is at least 0, cutting triangles along the line; values (V, C) are carried linearly."""
    inside = level >= 0
    kinds = inside[faces].sum(1)
    whole = faces[kinds == 3]
    pieces: list[I32] = [whole]
    starts: list[I32] = []
    ends: list[I32] = []
    count = len(points)
    for lone_inside, rows in ((True, faces[kinds == 1]), (False, faces[kinds == 2])):
        if not len(rows):
            continue
        lone = np.argmax(inside[rows] == lone_inside, 1)
        a, b, c = (rows[np.arange(len(rows)), (lone + k) % 3] for k in range(3))
        first = count + sum(map(len, starts))
        ab, ac = first + np.arange(len(rows)), first + len(rows) + np.arange(len(rows))
        starts += [a, a]
        ends += [b, c]
        pieces += [np.stack([a, ab, ac], 1)] if lone_inside else [np.stack([ab, b, c], 1), np.stack([ab, c, ac], 1)]
    start, end = (np.concatenate(x) if x else np.zeros(0, np.int32) for x in (starts, ends))
    share_ = (level[start] / (level[start] - level[end]))[:, None].astype(np.float32)
    carried = [np.concatenate([v, v[start] * (1 - share_) + v[end] * share_]) for v in (points, *values)]
    keys = np.sort(np.stack([start, end], 1), 1)
    _, first_use, inverse = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    merge = (
        np.concatenate([np.arange(count), count + first_use[inverse.reshape(-1)]]) if len(keys) else np.arange(count)
    )
    joined = merge[np.concatenate(pieces)]
    used, compact = np.unique(joined, return_inverse=True)
    carried = [v[used].astype(np.float32) for v in carried]
    return carried[0], compact.reshape(-1, 3).astype(np.int32), carried[1:]


def boundary_loops(faces: I32) -> list[I32]:
    """Closed chains of vertices around a triangle mesh's holes and rims, in the order of the faces' edges."""
    edges = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
    both = {(int(a), int(b)) for a, b in edges}
    following = {a: b for a, b in both if (b, a) not in both}
    loops = []
    while following:
        start, here = next(iter(sorted(following.items())))
        chain = [start]
        del following[start]
        while here != start and here in following:
            chain.append(here)
            here = following.pop(here)
        if len(chain) > 2:
            loops.append(np.array(chain, np.int32))
    return loops


def keep(piece: Piece, rows: I32) -> Piece:
    """Only the faces (F,) marked true, without the points they leave behind."""
    faces = piece.faces[rows]
    used, compact = np.unique(faces, return_inverse=True)

    def cut(values: F32 | None) -> F32 | None:
        return None if values is None else values[used]

    return replace(
        piece,
        points=piece.points[used],
        faces=compact.reshape(-1, 3).astype(np.int32),
        weights=piece.weights[used],
        uv=cut(piece.uv),
        colours=cut(piece.colours),
        normals=cut(piece.normals),
        same=None if piece.same is None else piece.same[used],
        units={name: delta[used] for name, delta in piece.units.items()},
        along=cut(piece.along),
    )


def top_four(weights: F32) -> tuple[I32, F32]:
    """The four strongest joints of each point: indices (V, 4) and weights (V, 4) that sum to 1."""
    indices = np.argsort(-weights, axis=1, kind="stable")[:, :4]
    strongest = np.take_along_axis(weights, indices, 1)
    return indices.astype(np.uint8), (strongest / strongest.sum(1, keepdims=True)).astype(np.float32)
