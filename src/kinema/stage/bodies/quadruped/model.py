"""A species' body: one skinned mesh with flesh, face and fur, built once and posed every frame."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.sparse import csr_array

from kinema.buffers.scene_frame import Colour, Material, Mesh, Texture
from kinema.stage.bodies.quadruped import fur
from kinema.stage.bodies.quadruped.charts import Charts, charts
from kinema.stage.bodies.quadruped.features import JOINTS, WHISKER, Face, features
from kinema.stage.bodies.quadruped.hide import hide
from kinema.stage.bodies.quadruped.paint import locate
from kinema.stage.bodies.quadruped.palette import Palette
from kinema.stage.bodies.quadruped.piece import F32, I32, Piece, together
from kinema.stage.bodies.quadruped.shape import body_parts
from kinema.stage.bodies.quadruped.skeleton import Skeleton, build_skeleton
from kinema.stage.bodies.quadruped.species import Species
from kinema.stage.cache import kept
from kinema.stage.geometry.meshing import mesh_parts
from kinema.stage.geometry.sdf import Part, distances

Detail = Literal["hero", "extra"]
TRIANGLES: dict[Detail, int] = {"hero": 5600, "extra": 1400}
CARDS: dict[Detail, int] = {"hero": 1300, "extra": 260}
CARD_WIDTH: dict[Detail, float] = {"hero": 0.8, "extra": 0.9}
HIDE: dict[Detail, int] = {"hero": 768, "extra": 192}  # texels along a side


@dataclass(frozen=True, eq=False)
class Body:
    """mesh at rest, and weights (V, B): the share of every bone in every vertex.

    For posing, blend (U, B) holds each different row of weights once, sparse, and sharer (V,) says which is whose.
    whiskers (W, JOINTS, 2): the vertices on either edge of every whisker, from root to tip.
    """

    species: Species
    skeleton: Skeleton
    mesh: Mesh
    weights: F32
    blend: csr_array
    sharer: I32
    whiskers: I32


def build_body(species: Species, colours: Palette, detail: Detail, tint: Colour = (1.0, 1.0, 1.0)) -> Body:
    """The body of a species in its colours, all of its coat tinted, from the disk cache when it was grown before."""
    skeleton = build_skeleton(species)
    shades = {part: shade.tolist() for part, shade in vars(colours).items()}
    whole, material, texture = kept(
        "quadruped", (species, shades, detail), lambda: _grown(species, skeleton, colours, detail)
    )
    first, sharer = _rows(whole.weights)
    mesh = _mesh(species, whole, material, materials(species, texture, tint))
    return Body(
        species, skeleton, mesh, whole.weights, csr_array(whole.weights[first]), sharer, _whiskers(whole, material)
    )


def _whiskers(whole: Piece, material: I32) -> I32:
    """The vertices (W, JOINTS, 2) of every whisker: features make each of pairs, one after the other."""
    return np.asarray(np.unique(whole.faces[material == WHISKER]).reshape(-1, JOINTS, 2), np.int32)


def _grown(species: Species, skeleton: Skeleton, colours: Palette, detail: Detail) -> tuple[Piece, I32, Texture]:
    """Flesh, face and fur as one piece, its material by face (F,), and the picture of its coat."""
    parts = body_parts(species, skeleton)
    hero = detail == "hero"
    cell = species.cell * species.scale * (1.0 if hero else 2.0)
    positions, normals, faces = mesh_parts(parts, cell, TRIANGLES[detail])
    weights = skin_weights(parts, skeleton, positions, faces)
    laid = charts(positions, faces, HIDE[detail], weights[:, skeleton.index["jaw"]] > 0.4)
    texture = hide(species, skeleton, colours, parts, laid, (positions, normals))
    flesh = Piece(positions, normals, faces, np.ones_like(positions), weights, positions[:, :2], 0)
    hair = _hair(species, skeleton, colours, parts, flesh, detail)
    pieces = [_charted(flesh, laid), *features(Face(species, skeleton, colours), hero), hair]
    return *together(pieces), texture


def _rows(weights: F32) -> tuple[I32, I32]:
    """Where each different row first stands (U,), and which of those every row is (V,)."""
    rows = np.ascontiguousarray(weights).view(f"V{weights.itemsize * weights.shape[1]}").ravel()
    _, first, same = np.unique(rows, return_index=True, return_inverse=True)
    # In the order of appearance, so that posing reads memory forwards.
    order = np.argsort(first)
    rank = np.empty(len(order), np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    return first[order].astype(np.int32), rank[same.ravel()]


def skin_weights(parts: tuple[Part, ...], skeleton: Skeleton, positions: F32, faces: I32) -> F32:
    """Shares (V, B) from the distances: a part holds what is within its grip of being nearest; smoothed along edges."""
    away = distances(parts, positions)
    excess = away - away.min(1, keepdims=True)
    weights = np.zeros((len(positions), len(skeleton.bones)), np.float32)
    for part, distance in zip(parts, excess.T, strict=True):
        held = np.clip(1.0 - distance / np.float32(part.grip), 0.0, 1.0) ** 2
        bone = skeleton.index[part.bone]
        weights[:, bone] = np.maximum(weights[:, bone], held)
    weights = np.asarray(weights / weights.sum(1, keepdims=True), np.float32)
    i, j = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]]).T
    degree = np.bincount(i, minlength=len(positions)).astype(np.float32)[:, None]
    free = weights[:, [skeleton.index["head"], skeleton.index["jaw"]]].sum(1) < 0.98  # lips must meet, and stay apart
    for _ in range(4):
        around = np.zeros_like(weights)
        np.add.at(around, i, weights[j])
        weights[free] = (0.5 * weights + 0.5 * around / np.maximum(degree, 1.0))[free]
    weights[weights < 0.01] = 0.0
    return np.asarray(weights / weights.sum(1, keepdims=True), np.float32)


def _hair(
    species: Species, skeleton: Skeleton, colours: Palette, parts: tuple[Part, ...], flesh: Piece, detail: Detail
) -> Piece:
    """Cards where the fur is long enough to show against what is behind it."""
    length = fur.hair_length(species, locate(species, skeleton, parts, flesh.positions, flesh.normals))
    floor = (3.0 if species.coat.mane else 0.36) * species.coat.length * species.scale
    density = np.where(length > floor, np.maximum(length, 0.012 * species.scale) ** -1.2, 0.0)
    count = int(CARDS[detail] * species.coat.density)
    face, weight = fur.scatter(flesh.positions, flesh.faces, density, count, "roots")
    corner = flesh.faces[face]

    def spread(values: F32) -> F32:
        return np.asarray(np.einsum("nk,nkc->nc", weight, values[corner]), np.float32)

    normals = spread(flesh.normals)
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-6)
    points = spread(flesh.positions)
    root = Piece(points, normals, face[:, None], points, spread(flesh.weights), points[:, :2], 0)
    return fur.lying(fur.cards(species, skeleton, colours, parts, root, CARD_WIDTH[detail]), flesh)


def _charted(flesh: Piece, laid: Charts) -> Piece:
    """The flesh cut along the charts that its picture is laid out on."""
    k = laid.vertex
    return Piece(flesh.positions[k], flesh.normals[k], laid.faces, flesh.colours[k], flesh.weights[k], laid.uv, 0)


def materials(species: Species, texture: Texture, tint: Colour) -> tuple[Material, ...]:
    """Coat, bare skin and short fur, eyes, wet nose and mouth, hair cards, whiskers: in the order pieces name them."""
    white = (1.0, 1.0, 1.0)
    soft = 0.0008 * species.scale * (0.3 if species.hooves else 1.0)
    return (
        Material("coat", tint, 0.85, sheen=0.25, subsurface=0.15, bump=soft, texture=texture),
        Material("skin", tint, 0.75, sheen=0.15, subsurface=0.25),
        Material("eye", white, 0.06),
        Material("wet", white, 0.28),
        Material("hair", tint, 0.85, sheen=0.25, subsurface=0.15, texture=fur.hair_texture()),
        Material("whisker", tint, 0.5, sheen=0.2),
    )


def _mesh(species: Species, whole: Piece, material: I32, stuff: tuple[Material, ...]) -> Mesh:
    digest = hashlib.sha256()
    arrays = (whole.positions, whole.normals, whole.faces, whole.colours, whole.uv, material)
    for array in arrays:
        digest.update(np.ascontiguousarray(array).tobytes())
    digest.update(f"{stuff[0].albedo} {stuff[0].texture and stuff[0].texture.key}".encode())
    key = f"{species.name}-{digest.hexdigest()[:24]}"
    return Mesh(key, whole.faces, whole.positions, whole.normals, stuff, material, whole.uv, whole.colours)
