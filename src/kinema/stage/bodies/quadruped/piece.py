"""Pieces: triangles with colours and skin weights, before they are put together into one skinned mesh."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
I32 = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Piece:
    """positions, normals, colours (V, 3) · faces (F, 3) · weights (V, B), sums one · uv (V, 2) · material: index."""

    positions: F32
    normals: F32
    faces: I32
    colours: F32
    weights: F32
    uv: F32
    material: int


def rigid(
    positions: F32, faces: I32, colours: F32 | F64, bone: int, bones: int, material: int, flip: bool = False
) -> Piece:
    """A piece that rides one bone, with smooth normals and no texture coordinates."""
    faces = np.ascontiguousarray(faces[:, ::-1]) if flip else faces
    weights = np.zeros((len(positions), bones), np.float32)
    weights[:, bone] = 1.0
    normals = vertex_normals(positions, faces)
    uv = np.zeros((len(positions), 2), np.float32)
    return Piece(
        positions.astype(np.float32), normals, faces.astype(np.int32), colours.astype(np.float32), weights, uv, material
    )


def vertex_normals(positions: F32 | F64, faces: I32) -> F32:
    """Area-weighted normals (V, 3)."""
    a, b, c = (positions[faces[:, k]].astype(np.float64) for k in range(3))
    face = np.cross(b - a, c - a)
    total = np.zeros((len(positions), 3))
    for k in range(3):
        np.add.at(total, faces[:, k], face)
    return np.asarray(total / np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-12), np.float32)


def grid_faces(rows: int, columns: int, wrap: bool = False) -> I32:
    """Two triangles a cell of a grid of rows x columns vertices, row-major; wrap closes the columns."""
    across = columns if wrap else columns - 1
    r, c = np.divmod(np.arange((rows - 1) * across), across)
    n = (c + 1) % columns
    a, b, d, e = r * columns + c, r * columns + n, (r + 1) * columns + c, (r + 1) * columns + n
    return np.concatenate([np.stack([a, b, e], 1), np.stack([a, e, d], 1)]).astype(np.int32)


def together(pieces: Sequence[Piece]) -> tuple[Piece, I32]:
    """All pieces as one, and its material by face (F,)."""
    starts = np.cumsum([0, *(len(piece.positions) for piece in pieces)])
    faces = np.concatenate([piece.faces + start for piece, start in zip(pieces, starts, strict=False)])
    material = np.concatenate([np.full(len(piece.faces), piece.material, np.int32) for piece in pieces])

    def all_of(name: str) -> F32:
        return np.concatenate([getattr(piece, name) for piece in pieces])

    faces = faces.astype(np.int32)
    arrays = [all_of(name) for name in ("positions", "normals", "colours", "weights", "uv")]
    return Piece(arrays[0], arrays[1], faces, arrays[2], arrays[3], arrays[4], 0), material
