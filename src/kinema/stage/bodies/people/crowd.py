"""Extras: whole people thinned to a few thousand triangles, with their colours written on the vertices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import fast_simplification
import numpy as np
from scipy.spatial import cKDTree

from kinema.buffers.scene_frame import I32, Material
from kinema.stage.bodies.people.body import Body
from kinema.stage.bodies.people.drape import Drape
from kinema.stage.bodies.people.face import decoded, texel
from kinema.stage.bodies.people.model import PersonModel, join
from kinema.stage.bodies.people.piece import Piece
from kinema.stage.bodies.people.skinning import smooth_normals

# triangles by kind of piece, from the middle distance; what is not named keeps KEPT of its own
BUDGET = {"skin": 360, "face": 560, "hair_cap": 140, "eye_left": 56, "eye_right": 56}
KEPT = 0.16
LEFT_OUT = ("lashes", "bag_ring", "bag_clasp", "bridge")


def simplified(pieces: Sequence[Piece], drapes: Sequence[Drape], body: Body, key: str) -> PersonModel:
    """The same person, lighter: every piece decimated and coloured by vertex; locks are thinned, not merged."""
    light = [_light(piece) for piece in pieces if piece.name not in LEFT_OUT and len(piece.faces)]
    return join([piece for piece in light if len(piece.faces)], body, f"extra-{key}", drapes)


def _light(piece: Piece) -> Piece:
    coloured = painted(piece)
    if piece.name == "locks":  # grown few and broad
        return replace(coloured, uv=None, units={})
    wanted = BUDGET.get(piece.name, max(40, round(len(piece.faces) * KEPT)))
    if wanted >= len(piece.faces) or piece.uv is None:  # what has no uv was cut coarse already
        return coloured
    welded, owners = _welded(coloured)
    points, faces = fast_simplification.simplify(
        coloured.points[owners], welded, 1.0 - wanted / len(piece.faces), agg=6
    )
    points, faces = np.asarray(points, np.float32), np.asarray(faces, np.int32)
    if not len(faces):
        return coloured
    _, nearest = cKDTree(coloured.points).query(points)
    return replace(
        coloured,
        points=points,
        faces=faces,
        weights=coloured.weights[nearest],
        colours=None if coloured.colours is None else coloured.colours[nearest],
        normals=smooth_normals(points, faces),
        same=None,
        uv=None,
        units={},
    )


def _welded(piece: Piece) -> tuple[I32, I32]:
    """Faces over points that uv seams no longer split, and the vertex each such point stands for."""
    _, owners, inverse = np.unique(np.round(piece.points, 6), axis=0, return_index=True, return_inverse=True)
    faces = inverse.reshape(-1)[piece.faces].astype(np.int32)
    whole = (faces[:, 0] != faces[:, 1]) & (faces[:, 1] != faces[:, 2]) & (faces[:, 0] != faces[:, 2])
    return np.asarray(faces[whole], np.int32), np.asarray(owners, np.int32)


def painted(piece: Piece) -> Piece:
    """The piece with its texture's albedo read onto its vertices, and the texture taken off."""
    texture = piece.material.texture
    colours = np.ones((len(piece.points), 3), np.float32) if piece.colours is None else piece.colours
    if texture is not None and texture.albedo is not None and piece.uv is not None:
        colours = colours * decoded(texture.albedo[texel(piece.uv, *texture.albedo.shape[:2])])
    material: Material = replace(piece.material, texture=None, bump=0.0)
    return replace(piece, colours=colours.astype(np.float32), material=material, uv=None)
