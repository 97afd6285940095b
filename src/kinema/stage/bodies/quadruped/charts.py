"""Charts: a body's skin laid flat, every part seen along the axis it faces most, packed into one square picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from kinema.buffers.scene_frame import F64
from kinema.stage.bodies.quadruped.piece import F32, I32

Bool = NDArray[np.bool_]
MARGIN = 3  # texels around a chart, so that coarser levels of the picture do not mix neighbours
# Per axis faced (-x, +x, -y, +y, -z, +z): which coordinates run along u and v.
AXES = np.array([[-1, 0, 0], [1, 0, 0], [0, -1, 0], [0, 1, 0], [0, 0, -1], [0, 0, 1]], float)
PLANES = np.array([[1, 2], [1, 2], [0, 2], [0, 2], [0, 1], [0, 1]])


@dataclass(frozen=True, eq=False)
class Charts:
    """faces (F, 3) into corners; vertex (C,): which vertex each corner is; texels (C, 2): column and row from the top
    in a picture of size x size; metre: texels a metre."""

    faces: I32
    vertex: I32
    texels: F64
    size: int
    metre: float

    @property
    def uv(self) -> F32:
        """Texture coordinates (C, 2), v up."""
        return np.asarray(np.stack([self.texels[:, 0], self.size - self.texels[:, 1]], 1) / self.size, np.float32)


def charts(positions: F32, faces: I32, size: int, apart: Bool) -> Charts:
    """Lay a closed mesh flat in a picture of size x size texels, all of it at one scale.

    apart (V,): what never shares a chart with the rest, because it lies above or below it: a jaw.
    """
    side = _sides(positions, faces)
    jaw = np.any(apart[faces], axis=1)
    i, j = _neighbours(faces)
    group = 2 * side + jaw
    together = group[i] == group[j]
    links = coo_array((np.ones(together.sum()), (i[together], j[together])), shape=(len(faces), len(faces)))
    count, chart = connected_components(links, directed=False)
    codes = faces.astype(np.int64) * count + chart[:, None]
    unique, corner = np.unique(codes, return_inverse=True)
    vertex, of = unique // count, unique % count
    plane = PLANES[side[np.unique(chart, return_index=True)[1]]][of]
    flat = np.take_along_axis(positions[vertex].astype(float), plane, axis=1)
    low, high = np.full((count, 2), np.inf), np.full((count, 2), -np.inf)
    np.minimum.at(low, of, flat)
    np.maximum.at(high, of, flat)
    places, metre = _packed(high - low, size)
    texels = places[of] + MARGIN + (flat - low[of]) * metre
    return Charts(corner.reshape(-1, 3).astype(np.int32), vertex.astype(np.int32), texels, size, metre)


def _neighbours(faces: I32) -> tuple[I32, I32]:
    """Pairs of faces that share an edge."""
    edges = np.sort(np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]]), axis=1)
    owner = np.tile(np.arange(len(faces), dtype=np.int32), 3)
    order = np.lexsort((edges[:, 1], edges[:, 0]))
    edges, owner = edges[order], owner[order]
    same = np.all(edges[1:] == edges[:-1], axis=1)
    return owner[:-1][same], owner[1:][same]


def _sides(positions: F32, faces: I32) -> I32:
    """Which of six ways each face (F,) looks, evened out so that charts are few."""
    a, b, c = (positions[faces[:, k]].astype(float) for k in range(3))
    own = np.cross(b - a, c - a)
    own /= np.maximum(np.linalg.norm(own, axis=1, keepdims=True), 1e-12)
    i, j = _neighbours(faces)
    smooth = own.copy()
    for _ in range(6):
        around = smooth.copy()
        np.add.at(around, i, smooth[j])
        np.add.at(around, j, smooth[i])
        smooth = around / np.maximum(np.linalg.norm(around, axis=1, keepdims=True), 1e-12)
    wanted = (smooth @ AXES.T).argmax(1)
    seen = np.take_along_axis(own @ AXES.T, wanted[:, None], axis=1)[:, 0]
    return np.asarray(np.where(seen > 0.25, wanted, (own @ AXES.T).argmax(1)), np.int32)


def _packed(extents: F64, size: int) -> tuple[F64, float]:
    """Corners (N, 2) in texels of boxes (N, 2) metres on shelves, and the largest scale at which they all fit."""
    low, high = 0.0, 2.0 * size / float(np.sqrt(extents.prod(1).sum()))
    places = np.zeros_like(extents)
    for _ in range(18):
        metre = (low + high) / 2
        tried = _shelved(np.ceil(extents * metre) + 2 * MARGIN, size)
        if tried is None:
            high = metre
        else:
            low, places = metre, tried
    return places, low


def _shelved(boxes: F64, size: int) -> F64 | None:
    """Corners (N, 2) of boxes (N, 2) in rows, the tallest first; None if they do not fit."""
    places = np.zeros_like(boxes)
    x = y = shelf = 0.0
    for k in np.argsort(-boxes[:, 1], kind="stable"):
        wide, tall = boxes[k]
        if x + wide > size:
            x, y, shelf = 0.0, y + shelf, 0.0
        if wide > size or y + tall > size:
            return None
        shelf = max(shelf, tall)
        places[k] = x, y
        x += wide
    return places


def spread(of: Charts, values: F64) -> tuple[F64, I32]:
    """Values (C, K) of the corners at every texel that a face covers: (N, K), and the texels' flat indices (N,)."""
    texel, face, weight = _covered(of)
    return np.asarray(np.einsum("nk,nkc->nc", weight, values[of.faces[face]])), texel


def _covered(of: Charts) -> tuple[I32, I32, F64]:
    """Every covered texel, the face on it and the weights of its corners, half a texel beyond the edges too."""
    found = []
    for face, corners in enumerate(of.texels[of.faces]):
        low, high = np.floor(corners.min(0) - 0.5).astype(int), np.ceil(corners.max(0) + 0.5).astype(int)
        x, y = np.meshgrid(np.arange(low[0], high[0]), np.arange(low[1], high[1]))
        a, b, c = corners
        across = (b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])
        if abs(across) < 1e-9:
            continue
        px, py = x.ravel() + 0.5 - a[0], y.ravel() + 0.5 - a[1]
        u = (px * (c[1] - a[1]) - (c[0] - a[0]) * py) / across
        v = ((b[0] - a[0]) * py - px * (b[1] - a[1])) / across
        slack = 1.0 / np.sqrt(abs(across))
        inside = (u > -slack) & (v > -slack) & (u + v < 1 + slack)
        weight = np.stack([1 - u - v, u, v], 1)[inside]
        found.append(((y.ravel() * of.size + x.ravel())[inside], np.full(inside.sum(), face), weight))
    texel, faces, weights = (np.concatenate(part) for part in zip(*found, strict=True))
    # Where two faces claim a texel it is the one that holds its middle best.
    order = np.lexsort((-weights.min(1), texel))
    first = order[np.concatenate([[True], np.diff(texel[order]) > 0])]
    return texel[first].astype(np.int32), faces[first].astype(np.int32), weights[first]
