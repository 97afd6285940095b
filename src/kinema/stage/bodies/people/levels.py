"""Levels of detail: the same person thinned to as many triangles as a camera that far away can tell apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import fast_simplification
import numpy as np
from scipy.spatial import cKDTree

from kinema.buffers.scene_frame import F32, I32, Material
from kinema.stage.bodies.people.hair import STEPS, Fineness
from kinema.stage.bodies.people.maps import texel
from kinema.stage.bodies.people.piece import Piece
from kinema.stage.bodies.people.shade import normals_of
from kinema.stage.bodies.people.strands import MEAN
from kinema.stage.colours import decoded

GROWN = ("locks", "hair_sheet", "parting")  # made as fine as they are to be
INNER = ("mouth", "tongue", "teeth_upper", "teeth_lower")  # seen through the lips, and lit from there
SKIN = "skin"
FOLDED = -0.35  # cosine between two faces below which cloth is folded there, not round
LEAST = 24  # triangles that a thinned piece keeps
TINY = ("bag_ring", "bridge", "buttons", "pocket", "seam", "strap")
UNSEEN = ("lashes", "mouth", "teeth_upper", "teeth_lower", "tongue")


@dataclass(frozen=True)
class Level:
    """One fineness of a person.

    pixels: that a metre of it takes on the picture, from which on it is worth its triangles ·
    budget: triangles by kind of piece; of others a share `kept` (`kept_coarse` of what was cut coarse), at most
    `most` · whole: triangles of a person that bare skin may fill up, hands above all · plain: textures are read onto
    the vertices, the face does not move, and nobody is to see cuffs and hems from within · skirt: columns and rings ·
    left_out: kinds of pieces · mapped: kinds that keep their texture where others are plain
    """

    name: str
    pixels: float
    hair: Fineness
    skirt: tuple[int, int]
    budget: Mapping[str, int] = field(default_factory=dict)
    kept: float = 1.0
    kept_coarse: float = 1.0
    most: int = 100_000
    whole: int = 0
    plain: bool = False
    left_out: tuple[str, ...] = ()
    mapped: tuple[str, ...] = ()


NEAR = Level(
    "near", 330.0,
    Fineness(56, (0, 0.6, 1.2, 1.9, 2.7, 3.6, 4.6, 5.7, 6.8, 8, 9.4, 11, 12.6, 14.3, STEPS), 1.0, 0.4),
    (72, 22),
    budget={"skin": 1500, "bust": 100_000, "chest": 100_000, "face": 100_000, "teeth_upper": 48, "teeth_lower": 48,
            "mouth": 100_000, "tongue": 100, "hair_cap": 700, "bag_clasp": 160, "bag_ring": 160, "zip": 400,
            "rim": 1200, "lens": 400, "dress": 1300, "jacket": 3000, "seam": 400, "strap": 400, "pocket": 400},
    kept=0.55, most=4200, whole=26_000,
)  # fmt: skip
MID = Level(
    "mid", 90.0, Fineness(36, (0, 1, 2, 4, 6, 8, 10, 12, 14, STEPS), 0.3, 0.4), (48, 14),
    budget={"skin": 600, "bust": 300, "chest": 200, "face": 1700, "eye_left": 110, "eye_right": 110, "hair_cap": 420,
            "dress": 500, "lens": 200, "bag_clasp": 60},
    kept=0.25, most=1900, left_out=UNSEEN + TINY,
)  # fmt: skip
FAR = Level(
    "far", 68.0, Fineness(17, (0, 1, 3, 5, 8, 12, STEPS), 0.0, 0.62), (24, 9),
    budget={"skin": 240, "bust": 90, "chest": 50, "face": 480, "hair_cap": 220, "eye_left": 40,
            "eye_right": 40, "zip": 60, "collar": 96},
    kept=0.15, kept_coarse=0.79, plain=True, left_out=(*UNSEEN, *TINY, "bag_clasp", "bag_edge"),
    mapped=("face", "eye_left", "eye_right"),
)  # fmt: skip
AWAY = Level(
    "away", 40.0, Fineness(14, (0, 2, 5, 10, STEPS), 0.0, 0.62), (18, 7),
    budget={"skin": 120, "bust": 44, "chest": 32, "face": 200, "hair_cap": 130, "eye_left": 20, "eye_right": 20,
            "zip": 24},
    kept=0.12, kept_coarse=0.36, most=340, plain=True,
    left_out=(*UNSEEN, *TINY, "rim", "temple", "bag_clasp", "bag_edge"), mapped=("face", "eye_left", "eye_right"),
)  # fmt: skip
FARTHEST = Level(
    "farthest", 0.0, Fineness(9, (0, 2, 5, 10, STEPS), 0.0, 0.62), (14, 6),
    budget={"skin": 70, "bust": 24, "chest": 24, "face": 84, "hair_cap": 92},
    kept=0.11, kept_coarse=0.21, most=170, plain=True,
    left_out=(*UNSEEN, *TINY, "eye_left", "eye_right", "rim", "temple", "collar", "lapel", "zip", "belt", "bag_flap",
              "bag_clasp", "bag_edge"),
)  # fmt: skip


def all_at(pieces: Sequence[Piece], level: Level) -> list[Piece]:
    """Pieces as a level shows them. Bare skin gets what triangles the others leave of the whole: where there is little
    of it, hands are round."""
    shown = {k: at_level(piece, level) for k, piece in enumerate(pieces) if piece.name != SKIN}
    room = level.whole - sum(len(made.faces) for made in shown.values() if made is not None)
    skin = max(level.budget[SKIN], min(room, level.most))
    roomy = replace(level, budget={**level.budget, SKIN: skin}) if level.whole else level
    shown |= {k: at_level(piece, roomy) for k, piece in enumerate(pieces) if piece.name == SKIN}
    return [made for _, made in sorted(shown.items(), key=lambda one: one[0]) if made is not None and len(made.faces)]


def at_level(piece: Piece, level: Level) -> Piece | None:
    """A piece as a level shows it; None if it does not."""
    if piece.name in level.left_out or not len(piece.faces):
        return None
    if piece.name in GROWN:
        return _both_sides(_flat(piece)) if level.plain else piece
    # a coarse garment has no uv: it was cut with few triangles, so that it does not sink into the one beneath
    share = (level.kept if piece.uv is not None else level.kept_coarse) * len(piece.faces)
    wanted = level.budget.get(piece.name, round(max(LEAST, min(share, level.most))))
    made = thinned(painted(piece) if level.plain and piece.name not in level.mapped else piece, wanted)
    if piece.name in INNER:
        made = replace(made, normals=_ahead(normals_of(made)))
    return replace(made, units={}, along=None) if level.plain else made


def _ahead(normals: F32) -> F32:
    """Normals (V, 3) turned ahead: lamps cast no shadows, and one behind the head would light the mouth from within."""
    mixed = normals + np.array([0.0, 3.0, 0.0], np.float32)
    return np.asarray(mixed / np.linalg.norm(mixed, axis=1, keepdims=True), np.float32)


def _flat(piece: Piece) -> Piece:
    """Hair without its strands, of their mean colour: neither cut out nor lit one by one."""
    colours = np.ones((len(piece.points), 3), np.float32) if piece.colours is None else piece.colours
    material = replace(piece.material, texture=None, bump=0.0)
    return replace(piece, material=material, colours=colours * np.float32(MEAN), uv=None, along=None)


def _both_sides(piece: Piece) -> Piece:
    """The piece with its back as faces of their own: hair hangs free, and what is plain is one-sided."""
    piece = piece.with_normals()
    assert piece.normals is not None
    count = len(piece.points)
    again = np.tile(np.arange(count), 2)
    return replace(
        piece,
        points=piece.points[again],
        faces=np.concatenate([piece.faces, piece.faces[:, ::-1] + np.int32(count)]),
        weights=piece.weights[again],
        normals=np.concatenate([piece.normals, -piece.normals]),
        colours=None if piece.colours is None else piece.colours[again],
        same=None,
        units={},
        along=None,
    )


def thinned(piece: Piece, wanted: int) -> Piece:
    """The piece with about so many triangles, by quadric error (Garland and Heckbert 1997); uv, weights and units are
    those of the nearest point, on the side of a seam that the triangle was on."""
    if wanted >= len(piece.faces):
        return piece
    welded, owners = _welded(piece)
    points, faces = fast_simplification.simplify(
        piece.points[owners].astype(np.float32), welded, 1.0 - wanted / len(piece.faces), agg=6
    )
    points, faces = np.asarray(points, np.float32), np.asarray(faces, np.int32)
    if not len(faces):
        return piece
    source, new = _sources(piece, owners, points, faces)
    rows, normals, faces = _split_at_folds(source, folded_normals(points, faces))
    new = new[rows]
    return replace(
        piece,
        points=points[new[:, 0]],
        faces=faces,
        weights=piece.weights[new[:, 1]],
        uv=None if piece.uv is None else piece.uv[new[:, 1]],
        colours=None if piece.colours is None else piece.colours[new[:, 1]],
        normals=normals,
        same=new[:, 0].astype(np.int32),
        units={name: delta[new[:, 1]] for name, delta in piece.units.items()},
        along=None if piece.along is None else piece.along[new[:, 1]],
    )


def folded_normals(points: F32, faces: I32) -> F32:
    """Unit normals (F, 3, 3) at the corners of faces, smooth but where cloth folds back on itself.

    A turned-in edge may be thinned to no thickness; what the outside and the inside of it share has no normal between.
    """
    a, b, c = np.moveaxis(points[faces], 1, 0)
    area = np.cross(b - a, c - a)
    facing = area / np.maximum(np.linalg.norm(area, axis=1, keepdims=True), 1e-12)
    corner = np.argsort(faces.ravel(), kind="stable")  # corners that meet in a point, one after the other
    count = np.bincount(faces.ravel(), minlength=len(points))[faces.ravel()[corner]]
    first = np.searchsorted(faces.ravel()[corner], faces.ravel()[corner])
    mine = np.repeat(corner, count)
    other = corner[np.arange(len(mine)) - np.repeat(np.cumsum(count) - count, count) + np.repeat(first, count)]
    along = (facing[mine // 3] * facing[other // 3]).sum(1) > FOLDED
    total = np.zeros((faces.size, 3))
    for axis in range(3):
        total[:, axis] = np.bincount(mine, area[other // 3, axis] * along, faces.size)
    length = np.linalg.norm(total, axis=1, keepdims=True)
    total = np.where(length > 1e-12, total / np.maximum(length, 1e-12), (0.0, 0.0, 1.0))
    return np.asarray(total.reshape(-1, 3, 3), np.float32)


def _split_at_folds(faces: I32, normals: F32) -> tuple[I32, F32, I32]:
    """Vertices (N,) of faces (F, 3), those with several normals at corners (F, 3, 3) repeated; theirs (N, 3); faces."""
    key = np.column_stack([faces.ravel(), np.round(normals.reshape(-1, 3) * 64)])
    _, first, inverse = np.unique(key, axis=0, return_index=True, return_inverse=True)
    return faces.ravel()[first], normals.reshape(-1, 3)[first], inverse.reshape(-1, 3).astype(np.int32)


def _sources(piece: Piece, owners: I32, points: F32, faces: I32) -> tuple[I32, I32]:
    """Faces (F, 3) over new vertices, and each new vertex's (thin point, vertex of the piece it is like) (V, 2)."""
    _, near = cKDTree(piece.points[owners]).query(points)
    if piece.uv is None:
        return faces, np.stack([np.arange(len(points)), owners[near]], 1).astype(np.int32)
    copies = _copies(piece, owners)[near][faces]  # (F, 3, C) vertices at each corner's place
    middles = piece.points[piece.faces].mean(1)
    _, old = cKDTree(middles).query(points[faces].mean(1))
    about = piece.uv[piece.faces[old]].mean(1)  # (F, 2)
    apart = ((piece.uv[copies] - about[:, None, None]) ** 2).sum(-1)
    chosen = np.take_along_axis(copies, apart.argmin(-1)[..., None], -1)[..., 0]
    pairs = np.stack([faces.ravel(), chosen.ravel()], 1)
    new, inverse = np.unique(pairs, axis=0, return_inverse=True)
    return inverse.reshape(-1, 3).astype(np.int32), new.astype(np.int32)


def _copies(piece: Piece, owners: I32) -> I32:
    """(O, C) of the piece's vertices that lie where each of O owners does, the first repeated."""
    _, place = cKDTree(piece.points[owners]).query(piece.points)
    order = np.argsort(place, kind="stable")
    counts = np.bincount(place, minlength=len(owners))
    starts = np.cumsum(counts) - counts
    number = np.arange(counts.max())[None]
    return np.asarray(order[starts[:, None] + np.where(number < counts[:, None], number, 0)], np.int32)


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
