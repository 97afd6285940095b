"""Shade on the vertices of people who are seen from some metres away: folds, and what parts take from each other.

Close by, textures and bumps say what cloth, hair and skin are like. From the middle distance on a person has neither,
and a plain colour all over makes a mannequin of anybody; a little shade in the colours themselves does instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy.spatial import cKDTree

from kinema.buffers.scene_frame import F32
from kinema.stage.bodies.people.piece import Piece

REACH = 0.13  # metres: how near a part must be to shade another
NEIGHBOURS = 24  # points that are asked
DEPTH = 0.62  # how dark the deepest place gets
SMOOTH = ("skin", "bust", "chest", "mouth", "face", "eye_left", "eye_right", "lens", "hair_sheet")
HAIR, CLOTH = 0.34, 0.16  # how much folds change the colour of hair, and of all else that is not smooth
DULL = 0.62  # roughness of hair seen from afar, whose strands do not show


def weathered(pieces: Sequence[Piece], lot: np.random.Generator) -> list[Piece]:
    """The pieces with the shade of folds, and of each other, in their colours."""
    done = [piece.with_normals() for piece in pieces]
    points = np.concatenate([piece.points for piece in done])
    normals = np.concatenate([_facing(piece) for piece in done])
    taken = _taken(points, normals)
    ends = np.cumsum([len(piece.points) for piece in done])
    return [_shaded(piece, taken[end - len(piece.points) : end], lot) for piece, end in zip(done, ends, strict=True)]


def _facing(piece: Piece) -> F32:
    assert piece.normals is not None
    return piece.normals


def _taken(points: F32, normals: F32) -> F32:
    """How much of the open (N,) other parts take from each point, 0 to 1."""
    away, rows = cKDTree(points).query(points, min(NEIGHBOURS, len(points)), distance_upper_bound=REACH)
    found = np.isfinite(away)
    way = points[np.where(found, rows, 0)] - points[:, None]
    rise = np.einsum("nkc,nc->nk", way, normals) / np.maximum(np.where(found, away, 1.0), 1e-4)
    near = np.clip(1.0 - np.where(found, away, REACH) / REACH, 0.0, 1.0)
    share = (np.clip(rise - 0.15, 0.0, 1.0) * near).sum(1) / np.maximum(near.sum(1), 1e-4)
    return np.asarray(np.clip(2.4 * share, 0.0, 1.0), np.float32)


def _shaded(piece: Piece, taken: F32, lot: np.random.Generator) -> Piece:
    light = 1.0 - DEPTH * taken
    if piece.name not in SMOOTH:
        much = HAIR if piece.name in ("hair_cap", "locks") else CLOTH
        light = light * (1.0 + much * _creases(piece.points, lot))
        light = light * (1.0 - 0.16 * np.clip(-_facing(piece)[:, 2], 0.0, 1.0))  # undersides
    colours = np.ones((len(piece.points), 3), np.float32) if piece.colours is None else piece.colours
    material = piece.material
    if piece.name.startswith("hair"):
        material = replace(material, roughness=DULL, metallic=0.15)
    return replace(piece, colours=(colours * light[:, None]).astype(np.float32), material=material)


def _creases(points: F32, lot: np.random.Generator) -> F32:
    """Uneven shade (N,), about -1 to 1: short waves that run round limbs and trunk, of no direction in particular."""
    total = np.zeros(len(points))
    for size in (0.30, 0.15, 0.085):
        ways = lot.normal(size=(3, 3))
        ways[:, 2] *= 1.6  # more of it up and down: cloth hangs and bunches
        ways *= 2.0 * np.pi / size / np.linalg.norm(ways, axis=1, keepdims=True)
        total += np.sin(points @ ways.T + lot.uniform(0.0, 2.0 * np.pi, 3)).mean(1)
    return np.asarray(np.clip(0.75 * total, -1.0, 1.0), np.float32)
