"""Skin where it shows, the painted face, teeth and tongue."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from kinema.buffers.scene_frame import F32, I32, Material
from kinema.stage.bodies.people.body import Body, archive
from kinema.stage.bodies.people.canvas import face_quads, window_uv
from kinema.stage.bodies.people.chest import RELIEF, chest_texture, chest_uv, on_chest
from kinema.stage.bodies.people.complexion import Paint, face_texture, far_face_texture, lip_depth, skin_colours
from kinema.stage.bodies.people.lashes import UNITS, unit_delta
from kinema.stage.bodies.people.piece import Piece, dense_weights
from kinema.stage.bodies.people.skinning import triangles

BUST = 0.47  # height on the base mesh above which skin keeps every triangle, so that it meets the face without a gap
AHEAD = np.array([0.0, 1.0, 0.0], np.float32)
SOFT = 0.5  # how far light goes round flesh: more, and a face has no form
TEETH = 13  # columns of a row of teeth
OVERLAP = 0.035  # metres the thinned skin reaches up behind it


def skin_pieces(
    body: Body, paint: Paint, bare: NDArray[np.bool_], key: str, fine: bool = True, sharp: float = 1.0
) -> list[Piece]:
    """The body's skin where it shows, and the painted face.

    bare (K,): points of the archive that no garment covers · fine: with a large texture for the face, else a small one
    · sharp: how far bones show under the skin.
    """
    baked = archive()
    quads = baked.group("body")
    shown = bare[baked.corners[quads]].any(1)
    face = face_quads()
    texture = face_texture(paint, key) if fine else far_face_texture(paint, key)
    skin = Material("skin", roughness=0.52, subsurface=SOFT)
    lining = Material("mouth", albedo=(0.075, 0.014, 0.012), roughness=1.0, subsurface=0.3)
    bones = (
        Material("chest", roughness=0.52, subsurface=SOFT, bump=RELIEF, texture=chest_texture(sharp)) if fine else skin
    )
    mouth = inside_mouth(baked.uv)[quads].all(1)
    painted = Material("face", roughness=0.5, subsurface=SOFT, bump=0.00040 if fine else 0.0, texture=texture)
    pieces = []
    base = baked.points[baked.corners[quads]]  # (Q, 4, 3)
    height, chest = base[:, :, 2], on_chest(base).all(1)
    bust = (height.min(1) > BUST) & ~face & ~mouth
    below = (height.max(1) < BUST + OVERLAP) & ~face
    parts = (
        ("skin", skin, below),
        ("bust", skin, bust & ~chest),
        ("chest", bones, bust & chest),
        ("mouth", lining, mouth),
        ("face", painted, face),
    )
    for name, material, part in parts:
        rows = shown & part
        if not rows.any():
            continue
        piece = _corner_piece(body, name, quads[rows], material)
        if name in ("skin", "bust", "chest"):
            used = np.unique(quads[rows])
            colours = skin_colours(paint, baked.points[baked.corners[used]], baked.nails[used])
            uv = chest_uv(baked.points[baked.corners[used]]) if name == "chest" else piece.uv
            piece = replace(piece, colours=colours, uv=uv)
        elif name == "face":
            used = np.unique(quads[rows])
            normals = _parting_ahead(body.normals[baked.corners[used]], baked.points[baked.corners[used]])
            piece = replace(piece, uv=window_uv(baked.uv[used]), normals=normals)
        pieces.append(piece)
    return pieces


def _parting_ahead(normals: F32, base: F32) -> F32:
    """Normals (V, 3) at places (V, 3) on the base mesh, those where the lips part turned ahead: seen on edge skin
    mirrors all of a lamp behind the head."""
    near = np.exp(-(((base[:, 2] - 0.6616) / 0.006) ** 2)) * np.clip((0.0255 - np.abs(base[:, 0])) / 0.004, 0, 1)
    share = 3.0 * near * np.clip((lip_depth(base) + 0.003) / 0.004, 0, 1)
    mixed = normals + share[:, None].astype(np.float32) * AHEAD
    return np.asarray(mixed / np.linalg.norm(mixed, axis=1, keepdims=True), np.float32)


def inside_mouth(uv: F32) -> NDArray[np.bool_]:
    """Which corners (V,) line the mouth: an island of the uv layout of its own."""
    return np.asarray((uv[:, 0] > 0.75) & (uv[:, 0] < 0.93) & (uv[:, 1] < 0.15))


def _corner_piece(body: Body, name: str, quads: I32, material: Material) -> Piece:
    """Quads (Q, 4) of corners as a piece, with the face units that move them."""
    baked = archive()
    used, compact = np.unique(quads, return_inverse=True)
    owners = baked.corners[used]
    units = {unit: unit_delta(unit)[owners] for unit in UNITS}
    return Piece(
        name,
        body.points[owners],
        triangles(compact.reshape(-1, 4).astype(np.int32)),
        dense_weights()[owners],
        material,
        uv=baked.uv[used],
        normals=body.normals[owners],
        same=owners,
        units={unit: delta for unit, delta in units.items() if np.abs(delta).max(initial=0) > 0},
    )


def mouth_pieces(body: Body) -> list[Piece]:
    """Teeth and tongue, seen only when the mouth opens."""
    baked = archive()
    looks = {
        "teeth_upper": Material("teeth", albedo=(0.60, 0.54, 0.45), roughness=0.6, subsurface=0.3),
        "teeth_lower": Material("teeth", albedo=(0.42, 0.37, 0.30), roughness=0.6, subsurface=0.3),
        "tongue": Material("tongue", albedo=(0.17, 0.040, 0.036), roughness=0.7, subsurface=0.4),
    }
    # the source's teeth all but touch the lips, and are as wide as they are
    smaller = np.array([0.66, 1.0, 1.0], np.float32)
    apart = {"teeth_upper": (0, -0.014, -0.008), "teeth_lower": (0, -0.016, -0.011), "tongue": (0, -0.026, -0.024)}
    pieces = [_corner_piece(body, name, baked.group(name), material) for name, material in looks.items()]
    pieces = [replace(p, points=p.points * smaller + np.array(apart[p.name], np.float32)) for p in pieces]
    return [_arch(piece) if piece.name != "tongue" else piece for piece in pieces]


def _arch(teeth: Piece) -> Piece:
    """The faces of a row of teeth, which is all that lips ever show, as one curved band: deeper in the corners."""
    low, high = teeth.points.min(0), teeth.points.max(0)
    turn, edge = np.meshgrid(np.linspace(-1, 1, TEETH), (0.0, 1.0), indexing="ij")
    bend = turn * np.pi / 2
    x, y = np.sin(bend) * high[0], high[1] - (high[1] - low[1]) * (1 - np.cos(bend))
    points = np.stack([x, y, low[2] + (high[2] - low[2]) * edge], -1).reshape(-1, 3).astype(np.float32)
    rows = np.arange(2 * TEETH).reshape(TEETH, 2)
    quads = np.stack([rows[:-1, 0], rows[:-1, 1], rows[1:, 1], rows[1:, 0]], -1)
    _, near = cKDTree(teeth.points).query(points)
    shade = np.repeat((1.0 - 0.75 * turn**2).reshape(-1, 1), 3, 1)
    # a jaw turns: what it moves by is all but linear in the place
    known, wanted = (np.column_stack([p, np.ones(len(p))]) for p in (teeth.points, points))
    units = {
        unit: (wanted @ np.linalg.lstsq(known, delta, rcond=None)[0]).astype(np.float32)
        for unit, delta in teeth.units.items()
    }
    return Piece(
        teeth.name, points, triangles(quads.astype(np.int32)), teeth.weights[near], teeth.material,
        colours=shade.astype(np.float32), units=units,
    )  # fmt: skip
