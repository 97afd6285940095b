"""Shade that a person's parts throw on each other: under the chin, beneath the hair, in the ears, inside a collar.

Lamps cast no shadows in the preview, so what of the light around reaches each point at rest is found once, from depth
pictures of the person taken all round, and darkens its colour.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from kinema.buffers.compiled import kernel
from kinema.buffers.scene_frame import F32, F64, I32
from kinema.stage.bodies.people.piece import Piece

VIEWS = 32
TEXEL = 0.0035  # metres of a depth picture
SLACK = {
    "face": 0.003,
    "bust": 0.004,
    "chest": 0.004,
    "skin": 0.004,
}  # metres that a surface may lie behind what is seen
HAIR_SLACK = 0.007  # hair lies in layers
EVENED = 3  # times that a point of skin takes half of its neighbours' shade
DEPTH = 0.85  # of the light a wholly hidden point loses
FROM_ABOVE = 0.45  # how much more light comes from above than from the side
BLOOD = np.array([0.72, 1.0, 1.08], np.float32)  # the red that comes out of skin fills its folds
SHADED = ("face", "bust", "chest", "skin", "hair_sheet", "locks", "hair_cap", "teeth_upper", "teeth_lower")


@kernel
def depth_picture(points: F32, faces: I32, picture: F32) -> None:
    """Greatest third coordinate (H, W) of triangles (F, 3) of points (P, 3) in texels."""
    height, width = picture.shape
    for f in range(len(faces)):
        a, b, c = faces[f, 0], faces[f, 1], faces[f, 2]
        x0, y0, x1, y1, x2, y2 = points[a, 0], points[a, 1], points[b, 0], points[b, 1], points[c, 0], points[c, 1]
        area = (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)
        if abs(area) < 1e-9:
            continue
        for row in range(max(int(min(y0, y1, y2)), 0), min(int(max(y0, y1, y2)) + 1, height)):
            for column in range(max(int(min(x0, x1, x2)), 0), min(int(max(x0, x1, x2)) + 1, width)):
                x, y = column + 0.5, row + 0.5
                first = ((x1 - x) * (y2 - y) - (x2 - x) * (y1 - y)) / area
                second = ((x2 - x) * (y0 - y) - (x0 - x) * (y2 - y)) / area
                third = 1.0 - first - second
                if first >= 0.0 and second >= 0.0 and third >= 0.0:
                    deep = first * points[a, 2] + second * points[b, 2] + third * points[c, 2]
                    picture[row, column] = max(picture[row, column], deep)


def shaded(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces, those of SHADED darker where all of them keep the light out."""
    chosen = [piece for piece in pieces if piece.name in SHADED]
    if not chosen:
        return list(pieces)
    low, high = _bounds(chosen)
    counts = np.cumsum([0, *(len(piece.points) for piece in chosen)])
    points = np.concatenate([piece.points for piece in chosen])
    normals = np.concatenate([normals_of(piece) for piece in chosen])
    slack = np.concatenate([np.full(len(p.points), SLACK.get(p.name, HAIR_SLACK), np.float32) for p in chosen])
    share = open_share(points, normals, slack, *_solid(pieces, low, high))
    flesh = np.concatenate([np.full(len(piece.points), piece.name in SLACK) for piece in chosen])
    faces = np.concatenate([piece.faces + a for piece, a in zip(chosen, counts, strict=False)])
    share = _evened(points, faces[flesh[faces[:, 0]]], share)
    done = {id(piece): _darkened(piece, share[a:b]) for piece, a, b in zip(chosen, counts, counts[1:], strict=False)}
    return [done.get(id(piece), piece) for piece in pieces]


def _bounds(pieces: Sequence[Piece]) -> tuple[F32, F32]:
    points = np.concatenate([piece.points for piece in pieces])
    return points.min(0) - np.float32(0.1), points.max(0) + np.float32(0.1)


def _solid(pieces: Sequence[Piece], low: F32, high: F32) -> tuple[F32, I32]:
    """Points and faces of what may stand in the light: opaque triangles about the box."""
    parts = [piece for piece in pieces if piece.material.opacity >= 1.0 and piece.name != "lashes"]
    starts = np.cumsum([0, *(len(piece.points) for piece in parts)])
    points = np.concatenate([piece.points for piece in parts]).astype(np.float32)
    faces = np.concatenate([piece.faces + start for piece, start in zip(parts, starts, strict=False)])
    middles = points[faces].mean(1)
    near = ((middles > low) & (middles < high)).all(1)
    return points, np.asarray(faces[near], np.int32)


def normals_of(piece: Piece) -> F32:
    """A piece's normals (V, 3), smooth where none are written down."""
    normals = piece.with_normals().normals
    assert normals is not None
    return normals


def open_share(points: F32, normals: F32, slack: F32, solid: F32, faces: I32) -> F32:
    """Share (V,) of the light around that reaches points with normals (V, 3); slack (V,) metres; solid (P, 3), faces
    (F, 3): what stands in its way."""
    got, could = np.zeros(len(points), np.float32), np.full(len(points), 1e-6, np.float32)
    for way in _ways():
        side = np.cross(way, [0.0, 0.0, 1.0] if abs(way[2]) < 0.9 else [1.0, 0.0, 0.0])
        side /= np.linalg.norm(side)
        turn = np.stack([side, np.cross(way, side), way]).astype(np.float32)
        seen = solid @ turn.T
        used = seen[np.unique(faces)]
        corner = used.min(0)[:2] - TEXEL
        seen[:, :2] = (seen[:, :2] - corner) / TEXEL
        size = np.ceil((used.max(0)[:2] - corner) / TEXEL).astype(int) + 2
        picture = np.full((size[1], size[0]), -1e6, np.float32)
        depth_picture(np.ascontiguousarray(seen), faces, picture)
        mine = points @ turn.T
        column, row = ((mine[:, :2] - corner) / TEXEL).astype(int).clip(0, size - 1).T
        cosine = np.maximum(normals @ turn[2], 0.0) * np.float32(1.0 + FROM_ABOVE * way[2])
        # a slanted surface covers much depth within one texel
        lean = TEXEL * np.sqrt(1.0 / np.clip(np.abs(normals @ turn[2]), 0.2, 1.0) ** 2 - 1.0)
        got += cosine * (mine[:, 2] + slack + lean > picture[row, column])
        could += cosine
    return np.asarray(got / could, np.float32)


def _evened(points: F32, faces: I32, share: F32) -> F32:
    """Shares (V,) brought into line with their neighbours' over faces (F, 3), across seams too."""
    _, owner = np.unique(np.round(points, 5), axis=0, return_inverse=True)
    owner = owner.reshape(-1)
    mean = np.bincount(owner, share) / np.bincount(owner)
    edges = owner[np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])]
    near = np.bincount(edges.ravel(), minlength=len(mean))
    for _ in range(EVENED):
        total = np.bincount(edges[:, 0], mean[edges[:, 1]], len(mean))
        total += np.bincount(edges[:, 1], mean[edges[:, 0]], len(mean))
        mean = np.where(near > 0, 0.5 * mean + 0.5 * total / np.maximum(near, 1), mean)
    return np.where(near[owner] > 0, mean[owner], share).astype(np.float32)


def _ways() -> F64:
    """Unit directions all round, evenly (a golden spiral)."""
    z = 1.0 - (np.arange(VIEWS) + 0.5) * 2.0 / VIEWS
    turn = np.arange(VIEWS) * np.pi * (3.0 - np.sqrt(5.0))
    level = np.sqrt(1.0 - z**2)
    return np.stack([level * np.cos(turn), level * np.sin(turn), z], 1)


def _darkened(piece: Piece, share: F32) -> Piece:
    left = (1.0 - DEPTH * (1.0 - share))[:, None]
    tone = left**BLOOD if piece.name in SLACK else left
    colours = np.ones((len(piece.points), 3), np.float32) if piece.colours is None else piece.colours
    return replace(piece, colours=np.asarray(colours * tone, np.float32))
